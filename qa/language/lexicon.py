"""English words of the kinds that the product tells apart, each list once. Data, nothing else.

Whoever needs one of them in an expression builds it by ``alternatives``.
"""

import re
from collections.abc import Iterable, Mapping

__all__ = [
    "AUXILIARIES", "COMPANY_FORMS", "CURRENCIES", "DETERMINERS", "EMPTY_WORDS", "HEDGES",
    "JOINING_WORDS", "MONTHS", "MONTH_NAMES",
    "NAME_ABBREVIATIONS",
    "NEGATIONS", "NOUNS_AND_VERBS", "NUMBER_WORDS", "PREPOSITIONS", "PRONOUNS", "QUESTION_WORDS",
    "REPORTING_WORDS", "SCALES",
    "SMALL_WORDS", "STOP_WORDS", "THINGS", "TITLES", "UNITS", "UNIT_SIZES",
    "UNIT_SPELLINGS", "VERBS", "WEEKDAYS", "WHEN_WORDS", "alternatives",
]  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _in_order(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def alternatives(words: Iterable[str]) -> str:
    """The words as the inside of a group of an expression, the longest first.

    >>> alternatives(["may", "march"])
    'march|may'
    """
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


# Time

MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MONTHS: Mapping[str, int] = {
    spelling: number
    for number, name in enumerate(MONTH_NAMES, start=1)
    for spelling in {name.lower(), name.lower()[:3], *(["sept"] if number == 9 else [])}
}
"""The number of a month by its name or abbreviation, in lower case."""
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# Numbers and units

NUMBER_WORDS = _in_order(
    """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
    fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty
    ninety"""
)
"""The words that numbers are made of, scales apart."""
SCALES: Mapping[str, float] = {
    "dozen": 12.0, "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9,
    "trillion": 1e12, "k": 1e3, "m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9, "tn": 1e12,
}  # fmt: skip
"""What a word behind a number multiplies it by."""
CURRENCIES: Mapping[str, str] = {
    "dollar": "$ us$ usd dollar dollars buck bucks",
    "Australian dollar": "a$ aud", "Canadian dollar": "c$ cad", "euro": "€ eur euro euros",
    "pound": "£ gbp sterling pound pounds quid", "cent": "cent cents", "pence": "pence penny",
    "yen": "¥ yen", "yuan": "yuan renminbi", "franc": "franc francs", "rupee": "₹ rupee rupees",
    "crown": "crown crowns krona kronor", "mark": "mark marks", "peso": "peso pesos",
    "rouble": "rouble roubles ruble rubles", "won": "₩", "shekel": "₪ shekel shekels",
}  # fmt: skip
UNITS: Mapping[str, str] = {
"percent": "% percent pc", "point": "point points", "degree": "° degree degrees",
    "mile": "mile miles mi", "kilometre": "kilometre kilometres kilometer kilometers km",
    "metre": "metre metres meter meters",
    "centimetre": "centimetre centimetres centimeter centimeters cm",
    "millimetre": "millimetre millimetres millimeter millimeters mm",
    "mile an hour": "mph", "kilometre an hour": "kph kmh km/h",
    "foot": "foot feet ft", "yard": "yard yards", "inch": "inch inches",
    "kilogram": "kilogram kilograms kilogramme kilogrammes kg kilo kilos", "gram": "gram grams",
    "weight": "lb lbs", "ton": "ton tons tonne tonnes", "ounce": "ounce ounces oz",
    "acre": "acre acres", "hectare": "hectare hectares", "litre": "litre litres liter liters",
    "gallon": "gallon gallons", "barrel": "barrel barrels",
    "second": "second seconds", "minute": "minute minutes", "hour": "hour hours",
    "day": "day days", "night": "night nights", "week": "week weeks", "month": "month months",
    "year": "year years", "decade": "decade decades", "century": "century centuries",
}  # fmt: skip
"""Units of measure with how each is written; a pound is money unless it is written "lb"."""
UNIT_SPELLINGS: Mapping[str, str] = {
    spelling: unit
    for unit, spellings in {**UNITS, **CURRENCIES}.items()
    for spelling in spellings.split()
}
"""The unit, or currency, that a word or sign in lower case stands for."""

UNIT_SIZES: Mapping[str, tuple[str, float]] = {
    "second": ("time", 1.0), "minute": ("time", 60.0), "hour": ("time", 3600.0),
    "day": ("time", 86_400.0), "night": ("time", 86_400.0), "week": ("time", 604_800.0),
    "month": ("months", 1.0), "year": ("months", 12.0), "decade": ("months", 120.0),
    "century": ("months", 1200.0),
    "millimetre": ("length", 0.001), "centimetre": ("length", 0.01), "metre": ("length", 1.0),
    "kilometre": ("length", 1000.0), "inch": ("length", 0.0254), "foot": ("length", 0.3048),
    "yard": ("length", 0.9144), "mile": ("length", 1609.344),
    "mile an hour": ("speed", 1.609344), "kilometre an hour": ("speed", 1.0),
    "gram": ("mass", 1.0), "kilogram": ("mass", 1000.0), "weight": ("mass", 453.592_37),
    "ounce": ("mass", 28.349_523), "acre": ("area", 0.404_685_64), "hectare": ("area", 1.0),
    "pence": ("pound", 0.01), "pound": ("pound", 1.0), "cent": ("dollar", 0.01),
    "dollar": ("dollar", 1.0),
}  # fmt: skip
"""What a unit measures, and how many base units it is; exact, by NIST Special Publication 811.
Months have no fixed number of days: they are a measure of their own.
"""
HEDGES = _words(
    """about around approximately roughly nearly almost some circa over more than exceeding least
    most under below less fewer up to just only close an estimated at well"""
)
"""Words before a number that say how exact it is, or nothing."""

# Small words

JOINING_WORDS = _words("of the and for in on at de la le van von der al bin & du da el")
"""What may stand in small letters inside a name."""
NAME_ABBREVIATIONS: Mapping[str, str] = {"st": "saint", "mt": "mount", "ft": "fort"}
"""Words that names are written with short or in full."""
COMPANY_FORMS = _words("inc ltd corp plc co llc company corporation group incorporated gmbh ag")
"""What is part of a firm's name and tells it from no other."""
PRONOUNS = _words(
    """he she it they him her them his its their theirs hers who i we my our us you your this
    these those that"""
)
"""What may stand for something that was named before."""
REPORTING_WORDS = _words(
    "accord add announce article note outlet passage report say state tell write"
)
"""By which a statement says where it has something from."""
WHEN_WORDS = _words(
    """in on by until till since from to and between of the late early mid last next this every
    during before after around about for"""
)
"""What may stand before a date."""
NEGATIONS = _words(
    """no not never none nobody nothing neither nor without cannot hardly unable false untrue
    deny denies denied denying refuse refuses refused refusing fail fails failed failing"""
)
"""Words that deny what follows them; "n't" is an ending, not a word."""
STOP_WORDS = _words(
    """a about after all also am an and any are as at be because been before being between both but
    by can could did do does doing during each for from further had has have having he her here hers
    him his how i if in into is it its just me more most my no nor not of off on once only or other
    our out over own same she should so some such than that the their them then there these they
    this those through to too under until up upon us very was we were what when where which while
    who whom whose why will with would you your according month month's recently today week week's
    year"""
)
"""Words too frequent to tell one text from another; the question's own words of time among them."""
QUESTION_WORDS = _words("who whom whose what which when where why how")
AUXILIARIES = _words(
    """is are was were am be do does did has have had will would can could may might shall should
    must"""
)
PREPOSITIONS = _words(
    """about above across after against along among around as at before behind below between
    beyond by despite during for from in inside into near of off on onto out outside over per
    since through throughout to toward towards under until up upon via with within without"""
)
DETERMINERS = _words("a an the this that these those his her its their our my your")
SMALL_WORDS = _words(
    """and or but so nor if than then there here it he she they them him we you i not no also
    ever yet again still first most much many more just only now today due each both either
    able likely because while when who which valid located available alive responsible"""
)
# What a question may consist of without saying what it is about.
EMPTY_WORDS = _words(
    """say said mean meant happen happened else more true really exactly tell know think sure first
    last there reason details detail source go come many much long far old"""
)
# Verbs of news questions, in forms that no ending betrays.
VERBS = _words(
    """agree announce approve arrest attack be become been begin began begun belong bought break
    bring broke brought build built buy call came carry catch caught cause change charge
    choose chose chosen claim close come cost cut deal decide demand deny describe die do done
    draw drive drop earn elect end enter expect explain fall fell fight find finish flew fly
    fought found gave get give given go gone got grow grew happen head hear heard held help
    hit hold hope hurt increase injure invite join keep kept kill know knew known land last
    launch lay lead learn leave led left lie live look lose lost made make manage mean meant
    meet met move name need offer open order own owns paid pass pay plan play promise put quit
    raise ran reach read receive rejoin release rely remain replace report resign rest return
    rise rose run said sank saw say seek seen sell send sent serve set shoot shot show shut
    sign sing sink sold speak spend spent spoke stand start state stay steal stole stolen
    stood stop strike struck sue suffer support take taken teach tell think thought told took
    travel try turn use visit vote want warn watch wear went win wish won work write written
    wrote"""
)
# Those among them that are nouns as well.
NOUNS_AND_VERBS = _words(
    """attack change claim cut deal fall fight increase move offer order plan report rise strike
    support visit vote work"""
)
# What stands before the name of a person.
TITLES = _words(
    """mr mrs ms dr sir dame lord lady president minister mayor governor senator councillor
    captain coach colonel general inspector professor judge chancellor director chairman
    chairwoman king queen prince princess count countess pope officer goalkeeper striker
    engineer economist author actor actress biologist secretary deputy chief spokesman
    spokeswoman witness"""
)
# What the name of a place, an organisation or a thing ends with.
THINGS = _words(
    """academy agency airlines airport army assembly association athletic authority bank
    battalion bay board bridge broadcasting bureau cape centre center championship church city
    clock club college commission committee company conference congress corporation council
    country county court cup department district divers election exchange federation festival
    final foods force forces forum foundation fund games group hall harbour hill hills
    hospital house inc industries institute island islands lake league line ltd media
    ministry moon mountain movement museum nations north observatory office organisation
    organization palace park parliament party police port post prize province rail railway
    republic review river road rovers school sea senate society south square
    stadium state states street studios system team times today tower town trust union united
    university valley war west wire works world east"""
)

"""English words of the kinds that the rules for questions tell apart. Word lists, nothing else."""

__all__ = [
    "AUXILIARIES", "DETERMINERS", "EMPTY_WORDS", "NOUNS_AND_VERBS", "PREPOSITIONS",
    "QUESTION_WORDS", "SMALL_WORDS", "THINGS", "TITLES", "VERBS",
]  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


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
    hospital house inc industries institute island islands lake league line ltd media mill
    mills ministry moon mountain movement museum nations north observatory office organisation
    organization palace park parliament party police port post prize province rail railway
    republic review river road rovers school sea senate skerries skerry society south square
    stadium state states street studios system team times today tower town trust union united
    university valley war west wire works world east gazette chronicle courier dispatch greens"""
)

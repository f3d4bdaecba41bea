"""Whether quotations support a statement, by what can be checked without a model: its words,
numbers, dates, names and negations. Strings only.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import SequenceMatcher
from itertools import combinations, pairwise
from typing import Literal

from qa.agree import compatible
from qa.compose.facts import Facts, Quantity, Token, facts
from qa.readers.question import stem
from qa.records import Support
from qa.sentences import sentences
from qa.text import one_line

__all__ = ["Judgement", "Pick", "Source", "judge"]

# Scores from which a statement may stand, tuned on news-train, and from which it counts as
# verified, tuned on QAGS by cross-validation as were the next two.
_ENOUGH, _VERIFIED = 0.3, 0.82
# The score is the share of the words held, and to this part the share of pairs of words in a row;
# every further sentence that is needed leaves this much of it.
_IN_A_ROW, _FURTHER = 0.5, 0.85
# A further sentence must hold this share of the statement's words that no other holds.
_MORE, _MOST = 0.15, 4
# A statement with this share of its words in one sentence repeats it.
_REPEATED = 0.6
_ROUNDED = 0.05
# Characters before a sentence, and of the opening of its article, in which stands what it is about.
_BESIDE, _OPENING = 500, 300
_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"")
_OPPOSITES = [
    frozenset(stem(word) for word in pair.split("/"))
    for pair in (
        "rise/fall rose/fell increase/decrease increase/decline gain/lose win/lose up/down more/less "
        "more/few high/low higher/lower before/after first/last north/south east/west accept/reject "
        "northern/southern eastern/western begin/end open/close approve/reject support/oppose "
        "man/woman men/women boy/girl father/mother son/daughter brother/sister husband/wife "
        "best/worst most/least major/minor buy/sell guilty/innocent convict/acquit dead/alive "
        "largest/smallest highest/lowest oldest/youngest same/different public/private "
        "left/right male/female win/defeat strong/weak early/late earlier/later"
    ).split()
]


@dataclass(frozen=True, slots=True)
class Source:
    """A quotation, ``text[start:end]``, with what is known of it: the text before it and ``about``
    (title, outlet) may name what its pronouns stand for, ``published`` tells what its "Sunday"
    means. ``end`` None is the end of the text.
    """

    text: str
    start: int = 0
    end: int | None = None
    about: str = ""
    published: date | None = None

    @property
    def quote(self) -> str:
        """What is quoted."""
        return self.text[self.start : self.end]

    def beside(self, low: int, high: int) -> str:
        """What stands around ``quote[low:high]``, and what the quotation is about."""
        before = self.text[max(0, self.start + low - _BESIDE) : self.start + low]
        return f"{self.about}{self.text[: min(_OPENING, self.start + low)]} {before}"


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that the statement rests on: ``[start:end]`` of the quotation of this number."""

    source: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """``score`` in [0, 1] tells how much of the statement the ``picks`` hold, 0 with any fault.
    ``faults`` name what contradicts or is missing, in words for people.
    """

    score: float
    faults: tuple[str, ...] = ()
    picks: tuple[Pick, ...] = ()

    @property
    def support(self) -> Support:
        """*weak*: nothing is wrong, but much is said in other words."""
        if self.faults or self.score < _ENOUGH:
            return "unsupported"
        return "verified" if self.score >= _VERIFIED else "weak"


def judge(statement: str, quotes: Sequence[str | Source]) -> Judgement:
    """How far the quotations together support the statement, and which sentences of them do.

    A statement that is itself quoted is supported entirely; one without quotations not at all.
    Every number (with its unit), date, name and negation of it must agree with the sentences
    nearest to it, and words in quotation marks must stand in a row.

    >>> judge("Nine sailors died.", ["It was stormy. In all, 9 sailors died at sea."])
    Judgement(score=1.0, faults=(), picks=(Pick(source=0, start=15, end=45),))
    >>> judge("Ten sailors died.", ["In all, 9 sailors died at sea."]).faults[0]
    'the quotation has no Ten'
    """
    sources = [quote if isinstance(quote, Source) else Source(quote) for quote in quotes]
    units = [
        _Unit(Pick(number, low, high), source, facts(one_line(source.quote[low:high])))
        for number, source in enumerate(sources)
        for low, high in _clauses(source.quote)
    ]
    if not units:
        return Judgement(0.0, ("nothing is quoted",))
    said = facts(one_line(statement))
    picked = _picked(said, units)
    if not picked:
        return Judgement(0.0, ("no quotation speaks of it",))
    picks = tuple(unit.pick for unit in picked)
    held = [unit.facts for unit in picked]
    beside = [sources[pick.source] for pick in picks]
    around = facts(
        one_line(
            " ".join(
                source.beside(pick.start, pick.end)
                for source, pick in zip(beside, picks, strict=True)
            )
        )
    )
    strangers, known = _named(said, held, around)
    faults = (
        *_quotations(said, picks, sources),
        *_quantities(said, held),
        *_dates(said, held, beside),
        *(f"the quotation does not name {name}" for name in strangers),
        *_negations(said, held),
        *_replaced(said, held),
    )
    if faults:
        return Judgement(0.0, faults, picks)
    if any(said.text.strip(" .") in fact.text for fact in held):
        return Judgement(1.0, (), picks)
    score = _score(said, held, known)
    if any(_other_words(said, fact, around) for fact in held):
        score = min(score, _VERIFIED - 0.01)
    return Judgement(score, (), picks)


@dataclass(frozen=True, slots=True)
class _Unit:
    pick: Pick
    source: Source
    facts: Facts

    def follows(self, other: "_Unit") -> bool:
        """Whether nothing but white space lies between the two."""
        start, end = (
            unit.source.start + place
            for unit, place in ((other, other.pick.end), (self, self.pick.start))
        )
        return (
            self.source.text is other.source.text
            and start <= end
            and not self.source.text[start:end].strip()
        )


def _clauses(quote: str) -> Iterator[tuple[int, int]]:
    """Its sentences, those with semicolons in parts."""
    for low, high in sentences(quote):
        start = low
        for found in re.finditer(r";\s+", quote[low:high]):
            yield start, low + found.end() - len(found.group()) + 1
            start = low + found.end()
        if start < high:
            yield start, high


def _picked(said: Facts, units: Sequence[_Unit]) -> list[_Unit]:
    """The sentences that hold most of the statement, each adding to those before it."""
    wanted = _weights(said)
    total = sum(wanted.values()) or 1.0
    pool = [(unit, _held(wanted, unit.facts)) for unit in units]
    left = dict(wanted)
    names = _name_stems(said)
    picked: list[_Unit] = []

    def gain(item: tuple[_Unit, frozenset[_Key]]) -> tuple[float, int, str]:
        unit, keys = item
        row = len(unit.facts.pairs & said.pairs) / (8 * len(said.pairs) + 1)
        new = sum(left.get(key, 0.0) for key in keys)
        # Of equal ones, any that does not depend on the order of the quotations.
        return new + row, -len(unit.facts.text), unit.facts.text

    def adds(item: tuple[_Unit, frozenset[_Key]]) -> bool:
        unit, keys = item
        new = [key for key in keys if key in left]
        if not new or not picked:
            return bool(new)
        plain = [word for kind, word in keys if kind == "word" and word not in names]
        more = len(new) > 1 and sum(left[key] for key in new) >= _MORE * total
        if more and any(("word", word) in left for word in plain):
            return True
        # A number, date or name that is missing, in a sentence about the same or the next one.
        fact = any(kind in ("number", "date") or word in names for kind, word in new)
        following = unit.facts.refers and any(unit.follows(before) for before in picked)
        return fact and (len(plain) > 1 or following)

    while len(picked) < _MOST and (able := [item for item in pool if adds(item)]):
        best = max(able, key=gain)
        picked.append(best[0])
        left = {key: weight for key, weight in left.items() if key not in best[1]}
        pool.remove(best)
    return picked


_Key = tuple[Literal["word", "number", "date", "quoted"], str | float | tuple[str, str, str]]


def _name_stems(said: Facts) -> frozenset[str]:
    """Of names, and of what opens the statement just before one."""
    openers = {
        before.stem
        for before, token in pairwise(said.tokens)
        if (before.kind, token.kind) == ("opener", "name")
    }
    return frozenset(openers | {token.stem for token in said.tokens if token.kind == "name"})


def _weights(said: Facts) -> dict[_Key, float]:
    """What a quotation may hold of the statement, and how much that is worth."""
    names = _name_stems(said)
    weights: dict[_Key, float] = {
        ("word", word): 1.5 if word in names else 1.0 for word in said.words
    }
    weights |= {("number", item.value): 1.5 for item in said.quantities}
    weights |= {("date", day): 1.5 for day in said.dates.values()}
    return weights | {("quoted", _plain(words)): 3.0 for words in _quoted_words(said.text)}


def _held(wanted: Iterable[_Key], unit: Facts) -> frozenset[_Key]:
    return frozenset(key for key in wanted if _holds(unit, key))


def _holds(unit: Facts, key: _Key) -> bool:
    match key:
        case "number", float(value):
            return any(_near(value, item.value) for item in unit.quantities)
        case "date", tuple(day):
            return any(compatible(day, other) for other in unit.dates.values())
        case "quoted", str(words):
            return words in _plain(unit.text)
        case _, word:
            return word in unit.words


def _score(said: Facts, held: Sequence[Facts], known: frozenset[str]) -> float:
    wanted = _weights(said)
    keys = frozenset[_Key]().union(*(_held(wanted, fact) for fact in held))
    beside = {key for key in wanted if key[1] in known}
    # Numbers and dates have been compared.
    checked = {key for key in wanted if key[0] != "word"}
    share = sum(wanted[key] for key in keys | beside | checked) / (sum(wanted.values()) or 1.0)
    rows = frozenset[tuple[str, str]]().union(*(fact.pairs for fact in held))
    row = len(rows & said.pairs) / len(said.pairs) if said.pairs else share
    return ((1 - _IN_A_ROW) * share + _IN_A_ROW * row) * _FURTHER ** (len(held) - 1)


def _quotations(said: Facts, picks: Sequence[Pick], sources: Sequence[Source]) -> Iterator[str]:
    spans = {
        number: (
            min(pick.start for pick in picks if pick.source == number),
            max(pick.end for pick in picks if pick.source == number),
        )
        for number in {pick.source for pick in picks}
    }
    full = [_plain(sources[number].quote[low:high]) for number, (low, high) in spans.items()]
    for words in _quoted_words(said.text):
        if not any(_plain(words) in text for text in full):
            yield f"“{words}” is no quotation"


def _quoted_words(text: str) -> list[str]:
    return [match[1] or match[2] for match in _QUOTED.finditer(text)]


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower().replace("’", "'")))


def _quantities(said: Facts, held: Sequence[Facts]) -> Iterator[str]:
    quoted = [item for fact in held for item in fact.quantities]
    words = frozenset[str]().union(*(fact.words for fact in held))
    for item in said.quantities:
        equal = [other for other in quoted if _near(item.value, other.value)]
        if not equal:
            yield f"the quotation has no {item.text}"
        elif not any(_same_unit(item, other, words) for other in equal):
            yield f"the quotation has {equal[0].text} of something else than {item.text} is of"


def _same_unit(item: Quantity, other: Quantity, words: frozenset[str]) -> bool:
    if item.rate and other.rate and item.rate != other.rate:
        return False
    if item.unit and other.unit:
        return item.unit == other.unit or {item.unit, other.unit} == {"pound", "pounds"}
    if other.unit and item.noun:
        return item.noun in words
    return not item.unit or item.unit in words or not other.noun


def _near(number: float, other: float) -> bool:
    """Equal, or the other one rounded. Years and small counts are never rounded."""
    if number == other:
        return True
    if number < 100 or (1500 <= number <= 2100 and number == int(number)):
        return False
    digits = len(f"{number:.0f}".rstrip("0"))
    places = digits - len(f"{other:.0f}")
    rounded = abs(round(other, places) - number) < 1e-6 * number
    return rounded and abs(number - other) <= _ROUNDED * abs(other)


_RELATIVE = {
    "today": (0, 1), "tonight": (0, 1), "this morning": (0, 1), "this week": (-6, 7),
    "yesterday": (1, 2), "tomorrow": (-2, -1), "last week": (1, 14), "next week": (-14, -1),
    "last month": (1, 62), "next month": (-62, -1), "this month": (-31, 31),
    "last year": (1, 730), "next year": (-730, -1), "this year": (-365, 365),
    "earlier this": (0, 365), "ago": (1, 36500), "later this": (-365, 0),
}  # fmt: skip
_MONTH_NUMBERS = {
    name: number
    for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)  # noqa: SIM905
}


def _dates(said: Facts, held: Sequence[Facts], beside: Sequence[Source]) -> Iterator[str]:
    quoted = [day for fact in held for day in fact.dates.values()]
    for written, day in said.dates.items():
        if any(compatible(day, other) and _as_exact(day, other) for other in quoted):
            continue
        known = any(_meant(day, fact, source) for fact, source in zip(held, beside, strict=True))
        if not known:
            yield f"the quotation has no {written}"
    weekdays = {f"{day:%A}".lower() for day in _days_of(held, beside)}
    for day_name in sorted(said.days):
        if not any(day_name in fact.days for fact in held) and day_name not in {
            _short(day) for day in weekdays
        }:
            yield f"the quotation has no {day_name}"


def _short(day: str) -> str:
    return next(iter(facts(f"on {day}").days), day)


def _days_of(held: Sequence[Facts], beside: Sequence[Source]) -> Iterator[date]:
    for fact, source in zip(held, beside, strict=True):
        for day, month, year in fact.dates.values():
            if day and month and (year or source.published):
                try:
                    yield date(
                        int(year or (source.published or date.min).year),
                        _MONTH_NUMBERS[month],
                        int(day),
                    )
                except ValueError:
                    continue


def _as_exact(day: tuple[str, str, str], other: tuple[str, str, str]) -> bool:
    """Whether the other date gives the day and month if this one does."""
    return all(b or not a for a, b in zip(day[:2], other[:2], strict=True))


def _meant(day: tuple[str, str, str], fact: Facts, source: Source) -> bool:
    """Whether the quotation can mean this date, seen from the day it was published."""
    published = source.published
    if published is None:
        return False
    number, month, year = day
    if not month:
        relative = re.search(r"\b(last|next) year\b", fact.text.lower())
        shift = {"last": -1, "next": 1}[relative[1]] if relative else 0
        return int(year) == published.year + shift and not any(
            other[2] for other in fact.dates.values()
        )
    try:
        exact = date(int(year or published.year), _MONTH_NUMBERS[month], int(number or 15))
    except ValueError:
        return False
    behind = (published - exact).days
    slack = 0 if number else 31
    if number and any(_short(f"{exact:%A}") == name for name in fact.days):
        return abs(behind) <= 8
    if fact.days and number:
        return False
    if not number and not fact.dates and abs(behind) <= 31:
        return exact.month == published.month
    text = fact.text.lower()
    return any(
        re.search(rf"\b{words}\b", text) and low - slack <= behind <= high + slack
        for words, (low, high) in _RELATIVE.items()
    ) or (bool(fact.days) and not number and abs(behind) <= slack + 8)


def _named(said: Facts, held: Sequence[Facts], around: Facts) -> tuple[list[str], frozenset[str]]:
    """The names of the statement that the quotations do not hold: those that stand nowhere, and
    the stems of those that are said in another form or that pronouns stand for.
    """
    words = frozenset[str]().union(
        *(frozenset(token.stem for token in fact.tokens) for fact in held)
    )
    capitals = {token.text for fact in held for token in fact.tokens if token.text[0].isupper()}
    refers = any(fact.refers or _described(fact, said) for fact in held)
    beside = {token.stem for token in around.tokens} if refers else set()
    strangers, known = [], set()
    for token in said.tokens:
        if token.kind not in ("name", "opener") or not token.content or token.stem in words:
            continue
        if (
            any(_one_name(token.text, other) for other in capitals)
            or token.stem in beside
            or _initials(token.text, held, around)
        ):
            known.add(token.stem)
        elif token.kind == "name" or _is_name(token.text, (*held, around)):
            strangers.append(token.text)
    return strangers, frozenset(known)


def _described(fact: Facts, said: Facts) -> bool:
    """Whether it speaks of "the" somebody or something that the statement may call by name."""
    return any(
        before.stem == "the" and token.content and token.stem not in said.words
        for before, token in pairwise(fact.tokens)
    )


def _is_name(word: str, near: Sequence[Facts]) -> bool:
    """Whether a word that opens a sentence is a name in the middle of others."""
    return any(
        token.text == word and token.kind == "name" for fact in near for token in fact.tokens
    )


def _one_name(one: str, other: str) -> bool:
    """Forms of one name: Iran and Iranian, Ukraine's and Ukrainian."""
    short, long = sorted((one.lower(), other.lower()), key=len)
    size = min(len(short), 5)
    return size >= 4 and short[:size] == long[:size] and len(long) - len(short) <= 4


def _initials(word: str, held: Sequence[Facts], around: Facts) -> bool:
    letters = word.replace(".", "")
    everything = " ".join([*(fact.text for fact in held), around.text])
    if letters.isupper() and 2 <= len(letters) <= 6:
        return bool(
            re.search(
                r"\W+(?:(?:of|the|and|for)\W+)*".join(rf"\b{sign}\w*" for sign in letters),
                everything,
            )
        )
    # The other way round: the words of a name whose initials are quoted.
    return any(
        initials[:1] == word[:1] and word[0] in initials
        for initials in re.findall(r"\b(?:[A-Z]\.?){2,6}(?!\w)", everything)
    )


def _negations(said: Facts, held: Sequence[Facts]) -> Iterator[str]:
    quoted = [scope for fact in held for scope in fact.denied]
    words = frozenset[str]().union(*(fact.words for fact in held))
    denied = frozenset(word for scope in quoted for word in scope)
    own = frozenset(word for scope in said.denied for word in scope)
    for scope in said.denied:
        known = [word for word in scope if word in words]
        if known and not denied & {*known}:
            yield "the quotation is not negated"
            break
    for scope in quoted:
        shared = [word for word in scope if word in said.words]
        if shared and scope[0] in said.words and not own & {*shared}:
            yield "the quotation is negated"
            break


def _replaced(said: Facts, held: Sequence[Facts]) -> Iterator[str]:
    """What stands in the statement in the place of another name, number or opposite."""
    for fact in held:
        shared = len({token.stem for token in said.tokens} & {token.stem for token in fact.tokens})
        # A sentence that is repeated nearly whole has each thing in its place.
        elsewhere = () if shared >= _REPEATED * len(said.tokens) else held
        if not elsewhere:
            yield from _exchanged(said, fact)
        for one, other in _swaps(said, fact):
            yield from _conflict(one, other, said, elsewhere)


def _exchanged(said: Facts, fact: Facts) -> Iterator[str]:
    """Two names that stand in each other's place in a sentence that is repeated nearly whole."""
    mine, its = _places(said), _places(fact)
    both = [name for name in mine if name in its]
    for one, other in combinations(both, 2):
        moved = (mine[one][0] < mine[other][0]) != (its[one][0] < its[other][0])
        # "In Kessel Reke spoke" is "Reke spoke in Kessel", and "by" turns a sentence round.
        kept = any(
            left == right
            for name in (one, other)
            for left, right in zip(mine[name][1:], its[name][1:], strict=True)
        )
        passive = any(places[name][1] == "by" for places in (mine, its) for name in (one, other))
        if moved and not kept and not passive:
            yield f"the quotation has {one} and {other} in each other's place"


def _places(fact: Facts) -> dict[str, tuple[int, str, str]]:
    """The names that stand once in a text: where, and the words before and after."""
    found = {}
    stems = ["", *(token.stem for token in fact.tokens), ""]
    for place, token in enumerate(fact.tokens):
        if token.kind in ("name", "opener") and token.content and stems.count(token.stem) == 1:
            found[token.stem] = (place, stems[place], stems[place + 2])
    return found


def _other_words(said: Facts, fact: Facts, around: Facts) -> bool:
    """Whether an ordinary word stands in the place of another: of the same meaning, or not."""
    for one, other in _swaps(said, fact):
        mine = [
            token
            for token in one
            if token.content and token.kind in ("word", "opener") and token.stem not in around.words
        ]
        its = [token for token in other if token.content]
        if mine and its and not {token.stem for token in mine} & fact.words:
            return True
    return False


def _swaps(said: Facts, fact: Facts) -> Iterator[tuple[Sequence[Token], Sequence[Token]]]:
    """A few words in the place of a few others, with the same words on both sides."""
    left = [token.stem for token in said.tokens]
    right = [token.stem for token in fact.tokens]
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_opcodes()
    for place, (tag, low, high, start, end) in enumerate(blocks):
        if tag != "replace" or high - low > 4 or end - start > 4:
            continue
        before = place and blocks[place - 1][2] - blocks[place - 1][1]
        after = place + 1 < len(blocks) and blocks[place + 1][2] - blocks[place + 1][1]
        if (before or not low) and (after or high == len(left)) and before + after >= 2:
            yield said.tokens[low:high], fact.tokens[start:end]


def _conflict(
    one: Sequence[Token], other: Sequence[Token], said: Facts, held: Sequence[Facts]
) -> Iterator[str]:
    for kind in ("name", "number"):
        left = [token for token in one if token.kind == kind]
        right = [token for token in other if token.kind == kind]
        if not left or not right or any(_same(a, b) for a in left for b in right):
            continue
        # What the quotations have elsewhere may just be said in another order, unless the two
        # have changed places.
        elsewhere = any(_same(left[0], token) for fact in held for token in fact.tokens)
        exchanged = any(_same(right[0], token) for token in said.tokens)
        if not elsewhere or exchanged:
            yield f"the quotation has {right[0].text} where the statement has {left[0].text}"
    for a in one:
        for b in other:
            if frozenset((a.stem, b.stem)) in _OPPOSITES:
                yield f"the quotation has {b.text} where the statement has {a.text}"


def _same(one: Token, other: Token) -> bool:
    if one.kind == other.kind == "number":
        return _near(float(one.stem), float(other.stem))
    return one.stem == other.stem or (
        one.text[0].isupper()
        and other.text[0].isupper()
        and (
            _one_name(one.text, other.text)
            or _abbreviates(one.text, other.text)
            or _abbreviates(other.text, one.text)
        )
    )


def _abbreviates(short: str, long: str) -> bool:
    letters = short.replace(".", "")
    return letters.isupper() and len(letters) > 1 and letters[0] == long[0]

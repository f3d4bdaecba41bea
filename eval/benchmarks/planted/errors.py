"""False statements: a sentence of an article, in its own or other words, with one error."""

import re
from collections.abc import Callable
from random import Random

from eval.benchmarks.planted.paraphrases import reworded
from eval.benchmarks.planted.source import Source, full_names, inner_names
from qa.language.lexicon import MONTH_NAMES, NUMBER_WORDS, STOP_WORDS, WEEKDAYS, alternatives
from qa.records.answer import Statement

__all__ = ["ERRORS"]

_NUMBER = re.compile(r"(?<![\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?![\d,]*\d)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_UNITS = (
    ("miles", "kilometres"), ("kilometers", "miles"), ("feet", "metres"), ("meters", "feet"),
    ("million", "billion"), ("billion", "million"), ("thousand", "million"),
    ("hours", "days"), ("days", "weeks"), ("weeks", "months"), ("months", "years"),
    ("years", "months"), ("minutes", "hours"), ("dollars", "euros"), ("pounds", "dollars"),
    ("percent", "million"), ("per cent", "million"), ("tons", "pounds"), ("degrees", "percent"),
    ("kilograms", "pounds"), ("acres", "square miles"), ("$", "£"), ("£", "€"), ("%", " people"),
)  # fmt: skip
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|has|have|had|will|can|could|would|should|may|might)\b(?! not\b)(?= \w)"
)
_NOT = re.compile(
    r"\b(is|are|was|were|has|have|had|will|could|would|should|did|do|does) not\b"
    r"|\b(is|are|was|were|has|have|had|could|would|should|did|do|does)n[’']t\b"
)


def _number(source: Source, text: str, chance: Random) -> Statement | None:
    found = [match for match in _NUMBER.finditer(text) if not _YEAR.fullmatch(match[0])]
    if not found:
        return _number_word(source, text, chance)
    match = chance.choice(found)
    others = {
        other for other in _NUMBER.findall(source.article.text)
        if other != match[0] and not _YEAR.fullmatch(other) and len(other) == len(match[0])
    }  # fmt: skip
    digits = str(int(re.sub(r"\D", "", match[0])) + chance.choice((1, 3, 10)))
    other = chance.choice(sorted(others)) if others else digits
    return source.says(text[: match.start()] + other + text[match.end() :])


def _number_word(source: Source, text: str, chance: Random) -> Statement | None:
    found = re.search(rf"\b({'|'.join(NUMBER_WORDS[2:13])})\b(?= [a-z])", text)
    if not found:
        return None
    other = chance.choice([word for word in NUMBER_WORDS[2:13] if word != found[0]])
    return source.says(text[: found.start()] + other + text[found.end() :])


def _date(source: Source, text: str, chance: Random) -> Statement | None:
    for names in (WEEKDAYS, MONTH_NAMES):
        # "May" and "March" are words, too.
        found = re.search(rf"\b({'|'.join(names)})\b", text)
        if found and found.start():
            other = chance.choice([name for name in names if name != found[0]])
            return source.says(text[: found.start()] + other + text[found.end() :])
    if years := [*_YEAR.finditer(text)]:
        match = chance.choice(years)
        year = str(int(match[0]) + chance.choice((-3, -1, 1, 2)))
        return source.says(text[: match.start()] + year + text[match.end() :])
    return None


def _name(source: Source, text: str, chance: Random) -> Statement | None:
    names = [*dict.fromkeys([*inner_names(text), *full_names(text)])]
    if not names:
        return None
    name = chance.choice(names)
    others = [
        other
        for other in dict.fromkeys(inner_names(source.article.text))
        if len(other.split()) == len(name.split()) and not {*other.split()} & {*text.split()}
    ]
    return source.says(text.replace(name, chance.choice(others), 1)) if others else None


def _roles(source: Source, text: str, chance: Random) -> Statement | None:
    """Two names of the sentence in each other's place."""
    names = [*dict.fromkeys(inner_names(text))]
    between = len(names) > 1 and text[text.index(names[0]) : text.index(names[1])]
    # Names in a list may stand in any order.
    if not between or " and " in between or len(between.split()) < 4:
        return None
    one, other = names[:2]
    swapped = text.replace(one, "\0", 1).replace(other, one, 1).replace("\0", other, 1)
    return source.says(swapped)


def _unit(source: Source, text: str, chance: Random) -> Statement | None:
    for unit, other in _UNITS:
        pattern = re.escape(unit)
        if unit == "%" or unit.isalpha() or " " in unit:
            pattern = rf"(?<=\d){pattern}" if unit == "%" else rf"(?<=\w[ -]){pattern}\b"
        else:
            pattern = rf"{pattern}(?=\d)"
        found = re.search(pattern, text)
        near = text[max(0, found.start() - 12) : found.end() + 4] if found else ""
        number = re.search(rf"\d|\b({alternatives(NUMBER_WORDS[2:11])})\b", near)
        if found and number:
            return source.says(text[: found.start()] + other + text[found.end() :])
    return None


def _negated(source: Source, text: str, chance: Random) -> Statement | None:
    if found := _NOT.search(text):
        kept = found[1] or found[2]
        return source.says(text[: found.start()] + kept + text[found.end() :])
    found = _AUXILIARY.search(text)
    return source.says(text[: found.end()] + " not" + text[found.end() :]) if found else None


def _other_passage(source: Source, text: str, chance: Random) -> Statement | None:
    others = [other for other in source.passages if other != source.passage]
    return source.says(text, chance.choice(others)) if others else None


def _quotation(source: Source, text: str, chance: Random) -> Statement | None:
    """Words in quotation marks, one of them another than was said."""
    changed = _changed(source, text.strip('“”"'), chance)
    return source.says(f"The article says: “{changed}”") if changed and "“" not in text else None


def _word(source: Source, text: str, chance: Random) -> Statement | None:
    """One word another, without quotation marks: the hardest, as it might be a synonym."""
    changed = _changed(source, text, chance)
    return source.says(changed) if changed else None


def _changed(source: Source, text: str, chance: Random) -> str | None:
    """Another ordinary word of the article, with the same ending, for a word of the sentence."""

    def plain(whole: str) -> list[str]:
        words = re.findall(r"(?<=[a-z,] )[a-z]{4,}\b", whole)
        return [word for word in dict.fromkeys(words) if word not in STOP_WORDS]

    own = plain(text)
    if not own:
        return None
    word = chance.choice(own)
    others = [
        other
        for other in plain(source.article.text)
        if other[-2:] == word[-2:] and other[:3] != word[:3] and other not in text
    ]
    return re.sub(rf"\b{word}\b", chance.choice(others), text, count=1) if others else None


Plant = Callable[[Source, str, Random], Statement | None]


def _on_other_words(plant: Plant) -> Callable[[Source, Random], Statement | None]:
    """Half of the errors are planted into a sentence that is in other words already."""

    def planted(source: Source, chance: Random) -> Statement | None:
        text = reworded(source.text) if chance.random() < 0.5 else source.text
        made = plant(source, text, chance)
        return made if made and made.text != text else None

    return planted


def _cites_other_passage(source: Source, chance: Random) -> Statement | None:
    text = reworded(source.text) if chance.random() < 0.5 else source.text
    return _other_passage(source, text, chance)


def _cites_other_article(source: Source, chance: Random) -> Statement | None:
    text = reworded(source.text) if chance.random() < 0.5 else source.text
    return source.says(text, source.stranger) if source.stranger else None


ERRORS: dict[str, Callable[[Source, Random], Statement | None]] = {
    "other number": _on_other_words(_number),
    "other date": _on_other_words(_date),
    "other name": _on_other_words(_name),
    "names in each other's place": _on_other_words(_roles),
    "other unit": _on_other_words(_unit),
    "negated": _on_other_words(_negated),
    "other passage of the article cited": _cites_other_passage,
    "other article cited": _cites_other_article,
    "quotation with one word changed": _on_other_words(_quotation),
    "one word changed, not quoted": _on_other_words(_word),
}

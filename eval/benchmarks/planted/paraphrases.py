"""True statements: a sentence of an article in other words, made by rules."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

from eval.benchmarks.planted.source import Source, full_names
from qa.language.cleaning import one_line
from qa.language.lexicon import MONTH_NAMES, NUMBER_WORDS, STOP_WORDS, WEEKDAYS, alternatives
from qa.records.answer import Statement

__all__ = ["PARAPHRASES", "reworded"]

_MONTH = rf"(?:{alternatives(MONTH_NAMES)})"
_DAY = rf"(?:{alternatives(WEEKDAYS)})"
_WHEN = rf"{_DAY}|{_MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {_MONTH}(?: \d{{4}})?"
_SAID = r"(?:said|says|told [\w ]{2,30}|added|wrote|according to [\w ’'.-]{2,40})"
_OTHER_WORDS = {
    "said": "stated", "about": "approximately", "killed": "slain", "began": "started",
    "big": "large", "but": "though", "showed": "revealed", "help": "assist", "children": "kids",
    "people": "persons", "announced": "made known", "while": "as", "near": "close to",
    "because": "since", "last": "past", "bought": "purchased", "get": "obtain", "film": "movie",
    "many": "numerous", "almost": "nearly", "also": "too", "country": "nation", "doctors":
    "physicians", "including": "among them", "after": "following", "several": "a number of",
    "according to": "as reported by", "more than": "over", "would": "was going to",
    "called": "named", "company": "firm", "police": "officers", "job": "post", "wants": "seeks",
}  # fmt: skip
_CONTRACTED = {
    "did not": "didn’t", "is not": "isn’t", "was not": "wasn’t", "are not": "aren’t",
    "were not": "weren’t", "has not": "hasn’t", "have not": "haven’t", "had not": "hadn’t",
    "will not": "won’t", "would not": "wouldn’t", "could not": "couldn’t", "do not": "don’t",
    "does not": "doesn’t", "cannot": "can’t", "should not": "shouldn’t",
}  # fmt: skip


def _as_written(source: Source, chance: Random) -> Statement | None:
    return source.says(source.text)


def _no_attribution(source: Source, chance: Random) -> Statement | None:
    tail = re.fullmatch(rf"(.{{40,}}?),”? [^,]{{0,60}}?\b{_SAID}\b[^,.]{{0,40}}\.", source.text)
    if not tail or "“" in source.text or '"' in source.text:
        return None
    return source.says(f"{tail[1]}.")


def _date_moved(source: Source, chance: Random) -> Statement | None:
    if found := re.fullmatch(rf"(On (?:{_WHEN})),? (\w.+)\.", source.text):
        return source.says(f"{_upper(found[2])} {_lower(found[1])}.")
    if found := re.fullmatch(rf"(\w[^,;]+) (on (?:{_WHEN}))([ ,].+|\.)", source.text):
        return source.says(f"{_upper(found[2])}, {_lowered(found[1])}{found[3]}")
    return None


def _shortened(source: Source, chance: Random) -> Statement | None:
    """Without something in brackets, between dashes, or a "who" clause between commas."""
    for aside in (r" \([^)]+\)", r" [–—] [^–—]+ [–—]", r", (?:who|which|whose) [^,]+,(?= \w+)"):
        text, made = re.subn(aside, "", source.text, count=1)
        if made and len(text.split()) >= 6:
            return source.says(text)
    return None


def _contracted(source: Source, chance: Random) -> Statement | None:
    if _quotes(source.text):
        return None
    for long, short in _CONTRACTED.items():
        for one, other in ((long, short), (short, long), (short.replace("’", "'"), long)):
            if re.search(rf"\b{one}\b", source.text):
                return source.says(re.sub(rf"\b{one}\b", other, source.text, count=1))
    return None


def _merged(source: Source, chance: Random) -> Statement | None:
    if not source.before.endswith(".") or len(source.before.split()) > 25:
        return None
    if any(sign in source.before + source.text for sign in '“”"'):
        return None
    return source.says(f"{source.before[:-1]}, and {_lowered(source.text)}")


def _two_passages(source: Source, chance: Random) -> Statement | None:
    others = [place for place in range(len(source.passages)) if place != source.place]
    if not others:
        return None
    other = source.passages[chance.choice(others)]
    closing = re.findall(r"(?:^|(?<=[.!?]\s))([A-Z][^.!?“”\"\n]{40,160})\.(?=\s|$)", other.text)
    if not closing or any(sign in source.text for sign in '“”"'):
        return None
    joined = f"{source.text[:-1]}, while {_lowered(one_line(chance.choice(closing)))}."
    return source.says(joined, source.passage, other)


def _short_name(source: Source, chance: Random) -> Statement | None:
    for name in full_names(source.text):
        last = name.split()[-1]
        alone = re.findall(rf"(?<![A-Z][a-z] )(?<!\w ){last} (?:said|was|is|has|had|told)",
                           source.article.text)  # fmt: skip
        if alone:
            return source.says(source.text.replace(name, last, 1))
    return None


def _name_for_pronoun(source: Source, chance: Random) -> Statement | None:
    names = full_names(source.before)
    found = re.fullmatch(r"(He|She) (.+)", source.text)
    person = names and re.search(rf"{re.escape(names[0])}[^.]{{0,40}} {_SAID}", source.before)
    if not found or not person or len(set(names)) != 1:
        return None
    return source.says(f"{names[0]} {found[2]}")


def _number_words(source: Source, chance: Random) -> Statement | None:
    if _quotes(source.text):
        return None
    # A day of the month is never written in words.
    text = re.sub(r"(?:\b(?:[A-Z][a-z]{2,8})\.? )\d{1,2}\b", "", source.text)
    for number, word in enumerate(NUMBER_WORDS[2:13], start=2):
        pattern = rf"(?<![\d.,:$£€-])\b{number}\b(?![\d.,:%-])(?= [a-z])"
        if re.search(pattern, text):
            return source.says(re.sub(pattern, word, source.text, count=1))
        if re.search(rf" {word} (?=[a-z])", text):
            return source.says(re.sub(rf" {word} (?=[a-z])", f" {number} ", source.text, count=1))
    if found := re.search(r"\b(\d{1,3}),(\d)00,000\b", source.text):
        return source.says(source.text.replace(found[0], f"{found[1]}.{found[2]} million", 1))
    return None


def _outlet_named(source: Source, chance: Random) -> Statement | None:
    article = source.article
    if not article.source or "“" in source.text:
        return None
    way = chance.choice(("According to {}, {}", "{} reported that {}"))
    return source.says(way.format(article.source, _lowered(source.text)))


def _day_worked_out(source: Source, chance: Random) -> Statement | None:
    """The weekday as the date it was, the last one up to the day of publication."""
    found = re.search(rf"\bon ({_DAY})\b(?! \w+day)",
                      source.text)  # fmt: skip
    past = re.search(r"\b(?:said|was|were|had|told|died|[a-z]{3,}ed)\b", source.text)
    published = source.article.published
    if not found or not published or not past:
        return None
    days = [published - timedelta(days=back) for back in range(7)]
    day = next(day for day in days if f"{day:%A}" == found[1])
    return source.says(source.text.replace(found[0], f"on {day.day} {day:%B %Y}", 1))


def _other_words(source: Source, chance: Random) -> Statement | None:
    text = reworded(source.text)
    return source.says(text) if text != source.text else None


def _several(source: Source, chance: Random) -> Statement | None:
    """Up to four of the others, one after the other."""
    done, text = 0, source.text
    for change in (_no_attribution, _shortened, _date_moved, _short_name, _number_words,
                   _contracted, _other_words, _outlet_named):  # fmt: skip
        if done < 4 and (made := change(replace(source, text=text), chance)):
            done, text = done + 1, made.text
    return source.says(text) if done > 2 else None


def reworded(text: str) -> str:
    """The sentence with up to three ordinary words replaced by others of the same meaning; what
    is quoted in it may not be said otherwise.
    """
    if _quotes(text):
        return text
    for left, (word, other) in enumerate(
        (word, other) for word, other in _OTHER_WORDS.items() if re.search(rf"\b{word}\b", text)
    ):
        if left == 3:
            break
        text = re.sub(rf"\b{word}\b", other, text, count=1)
    return text


def _quotes(text: str) -> bool:
    return any(sign in text for sign in '“”"')


def _lowered(text: str) -> str:
    """Lower case at the start, unless it may be a name."""
    first = text.split()[0]
    ordinary = first.lower() in STOP_WORDS or first in ("Police", "Officials", "People", "Many")
    return _lower(text) if ordinary and first != "I" else text


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


PARAPHRASES: dict[str, Callable[[Source, Random], Statement | None]] = {
    "as written": _as_written,
    "attribution dropped": _no_attribution,
    "date moved": _date_moved,
    "aside dropped": _shortened,
    "contracted": _contracted,
    "two sentences merged": _merged,
    "two passages merged": _two_passages,
    "name shortened": _short_name,
    "name for a pronoun": _name_for_pronoun,
    "number in words or digits": _number_words,
    "outlet named": _outlet_named,
    "weekday as a date": _day_worked_out,
    "other words": _other_words,
    "several of these at once": _several,
}

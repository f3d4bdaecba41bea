"""The outlets and authors that a question names, as the library writes them. Strings only."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from qa.language.lexicon import STOP_WORDS

__all__ = ["folded_words", "named_authors", "named_outlets", "persons", "without_names"]

_LONGEST_NAME = 6
_WORD = re.compile(r"[^\W_]+(?:['’]s\b)?")
# Behind these a name is the subject, not the origin of an article.
_SUBJECT_CUES = frozenset(("about", "mention", "mentioned", "mentioning", "mentions", "name"))
# Behind these a single word in lower case may be the name of an outlet.
_ORIGIN_CUES = frozenset(("by", "did", "does", "from", "has", "in"))
# Words of names of outlets that mean a time when they stand in lower case.
_TIME_WORDS = frozenset(("daily", "day", "month", "sun", "time", "times", "today", "week", "year"))
# What stands before the last part of a site's name, as in ``bbc.co.uk``.
_SECOND_LEVELS = frozenset(("ac", "co", "com", "edu", "gov", "net", "org"))
_WRITING = re.compile(r"\b(?:by|from|of|author|has|did|wrote|write|written|writes)\b", re.I)
_WORK = re.compile(r"articles?|stor(?:y|ies)|reports?|pieces?|news|coverage|columns?", re.I)
_PERSON_SEPARATOR = re.compile(r"\s*[,;/&]\s*|\s+(?:and|und|et|y)\s+", re.IGNORECASE)


def folded_words(text: str) -> list[str]:
    """The words in lower case without accents and possessives.

    >>> folded_words("The Côte-d’Or’s Gazette")
    ['the', 'cote', 'd', 'or', 'gazette']
    """
    plain = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", plain.casefold()))


def named_outlets(text: str, outlets: Sequence[str]) -> Mapping[str, str]:
    """The outlets that a text names, in the order given, with the words that name them: the whole
    name, that of the site ("CNN" for ``edition.cnn.com``), or the end of a name that no other has.

    >>> named_outlets("What did the Gazette say?", ["Valley Gazette", "Harbour Post"])
    {'Valley Gazette': 'Gazette'}
    >>> named_outlets("Who wrote the New York Times story?", ["nytimes.com", "usatoday.com"])
    {'nytimes.com': 'New York Times'}
    >>> named_outlets("How many articles mention the Gazette?", ["Valley Gazette"])
    {}
    """
    words = _words(text)
    runs = [run for run in _runs(words) if _may_be_outlet(words, run)]
    names, labels, ends = _indexes(outlets)
    matches: dict[str, _Run] = {}
    for run in runs:
        folded, bare = _folded(words, run)
        spellings = _spellings(bare) if _all_capital(words, run) else set()
        keys = {"".join(folded), "".join(bare), *spellings}
        for outlet in (*names[" ".join(bare)], *(each for key in keys for each in labels[key])):
            matches[outlet] = run
    # "the Valley Gazette" is not also the Gazette.
    matches = {
        outlet: run
        for outlet, run in matches.items()
        if not any(_lies_within(run, other) for other in matches.values())
    }
    if not matches:
        for run in runs:
            candidates = ends[" ".join(_folded(words, run)[0])]
            if len(candidates) == 1 and _may_be_short_name(words, run):
                matches[candidates[0]] = run
    return {
        outlet: _text_of(words, matches[outlet], text) for outlet in outlets if outlet in matches
    }


def named_authors(text: str, lines: Sequence[str]) -> Mapping[str, str]:
    """The lines of authors with a person whom the text names, with the words that do: in full, or
    by a last name that one person alone has, where the text speaks of writing.

    >>> named_authors("What has Crowther written?", ["Abel Crowther", "Ann Low and Abel Crowther"])
    {'Abel Crowther': 'Crowther', 'Ann Low and Abel Crowther': 'Crowther'}
    """
    words = _words(text)
    names_by_line = {
        line: [" ".join(folded_words(person)) for person in persons(line)] for line in lines
    }
    all_names = {name for names in names_by_line.values() for name in names}
    by_last_name: defaultdict[str, list[str]] = defaultdict(list)
    for name in all_names:
        by_last_name[name.rpartition(" ")[2]].append(name)
    is_about_writing = _WRITING.search(text) is not None
    texts: dict[str, str] = {}
    for run in _runs(words):
        name = " ".join(_folded(words, run)[0])
        run_text = _text_of(words, run, text)
        if _before(words, run) in _SUBJECT_CUES:
            continue
        if name in all_names and " " in name:
            texts[name] = run_text
        elif is_about_writing and run_text[0].isupper() and not _is_part_of_name(words, run):
            full_names = by_last_name[name]
            if len(full_names) == 1:
                texts.setdefault(full_names[0], run_text)
    return {
        line: next(texts[name] for name in names if name in texts)
        for line, names in names_by_line.items()
        if any(name in texts for name in names)
    }


def persons(line: str) -> list[str]:
    """The persons of a line of authors.

    >>> persons("By Ann Low and Abel Crowther")
    ['Ann Low', 'Abel Crowther']
    """
    line = re.sub(r"^by\s+", "", line.strip(), flags=re.IGNORECASE)
    return [part for part in _PERSON_SEPARATOR.split(line) if part]


def without_names(text: str, names: Iterable[str]) -> str:
    """The text without these words, and without the preposition before them.

    >>> without_names("the ferry strike in the Gazette", ["Gazette"])
    'the ferry strike'
    """
    for name in names:
        text = re.sub(
            rf"(?:\b(?:by|in|from|of|on|at|according to)\s+)?(?:\bthe\s+)?\b{re.escape(name)}"
            r"(?:['’]s)?(?!\w)",
            " ",
            text,
            flags=re.IGNORECASE,
        )
    return " ".join(text.split())


# Words with where they end, and a run of them, half open.
_Words = Sequence[re.Match[str]]
_Run = tuple[int, int]


def _words(text: str) -> _Words:
    return list(_WORD.finditer(text))


def _runs(words: _Words) -> Iterator[_Run]:
    for low in range(len(words)):
        for high in range(low + 1, min(low + _LONGEST_NAME, len(words)) + 1):
            yield low, high


def _text_of(words: _Words, run: _Run, text: str) -> str:
    return re.sub(r"['’]s$", "", text[words[run[0]].start() : words[run[1] - 1].end()])


def _folded(words: _Words, run: _Run) -> tuple[list[str], list[str]]:
    """The words of a run folded, and those without "the"."""
    folded = folded_words(" ".join(word.group() for word in words[slice(*run)]))
    return folded, [word for word in folded if word != "the"]


def _before(words: _Words, run: _Run) -> str:
    """The word before a run, articles aside, in lower case; empty at the beginning."""
    before = [word.group().lower() for word in words[max(0, run[0] - 3) : run[0]]]
    return next((word for word in reversed(before) if word not in ("a", "an", "the")), "")


def _may_be_outlet(words: _Words, run: _Run) -> bool:
    """Whether words of the question are written as a name, or stand where only one can."""
    telling_words = [
        word
        for word in words[slice(*run)]
        if word.group().lower() not in STOP_WORDS or _is_time(word)
    ]
    if not telling_words or _before(words, run) in _SUBJECT_CUES:
        return False
    if any(_is_time(word) and not _is_capital(word) for word in telling_words):
        return False
    capitals = [word for word in telling_words if _is_capital(word)]
    if capitals:
        return capitals != [words[0]] or not _is_time(words[0])
    if any(map(_is_capital, words[1:])):
        return False
    return len(telling_words) > 1 or _before(words, run) in _ORIGIN_CUES


def _is_time(word: re.Match[str]) -> bool:
    return word.group().lower() in _TIME_WORDS


def _is_capital(word: re.Match[str]) -> bool:
    return word.group()[0].isupper()


def _all_capital(words: _Words, run: _Run) -> bool:
    return all(map(_is_capital, words[slice(*run)]))


def _is_part_of_name(words: _Words, run: _Run) -> bool:
    """Whether a word beside the run has a capital, too: the "Post" of "Post Office"."""
    low, high = run
    beside = [*words[max(1, low - 1) : max(1, low)], *words[high : high + 1]]
    return any(_is_capital(word) and word.group().lower() not in STOP_WORDS for word in beside)


def _may_be_short_name(words: _Words, run: _Run) -> bool:
    """Whether the end of an outlet's name stands for it: alone only as "the Gazette", "Gazette's"
    or "Gazette articles", since "Corvania" is rather the country than "Radio Corvania".
    """
    low, high = run
    if _is_part_of_name(words, run):
        return False
    return (
        high - low > 1
        or (low > 0 and words[low - 1].group().lower() == "the")
        or words[low].group().endswith(("'s", "’s"))
        or (high < len(words) and _WORK.fullmatch(words[high].group()) is not None)
    )


def _lies_within(run: _Run, other: _Run) -> bool:
    return run != other and other[0] <= run[0] and run[1] <= other[1]


_Index = defaultdict[str, list[str]]


def _indexes(outlets: Sequence[str]) -> tuple[_Index, _Index, _Index]:
    """The outlets by their folded names without "the", by the labels of their sites, and by the
    ends of their names.
    """
    names, labels, ends = defaultdict(list), defaultdict(list), defaultdict(list)
    for outlet in outlets:
        folded = folded_words(outlet)
        names[" ".join(word for word in folded if word != "the")].append(outlet)
        site_labels = _site_labels(outlet)
        for label in site_labels:
            labels[label].append(outlet)
        if not site_labels:
            for place in range(1, len(folded)):
                # What "of" or "in" comes before is a place: the "India" of "Times of India".
                if folded[place - 1] not in STOP_WORDS - {"the"}:
                    ends[" ".join(folded[place:])].append(outlet)
    return names, labels, ends


def _spellings(words: Sequence[str]) -> set[str]:
    """A name as a site may write it: in one word, or the first of its words by their initials.

    >>> sorted(_spellings(["new", "york", "times"]))
    ['newyorktimes', 'nyorktimes', 'nyt', 'nytimes']
    """
    if not words:
        return set()
    initials = "".join(word[0] for word in words)
    counts = range(len(words) + 1 if len(words) > 1 else 1)
    return {initials[:count] + "".join(words[count:]) for count in counts}


def _site_labels(outlet: str) -> frozenset[str]:
    """What tells a site from others: ``theweek`` of ``theweek.co.uk``; empty for other names.

    >>> sorted(_site_labels("news.sky.com"))
    ['newssky', 'sky', 'skynews']
    """
    if not re.fullmatch(r"[\w-]+(?:\.[\w-]+)+", outlet):
        return frozenset()
    *parts, _ = outlet.casefold().replace("-", "").split(".")
    if len(parts) > 1 and parts[-1] in _SECOND_LEVELS:
        parts = parts[:-1]
    label, sections = parts[-1], parts[:-1]
    return frozenset(
        {label, *(label + each for each in sections), *(each + label for each in sections)}
    )

"""What differs between two states of a text, by sentences and within them by words.

Knows nothing of HTML. Takes time in the length of the texts, however they were written.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from qa.language.sentences import sentences

__all__ = ["Run", "difference"]

_WORDS = re.compile(r"\S+\s*|\s+")
# Words of two passages that are compared one by one; longer ones are shown one after the other.
_MOST_WORDS = 400
# Sentences that are compared; of longer texts what they begin and end with alike is left out, and
# the rest is shown as replaced.
_MOST_SENTENCES = 4000
# Characters of what is unchanged that are shown before and after a change.
_AROUND = 160


@dataclass(frozen=True, slots=True)
class Run:
    """A run of text that both states have, or only the newer or the older one; ``omitted`` counts
    the characters of the middle of a run of both that are left out, where ``text`` has none.
    """

    kind: Literal["same", "added", "removed"]
    text: str
    omitted: int = 0


def difference(old: str, new: str) -> list[Run]:
    """The runs that make the older text and the newer one, in reading order; empty for equal ones.

    >>> [(run.kind, run.text) for run in difference("It rained. Low left.", "It rained. Low ran.")]
    [('same', 'It rained. Low '), ('removed', 'left.'), ('added', 'ran.')]
    """
    if old == new:
        return []
    return list(_shorten(_join(_runs(_parts(old), _parts(new)))))


def _parts(text: str) -> list[str]:
    """The sentences with the white space after them; joined they are the text."""
    starts = [start for start, _ in sentences(text)][1:]
    return [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]


def _runs(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    ahead = 0
    while ahead < min(len(old), len(new)) and old[ahead] == new[ahead]:
        yield Run("same", old[ahead])
        ahead += 1
    behind = 0
    while behind < min(len(old), len(new)) - ahead and old[-1 - behind] == new[-1 - behind]:
        behind += 1
    middle_old, middle_new = old[ahead : len(old) - behind], new[ahead : len(new) - behind]
    if max(len(middle_old), len(middle_new)) > _MOST_SENTENCES:
        yield Run("removed", "".join(middle_old))
        yield Run("added", "".join(middle_new))
    else:
        yield from _compare(middle_old, middle_new)
    yield from (Run("same", part) for part in old[len(old) - behind :])


def _compare(old: Sequence[str], new: Sequence[str]) -> Iterator[Run]:
    # What is popular is ignored (autojunk): a text of one sentence said a thousand times is slow.
    for kind, low, high, other_low, other_high in SequenceMatcher(None, old, new).get_opcodes():
        before, after = "".join(old[low:high]), "".join(new[other_low:other_high])
        if kind == "equal":
            yield Run("same", before)
        else:
            yield from _compare_words(before, after)


def _compare_words(old: str, new: str) -> Iterator[Run]:
    old_words, new_words = _WORDS.findall(old), _WORDS.findall(new)
    if not old_words or not new_words or max(len(old_words), len(new_words)) > _MOST_WORDS:
        yield from (Run("removed", old), Run("added", new))
        return
    matcher = SequenceMatcher(None, old_words, new_words, autojunk=False)
    if matcher.ratio() < 0.3:
        # Another sentence: its words one by one would be a riddle.
        yield from (Run("removed", old), Run("added", new))
        return
    for kind, low, high, other_low, other_high in matcher.get_opcodes():
        before, after = "".join(old_words[low:high]), "".join(new_words[other_low:other_high])
        if kind == "equal":
            yield Run("same", before)
        else:
            yield from (Run("removed", before), Run("added", after))


def _join(runs: Iterator[Run]) -> Iterator[Run]:
    """Runs of one kind that follow each other as one; none is empty."""
    current: Run | None = None
    for run in runs:
        if not run.text:
            continue
        if current and current.kind == run.kind:
            current = Run(current.kind, current.text + run.text)
        else:
            if current:
                yield current
            current = run
    if current:
        yield current


def _shorten(runs: Iterator[Run]) -> Iterator[Run]:
    """Of what is unchanged, what stands near a change."""
    all_runs = list(runs)
    for number, run in enumerate(all_runs):
        first, last = number == 0, number == len(all_runs) - 1
        head, tail = 0 if first else _AROUND, 0 if last else _AROUND
        if run.kind != "same" or len(run.text) <= head + tail + _AROUND:
            yield run
            continue
        if head:
            yield Run("same", run.text[:head])
        yield Run("same", "", len(run.text) - head - tail)
        if tail:
            yield Run("same", run.text[-tail:])

"""What the trained reader is shown of a question and a passage; the same in training and use."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from tokenizers import Tokenizer

from qa.errors import ModelError
from qa.readers.neural.table_text import table_rows
from qa.records.article import Passage

__all__ = ["Encoded", "Encoder", "heading", "with_mark"]

# In tokens. A passage of 900 characters of English has about 200; what does not fit one window
# is read in further ones that overlap.
_QUESTION, _HEADING, _WINDOW, _OVERLAP = 64, 48, 384, 48
# Of a question that is read alone.
_LONGEST_QUESTION = 160


@dataclass(frozen=True, slots=True)
class Encoded:
    """One window of a passage, ready for the network: ``[CLS] question [SEP] heading [SEP] text``.

    ``ids`` and ``types`` are equally long; ``offsets`` are the half-open character ranges, within
    the text, of the tokens from ``first`` on; of the name of a column before a cell empty ones.
    """

    ids: list[int]
    types: list[int]
    first: int
    offsets: list[tuple[int, int]]


class Encoder:
    """Turns questions and passages into tokens, with the characters each token stands for."""

    def __init__(self, tokenizer: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(tokenizer))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        marks = [self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")]
        if None in marks:
            raise ModelError(f"{tokenizer} is not the reader's tokenizer")
        self._open, self._close = (int(mark or 0) for mark in marks)

    def encode(self, question: str, heading: str, text: str) -> list[Encoded]:
        """The windows of one passage, in order; at least one, even when the text has no token."""
        return self.encode_all(question, [(heading, text)])[0]

    def encode_question(self, question: str) -> tuple[list[int], list[tuple[int, int]]]:
        """The tokens of a question alone, ``[CLS] question [SEP]``, and the half-open ranges of
        characters that they stand for, empty for the marks; of a long one the last tokens.
        """
        tokens = self._tokenizer.encode(question, add_special_tokens=False)
        ids, offsets = tokens.ids[-_LONGEST_QUESTION:], tokens.offsets[-_LONGEST_QUESTION:]
        return [self._open, *ids, self._close], [(0, 0), *offsets, (0, 0)]

    def encode_all(self, question: str, passages: Sequence[tuple[str, str]]) -> list[list[Encoded]]:
        """The windows of each ``(heading, text)``, all for the same question, with its mark: of the
        text, and of each row of its tables that the question names.
        """
        tables = [table_rows(question, text) for _, text in passages]
        parts = [
            part
            for (above, _), (rest, rows) in zip(passages, tables, strict=True)
            for part in (above, rest, *(row.text for row in rows))
        ]
        texts = [with_mark(question), *parts]
        question_tokens, *tokens = self._tokenizer.encode_batch(texts, add_special_tokens=False)
        lead = [self._open, *question_tokens.ids[:_QUESTION], self._close]
        windows, remaining = [], iter(tokens)
        for _, rows in tables:
            heading_tokens, body = next(remaining), next(remaining)
            top = [*heading_tokens.ids[:_HEADING], self._close] if heading_tokens.ids else []
            head, types = [*lead, *top], [0] * len(lead) + [1] * len(top)
            own = [*self._windows(head, types, body.ids, body.offsets)]
            for row, row_tokens in zip(rows, islice(remaining, len(rows)), strict=True):
                offsets = [row.original(*place) for place in row_tokens.offsets]
                own += self._windows(head, types, row_tokens.ids, offsets)
            windows.append(own)
        return windows

    def _windows(
        self, head: list[int], types: list[int], ids: list[int], offsets: list[tuple[int, int]]
    ) -> Iterator[Encoded]:
        room = _WINDOW - len(head) - 1
        for start in range(0, max(1, len(ids) - _OVERLAP), room - _OVERLAP):
            part = ids[start : start + room]
            yield Encoded(
                ids=[*head, *part, self._close],
                types=[*types, *[1] * (len(part) + 1)],
                first=len(head),
                offsets=offsets[start : start + room],
            )


def with_mark(question: str) -> str:
    """The question with the one mark at its end that the network saw in training. Without it, it
    is surer of everything: of the near misses of `annotated/n` 0.50 are refused instead of 0.66.

    >>> with_mark("who found the clock"), with_mark("Who found it ?!"), with_mark("Explain it.")
    ('who found the clock?', 'Who found it?', 'Explain it.')
    """
    question = question.rstrip()
    return question if not question or question.endswith(".") else f"{question.rstrip('?!… ')}?"


def heading(passage: Passage) -> str:
    """Day, outlet and title of the article, as far as known; they stand before the passage.

    >>> from datetime import date
    >>> heading(Passage("a", 0, 4, "Rain", title="Storm", published=date(2024, 5, 3)))
    '3 May 2024. Storm'
    """
    day = passage.published
    parts = [f"{day.day} {day:%B %Y}" if day else "", passage.source, passage.title]
    return ". ".join(part for part in parts if part)

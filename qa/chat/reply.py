"""What a chat model's reply says: the short answer on its first line, then cited sentences.

Read while it arrives. Knows the form that the prompt asks for, and what models make of it.
"""

import re
from dataclasses import dataclass

from qa.chat.markers import CitedSentence, MarkerParser, cited_sentences
from qa.chat.prompt import is_no_answer
from qa.language.cleaning import one_line

__all__ = ["Reply", "ReplyParser"]

# A longer first line is no short answer, and is shown as it comes.
_LONGEST = 160
_BRIEF = 3
_THINK, _THINK_END = "<think>", "</think>"
_MARKERS = re.compile(r"\s*[\[【][^\]】]*[\]】]")
_LABEL = re.compile(r"^(?:the )?(?:short )?answer(?: is)?\s*:\s*", re.IGNORECASE)
_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "”", '"', ")", "’", ":")


@dataclass(frozen=True, slots=True)
class Reply:
    """``short`` is empty when there is no first line of its own; ``unknown`` counts markers that
    name no passage. With ``abstains`` the reply says that the passages do not answer.
    """

    short: str
    sentences: tuple[CitedSentence, ...]
    unknown: int
    abstains: bool


class ReplyParser:
    """Feed it the reply in pieces of any size; the result does not depend on where they are cut.

    The first line is held back: it is the short answer, or the fixed sentence. So is what
    reasoning models think in front of their reply.
    """

    def __init__(self, passages: int) -> None:
        self._body = MarkerParser(passages)
        self._head: str | None = ""
        self._thinking = self._abstains = False
        self._first = ""
        self._said = self._cut = False

    def feed(self, chunk: str) -> str:
        """The text that can be shown now, with the markers of known passages."""
        if self._head is None:
            return self._tell(chunk)
        self._head = self._unthought(self._head + chunk)
        newline = self._head[: _LONGEST + 1].find("\n")
        if self._thinking or _THINK.startswith(self._head):
            return ""
        if newline < 0 and len(self._head) <= _LONGEST:
            return ""
        head, self._head = self._head, None
        if newline < 0:
            return self._tell(head)
        return self._open(head[:newline], head[newline + 1 :])

    def finish(self, *, is_cut: bool = False) -> str:
        """The rest of the text. ``is_cut`` tells that the reply was stopped before its end."""
        self._cut = is_cut
        shown_text = ""
        if self._head is not None and not self._thinking:
            head, self._head = self._head, None
            shown_text = self._open(head, "")
        if not self._said and not self._abstains:
            # There was but one line: it is the statement.
            shown_text += self._tell(self._first)
        return shown_text + self._body.finish()

    @property
    def reply(self) -> Reply:
        """What was said, once finished. Sentences that repeat others are left out, as is one that
        was cut off.
        """
        numbers_of: dict[str, tuple[int, ...]] = {}
        parsed_sentences = cited_sentences(self._body.parsed)
        if (
            parsed_sentences
            and self._cut
            and not parsed_sentences[-1].text.endswith(_SENTENCE_ENDS)
        ):
            parsed_sentences.pop()
        for sentence in parsed_sentences:
            numbers = (*numbers_of.get(sentence.text, ()), *sentence.numbers)
            numbers_of[sentence.text] = tuple(dict.fromkeys(numbers))
        sentences = tuple(CitedSentence(text, numbers) for text, numbers in numbers_of.items())
        without_citations = not any(sentence.numbers for sentence in sentences)
        return Reply(
            short=_short(self._first),
            sentences=sentences,
            unknown=self._body.parsed.unknown,
            abstains=self._abstains
            or (without_citations and any(is_no_answer(each.text) for each in sentences)),
        )

    def _unthought(self, head: str) -> str:
        head = head.lstrip()
        if head.startswith(_THINK):
            self._thinking = True
        if not self._thinking:
            return head
        _, end_mark, answer_text = head.partition(_THINK_END)
        if not end_mark:
            # Enough to know the closing tag by, and no more.
            return head[-len(_THINK_END) :]
        self._thinking = False
        return answer_text.lstrip()

    def _open(self, line: str, rest: str) -> str:
        """The first line is complete."""
        self._abstains = is_no_answer(line)
        text = _MARKERS.sub("", line).strip()
        if text != line.strip() and text.endswith(_SENTENCE_ENDS) and len(text.split()) > _BRIEF:
            # A sentence with its passage: the model left the short answer out.
            return self._tell(f"{line}\n{rest}")
        self._first = line
        return self._tell(rest)

    def _tell(self, text: str) -> str:
        if self._abstains:
            return ""
        if not self._said:
            text = text.lstrip()
            self._said = text != ""
        return self._body.feed(text)


def _short(line: str) -> str:
    """The first line without markers, emphasis, label and full stop; empty if it is too long or
    holds no letter or digit.
    """
    text = one_line(re.sub(r"[*_`#]+", "", _MARKERS.sub("", line)))
    text = _LABEL.sub("", text).strip(' "“”')
    if not any(map(str.isalnum, text)):
        return ""
    # Not the one of an abbreviation such as U.S.
    whole = not text.endswith(".") or re.search(r"\b\w\.\w?\.?$", text)
    return text if whole else text[:-1]

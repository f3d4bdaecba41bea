"""Has done once what the first question would have to load. Asks nobody and changes nothing."""

from qa.answering import Parts
from qa.compose.extract import ExtractComposer
from qa.question.understand import understand
from qa.question.wording.reading import read_wording
from qa.records.answer import Hit
from qa.records.article import Passage
from qa.safety.injection import with_injections

__all__ = ["warm_up"]

_QUESTION = "Who opened the bridge at Ashby, and when?"
_TEXT = "Mayor Ada Low opened the bridge at Ashby on 3 May 2024. It had been closed for 12 weeks."


def warm_up(parts: Parts) -> None:
    """Read a made-up passage for a made-up question. Raises ModelError when the network fails."""
    wording = read_wording(_QUESTION, parts.library)
    question = understand(wording.text, states=parts.reader.states(wording.text))
    passage = Passage("warm-up", 0, len(_TEXT), _TEXT)
    reading = parts.reader.read(question, with_injections((Hit(passage, 1.0),)))
    # A chat model would be asked.
    for _ in ExtractComposer().compose(question, reading):
        pass

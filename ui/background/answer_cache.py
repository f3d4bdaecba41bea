"""Answers that were given, for whoever asks the same again while nothing has changed."""

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from dataclasses import replace
from datetime import date
from threading import Lock

from qa.pipeline import Pipeline
from qa.protocols import Restart
from qa.records.answer import Answer
from qa.records.events import Found, Text
from qa.records.trace import Step, elapsed_ms
from ui.schemas import AskRequest

__all__ = ["AnswerCache"]

_Event = Found | Text | Restart | Answer
# An answer with its passages takes some fifty kilobytes.
_MOST = 256


class AnswerCache:
    """The events of the latest answers. Safe to share between threads.

    An abstention is worked out anew each time, and so is an answer for which something could not
    be searched or read: that may be mended without a change of the library.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._state: Hashable = None
        self._kept_events: OrderedDict[str, tuple[_Event, ...]] = OrderedDict()
        self._lock = Lock()

    def events(
        self, asked: AskRequest, pipeline: Pipeline, work: Iterator[_Event]
    ) -> Iterator[_Event]:
        """What ``work`` gives, or what it gave when the pipeline was asked the same before and the
        library had not changed: then the answer says so, and its steps took no time.
        """
        # Collections change by themselves, and a model may say something else.
        if asked.collection or not _is_repeatable(pipeline):
            yield from work
            return
        start_time = time.perf_counter()
        key = asked.model_dump_json(exclude={"stream"})
        state = pipeline, pipeline.library.generation(), date.today()
        with self._lock:
            if state != self._state:
                self._kept_events.clear()
                self._state = state
            events = self._kept_events.get(key)
            if events is not None:
                self._kept_events.move_to_end(key)
        if events is not None:
            for event in events:
                yield _again(event, start_time) if isinstance(event, Answer) else event
            return
        new_events: list[_Event] = []
        for each in work:
            new_events.append(each)
            yield each
        if new_events and isinstance(new_events[-1], Answer) and _is_whole(new_events[-1]):
            self._keep(key, state, tuple(new_events))

    def _keep(self, key: str, state: Hashable, events: tuple[_Event, ...]) -> None:
        with self._lock:
            if state == self._state:
                self._kept_events[key] = events
                while len(self._kept_events) > self._most:
                    self._kept_events.popitem(last=False)


def _is_repeatable(pipeline: Pipeline) -> bool:
    return pipeline.parts.judge is None and pipeline.parts.names.get("composer") == "extract"


def _is_whole(answer: Answer) -> bool:
    return not answer.abstained and not any(
        step.name == "damage" or step.detail.startswith("not searched") for step in answer.trace
    )


def _again(answer: Answer, start_time: float) -> Answer:
    step = Step("cache", "the same was asked before, and the library has not changed since")
    steps = (replace(each, took_ms=0.0) for each in answer.trace)
    return replace(answer, trace=(step, *steps), took_ms=elapsed_ms(start_time))

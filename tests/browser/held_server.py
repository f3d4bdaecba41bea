"""The app, whose answer to a question of several parts waits after its passages.

Run as a program with the arguments of ``article-qa``. A test that does something while an answer
is being made has the time for it then, however fast or slow the machine is.
"""

import time
from collections.abc import Iterator

from qa.records.events import Text
from ui.cli.app import main
from ui.service import Service

_SECONDS = 120
_stream = Service.stream


def _held(service, asked) -> Iterator[object]:
    events = _stream(service, asked)
    yield next(events)
    if asked.question.count("?") > 1:
        patience = time.monotonic() + _SECONDS
        while time.monotonic() < patience:
            time.sleep(0.05)
            # Where an answer is given up, it ends at its next event.
            yield Text("")
    yield from events


if __name__ == "__main__":
    Service.stream = _held
    main()

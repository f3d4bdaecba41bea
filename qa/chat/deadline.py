"""An iterator whose items come in time, or not at all. Knows nothing of what it iterates over."""

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextvars import copy_context
from typing import TypeVar

__all__ = ["in_time"]

_Item = TypeVar("_Item")


def in_time(
    start: Callable[[], Iterable[_Item]], *, total: float, idle: float
) -> Generator[_Item, None, None]:
    """The items of ``start()``, which runs in a thread of its own, in this context.

    Raises TimeoutError when the whole takes longer than ``total`` seconds, or the next item after
    the first more than ``idle``; and whatever the iteration raises. Closed early, it asks the
    thread to end at its next item.

    >>> list(in_time(lambda: "abc", total=1, idle=1))
    ['a', 'b', 'c']
    """
    # A time-out of the socket is no help against a server that sends signs of life for ever.
    items: queue.SimpleQueue[tuple[str, _Item | BaseException | None]] = queue.SimpleQueue()
    stop_event = threading.Event()

    def run() -> None:
        try:
            for item in start():
                items.put(("item", item))
                if stop_event.is_set():
                    return
        except BaseException as error:
            items.put(("error", error))
        else:
            items.put(("end", None))

    threading.Thread(target=copy_context().run, args=(run,), daemon=True).start()
    ends = time.monotonic() + total
    wait = total
    try:
        while True:
            time_left = min(ends - time.monotonic(), wait)
            try:
                kind, item = items.get(timeout=max(time_left, 0.001))
            except queue.Empty:
                raise TimeoutError(
                    f"nothing came for {wait:g} s"
                    if time_left >= wait
                    else f"not done in {total:g} s"
                ) from None
            if kind == "end":
                return
            if isinstance(item, BaseException):
                raise item
            yield item  # type: ignore[misc]
            wait = idle
    finally:
        stop_event.set()

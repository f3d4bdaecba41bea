"""Items come in time, or a TimeoutError does."""

import threading
import time
from contextvars import ContextVar

import pytest

from qa.chat.deadline import in_time

PLACE = ContextVar("place", default="nowhere")


def slowly(*pauses):
    for number, pause in enumerate(pauses):
        time.sleep(pause)
        yield number


def test_items_come_in_order():
    assert list(in_time(lambda: range(100), total=5, idle=5)) == list(range(100))


def test_nothing_is_nothing():
    assert list(in_time(lambda: (), total=5, idle=5)) == []


def test_first_item_may_take_all_the_time_but_not_more():
    assert list(in_time(lambda: slowly(0.1), total=5, idle=0.01)) == [0]
    with pytest.raises(TimeoutError, match=r"not done in 0\.05 s"):
        list(in_time(lambda: slowly(30), total=0.05, idle=5))


def test_pause_between_items_is_limited():
    items = in_time(lambda: slowly(0, 30), total=20, idle=0.05)
    assert next(items) == 0
    with pytest.raises(TimeoutError, match=r"nothing came for 0\.05 s"):
        next(items)


def test_many_short_pauses_are_limited_together():
    items = []
    with pytest.raises(TimeoutError, match="not done"):
        items.extend(in_time(lambda: slowly(*[0.02] * 1000), total=0.2, idle=5))
    assert len(items) < 1000


def test_error_is_raised_where_the_items_are_wanted():
    def broken():
        yield 1
        raise KeyError("x")

    items = in_time(broken, total=5, idle=5)
    assert next(items) == 1
    with pytest.raises(KeyError):
        next(items)


def test_error_of_the_start_is_raised_too():
    def start():
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        next(in_time(start, total=5, idle=5))


def test_context_is_the_callers():
    PLACE.set("here")
    assert list(in_time(lambda: [PLACE.get()], total=5, idle=5)) == ["here"]


def test_closing_ends_the_thread():
    ended = threading.Event()

    def forever():
        try:
            while True:
                yield time.sleep(0.005)
        finally:
            ended.set()

    items = in_time(forever, total=5, idle=5)
    next(items)
    items.close()
    assert ended.wait(5)

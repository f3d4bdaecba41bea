"""Work in a bounded pool: who waits, who is refused, and what becomes of work nobody waits for."""

import asyncio
from threading import Event

import pytest

from qa.errors import Unavailable
from ui.background.work_pool import WorkAbandoned, WorkPool, checkpoints

PATIENCE = 60


class Steps:
    """Work of three steps that can be held before the second; says what became of it."""

    def __init__(self):
        self.begun, self.go, self.closed = Event(), Event(), Event()
        self.taken = []

    def __call__(self):
        try:
            for step in range(3):
                self.taken.append(step)
                yield step
                self.begun.set()
                assert self.go.wait(PATIENCE)
        finally:
            self.closed.set()


async def happened(event):
    assert await asyncio.to_thread(event.wait, PATIENCE)


def test_steps_come_in_order_and_errors_with_them():
    async def use():
        pool = WorkPool("test", workers=1, waiting=1)
        steps = Steps()
        steps.go.set()
        assert [step async for step in pool.stream(steps)] == [0, 1, 2]
        assert await pool.run(lambda: "done") == "done"
        with pytest.raises(ZeroDivisionError):
            await pool.run(lambda: 1 // 0)

    asyncio.run(use())


def test_those_who_find_no_place_are_refused_until_there_is_room():
    async def use():
        pool = WorkPool("test", workers=1, waiting=1, retry=7)
        running, waiting = Steps(), Steps()
        one = pool.stream(running)
        await happened(running.begun)
        other = pool.stream(waiting)
        with pytest.raises(Unavailable, match="busy") as caught:
            pool.stream(Steps())
        assert caught.value.retry_after == 7
        assert waiting.taken == []
        running.go.set()
        waiting.go.set()
        assert [step async for step in one] == [step async for step in other] == [0, 1, 2]
        # Whoever has the result finds the place free.
        assert await pool.run(lambda: len(pool)) == 1
        assert len(pool) == 0

    asyncio.run(use())


def test_work_that_nobody_waits_for_ends_at_its_next_step():
    async def use():
        pool = WorkPool("test", workers=1, waiting=0)
        steps = Steps()
        stream = pool.stream(steps)
        await happened(steps.begun)
        await stream.aclose()
        steps.go.set()
        await happened(steps.closed)
        assert steps.taken == [0, 1]
        assert [step async for step in stream] == []

    asyncio.run(use())


def test_work_that_is_given_up_in_the_queue_never_begins():
    async def use():
        pool = WorkPool("test", workers=1, waiting=1)
        running, given_up = Steps(), Steps()
        one = pool.stream(running)
        await happened(running.begun)
        task = asyncio.create_task(pool.run(lambda: list(given_up())))
        await asyncio.sleep(0)
        assert len(pool) == 2
        task.cancel()
        await asyncio.wait([task])
        assert len(pool) == 1
        running.go.set()
        assert [step async for step in one] == [0, 1, 2]
        assert given_up.taken == []

    asyncio.run(use())


def test_steps_within_one_piece_of_work_are_given_up_too():
    async def use():
        pool = WorkPool("test", workers=1, waiting=0)
        steps = Steps()
        task = asyncio.create_task(pool.run(lambda: [*checkpoints(steps())]))
        # The pool takes it when the task runs first.
        await happened(steps.begun)
        task.cancel()
        await asyncio.wait([task])
        steps.go.set()
        await happened(steps.closed)
        assert steps.taken == [0, 1]

    asyncio.run(use())


def test_work_is_given_up_by_its_key():
    async def use():
        pool = WorkPool("test", workers=1, waiting=1)
        running = Steps()
        stream = pool.stream(running, key="page")
        await happened(running.begun)
        waiting = pool.stream(Steps(), key="page")
        pool.abandon("page")
        assert len(pool) == 1
        running.go.set()
        for each in (stream, waiting):
            with pytest.raises(WorkAbandoned):
                [step async for step in each]

    asyncio.run(use())


def test_one_key_has_its_share_and_no_more():
    async def use():
        pool = WorkPool("test", workers=1, waiting=10, share=2)
        steps = [Steps(), Steps()]
        streams = [pool.stream(each, key="a") for each in steps]
        with pytest.raises(Unavailable):
            pool.stream(Steps(), key="a")
        for each in steps:
            each.go.set()
        assert await pool.run(lambda: "in", key="b") == "in"
        for stream in streams:
            await stream.aclose()

    asyncio.run(use())


def test_checkpoints_outside_of_a_pool_are_the_steps():
    assert [*checkpoints(iter("abc"))] == ["a", "b", "c"]

"""How often a client may do something in a minute, in one process and in a database."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from qa.library.postgres.shared_counts import SharedRateLimiter
from qa.library.store import Library
from ui.guard.rate_limit import RateLimiter


@pytest.fixture(params=["process", "postgres"])
def make(request):
    """``make()``: a limiter, as each replica of the app has one."""
    if request.param == "process":
        one = RateLimiter()
        yield lambda: one
        return
    library = Library.open(request.getfixturevalue("database_url"), create=True)
    yield lambda: SharedRateLimiter(library.database)
    library.close()


@pytest.fixture
def go_on(request, make, monkeypatch):
    """``go_on(seconds)``: let time pass, for a server by moving what it has into the past."""
    now = [1000.0]
    if isinstance(make(), RateLimiter):
        monkeypatch.setattr("ui.guard.rate_limit.time.monotonic", lambda: now[0])

    def pass_time(seconds):
        now[0] += seconds
        if not isinstance(make(), RateLimiter):
            library = Library.open(request.getfixturevalue("database_url"))
            with library.connection() as connection:
                sql = """UPDATE request_times SET times = ARRAY(
                             SELECT each - make_interval(secs => ?) FROM unnest(times) AS each)"""
                connection.execute(sql, (seconds,))
            library.close()

    return pass_time


def test_further_requests_wait_until_the_first_is_a_minute_old(make, go_on):
    limiter = make()
    assert [limiter.wait("a", 2), limiter.wait("a", 2)] == [0, 0]
    assert 58 < limiter.wait("a", 2) <= 60
    assert limiter.wait("b", 2) == 0
    go_on(59)
    assert limiter.wait("a", 2) == 1
    go_on(2)
    assert [limiter.wait("a", 2), limiter.wait("a", 2)] == [0, 0]
    assert limiter.wait("a", 2) > 0


def test_who_is_refused_is_not_counted(make, go_on):
    limiter = make()
    limiter.wait("a", 1)
    go_on(30)
    assert 28 < limiter.wait("a", 1) <= 30
    go_on(31)
    assert limiter.wait("a", 1) == 0


def test_requests_count_wherever_they_are_made(make):
    assert [make().wait("a", 2) for _ in range(2)] == [0, 0]
    assert make().wait("a", 2) > 0


def test_many_at_once_are_counted(make):
    with ThreadPoolExecutor(8) as pool:
        waits = [*pool.map(lambda _: make().wait("a", 20), range(60))]
    assert waits.count(0) == 20

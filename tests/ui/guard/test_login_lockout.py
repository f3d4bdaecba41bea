"""Who has to wait before the next password, and who has not: in one process, and in a database."""

import pytest

from qa.errors import TooManyAttempts
from qa.library.postgres.shared_counts import SharedLoginLockout
from qa.library.store import Library
from ui.guard.login_lockout import LoginLockout

HERE, THERE = "192.0.2.1", "192.0.2.2"


@pytest.fixture
def clock(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("ui.guard.login_lockout.time.monotonic", lambda: now[0])
    return now


@pytest.fixture(params=["process", "postgres"])
def make(request, clock):
    """``make()``: a lockout, as each replica of the app has one."""
    if request.param == "process":
        one = LoginLockout()
        yield lambda: one
        return
    library = Library.open(request.getfixturevalue("database_url"), create=True)
    clock.append(library.database)
    yield lambda: SharedLoginLockout(library.database)
    library.close()


@pytest.fixture
def lockout(make):
    return make()


def go_on(clock, seconds):
    """Let time pass, for a server by moving what it has into the past."""
    clock[0] += seconds
    for database in clock[1:]:
        with database.connection() as connection:
            connection.execute(
                """UPDATE wrong_passwords SET latest = latest - make_interval(secs => ?),
                          locked_until = locked_until - make_interval(secs => ?)""",
                (seconds, seconds),
            )


def fail(lockout, times, account="ada", address=HERE):
    for _ in range(times):
        lockout.attempt(account, address)


def wait_of(lockout, account="ada", address=HERE):
    try:
        lockout.check(account, address)
    except TooManyAttempts as error:
        return error.retry_after
    return 0


def test_ten_wrong_passwords_lock_the_account_for_that_address_alone(lockout):
    fail(lockout, 9)
    assert wait_of(lockout) == 0
    fail(lockout, 1)
    assert wait_of(lockout) == 30
    assert wait_of(lockout, "bob") == 0
    assert wait_of(lockout, "ada", THERE) == 0
    with pytest.raises(TooManyAttempts):
        fail(lockout, 1)


def test_delay_doubles_up_to_a_quarter_of_an_hour(lockout, clock):
    fail(lockout, 10)
    waits = []
    for _ in range(7):
        waits.append(wait_of(lockout))
        go_on(clock, waits[-1])
        fail(lockout, 1)
    assert waits == [30, 60, 120, 240, 480, 900, 900]


def test_right_password_forgets_the_wrong_ones(lockout):
    fail(lockout, 9)
    lockout.attempt("ada", HERE)
    lockout.succeed("ada", HERE)
    fail(lockout, 9)
    assert wait_of(lockout) == 0


def test_trying_many_names_does_not_make_the_first_forgotten(lockout):
    fail(lockout, 10)
    for number in range(5000):
        try:
            lockout.attempt(f"name {number}", HERE)
        except TooManyAttempts:
            break
    assert number < 200
    assert wait_of(lockout) > 0
    assert wait_of(lockout, "anybody else") > 0
    assert wait_of(lockout, "anybody else", THERE) == 0


def test_failures_count_wherever_they_were_made(make):
    fail(make(), 5)
    fail(make(), 5)
    assert wait_of(make()) == 30
    with pytest.raises(TooManyAttempts):
        fail(make(), 1)


def test_memory_is_bounded(clock):
    lockout = LoginLockout()
    for number in range(20_000):
        lockout.attempt("x" * 1000, f"address {number}")
    assert len(lockout._addresses) == 10_000
    assert all(len(name) == 64 for each in lockout._addresses.values() for name in each)


def test_failures_are_forgotten_after_an_hour(lockout, clock):
    fail(lockout, 9)
    go_on(clock, 3601)
    fail(lockout, 1)
    assert wait_of(lockout) == 0

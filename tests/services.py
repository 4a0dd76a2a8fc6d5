"""Real services for tests, from Debian's packages: PostgreSQL and Redis of their own, on free ports."""

from __future__ import annotations

import os
import shutil
import signal
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import pytest
import sqlalchemy as sa

from deploy import debian
from deploy.ports import free_port, is_free
from deploy.processes import Process, stop

START_SECONDS = 30

Made = TypeVar("Made")


class PostgreSQL:
    """A running server."""

    def __init__(self, process: Process, address: str) -> None:
        self._process, self._address = process, sa.engine.make_url(address)

    def url(self, database: str) -> str:
        """The address of a database."""
        return self._address.set(database=database).render_as_string(hide_password=False)

    def new_database(self, template: str = "template1") -> str:
        """Create a database, as a copy of another; its name."""
        name = f"test_{uuid.uuid4().hex}"
        engine = sa.create_engine(self.url("postgres"), future=True, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return name

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Within the block it keeps its connections, takes new ones, and says nothing."""
        # Each of its processes is the head of a group of its own.
        pids = [self._process.pid, *_children(self._process.pid)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)


def _children(parent: int) -> list[int]:
    stats = (file.read_text() for file in Path("/proc").glob("[0-9]*/stat") if file.exists())
    # The name of the program, in brackets, may hold anything.
    fields = ((stat.split(maxsplit=1)[0], stat.rpartition(")")[2].split()) for stat in stats)
    return [int(pid) for pid, rest in fields if int(rest[1]) == parent]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server; skipped where Debian's package `postgresql` is missing, a failure in CI."""
    # Not below pytest's own folder, which other users may not enter.
    folder = debian.own_folder(debian.DATABASE_USER)
    try:
        command, address = _or_skip(lambda: debian.make_database(folder, free_port()))
        process = Process(command, folder, {}, folder / "log")
        try:
            _await(process, lambda: debian.accepts(address), folder / "log")
            yield PostgreSQL(process, address)
        finally:
            # Its immediate shutdown: it waits for no connection, and writes nothing that is thrown away anyway.
            process.signal(signal.SIGQUIT)
            process.wait(20)
            stop([process])
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk_database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Variables that give a running desk a database of each kind; its own SQLite file needs none."""
    if request.param == "sqlite":
        return {}
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return {"DATABASE_URL": server.url(server.new_database())}


class RedisServer:
    """A running Redis, which can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        """Start it on a free port."""
        self._folder, self._port = folder, free_port()
        self._command, self.url = debian.make_redis(folder, self._port)
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = Process(self._command, self._folder, {}, self._folder / "log")
        _await(self._process, lambda: not is_free(debian.LOOPBACK, self._port), self._folder / "log")

    def kill(self) -> None:
        """End it at once."""
        self._process.signal(signal.SIGKILL)
        self._process.wait(10)


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of its own; skipped where Debian's package `redis-server` is missing, a failure in CI."""
    server = _or_skip(lambda: RedisServer(tmp_path))
    yield server
    server.kill()


def _or_skip(make: Callable[[], Made]) -> Made:
    try:
        return make()
    except debian.ProgramMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def _await(process: Process, is_ready: Callable[[], bool], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while process.status is None and time.monotonic() < deadline:
        if is_ready():
            return
        time.sleep(0.05)
    stop([process])
    pytest.fail(log.read_text(errors="replace"))

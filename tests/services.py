"""Real services for tests: a PostgreSQL of their own on a free port, with its data in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

# initdb refuses to run as root; Debian's package brings this user along.
_USER = "postgres"


class PostgreSQL:
    """A running server."""

    def __init__(self, port: int) -> None:
        self.port = port

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://{_USER}@127.0.0.1:{self.port}/{database}"

    def new_database(self, template: str = "template1") -> str:
        """Create a database, as a copy of another; its name."""
        name = f"test_{uuid.uuid4().hex}"
        engine = sa.create_engine(self.url("postgres"), future=True, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
        engine.dispose()
        return name


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A PostgreSQL server; skipped where Debian's package `postgresql` is missing, a failure in CI."""
    tools = _tools()
    if tools is None:
        reason = "PostgreSQL is missing: apt-get install postgresql"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam(_USER)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    # Not below pytest's own folder, which other users may not enter.
    folder = Path(tempfile.mkdtemp(prefix="frontdesk-pg-"))
    if as_user:
        os.chown(folder, as_user["user"], as_user["group"])
    data, port = folder / "data", free_port()
    init = [str(tools / "initdb"), "--pgdata", str(data), "--username", _USER, "--auth", "trust"]
    init += ["--encoding", "UTF8", "--no-sync", "--no-locale"]
    subprocess.run(init, check=True, capture_output=True, cwd=folder, **as_user)
    # Nothing here outlives the tests, so nothing needs to reach the disk.
    options = ["fsync=off", "full_page_writes=off", f"unix_socket_directories={folder}", "listen_addresses=127.0.0.1"]
    serve = [str(tools / "postgres"), "-D", str(data), "-p", str(port)]
    for option in options:
        serve += ["-c", option]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(serve, stdout=log, stderr=log, cwd=folder, **as_user)
    try:
        ready = [str(tools / "pg_isready"), "--quiet", "--host", "127.0.0.1", "--port", str(port), "--timeout", "1"]
        for _ in range(300):
            if server.poll() is not None or subprocess.run(ready, check=False, cwd=folder).returncode == 0:
                break
            time.sleep(0.1)
        assert server.poll() is None, (folder / "log").read_text(errors="replace")
        yield PostgreSQL(port)
    finally:
        # Its immediate shutdown: it waits for no connection, and writes nothing that is thrown away anyway.
        server.send_signal(signal.SIGQUIT)
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def desk_database(request: pytest.FixtureRequest) -> dict[str, str]:
    """Variables that give a running desk a database of each kind; its own SQLite file needs none."""
    if request.param == "sqlite":
        return {}
    server: PostgreSQL = request.getfixturevalue("postgresql")
    return {"DATABASE_URL": server.url(server.new_database())}


def _tools() -> Path | None:
    """The folder of the newest PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class RedisServer:
    """A running Redis, which can be killed and started again."""

    def __init__(self, program: str, folder: Path) -> None:
        """Start it on a free port."""
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self._command = [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
        self.start()

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as client:
                if client.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        pytest.fail("Redis does not answer.")

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()
        self._process.wait()


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis of its own; skipped where Debian's package `redis-server` is missing, a failure in CI."""
    program = shutil.which("redis-server")
    if program is None:
        reason = "Redis is missing: apt-get install redis-server"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    server = RedisServer(program, tmp_path)
    yield server
    server.kill()

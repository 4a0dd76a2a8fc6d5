"""The database of the front desk: engine, transactions and the metadata that all tables register with."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.types import TypeDecorator

from frontdesk.patience import be_impatient
from frontdesk.settings import Settings

BUSY_TIMEOUT_SECONDS = 10
# PostgreSQL: for a connection, and for what somebody else has locked. A visitor's turn meets several of them.
CONNECT_SECONDS = LOCKED_SECONDS = 5

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator):
    """A moment: aware datetimes go in, aware datetimes in UTC come out, on every database."""

    impl = sa.DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.engine.Dialect) -> datetime | None:
        """Turn an aware datetime of any zone into a bare one in UTC.

        Raises:
            ValueError: The datetime has no zone.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone cannot be stored")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.engine.Dialect) -> datetime | None:
        """Give a stored bare datetime its zone, UTC, back."""
        return None if value is None else value.replace(tzinfo=timezone.utc)


def create_engine(settings: Settings) -> Engine:
    """Make the engine for the database the settings name; the folder of a SQLite file is created."""
    return engine_at(settings.database_url)


def engine_at(address: str, **options: Any) -> Engine:
    """Make the engine for a database at this address; the folder of a SQLite file is created.

    Args:
        address: SQLAlchemy's, SQLite or PostgreSQL.
        options: More for `sqlalchemy.create_engine`.
    """
    url = sa.engine.make_url(address)
    # An error quotes the statement's values otherwise, and those may be a visitor's words.
    options = {"future": True, "hide_parameters": True, **options}
    if url.get_backend_name() != "sqlite":
        be_impatient()
        impatient = {"connect_timeout": CONNECT_SECONDS, "options": f"-c lock_timeout={LOCKED_SECONDS * 1000}"}
        return sa.create_engine(url, pool_pre_ping=True, **{"connect_args": impatient, **options})
    arguments: dict[str, Any] = {"timeout": BUSY_TIMEOUT_SECONDS}
    in_file = bool(url.database) and url.database != ":memory:"
    if in_file:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        # Kept open: opening the file and setting it up takes 0.8 ms, more than most of what is asked of it.
        arguments["check_same_thread"] = False
        options = {"poolclass": sa.pool.QueuePool, **options}
    engine = sa.create_engine(url, connect_args=arguments, **options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    if in_file:
        _reopen_when_stale(engine, url.database)
    return engine


def _reopen_when_stale(engine: Engine, file: str) -> None:
    """Open a connection anew that another process has made, or whose file has been replaced by a backup since."""

    def standing() -> tuple[int, int | None]:
        try:
            return os.getpid(), os.stat(file).st_ino
        except FileNotFoundError:
            return os.getpid(), None

    def note(_connection: sqlite3.Connection, record: Any) -> None:
        record.info["standing"] = standing()

    def check(_connection: sqlite3.Connection, record: Any, _proxy: Any) -> None:
        if record.info["standing"] != standing():
            raise DisconnectionError("The file is another one, or this process is.")

    event.listen(engine, "connect", note)
    event.listen(engine, "checkout", check)


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    # Python's driver would commit silently before DDL; with this off, the transactions are the ones begun below.
    connection.isolation_level = None
    _switch_to_wal(connection)
    connection.execute("PRAGMA foreign_keys = ON")
    # What is deleted is overwritten in the file, too.
    connection.execute("PRAGMA secure_delete = ON")


def _switch_to_wal(connection: sqlite3.Connection) -> None:
    # The switch needs the file alone and fails at once, whatever the timeout, when two processes start together.
    give_up = time.monotonic() + BUSY_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    # A reader that turns writer midway fails at once instead of waiting, so writers say so from the start.
    writes = connection.get_execution_options().get("frontdesk_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def utc_now() -> datetime:
    """The present, aware, in UTC; the clock of whoever is not handed another."""
    return datetime.now(timezone.utc)


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A connection for writing: committed when the block ends, rolled back when it raises.

    On SQLite the write lock is taken at the start; a second writer waits up to ten seconds for it.
    """
    with engine.connect() as connection:
        connection.execution_options(frontdesk_writes=True)
        with connection.begin():
            yield connection

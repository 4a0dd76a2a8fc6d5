"""The database of the conversations."""

from __future__ import annotations

import logging
import sqlite3
import time

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from engine import event_table
from frontdesk.database import engine_at, transaction
from frontdesk.settings import Settings

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2
STATEMENT_SECONDS = 5
BUSY_SECONDS = 2


def connect(settings: Settings) -> Engine:
    """The engine of the database that `settings.conversations_url` names."""
    if sa.engine.make_url(settings.conversations_url).get_backend_name() != "sqlite":
        options = f"-c statement_timeout={STATEMENT_SECONDS * 1000}"
        return engine_at(
            settings.conversations_url,
            pool_timeout=STATEMENT_SECONDS,
            connect_args={"connect_timeout": STATEMENT_SECONDS, "options": options},
        )
    engine = engine_at(settings.conversations_url)
    event.listen(engine, "connect", _without_much_waiting)
    return engine


def _without_much_waiting(connection: sqlite3.Connection, _record: object) -> None:
    # What cannot be written now waits in memory, and the visitor need not wait for it.
    connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    # With the write-ahead log a power cut may cost the last turns and nothing else; bookings lie in another file.
    connection.execute("PRAGMA synchronous = NORMAL")


def make_table(engine: Engine) -> None:
    """Make the table where it is missing; waits for a database that is not up yet."""
    while True:
        try:
            with transaction(engine) as connection:
                event_table.create(connection)
        except SQLAlchemyError as error:
            # Two servers that start together may both make the table; the second try finds it.
            logger.warning("The database of the conversations is not ready yet: %s", type(error).__name__)
            time.sleep(RETRY_SECONDS)
        else:
            return

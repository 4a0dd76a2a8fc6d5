"""Conversations that a visitor has deleted: which ones, for as long as their tokens would be valid; no more."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from frontdesk.database import UtcDateTime, metadata, transaction, utc_now

ended_conversation = sa.Table(
    "ended_conversation",
    metadata,
    # Not the sender id itself: what a visitor deleted shall not be found by it.
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("ended_at", UtcDateTime, nullable=False),
    sa.Index(None, "ended_at"),
)


class Endings:
    """Notes endings; the table must be there (`frontdesk.migrations.upgrade`).

    Its methods raise `sqlalchemy.exc.SQLAlchemyError` when the database cannot be used.
    """

    def __init__(self, engine: Engine, lifetime: timedelta, clock: Callable[[], datetime] = utc_now) -> None:
        """Take the database, how long a conversation could be gone on with, and where the time (aware) comes from."""
        self._engine = engine
        self._lifetime = lifetime
        self._clock = clock

    def note(self, conversation: str) -> None:
        """Note that a conversation (its sender id) has ended, and forget those that nobody could go on with anyway."""
        now = self._clock()
        table = ended_conversation
        digest = digest_of(conversation)
        with transaction(self._engine) as connection:
            connection.execute(sa.delete(table).where(table.c.ended_at < now - self._lifetime))
            if not connection.execute(sa.update(table).where(table.c.digest == digest).values(ended_at=now)).rowcount:
                connection.execute(sa.insert(table).values(digest=digest, ended_at=now))

    def has_ended(self, conversation: str) -> bool:
        """Whether a conversation (its sender id) has ended."""
        query = sa.select(ended_conversation.c.digest).where(ended_conversation.c.digest == digest_of(conversation))
        with self._engine.connect() as connection:
            return connection.execute(query).first() is not None


def digest_of(conversation: str) -> str:
    """How a conversation (its sender id) is written down here."""
    return hashlib.sha256(conversation.encode()).hexdigest()

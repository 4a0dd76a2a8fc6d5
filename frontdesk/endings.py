"""Conversations that a visitor has deleted: which ones, for as long as their tokens would be valid; no more."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from frontdesk.change_sign import ChangeSign
from frontdesk.database import UtcDateTime, metadata, transaction, utc_now

# Conversations of which it is remembered that they go on.
MOST_REMEMBERED = 2000

ended_conversation = sa.Table(
    "ended_conversation",
    metadata,
    # Not the sender id itself: what a visitor deleted shall not be found by it.
    sa.Column("digest", sa.String(64), primary_key=True),
    sa.Column("ended_at", UtcDateTime, nullable=False),
    sa.Index(None, "ended_at"),
)
_ENDED = sa.select(ended_conversation.c.digest).where(ended_conversation.c.digest == sa.bindparam("digest"))


class Endings:
    """Notes endings; the table must be there (`frontdesk.migrations.upgrade`).

    Its methods raise `sqlalchemy.exc.SQLAlchemyError` when the database cannot be used.
    """

    def __init__(self, engine: Engine, lifetime: timedelta, clock: Callable[[], datetime] = utc_now) -> None:
        """Take the database, how long a conversation could be gone on with, and where the time (aware) comes from."""
        self._engine = engine
        self._lifetime = lifetime
        self._clock = clock
        self._sign = ChangeSign(engine)
        self._going_on: OrderedDict[str, Any] = OrderedDict()

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
        seen = self._sign.look()
        if self._goes_on(conversation, seen):
            return False
        with self._engine.connect() as connection:
            has_ended = connection.execute(_ENDED, {"digest": digest_of(conversation)}).first() is not None
        if not has_ended and seen is not None:
            self._going_on[conversation] = seen
            if len(self._going_on) > MOST_REMEMBERED:
                self._going_on.popitem(last=False)
        return has_ended

    def surely_goes_on(self, conversation: str) -> bool:
        """Whether a conversation is known not to have ended, without asking the database and so without waiting."""
        return self._goes_on(conversation, self._sign.look())

    def _goes_on(self, conversation: str, seen: Any) -> bool:
        return seen is not None and self._going_on.get(conversation) == seen


def digest_of(conversation: str) -> str:
    """How a conversation (its sender id) is written down here."""
    return hashlib.sha256(conversation.encode()).hexdigest()

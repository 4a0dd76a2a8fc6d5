"""What waits to be sent to messaging platforms: in order within a conversation, until the platform has taken it.

A platform that is down costs time and no message. What it took without being able to say so is sent again: of a call
that ended without an answer nobody can know.
"""

from __future__ import annotations

import json
import random
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.engine import Engine

from frontdesk.database import transaction
from frontdesk.messages import queues
from frontdesk.messages.tables import channel_outgoing


@dataclass(frozen=True)
class Patience:
    """How long a failed call waits: each pause is twice the one before.

    Attributes:
        first: After the first failure.
        longest: At most.
        give_up: How old a message may become; an answer that comes a day late helps nobody.
    """

    first: timedelta = timedelta(seconds=1)
    longest: timedelta = timedelta(minutes=1)
    give_up: timedelta = timedelta(days=1)

    def pause_after(self, attempt: int) -> timedelta:
        """How long to wait after a failed attempt (1 for the first), scattered so that not all come back at once."""
        longest = min(self.longest, self.first * 2 ** min(attempt - 1, 16))
        pause: timedelta = longest * random.uniform(0.75, 1)
        return pause


@dataclass(frozen=True)
class Letter:
    """One call to a platform, taken by this process.

    Attributes:
        id: Its row.
        channel: Name of its channel.
        call: What to send, as plain JSON values.
        attempt: 1 for the first.
        created_at: When it was queued; aware, in UTC.
    """

    id: int
    channel: str
    call: dict[str, Any]
    attempt: int
    created_at: datetime


class Outgoing:
    """The calls of all messaging channels."""

    def __init__(self, engine: Engine, patience: Patience | None = None) -> None:
        """Take the database, with its tables, and how long a failed call waits."""
        self._engine = engine
        self._patience = patience or Patience()

    def take(self, channels: Collection[str], now: datetime) -> Letter | None:
        """Take the call that has waited longest; none of a conversation whose first call is not through."""
        row = queues.take(self._engine, channel_outgoing, channels, now)
        if row is None:
            return None
        return Letter(row.id, row.channel, json.loads(row.call_json), row.attempts, row.created_at)

    def sent(self, letter: Letter) -> bool:
        """Note that a call is done with, taken or refused for good; False when another process has it now."""
        with transaction(self._engine) as connection:
            return queues.remove(connection, channel_outgoing, letter.id, letter.attempt)

    def postpone(self, letter: Letter, now: datetime, asked: timedelta | None = None) -> timedelta | None:
        """Let a call, and what follows it in its conversation, wait.

        Args:
            letter: The call.
            now: The present, aware.
            asked: How long the platform asks to wait, if it does.

        Returns:
            For how long; None when the call has become too old, and is given up.
        """
        if now - letter.created_at > self._patience.give_up:
            self.sent(letter)
            return None
        pause = max(self._patience.pause_after(letter.attempt), min(asked or timedelta(0), timedelta(hours=1)))
        queues.postpone(self._engine, channel_outgoing, letter.id, letter.attempt, now + pause)
        return pause

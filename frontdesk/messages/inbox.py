"""What has come in from messaging platforms: each delivery once, each conversation in order, nothing lost.

A platform is told that a message has arrived only after it is written down here. What is answered is removed. That
it was seen is remembered for as long as it could be delivered again, by a hash that stays when its visitor is erased:
what somebody has caught and repeats must not bring an erased person back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from frontdesk.database import transaction
from frontdesk.messages import queues
from frontdesk.messages.tables import (
    channel_conversation,
    channel_inbox,
    channel_outgoing,
    channel_payload,
    channel_seen,
)


@dataclass(frozen=True)
class Arrival:
    """A message as a platform delivered it.

    Attributes:
        conversation: Sender id, such as `telegram:4f…`.
        delivery: The platform's own id of the message; the same when it is delivered again.
        kind: What is to be done with it; known to the channel.
        content: What it holds, as plain JSON values.
        address: Where answers go, as plain JSON values; None when nobody spoke, so that the known one stays.
    """

    conversation: str
    delivery: str
    kind: str
    content: Mapping[str, Any]
    address: Mapping[str, Any] | None


@dataclass(frozen=True)
class Entry:
    """A message that waits for its turn, taken by this process.

    Attributes:
        id: Its row.
        channel: Name of its channel.
        conversation: Sender id.
        kind: What is to be done with it.
        content: What it holds.
        attempt: 1 for the first.
        address: Where answers go.
        heard_at: When the visitor was heard last; aware, in UTC.
        choices: What was offered last, see `Answered`.
    """

    id: int
    channel: str
    conversation: str
    kind: str
    content: dict[str, Any]
    attempt: int
    address: dict[str, Any]
    heard_at: datetime
    choices: dict[str, Any] | None


@dataclass(frozen=True)
class Answered:
    """What became of a message.

    Attributes:
        calls: To the platform, in order, as plain JSON values.
        choices: What was offered, as plain JSON values; None when nothing was.
        payloads: Payloads of buttons by their keys.
    """

    calls: tuple[Mapping[str, Any], ...] = ()
    choices: Mapping[str, Any] | None = None
    payloads: Mapping[str, str] | None = None


class Inbox:
    """The deliveries of all messaging channels."""

    def __init__(self, engine: Engine) -> None:
        """Take the database, with its tables."""
        self._engine = engine

    def add(self, channel: str, arrivals: Iterable[Arrival], now: datetime, memory: timedelta) -> int:
        """Write down what has arrived, all or nothing; what was seen before is left out.

        Args:
            channel: Name of the channel.
            arrivals: In the order in which they are to be answered.
            now: The present, aware.
            memory: How long a delivery is remembered.

        Returns:
            How many were new.
        """
        new = 0
        with transaction(self._engine) as connection:
            for arrival in arrivals:
                if not _is_new(connection, channel, arrival, now + memory):
                    continue
                new += 1
                _wait(connection, channel, arrival, now)
                if arrival.address is not None:
                    _heard(connection, channel, arrival, now)
        return new

    def seen(self, channel: str, conversation: str, delivery: str, now: datetime, memory: timedelta) -> bool:
        """Whether a delivery was seen before; from now on it was."""
        arrival = Arrival(conversation, delivery, "seen", {}, None)
        with transaction(self._engine) as connection:
            return not _is_new(connection, channel, arrival, now + memory)

    def take(self, channels: Collection[str], now: datetime) -> Entry | None:
        """Take the message that has waited longest; None when there is none, or its conversation is being served."""
        row = queues.take(self._engine, channel_inbox, channels, now)
        if row is None:
            return None
        query = sa.select(channel_conversation).where(channel_conversation.c.conversation == row.conversation)
        with self._engine.connect() as connection:
            known = connection.execute(query).first()
        return Entry(
            id=row.id,
            channel=row.channel,
            conversation=row.conversation,
            kind=row.kind,
            content=json.loads(row.content_json),
            attempt=row.attempts,
            address=json.loads(known.address_json) if known else {},
            heard_at=known.heard_at if known else row.received_at,
            choices=json.loads(known.choices_json) if known and known.choices_json else None,
        )

    def answer(self, entry: Entry, answered: Answered, now: datetime) -> bool:
        """Remove a message that is done with and queue what is to be sent, in one transaction.

        Returns:
            False when another process has taken it meanwhile; nothing is noted then.
        """
        with transaction(self._engine) as connection:
            if not queues.remove(connection, channel_inbox, entry.id, entry.attempt):
                return False
            for call in answered.calls:
                row = {"channel": entry.channel, "conversation": entry.conversation, "attempts": 0}
                row |= {"call_json": json.dumps(call), "due_at": now, "created_at": now}
                connection.execute(sa.insert(channel_outgoing).values(row))
            if answered.calls:
                choices = json.dumps(answered.choices) if answered.choices else None
                mine = channel_conversation.c.conversation == entry.conversation
                connection.execute(sa.update(channel_conversation).where(mine).values(choices_json=choices))
            for key, payload in (answered.payloads or {}).items():
                columns = channel_payload.c
                connection.execute(sa.delete(channel_payload).where(columns.key == key))
                kept = {"key": key, "payload": payload, "offered_at": now}
                connection.execute(sa.insert(channel_payload).values(kept))
        return True

    def payload(self, key: str) -> str | None:
        """The payload that was kept under a key, if any was."""
        query = sa.select(channel_payload.c.payload).where(channel_payload.c.key == key)
        with self._engine.connect() as connection:
            found: str | None = connection.execute(query).scalar()
        return found


def _is_new(connection: Connection, channel: str, arrival: Arrival, forget_at: datetime) -> bool:
    row = {"delivery": _hashed(channel, arrival), "forget_at": forget_at}
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(channel_seen).values(row))
    except IntegrityError:
        return False
    return True


def _wait(connection: Connection, channel: str, arrival: Arrival, now: datetime) -> None:
    row = {"channel": channel, "conversation": arrival.conversation, "kind": arrival.kind, "attempts": 0}
    row |= {"content_json": json.dumps(arrival.content), "due_at": now, "received_at": now}
    connection.execute(sa.insert(channel_inbox).values(row))


def _hashed(channel: str, arrival: Arrival) -> str:
    # With the conversation, so that nobody can use up the ids of somebody else's messages.
    text = "\n".join((channel, arrival.conversation, arrival.delivery))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _heard(connection: Connection, channel: str, arrival: Arrival, now: datetime) -> None:
    mine = channel_conversation.c.conversation == arrival.conversation
    values = {"address_json": json.dumps(arrival.address), "heard_at": now}
    if connection.execute(sa.update(channel_conversation).where(mine).values(values)).rowcount:
        return
    row = {"conversation": arrival.conversation, "channel": channel, **values}
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(channel_conversation).values(row))
    except IntegrityError:
        # Another process was quicker with the first message of the same conversation.
        connection.execute(sa.update(channel_conversation).where(mine).values(values))

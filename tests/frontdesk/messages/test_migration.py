"""An installation with messages in it comes to the tables of today without hearing anything twice, and back."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa
from alembic import command

from frontdesk.database import transaction
from frontdesk.messages.inbox import Arrival, Inbox, _hashed
from frontdesk.migrations import _config, upgrade

NOW = datetime(2026, 11, 20, 10, tzinfo=timezone.utc)
YEAR = timedelta(days=400)


def downgrade(engine: sa.engine.Engine, version: str) -> None:
    config = _config()
    with transaction(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, version)


def arrival(number: int) -> Arrival:
    return Arrival("twilio:a", f"SM{number}", "text", {"text": f"words {number}"}, {"to": "+447700900123"})


def test_what_waited_waits_and_what_was_seen_is_known(engine: sa.engine.Engine) -> None:
    upgrade(engine)
    downgrade(engine, "0008")
    old = sa.Table("channel_inbox", sa.MetaData(), autoload_with=engine)
    payloads = sa.Table("channel_payload", sa.MetaData(), autoload_with=engine)
    bare = NOW.replace(tzinfo=None)
    with transaction(engine) as connection:
        for number, done_at in ((1, bare), (2, None), (3, None)):
            row = {"channel": "twilio", "conversation": "twilio:a", "delivery": _hashed("twilio", arrival(number))}
            row |= {"kind": "text", "content_json": json.dumps(arrival(number).content if not done_at else {})}
            row |= {"attempts": 0, "due_at": bare, "received_at": bare, "done_at": done_at, "forget_at": bare + YEAR}
            connection.execute(sa.insert(old).values(row))
        connection.execute(sa.insert(payloads).values(key="k:1", payload="a payload", forget_at=bare + YEAR))
    upgrade(engine)
    inbox = Inbox(engine)
    assert inbox.add("twilio", [arrival(number) for number in (1, 2, 3)], NOW, YEAR) == 0
    assert inbox.payload("k:1") == "a payload"
    entry = inbox.take(["twilio"], NOW)
    assert entry is not None
    assert entry.content == {"text": "words 2"}
    with engine.connect() as connection:
        (offered_at,) = connection.execute(sa.text("SELECT offered_at FROM channel_payload")).scalars()
        assert str(offered_at).startswith("2026-11-20 10:00:00")
    downgrade(engine, "0008")
    upgrade(engine)
    assert inbox.add("twilio", [arrival(1)], NOW, YEAR) == 0

"""Calls wait longer each time, keep their order, and are given up only when they help nobody any more."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import sqlalchemy as sa

from frontdesk.database import transaction
from frontdesk.messages.outgoing import Outgoing, Patience
from frontdesk.messages.queues import LEASE
from frontdesk.messages.tables import channel_outgoing

NOW = datetime(2026, 11, 20, 10, tzinfo=timezone.utc)


def queue(engine: sa.engine.Engine, conversation: str, *names: str) -> None:
    with transaction(engine) as connection:
        for name in names:
            row = {"channel": "telegram", "conversation": conversation, "call_json": json.dumps({"path": name})}
            row |= {"attempts": 0, "due_at": NOW, "created_at": NOW}
            connection.execute(sa.insert(channel_outgoing).values(row))


def test_a_conversation_waits_for_its_first_call_and_others_do_not(engine: sa.engine.Engine) -> None:
    outgoing = Outgoing(engine)
    queue(engine, "a", "a1", "a2")
    queue(engine, "b", "b1")
    first, other = outgoing.take(["telegram"], NOW), outgoing.take(["telegram"], NOW)
    assert first is not None
    assert other is not None
    assert (first.call["path"], other.call["path"]) == ("a1", "b1")
    assert outgoing.take(["telegram"], NOW) is None
    pause = outgoing.postpone(first, NOW)
    assert pause is not None
    assert outgoing.take(["telegram"], NOW + pause - timedelta(microseconds=1)) is None
    again = outgoing.take(["telegram"], NOW + pause)
    assert again is not None
    assert (again.call["path"], again.attempt) == ("a1", 2)
    outgoing.sent(again)
    second = outgoing.take(["telegram"], NOW + pause)
    assert second is not None
    assert second.call["path"] == "a2"


def test_what_a_dead_process_had_taken_comes_due_again(engine: sa.engine.Engine) -> None:
    outgoing = Outgoing(engine)
    queue(engine, "a", "a1")
    lost = outgoing.take(["telegram"], NOW)
    found = outgoing.take(["telegram"], NOW + LEASE)
    assert lost is not None
    assert found is not None
    # Should the first one live after all, it settles nothing.
    assert not outgoing.sent(lost)
    assert outgoing.sent(found)


def test_channels_that_are_off_wait(engine: sa.engine.Engine) -> None:
    queue(engine, "a", "a1")
    assert Outgoing(engine).take(["slack"], NOW) is None


def test_a_call_is_given_up_after_a_day(engine: sa.engine.Engine) -> None:
    outgoing = Outgoing(engine)
    queue(engine, "a", "a1", "a2")
    late = NOW + timedelta(days=1, seconds=1)
    letter = outgoing.take(["telegram"], late)
    assert letter is not None
    assert outgoing.postpone(letter, late) is None
    following = outgoing.take(["telegram"], late)
    assert following is not None
    assert following.call["path"] == "a2"


def test_a_platform_that_asks_for_a_pause_gets_it(engine: sa.engine.Engine) -> None:
    outgoing = Outgoing(engine)
    queue(engine, "a", "a1")
    letter = outgoing.take(["telegram"], NOW)
    assert letter is not None
    assert outgoing.postpone(letter, NOW, timedelta(minutes=5)) == timedelta(minutes=5)


def test_pauses_grow_up_to_a_minute() -> None:
    patience = Patience()
    assert timedelta(seconds=0.75) <= patience.pause_after(1) <= timedelta(seconds=1)
    assert timedelta(seconds=6) <= patience.pause_after(4) <= timedelta(seconds=8)
    assert timedelta(seconds=45) <= patience.pause_after(500) <= timedelta(seconds=60)

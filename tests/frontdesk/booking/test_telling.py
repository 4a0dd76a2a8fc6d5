"""Notices on messengers: to the conversation in which the visitor booked, once, and only of what they do not know."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa

from frontdesk.booking import outbox
from frontdesk.booking.calendar import Booking, Calendar, Details, Window
from frontdesk.booking.mail_words import load_mail_words
from frontdesk.booking.worker import Worker
from frontdesk.database import create_engine
from frontdesk.facts.loading import load
from frontdesk.facts.snapshot import FactsStore
from frontdesk.messages.tables import channel_inbox
from frontdesk.migrations import upgrade
from frontdesk.settings import REPOSITORY, Settings

FACTS = REPOSITORY / "facts"
OWNER = "telegram:" + "0" * 32


class Desk:
    """An appointment book with a clock that can be moved, and a worker whose only way out is a messenger."""

    def __init__(self, folder: Path) -> None:
        settings = Settings.from_environment({"FRONTDESK_VAR": str(folder), "TELEGRAM_TOKEN": "1:x"})
        self.now = datetime(2026, 11, 20, 10, tzinfo=timezone.utc)
        self.engine = create_engine(settings)
        upgrade(self.engine)
        clinic = FactsStore(load(FACTS)).clinic
        self.calendar = Calendar(self.engine, clinic, lambda: self.now)
        self.worker = Worker(self.engine, settings, lambda: clinic, load_mail_words(FACTS), lambda: self.now)

    def book(self, channel: str = "telegram", email: str | None = None) -> Booking:
        (slot,) = self.calendar.free(Window(self.now + timedelta(days=5), self.now + timedelta(days=9)), 1)
        details = Details(
            name="Ada",
            phone="+442079460018",
            email=email,
            about="",
            channel=channel,
            conversation=OWNER,
            consent_at=self.now,
        )
        assert self.calendar.hold(slot, OWNER)
        booked = self.calendar.confirm(OWNER, details)
        assert booked is not None
        return booked

    def told(self) -> list[tuple[str, dict]]:
        self.worker.run_once(threading.Event())
        with self.engine.connect() as connection:
            rows = connection.execute(sa.select(channel_inbox).order_by(channel_inbox.c.id)).all()
        assert all((row.conversation, row.channel, row.kind) == (OWNER, "telegram", "notice") for row in rows)
        return [(content["event"], content) for content in (json.loads(row.content_json) for row in rows)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.engine.dispose()


def test_what_the_visitor_did_in_the_conversation_is_not_told_again(desk: Desk) -> None:
    booked = desk.book()
    desk.calendar.cancel(booked, OWNER)
    assert desk.told() == []


def test_what_the_clinic_did_is_told(desk: Desk) -> None:
    booked = desk.book()
    desk.calendar.cancel(booked, "Sam at the desk")
    ((event, content),) = desk.told()
    assert event == "cancelled"
    assert booked.reference in content["words"]["reference"]
    assert content["values"] == []


def test_the_reminder_comes_once_without_an_email_address(desk: Desk) -> None:
    booked = desk.book()
    desk.now = booked.slot.start - timedelta(hours=20)
    told = desk.told()
    assert [event for event, _ in told] == ["reminder"]
    assert told[0][1]["values"][1] == booked.reference
    assert desk.told() == told


def test_a_notice_that_is_handed_over_twice_arrives_once(desk: Desk) -> None:
    booked = desk.book()
    desk.calendar.cancel(booked, "Sam at the desk")
    notice = outbox.take(desk.engine, ("channel",), desk.now)
    assert notice is not None
    assert len(desk.told()) == 0
    # Its first worker died, and the lease runs out.
    desk.now += timedelta(minutes=6)
    assert len(desk.told()) == 1
    assert desk.worker._deliver(replace(notice, attempt=3), desk.worker.clinic()) == "sent"
    assert len(desk.told()) == 1


def test_a_visitor_of_the_website_is_told_by_email_alone(desk: Desk) -> None:
    booked = desk.book("website", "ada@example.com")
    desk.calendar.cancel(booked, "Sam at the desk")
    assert {state.medium for state in outbox.states(desk.engine, booked.reference)} == {"email", "webhook"}
    assert desk.told() == []

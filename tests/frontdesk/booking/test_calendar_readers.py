"""Calendar files as vobject reads them, a library that shares no code with what writes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject

from frontdesk.booking.calendar import Booking, Slot
from frontdesk.booking.feed import feed
from frontdesk.booking.invitation import invitation
from frontdesk.booking.mail_words import load_mail_words
from frontdesk.booking.outbox import content_of
from frontdesk.booking.slots import utc
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.settings import REPOSITORY
from tests.frontdesk.booking.conftest import some_details

WORDS = load_mail_words(REPOSITORY / "facts")
NOW = datetime(2026, 10, 20, 9, tzinfo=timezone.utc)
CHANGES = {
    "Europe/London": ("2026-10-25T01:00", "2027-03-28T01:00"),
    "America/New_York": ("2026-11-01T06:00", "2027-03-14T07:00"),
    "Australia/Lord_Howe": ("2026-10-03T15:30", "2027-04-03T15:00"),
    "Asia/Kathmandu": (),
}
"""When the clock changes there, in UTC."""


@pytest.fixture(autouse=True)
def described_zones(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each file has to bring the description of its zone; vobject would remember an earlier one, or look it up."""
    known: dict[str, Any] = vars(vobject.icalendar)["__tzidMap"]
    before = dict(known)
    known.clear()
    monkeypatch.setattr(vobject.icalendar, "getTzid", lambda tzid, smart=True: known.get(tzid))
    # It compares a description with UTC in the years before 2020 only, which ours say nothing about.
    own = staticmethod(lambda tzinfo, allowUTC=False: str(tzinfo._tzid))
    monkeypatch.setattr(vobject.icalendar.TimezoneComponent, "pickTzid", own)
    yield
    known.clear()
    known.update(before)


def booked(slot: Slot) -> Booking:
    return Booking("K7M4QX", slot, some_details("sender", NOW), "confirmed", NOW, NOW)


def read(file: bytes) -> Any:
    """The one calendar in a file, as vobject finds it valid."""
    vars(vobject.icalendar)["__tzidMap"].clear()
    calendar = vobject.readOne(file.decode("utf-8"))
    calendar.validate(raiseException=True)
    return calendar


def half_hours(zone: ZoneInfo, change: str) -> list[Slot]:
    """Every half hour from half a day before a change of the clock to half a day after it."""
    slots = []
    for number in range(-24, 25):
        start = datetime.fromisoformat(change).replace(tzinfo=timezone.utc) + timedelta(minutes=30 * number)
        slot = Slot("amara", start.astimezone(zone), (start + timedelta(minutes=20)).astimezone(zone))
        # The second of two equal hours cannot be named in a calendar file, and is never offered.
        if not (slot.start.fold or slot.end.fold):
            slots.append(slot)
    return slots


@pytest.mark.parametrize(("zone", "change"), [(zone, each) for zone, changes in CHANGES.items() for each in changes])
def test_an_invitation_is_right_on_both_sides_of_a_change(clinic: ClinicProfile, zone: str, change: str) -> None:
    there = clinic.copy(update={"time_zone": zone})
    slots = half_hours(there.zone, change)
    assert {slot.start.utcoffset() for slot in slots[:5]} != {slot.start.utcoffset() for slot in slots[-5:]}
    for slot in slots:
        event = read(invitation(content_of(there, booked(slot)), there, WORDS)).vevent
        assert utc(event.dtstart.value) == utc(slot.start)
        assert utc(event.dtend.value) == utc(slot.end)


@pytest.mark.parametrize("zone", CHANGES)
def test_the_feed_is_right_in_every_zone(clinic: ClinicProfile, zone: str) -> None:
    there = clinic.copy(update={"time_zone": zone})
    slots = [slot for change in CHANGES[zone] or ("2026-11-01T06:00",) for slot in half_hours(there.zone, change)]
    bookings = [replace(booked(slot), reference=f"R{number:05}") for number, slot in enumerate(slots)]
    # The last ones lie past the horizon, as those may that were booked when it was further away.
    events = read(feed(bookings, there, WORDS, NOW)).vevent_list
    assert [utc(event.dtstart.value) for event in events] == [utc(slot.start) for slot in slots]
    assert len({event.uid.value for event in events}) == len(slots)


def test_all_that_was_written_is_read(clinic: ClinicProfile) -> None:
    slot = half_hours(clinic.zone, "2026-11-26T12:00")[0]
    details = some_details("sender", NOW, name="Zoë; Müller, \\n “Z”", about="acne scars, " * 20)
    content = content_of(clinic, replace(booked(slot), details=details, status="cancelled", sequence=2))
    calendar = read(invitation(content, clinic, WORDS))
    event = calendar.vevent
    assert (calendar.method.value, event.status.value, event.sequence.value) == ("CANCEL", "CANCELLED", "2")
    assert event.location.value == clinic.address.text
    assert event.organizer.value == f"mailto:{clinic.email}"
    shown = read(feed([replace(booked(slot), details=details)], clinic, WORDS, NOW)).vevent
    assert shown.summary.value.startswith("Zoë; Müller, \\n “Z”")
    assert "acne scars, acne scars" in shown.description.value

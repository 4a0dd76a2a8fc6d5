from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.booking.addresses import Addresses, feed_token, invitation_token, invited, opens_feed
from frontdesk.booking.calendar import Booking, Slot
from frontdesk.booking.feed import feed
from frontdesk.booking.invitation import invitation
from frontdesk.booking.mail_words import FILE, MailWords, load_mail_words
from frontdesk.booking.outbox import content_of
from frontdesk.booking.records import checked
from frontdesk.booking.slots import slots_on, utc
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import FactsError
from frontdesk.settings import REPOSITORY
from tests.frontdesk.booking.calendar_files import lines_of, read
from tests.frontdesk.booking.conftest import LONDON, some_details

WORDS = load_mail_words(REPOSITORY / "facts")
NOW = datetime(2026, 10, 20, 9, tzinfo=timezone.utc)


def _booking(slot: Slot, **details: Any) -> Booking:
    given = some_details("sender", NOW, **details)
    return Booking("K7M4QX", slot, given, "confirmed", NOW, NOW)


def _file(booking: Booking, clinic: ClinicProfile) -> bytes:
    return invitation(content_of(clinic, booking), clinic, WORDS)


@pytest.mark.parametrize(
    "day",
    # The days before, of and after both changes of the clock, and ordinary ones.
    [
        date(2026, 10, 24),
        date(2026, 10, 26),
        date(2026, 11, 26),
        date(2027, 3, 27),
        date(2027, 3, 30),
        date(2027, 7, 1),
    ],
)
def test_another_parser_reads_the_right_moments(clinic: ClinicProfile, day: date) -> None:
    for slot in slots_on(clinic, day):
        event = read(_file(_booking(slot), clinic))["events"][0]
        assert utc(event["DTSTART"]) == utc(slot.start)
        assert utc(event["DTEND"]) == utc(slot.end)


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
@pytest.mark.parametrize(
    "start",
    [
        *("2026-10-03T15:45", "2026-10-25T00:30", "2026-10-25T01:30", "2026-11-01T05:30"),
        *("2027-03-14T07:30", "2027-03-28T00:59", "2027-03-28T01:30", "2027-04-03T15:30"),
    ],
)
def test_every_hour_around_a_change_is_right_in_any_zone(clinic: ClinicProfile, zone: str, start: str) -> None:
    there = clinic.copy(update={"time_zone": zone})
    for hours in range(-4, 5):
        begins = datetime.fromisoformat(start).replace(tzinfo=timezone.utc) + timedelta(hours=hours)
        local = begins.astimezone(there.zone)
        if local.fold:
            # A calendar file cannot name the second of two equal hours, and the calendar never offers it.
            continue
        slot = Slot("amara", local, (begins + timedelta(minutes=30)).astimezone(there.zone))
        if slot.end.fold:
            continue
        event = read(_file(_booking(slot), there))["events"][0]
        assert utc(event["DTSTART"]) == begins


def test_the_invitation_says_what_matters(clinic: ClinicProfile) -> None:
    slot = slots_on(clinic, date(2026, 11, 26))[0]
    calendar = read(_file(_booking(slot), clinic))
    event = calendar["events"][0]
    assert calendar["METHOD"] == "PUBLISH"
    assert event["SUMMARY"] == "Consultation at Linden Row Skin Clinic"
    assert "K7M4QX" in event["DESCRIPTION"]
    assert event["LOCATION"] == clinic.address.text
    assert event["STATUS"] == "CONFIRMED"
    assert event["SEQUENCE"] == "0"


def test_a_change_is_a_later_version_of_the_same_entry(clinic: ClinicProfile) -> None:
    first, second = slots_on(clinic, date(2026, 11, 26))[:2]
    booking = _booking(first)
    moved = replace(booking, slot=second, status="moved", sequence=1)
    gone = replace(moved, status="cancelled", sequence=2)
    before, after, last = (read(_file(each, clinic)) for each in (booking, moved, gone))
    assert before["events"][0]["UID"] == after["events"][0]["UID"] == last["events"][0]["UID"]
    assert [each["events"][0]["SEQUENCE"] for each in (before, after, last)] == ["0", "1", "2"]
    assert last["METHOD"] == "CANCEL"
    assert last["events"][0]["STATUS"] == "CANCELLED"


@settings(max_examples=60, deadline=None)
@given(name=st.text(min_size=1), about=st.text())
def test_no_text_breaks_a_calendar_file(example_clinic: ClinicProfile, name: str, about: str) -> None:
    slot = slots_on(example_clinic, date(2026, 11, 26))[0]
    try:
        details = checked(some_details("sender", NOW, name=name, about=about))
    except ValueError:
        return
    calendar = read(feed([replace(_booking(slot), details=details)], example_clinic, WORDS, NOW))
    assert calendar["events"][0]["SUMMARY"].startswith(details.name)
    assert f"About: {details.about or 'not given'}\n" in calendar["events"][0]["DESCRIPTION"]


def test_the_feed_holds_every_booking_for_the_clinic(clinic: ClinicProfile) -> None:
    slots = slots_on(clinic, date(2026, 10, 24)) + slots_on(clinic, date(2026, 10, 26))
    bookings = [replace(_booking(slot), reference=f"K7M4{n:02}") for n, slot in enumerate(slots)]
    calendar = read(feed(bookings, clinic, WORDS, NOW))
    assert [utc(event["DTSTART"]) for event in calendar["events"]] == [utc(slot.start) for slot in slots]
    assert len({event["UID"] for event in calendar["events"]}) == len(slots)
    assert calendar["X-WR-CALNAME"] == "Consultations at Linden Row Skin Clinic"
    assert "+442079460321" in calendar["events"][0]["DESCRIPTION"]


def test_an_empty_feed_is_a_calendar_too(clinic: ClinicProfile) -> None:
    assert read(feed([], clinic, WORDS, NOW))["events"] == []


def test_zones_are_described_as_they_are(clinic: ClinicProfile) -> None:
    slot = Slot("amara", datetime(2026, 11, 26, 11, tzinfo=LONDON), datetime(2026, 11, 26, 11, 30, tzinfo=LONDON))
    lines = lines_of(_file(_booking(slot), clinic))
    at = lines.index("BEGIN:DAYLIGHT")
    assert {"DTSTART:20260329T010000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0100", "TZNAME:BST"} <= set(
        lines[at : at + 6]
    )


def test_addresses_are_secret_and_differ() -> None:
    secret = "s" * 40
    token = feed_token(secret)
    assert len(token) == 64
    assert opens_feed(secret, token)
    for wrong in ("", token[:-1], feed_token("t" * 40), "ü", "\ud800", invitation_token(secret, "K7M4QX")):
        assert not opens_feed(secret, wrong)
    mine = invitation_token(secret, "K7M4QX")
    assert invited(secret, mine) == "K7M4QX"
    code = mine.partition("-")[2]
    other = invitation_token("t" * 40, "K7M4QX")
    for wrong in ("", "K7M4QX", "K7M4QX-", mine[:-1], f"K7M4QC-{code}", f"-{code}", other, token, "ü-ü", "\ud800"):
        assert invited(secret, wrong) is None


def test_an_address_is_told_from_the_public_one() -> None:
    addresses = Addresses("https://desk.example", "s" * 40)
    assert addresses.feed() == f"https://desk.example/webhooks/website/calendar/{feed_token('s' * 40)}.ics"
    start, _, file = addresses.invitation("K7M4QX").rpartition("/")
    assert start == "https://desk.example/webhooks/website/invitation"
    assert invited("s" * 40, file.removesuffix(".ics")) == "K7M4QX"
    assert "sss" not in repr(addresses)


def test_wording_with_an_unknown_placeholder_is_refused(tmp_path: Any) -> None:
    text = (REPOSITORY / "facts" / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text.replace("{practitioner}", "{doctor}"), encoding="utf-8")
    with pytest.raises(FactsError, match="unknown placeholder: doctor"):
        load_mail_words(tmp_path)
    (tmp_path / FILE).write_text(text.replace("Consultations at {clinic}", "{name}"), encoding="utf-8")
    with pytest.raises(FactsError, match="no one booking"):
        load_mail_words(tmp_path)
    for name in ("visit", "a\tb.ics", '".ics', "Besuch für Sie.ics"):
        (tmp_path / FILE).write_text(text.replace("consultation.ics", repr(name)), encoding="utf-8")
        with pytest.raises(FactsError, match=r"invitation\.file: must be a file name"):
            load_mail_words(tmp_path)


def test_the_wording_holds_no_number() -> None:
    def texts(part: Any) -> list[str]:
        return [each for value in part.values() for each in (texts(value) if isinstance(value, dict) else [value])]

    assert isinstance(WORDS, MailWords)
    assert not any(character.isdigit() for text in texts(WORDS.dict()) for character in text)

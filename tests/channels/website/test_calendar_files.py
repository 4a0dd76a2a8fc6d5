"""Calendar files at their secret addresses: whole, never kept by anyone on the way, and for nobody else."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from types import SimpleNamespace

import pytest
from stub_door import SITE, real_store

from frontdesk.booking.addresses import DOOR, Addresses, feed_token, invitation_token
from frontdesk.booking.calendar import Booking, Calendar, Details, Window
from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from tests.frontdesk.booking.calendar_files import read

REFERENCE = "K7M4QX"


def now() -> datetime:
    return datetime.now(timezone.utc)


@pytest.fixture
def calendar(settings) -> Calendar:
    engine = create_engine(settings)
    upgrade(engine)
    return Calendar(engine, real_store().clinic, now)


@pytest.fixture
def booking(calendar) -> Booking:
    (slot,) = calendar.free(Window(now(), now() + timedelta(days=14)), 1)
    assert calendar.hold(slot, "website:me")
    details = Details("Zoë Müller", "+442079460321", None, "scars", "website", "website:me", now())
    booked = calendar.confirm("website:me", details)
    assert booked is not None
    return booked


@pytest.fixture
def paths(settings) -> SimpleNamespace:
    addresses = Addresses("", settings.feed_secret)
    return SimpleNamespace(
        feed=addresses.feed().removeprefix(DOOR),
        invitation=lambda booking: addresses.invitation(booking.reference).removeprefix(DOOR),
    )


async def test_the_visitor_downloads_the_booking(open_door, booking, paths):
    async with open_door() as door:
        response = await door.http.get(paths.invitation(booking))

        assert response.status_code == 200
        assert response.headers["content-type"] == "text/calendar; charset=utf-8"
        assert response.headers["content-disposition"] == 'attachment; filename="consultation.ics"'
        assert response.headers["cache-control"] == "no-store"
        (event,) = read(response.content)["events"]
        assert event["DTSTART"] == booking.slot.start
        assert booking.reference in event["DESCRIPTION"]
        assert "Zoë" not in response.text


async def test_the_file_follows_the_booking(open_door, booking, calendar, paths):
    async with open_door() as door:
        (later,) = calendar.free(Window(booking.slot.end, booking.slot.end + timedelta(days=14)), 1)
        assert calendar.move(booking, later)
        (moved,) = read((await door.http.get(paths.invitation(booking))).content)["events"]
        assert (moved["DTSTART"], moved["SEQUENCE"]) == (later.start, "1")
        calendar.cancel(booking, "visitor")
        gone = read((await door.http.get(paths.invitation(booking))).content)
        assert gone["METHOD"] == "CANCEL"
        assert gone["events"][0]["UID"] == moved["UID"]


async def test_the_clinic_subscribes_to_all_bookings(open_door, booking, calendar, paths):
    async with open_door() as door:
        response = await door.http.get(paths.feed)

        assert response.status_code == 200
        assert response.headers["content-type"] == "text/calendar; charset=utf-8"
        assert "content-disposition" not in response.headers
        assert response.headers["cache-control"] == "no-store"
        (event,) = read(response.content)["events"]
        assert event["SUMMARY"].startswith("Zoë Müller")
        calendar.cancel(booking, "visitor")
        assert read((await door.http.get(paths.feed)).content)["events"] == []


async def test_head_tells_the_size_and_sends_nothing(open_door, booking, paths):
    async with open_door() as door:
        for path in (paths.feed, paths.invitation(booking)):
            whole, head = await door.http.get(path), await door.http.head(path)
            assert head.status_code == 200
            assert head.content == b""
            assert head.headers["content-length"] == str(len(whole.content))
            assert head.headers["content-type"] == whole.headers["content-type"]


async def test_a_wrong_address_is_no_address(open_door, booking, settings):
    secret = settings.feed_secret
    feed, mine = feed_token(secret), invitation_token(secret, booking.reference)
    wrong = [
        f"/calendar/{feed}",
        f"/calendar/{feed[:-1]}.ics",
        f"/calendar/{feed_token('x' * 40)}.ics",
        f"/calendar/{mine}.ics",
        "/calendar/.ics",
        "/calendar/%00%ff.ics",
        f"/calendar/{feed}.ics/",
        f"/invitation/{mine}",
        f"/invitation/{mine.lower()}.ics",
        f"/invitation/{booking.reference}.ics",
        f"/invitation/{booking.reference}-.ics",
        f"/invitation/{feed}.ics",
        # Signed, but no such booking stands in the book.
        f"/invitation/{invitation_token(secret, REFERENCE)}.ics",
    ]
    async with open_door() as door:
        for path in wrong:
            response = await door.http.get(path)
            assert (response.status_code, response.json()["error"]["code"]) == (404, "not_found"), path


async def test_other_methods_and_other_websites_are_refused(open_door, paths, calendar):
    async with open_door() as door:
        response = await door.http.post(paths.feed)
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
        assert (await door.http.get(paths.feed, headers={"Origin": "https://evil.example"})).status_code == 403
        assert (await door.http.get(paths.feed, headers={"Origin": SITE})).status_code == 200


async def test_guessing_is_slowed_down(open_door):
    async with open_door(address_rate="2 per minute") as door:
        codes = [(await door.http.get("/invitation/K7M4QX-0.ics")).status_code for _ in range(3)]
        assert codes == [404, 404, 429]


async def test_a_database_that_fails_is_said_as_json(open_door, paths, settings):
    async with open_door() as door:
        with create_engine(settings).begin() as connection:
            connection.exec_driver_sql("DROP TABLE booking")
        response = await door.http.get(paths.feed)
        assert (response.status_code, response.json()["error"]["code"]) == (500, "internal")

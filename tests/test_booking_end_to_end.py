"""Bookings with the real servers, from the first word to the calendar file, and with many visitors at once.

FRONTDESK_RACERS says how many visitors race, for a tenth as many times.
"""

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from frontdesk.booking import outbox
from frontdesk.booking.calendar import Booking, Calendar, Slot, Window
from frontdesk.database import create_engine
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import read_yaml
from frontdesk.settings import REPOSITORY, Settings
from tests.frontdesk.booking.calendar_files import read
from tests.running_desk import FrontDesk, Visitor, running_desk
from tests.services import desk_database, postgresql  # noqa: F401 - fixtures

YES = "Yes, book it"
RACING = int(os.environ.get("FRONTDESK_RACERS", "40"))
SLOTS, AT_ONCE = RACING // 10, RACING // 2

pytestmark = [pytest.mark.service, pytest.mark.timeout(300 + 2 * RACING)]


class Book:
    """The appointment book of a running desk, read past its servers."""

    def __init__(self, desk: FrontDesk) -> None:
        self.clinic = ClinicProfile.parse_obj(read_yaml(desk.facts / "clinic.yml", desk.facts))
        self.engine = create_engine(Settings.from_environment(desk.env))
        self._calendar = Calendar(self.engine, self.clinic, lambda: datetime.now(timezone.utc))

    def get(self, reference: str) -> Booking:
        found = self._calendar.get(reference)
        assert found is not None
        return found

    def all(self) -> list[Booking]:
        now = datetime.now(timezone.utc)
        return self._calendar.bookings(now, now + timedelta(days=400))

    def free(self, limit: int) -> list[Slot]:
        """Free times."""
        soon = datetime.now(timezone.utc) + timedelta(days=2)
        return self._calendar.free(Window(soon, soon + timedelta(days=40)), limit)


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    desk_database: dict[str, str],  # noqa: F811
) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    facts = Path(shutil.copytree(REPOSITORY / "facts", folder / "facts"))
    with_one_practitioner(facts)
    with running_desk(folder, **desk_database) as front_desk:
        yield front_desk


@pytest.fixture
def book(desk: FrontDesk) -> Iterator[Book]:
    book = Book(desk)
    yield book
    book.engine.dispose()


def with_one_practitioner(facts: Path) -> None:
    """Leave nobody who could see a second visitor at the same time."""
    clinic = read_yaml(facts / "clinic.yml", facts)
    clinic["practitioners"]["people"] = [{**clinic["practitioners"]["people"][0], "hours": clinic["hours"]["weekly"]}]
    (facts / "clinic.yml").write_text(yaml.safe_dump(clinic, allow_unicode=True), encoding="utf-8")


def payloads(messages: list[dict[str, Any]]) -> list[str]:
    return [button["payload"] for message in messages for button in message["buttons"]]


def text_of(messages: list[dict[str, Any]]) -> str:
    return " ".join(message["text"] for message in messages)


def reference_in(messages: list[dict[str, Any]]) -> str:
    found = re.search(r"reference is (\w{6})\b", text_of(messages))
    assert found, text_of(messages)
    return found[1]


def day(slot: Slot) -> str:
    return f"{slot.start:%A} {slot.start.day} {slot.start:%B}"


def said(slot: Slot) -> str:
    """A time as the desk names it."""
    minutes = f":{slot.start:%M}" if slot.start.minute else ""
    return f"{day(slot)} at {slot.start:%-I}{minutes} {slot.start:%p}".replace("AM", "am").replace("PM", "pm")


def moment(slot: Slot) -> str:
    """A time as a visitor may type it."""
    return f"{day(slot)} at {slot.start:%H:%M}"


def test_a_visitor_books_and_both_sides_hold_the_proof(desk: FrontDesk, book: Book) -> None:
    visitor = Visitor(desk.url)
    for text in ("I'd like to book a consultation", "Zoë Müller"):
        assert {message["outcome"] for message in visitor.say(text)} == {"booking"}
    days = visitor.say("zoe.mueller@example.com")
    times = visitor.say(payloads(days)[0])
    confirm = visitor.say(payloads(times)[0])
    assert YES in payloads(confirm)
    assert "Zoë Müller" in text_of(confirm)
    # A question on the way is answered, and leads back.
    answer, back = visitor.say("does it hurt?")
    assert answer["topics"] == ["pain"]
    assert YES in payloads([back])
    assert book.all() == []
    booked = visitor.say(YES)

    booking = book.get(reference_in(booked))
    assert (booking.details.name, booking.details.email) == ("Zoë Müller", "zoe.mueller@example.com")
    assert (booking.details.channel, booking.status) == ("website", "confirmed")
    assert [(each.medium, each.recipient) for each in outbox.states(book.engine, booking.reference)] == [
        ("email", "visitor"),
        ("email", "clinic"),
        ("webhook", "crm"),
    ]

    (link,) = re.findall(r"http://\S+\.ics", text_of(booked))
    file = httpx.get(link, trust_env=False)
    assert file.headers["content-type"] == "text/calendar; charset=utf-8"
    assert [event["DTSTART"] for event in read(file.content)["events"]] == [booking.slot.start]
    assert httpx.head(link, trust_env=False).status_code == 200
    wrong = httpx.get(link.replace(".ics", "0.ics"), trust_env=False)
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (404, "not_found")

    listed = desk.command("bookings", "list")
    assert booking.reference in listed
    assert "Zoë Müller" in listed
    feed = httpx.get(desk.command("bookings", "feed").strip(), trust_env=False)
    assert f"Reference: {booking.reference}" in read(feed.content)["events"][0]["DESCRIPTION"]

    logs = "".join(path.read_text(encoding="utf-8", errors="replace") for path in desk.facts.parent.glob("*.log"))
    for secret in ("Müller", "zoe.mueller", booking.reference, link.rpartition("/")[2]):
        assert secret not in logs


def test_a_booking_is_moved_and_cancelled_by_who_can_prove_it(desk: FrontDesk, book: Book) -> None:
    first, second = book.free(2)
    visitor = Visitor(desk.url)
    visitor.say("I'd like to book a consultation")
    for text in ("Tom Ashby", "tom.ashby@example.com", moment(first)):
        confirm = visitor.say(text)
    assert YES in payloads(confirm)
    booked = visitor.say(YES)
    reference = reference_in(booked)

    other = Visitor(desk.url)
    other.say("I need to cancel my appointment")
    other.say(reference)
    assert reference not in text_of(other.say("somebody.else@example.com"))
    assert book.get(reference).slot.start == first.start

    visitor.say("I want to move my appointment")
    for text in (reference, "tom.ashby@example.com", moment(second)):
        asked = visitor.say(text)
    assert f"move your visit to {said(second)}?" in text_of(asked)
    moved = visitor.say(payloads(asked)[0])
    assert re.findall(r"/invitation/(\w{6})-\w+\.ics", text_of(moved)) == [reference]
    assert book.get(reference).slot.start == second.start

    visitor.say("cancel my appointment")
    for text in (reference, "tom.ashby@example.com", "Yes, cancel it"):
        visitor.say(text)
    assert not book.get(reference).stands
    assert reference not in desk.command("bookings", "list")


def test_ten_visitors_race_for_each_of_many_times(desk: FrontDesk, book: Book) -> None:
    before = len(book.all())
    wanted = book.free(SLOTS)
    starts = {slot.start for slot in wanted}
    assert len(starts) == SLOTS

    def arrive(number: int) -> Visitor:
        visitor = Visitor(desk.url)
        for text in ("I'd like to book a consultation", "Amy Ashby", f"racer-{number}@visitor.example"):
            visitor.say(text)
        return visitor

    def compete(visitor: Visitor, slot: Slot) -> list[dict[str, Any]]:
        messages = visitor.say(moment(slot))
        return visitor.say(YES) if YES in payloads(messages) else messages

    with ThreadPoolExecutor(AT_ONCE) as pool:
        visitors = list(pool.map(arrive, range(RACING)))
        # Neighbours in the queue want the same time.
        choices = [wanted[number // (RACING // SLOTS)] for number in range(RACING)]
        results = list(pool.map(compete, visitors, choices))

    winners = [messages for messages in results if "reference is" in text_of(messages)]
    booked = [book.get(reference_in(messages)).slot for messages in winners]
    assert sorted(slot.start for slot in booked) == sorted(starts)
    assert len(book.all()) == before + SLOTS
    everybody = sorted(book.all(), key=lambda booking: booking.slot.start)
    assert max(Counter(booking.slot.start for booking in everybody).values()) == 1
    assert all(earlier.slot.end <= later.slot.start for earlier, later in pairwise(everybody))

    losers = [(messages, slot) for messages, slot in zip(results, choices, strict=True) if messages not in winners]
    assert len(losers) == RACING - SLOTS
    for messages, slot in losers:
        assert [message["outcome"] for message in messages] == ["booking"]
        assert payloads(messages), text_of(messages)
        # The time asked for is named as gone, and is none of those offered instead.
        assert f"{said(slot)} " in text_of(messages)
        assert said(slot) not in payloads(messages)
    listed = desk.command("bookings", "list")
    assert all(reference_in(messages) in listed for messages in winners)

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from frontdesk.booking.calendar import Calendar, Slot, Window
from frontdesk.booking.slots import utc
from frontdesk.database import create_engine
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.settings import REPOSITORY, Settings
from tests.frontdesk.booking.conftest import Book, Clock, some_details

VISITORS, SLOTS = 200, 20


def _apart(book: Book, number: int) -> list[Slot]:
    """Free slots far enough apart for all of them to be booked."""
    found: list[Slot] = []
    for slot in book.free():
        if all(slot.practitioner != each.practitioner or slot.start - each.end >= timedelta(hours=1) for each in found):
            found.append(slot)
    return found[:number]


def _visit(calendar: Calendar, slot: Slot, owner: str, now: datetime) -> str:
    """One visitor's way: hold, confirm; who comes too late is offered other times."""
    if calendar.hold(slot, owner) is None:
        offered = calendar.nearest(slot.start, 4)
        return "offered others" if offered and slot not in offered else "left alone"
    return "booked" if calendar.confirm(owner, some_details(owner, now)) else "lost"


def _assert_no_double(book: Book, expected: int) -> None:
    rows = [row for row in book.rows("booking") if row["status"] != "cancelled"]
    assert len(rows) == expected
    assert len({(row["practitioner"], row["starts_at"]) for row in rows}) == expected
    notices = Counter(row["booking_id"] for row in book.rows("booking_outbox"))
    assert notices == {row["id"]: 3 for row in rows}


@pytest.mark.timeout(120)
def test_two_hundred_visitors_race_for_twenty_slots(book: Book) -> None:
    slots = _apart(book, SLOTS)
    start = threading.Barrier(VISITORS)

    def visit(number: int) -> str:
        start.wait()
        return _visit(book.calendar, slots[number % SLOTS], f"visitor-{number}", book.clock.now)

    with ThreadPoolExecutor(VISITORS) as pool:
        done = Counter(pool.map(visit, range(VISITORS)))
    assert done == {"booked": SLOTS, "offered others": VISITORS - SLOTS}
    _assert_no_double(book, SLOTS)


def _race_in_process(url: str, clinic: ClinicProfile, now: datetime, slots: list[Slot], worker: int) -> list[str]:
    engine = create_engine(Settings.from_environment({"DATABASE_URL": url}))
    calendar = Calendar(engine, clinic, Clock(now))
    with ThreadPoolExecutor(25) as pool:
        visits = [
            pool.submit(_visit, calendar, slots[number % SLOTS], f"visitor-{worker}-{number}", now)
            for number in range(VISITORS // 4)
        ]
        done = [visit.result() for visit in visits]
    engine.dispose()
    return done


@pytest.mark.timeout(120)
def test_the_race_ends_the_same_over_several_processes(book: Book, database: str) -> None:
    slots = _apart(book, SLOTS)
    # A forked process would share connections with this one.
    with ProcessPoolExecutor(4, mp_context=multiprocessing.get_context("spawn")) as pool:
        races = [
            pool.submit(_race_in_process, database, book.clinic, book.clock.now, slots, worker) for worker in range(4)
        ]
        done = Counter(result for race in races for result in race.result())
    assert done == {"booked": SLOTS, "offered others": VISITORS - SLOTS}
    _assert_no_double(book, SLOTS)


def test_a_crowd_that_takes_whatever_is_free_never_overlaps(book: Book) -> None:
    """Everyone takes what they see first and moves or cancels at will; the buffer holds in the end."""

    def visit(number: int) -> None:
        owner = f"visitor-{number}"
        for _ in range(4):
            offered = book.free(days=3, limit=6)
            if offered and book.calendar.hold(offered[number % len(offered)], owner):
                break
        booking = book.calendar.confirm(owner, some_details(owner, book.clock.now))
        if booking is not None and number % 5 == 0:
            book.calendar.cancel(booking, owner)
        elif booking is not None and number % 3 == 0:
            later = book.free(days=6)
            if later:
                book.calendar.move(booking, later[-1 - number % len(later)])

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(visit, range(60)))
    end = book.clock.now + timedelta(days=30)
    bookings = book.calendar.bookings(book.clock.now, end)
    assert len(bookings) > 10
    buffer = timedelta(minutes=book.clinic.booking.buffer_minutes)
    for one in bookings:
        for two in bookings:
            if one.reference < two.reference and one.slot.practitioner == two.slot.practitioner:
                first, second = sorted((one.slot, two.slot), key=lambda slot: slot.start)
                assert utc(second.start) - utc(first.end) >= buffer


_BOOKER = """
import sys
from datetime import datetime
from tests.frontdesk.booking.test_races import book_on
book_on(sys.argv[1], datetime.fromisoformat(sys.argv[2]), sys.argv[3])
"""


def book_on(url: str, now: datetime, name: str) -> None:
    """Book, move and cancel without end, saying each step once it is done; somebody kills the process."""
    from frontdesk.facts.reading import read_yaml

    folder = REPOSITORY / "facts"
    clinic = ClinicProfile.parse_obj(read_yaml(folder / "clinic.yml", folder))
    calendar = Calendar(create_engine(Settings.from_environment({"DATABASE_URL": url})), clinic, Clock(now))
    print("ready", flush=True)
    number = 0
    while True:
        number += 1
        owner = f"{name}-{number}"
        window = Window(now, now + timedelta(days=60))
        slot = calendar.free(window, 40)[number % 7]
        if calendar.hold(slot, owner) is None:
            continue
        booking = calendar.confirm(owner, some_details(owner, now))
        if booking is not None:
            print("booked", booking.reference, flush=True)
            if number % 2:
                calendar.cancel(booking, owner)
                print("cancelled", booking.reference, flush=True)


@pytest.mark.timeout(180)
def test_a_killed_process_leaves_no_half_booking(book: Book, database: str) -> None:
    said: list[list[str]] = []
    now = book.clock.now.isoformat()
    for number in range(6):
        process = subprocess.Popen(
            [sys.executable, "-c", _BOOKER, database, now, f"p{number}"],
            stdout=subprocess.PIPE, text=True, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        )  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.05 + 0.037 * number)
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        # A line that the kill has torn in two was not said.
        said += [line.split() for line in rest.split("\n")[:-1]]
    rows: dict[str, Any] = {row["reference"]: row for row in book.rows("booking")}
    notices = Counter((row["booking_id"], row["event"]) for row in book.rows("booking_outbox"))
    for row in rows.values():
        events = ["confirmed", "cancelled"] if row["status"] == "cancelled" else ["confirmed"]
        assert {event: notices[row["id"], event] for event in events} == dict.fromkeys(events, 3)
        assert (notices[row["id"], "cancelled"] > 0) == (row["status"] == "cancelled")
    assert said
    for event, reference in said:
        assert event == "booked" or rows[reference]["status"] == "cancelled"
        assert reference in rows
    assert book.book("afterwards") is not None

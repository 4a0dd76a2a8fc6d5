from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.booking.calendar import Slot, Window
from frontdesk.booking.slots import utc
from tests.frontdesk.booking.conftest import LONDON, Book, some_details

MONDAY_3PM = datetime(2026, 11, 23, 15, tzinfo=LONDON)


def _at(book: Book, start: datetime) -> list[Slot]:
    return [slot for slot in book.free() if slot.start == start]


def test_free_gives_each_start_once_in_order(book: Book) -> None:
    starts = [slot.start for slot in book.free()]
    assert starts == sorted(set(starts))
    assert starts[0] == datetime(2026, 11, 20, 14, 30, tzinfo=LONDON)
    assert [slot.start for slot in book.free(limit=3)] == starts[:3]


def test_a_window_filters_by_its_predicate(book: Book) -> None:
    now = book.clock.now
    window = Window(now, now + timedelta(days=7), lambda start: start.weekday() != 0 and start.hour >= 16)
    found = book.calendar.free(window, 100)
    assert found
    assert all(slot.start.weekday() != 0 and slot.start.hour >= 16 for slot in found)


def test_the_less_busy_practitioner_is_offered(book: Book) -> None:
    first = _at(book, MONDAY_3PM)[0]
    assert first.practitioner == "amara"
    book.book(slot=first)
    assert _at(book, MONDAY_3PM + timedelta(hours=2))[0].practitioner == "priya"


def test_nearest_gives_the_wanted_time_first_and_then_what_is_around(book: Book) -> None:
    found = book.calendar.nearest(MONDAY_3PM, 3)
    assert [slot.start.strftime("%H:%M") for slot in found] == ["15:00", "14:30", "15:30"]
    sunday = book.calendar.nearest(datetime(2026, 11, 22, 15, tzinfo=LONDON), 4)
    assert {slot.start.date().day for slot in sunday} <= {21, 23}


@pytest.mark.parametrize("wanted", [datetime(2020, 1, 1, 9, tzinfo=LONDON), datetime(2031, 1, 1, 9, tzinfo=LONDON)])
def test_nearest_to_what_is_past_or_far_ahead_stays_within_what_can_be_booked(book: Book, wanted: datetime) -> None:
    found = book.calendar.nearest(wanted, 4)
    assert len(found) == 4
    assert all(slot in book.free(days=90, limit=10_000) for slot in found)


def test_what_is_held_is_not_free_and_comes_back_when_the_hold_expires(book: Book) -> None:
    slot = _at(book, MONDAY_3PM)[0]
    hold = book.calendar.hold(slot, "a")
    assert hold is not None
    assert hold.expires_at == utc(book.clock.now) + timedelta(minutes=10)
    assert book.calendar.hold(slot, "b") is None
    assert _at(book, MONDAY_3PM)[0].practitioner != slot.practitioner
    book.clock.forward(minutes=10)
    assert book.calendar.hold(slot, "b") is not None
    assert book.calendar.confirm("a", some_details("a", book.clock.now)) is None


def test_a_clock_set_back_does_not_keep_a_held_time_from_others(book: Book) -> None:
    slot = _at(book, MONDAY_3PM)[0]
    book.clock.forward(hours=5)
    assert book.calendar.hold(slot, "a") is not None
    book.clock.forward(hours=-5)
    # Nor does it take the time from who holds it, as long as nobody else wants it.
    assert book.calendar.confirm("a", some_details("a", book.clock.now)) is not None
    other = _at(book, MONDAY_3PM + timedelta(hours=1))[0]
    book.clock.forward(hours=5)
    assert book.calendar.hold(other, "b") is not None
    book.clock.forward(hours=-5)
    assert book.calendar.hold(other, "c") is not None
    assert book.calendar.confirm("b", some_details("b", book.clock.now)) is None
    assert book.calendar.confirm("c", some_details("c", book.clock.now)) is not None


def test_a_clock_set_forward_ends_holds_and_books_nothing_twice(book: Book) -> None:
    slot = _at(book, MONDAY_3PM)[0]
    assert book.calendar.hold(slot, "a") is not None
    book.clock.forward(hours=5)
    assert book.calendar.hold(slot, "b") is not None
    assert book.calendar.confirm("b", some_details("b", book.clock.now)) is not None
    book.clock.forward(hours=-5)
    assert book.calendar.confirm("a", some_details("a", book.clock.now)) is None
    assert book.calendar.hold(slot, "a") is None


def test_clocks_of_servers_that_differ_a_little_keep_a_hold(book: Book) -> None:
    slot = _at(book, MONDAY_3PM)[0]
    assert book.calendar.hold(slot, "a") is not None
    book.clock.forward(seconds=-5)
    assert book.calendar.hold(slot, "b") is None


def test_an_expired_hold_is_good_while_nobody_else_took_the_time(book: Book) -> None:
    slot = book.free()[5]
    book.calendar.hold(slot, "a")
    book.clock.forward(minutes=25)
    booking = book.calendar.confirm("a", some_details("a", book.clock.now))
    assert booking is not None
    assert booking.slot == slot


def test_a_hold_does_not_outlive_the_appointment_s_start(book: Book) -> None:
    book.calendar.hold(book.free()[0], "a")
    book.clock.forward(days=2)
    assert book.calendar.confirm("a", some_details("a", book.clock.now)) is None


def test_a_new_hold_releases_the_old_and_a_release_frees_it(book: Book) -> None:
    first, second = _at(book, MONDAY_3PM)[0], book.free()[0]
    book.calendar.hold(first, "a")
    book.calendar.hold(second, "a")
    assert book.calendar.hold(first, "b") is not None
    book.calendar.release("a")
    assert book.calendar.hold(second, "c") is not None


def _with_other_hours(book: Book) -> Book:
    """The same book after the clinic has set longer visits and buffers: each begins at a full hour now."""
    rules = book.clinic.booking.copy(update={"slot_minutes": 30, "buffer_minutes": 30})
    return Book(book.engine, book.clinic.copy(update={"booking": rules}), book.clock)


def test_a_booking_takes_no_other_time_away(book: Book) -> None:
    slot = _at(book, MONDAY_3PM)[0]
    book.book(slot=slot)
    for minutes in (-30, 30):
        start = slot.start + timedelta(minutes=minutes)
        neighbour = Slot(slot.practitioner, start, start + timedelta(minutes=20))
        assert book.calendar.hold(neighbour, f"b{minutes}") is not None


def test_the_buffer_holds_around_what_was_booked_by_other_rules(book: Book) -> None:
    half_past = MONDAY_3PM + timedelta(minutes=30)
    slot = _at(book, half_past)[0]
    book.book(slot=slot)
    book = _with_other_hours(book)
    for minutes, is_free in ((-90, True), (-30, False), (30, False), (90, True)):
        start = half_past + timedelta(minutes=minutes)
        wanted = Slot(slot.practitioner, start, start + timedelta(minutes=30))
        assert (book.calendar.hold(wanted, f"b{minutes}") is not None) == is_free


@pytest.mark.parametrize(
    ("start", "minutes", "practitioner"),
    [
        (datetime(2026, 11, 22, 11, tzinfo=LONDON), 20, "amara"),
        (datetime(2026, 11, 23, 15, 7, tzinfo=LONDON), 20, "amara"),
        (datetime(2026, 11, 23, 15, tzinfo=LONDON), 60, "amara"),
        (datetime(2026, 11, 23, 15, tzinfo=LONDON), 20, "ruth"),
        (datetime(2026, 11, 23, 15, tzinfo=LONDON), 20, "nobody"),
        (datetime(2026, 11, 20, 13, tzinfo=LONDON), 20, "ruth"),
        (datetime(2027, 6, 21, 15, tzinfo=LONDON), 20, "amara"),
        (datetime(2026, 12, 25, 11, tzinfo=LONDON), 20, "ruth"),
    ],
)
def test_what_is_no_slot_cannot_be_held(book: Book, start: datetime, minutes: int, practitioner: str) -> None:
    assert book.calendar.hold(Slot(practitioner, start, start + timedelta(minutes=minutes)), "a") is None
    assert book.rows("booking_hold") == []


def test_a_slot_that_travelled_as_text_is_the_same_slot(book: Book) -> None:
    slot = _at(book, MONDAY_3PM)[0]
    again = Slot(slot.practitioner, datetime.fromisoformat(slot.start.isoformat()), slot.end.astimezone(timezone.utc))
    assert book.calendar.hold(again, "a") is not None


def test_a_booking_stands_with_a_reference_and_is_the_same_when_confirmed_again(book: Book) -> None:
    booking = book.book()
    assert booking.status == "confirmed"
    assert len(booking.reference) == 6
    assert booking.details.name == "Zoë Müller"
    assert booking.slot.start.tzinfo == LONDON
    assert book.calendar.confirm("visitor-1", some_details("visitor-1", book.clock.now)) == booking
    assert len(book.rows("booking")) == 1
    assert len(book.rows("booking_outbox")) == 3
    assert book.calendar.get(booking.reference) == booking


def test_a_second_booking_of_a_conversation_is_another_one(book: Book) -> None:
    first, second = book.book(), book.book()
    assert first.reference != second.reference
    book.calendar.hold(book.free()[0], "visitor-1")
    book.clock.forward(minutes=11)
    book.calendar.hold(book.free()[0], "somebody else")
    assert book.calendar.confirm("visitor-1", some_details("visitor-1", book.clock.now)) not in (first, second)


def test_a_booking_is_known_to_its_owner_while_it_stands(book: Book) -> None:
    assert book.calendar.booked_by("visitor-1") is None
    slot = book.free()[0]
    book.calendar.hold(slot, "visitor-1")
    assert book.calendar.booked_by("visitor-1") is None
    booking = book.book("visitor-1", slot=slot)
    assert book.calendar.booked_by("visitor-1") == booking
    assert book.calendar.booked_by("visitor-2") is None
    book.calendar.cancel(booking, "visitor")
    assert book.calendar.booked_by("visitor-1") is None


def test_nothing_is_confirmed_without_a_hold(book: Book) -> None:
    assert book.calendar.confirm("a", some_details("a", book.clock.now)) is None


@pytest.mark.parametrize(
    "contact", ["020 7946 0321", "+44 (0)20 7946 0321", "+442079460321", "ZOE@visitor.example", " zoe@visitor.example "]
)
def test_reference_and_contact_find_a_booking(book: Book, contact: str) -> None:
    booking = book.book()
    typed = f" {booking.reference[:3].lower()}-{booking.reference[3:]} "
    assert book.calendar.find(typed, contact, "c") == booking


def test_wrong_guesses_are_counted_by_conversation(book: Book) -> None:
    booking = book.book()
    for number in range(5):
        assert book.calendar.may_guess("K7M4QX", "guesser")
        assert book.calendar.find(f"K7M4Q{number + 2}", "zoe@visitor.example", "guesser") is None
    assert not book.calendar.may_guess(booking.reference, "guesser")
    assert book.calendar.find(booking.reference, "zoe@visitor.example", "guesser") is None
    assert book.calendar.find(booking.reference, "zoe@visitor.example", "other") == booking
    book.clock.forward(minutes=61)
    assert book.calendar.find(booking.reference, "zoe@visitor.example", "guesser") == booking


def test_wrong_guesses_are_counted_by_reference(book: Book) -> None:
    booking = book.book()
    for number in range(5):
        assert book.calendar.find(booking.reference, f"{number}@visitor.example", f"guesser {number}") is None
    assert book.calendar.find(booking.reference, "zoe@visitor.example", "other") is None


def test_a_cancelled_time_is_free_again(book: Book) -> None:
    booking = book.book()
    cancelled = book.calendar.cancel(booking, "visitor")
    assert cancelled.status == "cancelled"
    assert not cancelled.stands
    assert book.calendar.cancel(booking, "visitor") == cancelled
    assert len(book.rows("booking_outbox")) == 6
    again = book.book("visitor-2", booking.slot)
    assert again.reference != booking.reference
    assert book.calendar.confirm("visitor-1", some_details("visitor-1", book.clock.now)) is None


def test_a_booking_moves_and_keeps_its_reference(book: Book) -> None:
    booking = book.book()
    slot = _at(book, MONDAY_3PM)[0]
    assert book.calendar.hold(slot, "new conversation")
    assert book.calendar.move(booking, slot) is None
    moved = book.calendar.move(booking, slot, owner="new conversation")
    assert moved is not None
    assert (moved.reference, moved.slot, moved.status, moved.sequence) == (booking.reference, slot, "moved", 1)
    assert book.calendar.move(booking, slot, owner="new conversation") == moved
    assert booking.slot in book.free() or _at(book, booking.slot.start)
    assert [(change.event, change.start) for change in book.calendar.history(booking)] == [
        ("confirmed", booking.slot.start),
        ("moved", slot.start),
    ]


def test_a_booking_is_not_in_its_own_way_when_it_moves(book: Book) -> None:
    booking = book.book(slot=_at(book, MONDAY_3PM + timedelta(minutes=30))[0])
    book = _with_other_hours(book)
    start = MONDAY_3PM + timedelta(hours=1)
    slot = Slot(booking.slot.practitioner, start, start + timedelta(minutes=30))
    assert book.calendar.move(booking, slot) is not None


def test_nothing_moves_to_a_taken_time_or_once_cancelled(book: Book) -> None:
    first, second = book.book("a"), book.book("b")
    assert book.calendar.move(first, second.slot) is None
    book.calendar.cancel(first, "visitor")
    assert book.calendar.move(first, book.free()[-1]) is None
    assert book.calendar.get(first.reference).slot == first.slot  # type: ignore[union-attr]


def test_staff_see_bookings_in_order(book: Book) -> None:
    late, early = book.book("a", book.free()[9]), book.book("b", book.free()[2])
    gone = book.calendar.cancel(book.book("c", book.free()[4]), "reception")
    end = book.clock.now + timedelta(days=30)
    assert book.calendar.bookings(book.clock.now, end) == [early, late]
    assert gone in book.calendar.bookings(book.clock.now, end, cancelled=True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": " \u200b\x00 "},
        {"phone": None, "email": None},
        {"phone": "020 7946 0321"},
        {"email": "zoe@visitor.example\r\nBcc: all@visitor.example"},
        {"email": "zoe"},
        {"consent_at": datetime(2026, 11, 20)},  # noqa: DTZ001 - what is tested
    ],
)
def test_details_that_cannot_be_used_are_not_stored(book: Book, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        book.book(**wrong)
    assert book.rows("booking") == []


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(), about=st.text(), email=st.one_of(st.none(), st.text()), reference=st.text(), contact=st.text())
def test_any_text_is_stored_safely_or_refused(
    book: Book, name: str, about: str, email: str | None, reference: str, contact: str
) -> None:
    assert book.calendar.find(reference, contact, f"\x00{contact}") is None
    try:
        booking = book.book("owner", name=name, about=about, email=email)
    except ValueError:
        return
    assert booking == book.calendar.get(booking.reference)
    assert not any(unicodedata.category(each) in ("Cc", "Cs") for each in booking.details.name + booking.details.about)
    book.calendar.cancel(booking, "test")

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.booking.slots import Slot, Window, bookable, is_bookable, slots_on, utc
from frontdesk.facts.clinic import WEEKDAYS, ClinicProfile
from frontdesk.facts.hours import intervals_on

ZONES = ("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo")
# Around every change of the clock of these zones between autumn and spring.
DAYS = st.one_of(
    st.dates(date(2026, 9, 1), date(2027, 6, 1)),
    st.sampled_from([date(2026, 10, 25), date(2027, 3, 28), date(2026, 11, 1), date(2027, 3, 14), date(2027, 4, 4)]),
)


@st.composite
def stretches(draw: st.DrawFn) -> list[dict[str, str]]:
    minutes = draw(st.lists(st.integers(0, 287), unique=True, max_size=4).map(sorted))
    texts = [f"{5 * each // 60:02}:{5 * each % 60:02}" for each in minutes]
    return [{"open": start, "close": end} for start, end in zip(texts[::2], texts[1::2], strict=False)]


def weeks() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({day: stretches() for day in WEEKDAYS})


@st.composite
def exceptions(draw: st.DrawFn) -> list[dict[str, Any]]:
    found = []
    for day in draw(st.lists(DAYS, max_size=3)):
        hours = draw(stretches())
        says: dict[str, Any] = hours[0] if hours else {"closed": True}
        found.append({"date": day, "until": day + timedelta(days=draw(st.integers(0, 3))), **says})
    return found


@st.composite
def clinics(draw: st.DrawFn, base: ClinicProfile) -> ClinicProfile:
    data = base.dict()
    data["time_zone"] = draw(st.sampled_from(ZONES))
    data["hours"] = {"weekly": draw(weeks()), "exceptions": draw(exceptions())}
    data["booking"] = {
        "slot_minutes": draw(st.sampled_from([0, 15, 20, 30, 45, 60, 90])),
        "buffer_minutes": draw(st.integers(0, 30)),
        "notice_hours": draw(st.integers(0, 72)),
        "horizon_days": draw(st.integers(0, 30)),
        "hold_minutes": 10,
    }
    people = [{"id": f"p{number}", "name": "P", "role": "R", "hours": draw(weeks())} for number in range(2)]
    data["practitioners"] = {"people": people}
    return ClinicProfile.parse_obj(data)


def _opening_minutes(clinic: ClinicProfile, day: date) -> set[int]:
    """Every minute of a day's wall clock at which the clinic is open, said in the plainest way."""
    intervals = list(clinic.hours.weekly.on(day.weekday()))
    for exception in reversed(clinic.hours.exceptions):
        if exception.date <= day <= (exception.until or exception.date):
            is_open = exception.open is not None and exception.close is not None
            intervals = [exception] if is_open else []  # type: ignore[list-item]
    return {minute for each in intervals for minute in range(_minute(each.open), _minute(each.close))}


def _minute(moment: time) -> int:
    return 60 * moment.hour + moment.minute


def _wall_minutes(slot: Slot, zone: ZoneInfo) -> set[int]:
    """The wall-clock minutes that really pass during a slot."""
    start, end = utc(slot.start), utc(slot.end)
    moments = (start + timedelta(minutes=each) for each in range(int((end - start).total_seconds()) // 60))
    return {_minute(moment.astimezone(zone).time()) for moment in moments}


@settings(max_examples=120, deadline=None)
@given(data=st.data(), day=DAYS, hour=st.integers(0, 23))
def test_every_slot_keeps_every_rule(example_clinic: ClinicProfile, data: st.DataObject, day: date, hour: int) -> None:
    clinic = data.draw(clinics(example_clinic))
    now = datetime.combine(day, time(hour, 7), timezone.utc)
    window = Window(now - timedelta(days=2), now + timedelta(days=data.draw(st.integers(0, 9))))
    length = timedelta(minutes=clinic.booking.slot_minutes)
    before = None
    for slot in bookable(clinic, window, now):
        start, end = utc(slot.start), utc(slot.end)
        local = slot.start.date()
        person = next(each for each in clinic.practitioners.people if each.id == slot.practitioner)
        shift = {m for each in person.hours.on(local.weekday()) for m in range(_minute(each.open), _minute(each.close))}
        assert slot.start.tzinfo == slot.end.tzinfo == clinic.zone
        assert end - start == length
        assert _wall_minutes(slot, clinic.zone) <= _opening_minutes(clinic, local) & shift
        assert start - now >= timedelta(hours=clinic.booking.notice_hours)
        assert (local - now.astimezone(clinic.zone).date()).days <= clinic.booking.horizon_days
        assert window.start <= start < window.end
        assert before is None or before <= start
        assert not slot.start.fold
        assert is_bookable(clinic, slot, now)
        before = start


@settings(max_examples=60, deadline=None)
@given(data=st.data(), day=DAYS)
def test_slots_of_one_practitioner_do_not_overlap(
    example_clinic: ClinicProfile, data: st.DataObject, day: date
) -> None:
    clinic = data.draw(clinics(example_clinic))
    for person in clinic.practitioners.people:
        mine = [slot for slot in slots_on(clinic, day) if slot.practitioner == person.id]
        assert all(utc(one.end) <= utc(two.start) for one, two in pairwise(mine))


@settings(max_examples=60, deadline=None)
@given(data=st.data(), day=DAYS)
def test_a_booked_slot_takes_none_of_its_neighbours_away(
    example_clinic: ClinicProfile, data: st.DataObject, day: date
) -> None:
    clinic = data.draw(clinics(example_clinic))
    buffer = timedelta(minutes=clinic.booking.buffer_minutes)
    for person in clinic.practitioners.people:
        shifts = [each for each in person.hours.on(day.weekday()) if each.open < each.close]
        mine = [slot for slot in slots_on(clinic, day) if slot.practitioner == person.id]
        for one, two in pairwise(mine):
            # Two stretches of work may meet without a pause; within one the buffer lies between two slots, and no more.
            within = any(each.open <= one.start.time() and two.end.time() <= each.close for each in shifts)
            is_even = one.start.utcoffset() == two.start.utcoffset() and len(intervals_on(clinic, day)) == 1
            if within and is_even:
                assert utc(two.start) - utc(one.end) == buffer


def test_a_buffer_sets_the_next_slot_back_by_itself_only(example_clinic: ClinicProfile) -> None:
    rules = example_clinic.booking.copy(update={"slot_minutes": 30, "buffer_minutes": 10})
    saturday = slots_on(example_clinic.copy(update={"booking": rules}), date(2026, 11, 21))
    assert [slot.start.strftime("%H:%M") for slot in saturday] == [
        "09:30", "10:10", "10:50", "11:30", "12:10", "12:50", "13:30",
    ]  # fmt: skip
    # The last visit ends when the clinic closes; the buffer after it may lie past that.
    assert saturday[-1].end.strftime("%H:%M") == "14:00"


def test_an_ordinary_day_is_cut_from_its_opening(example_clinic: ClinicProfile) -> None:
    saturday = slots_on(example_clinic, date(2026, 11, 21))
    assert [slot.start.strftime("%H:%M") for slot in saturday] == [
        "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("day", "first", "number"),
    [
        # The clock goes forward on 28 March: no hour from one to two.
        (date(2027, 3, 28), "2027-03-28T00:00:00+00:00", 4),
        # It goes back on 25 October: the second hour from one to two is not offered.
        (date(2026, 10, 25), "2026-10-25T00:00:00+01:00", 6),
    ],
)
def test_the_days_of_the_change_have_their_real_hours(
    example_clinic: ClinicProfile, day: date, first: str, number: int
) -> None:
    night = {"sunday": [{"open": "00:00", "close": "03:00"}]}
    data = example_clinic.dict()
    data["hours"] = {"weekly": night}
    data["practitioners"] = {"people": [{"id": "p", "name": "P", "role": "R", "hours": night}]}
    slots = slots_on(ClinicProfile.parse_obj(data), day)
    assert slots[0].start.isoformat() == first
    assert len(slots) == number
    assert all(utc(slot.end) - utc(slot.start) == timedelta(minutes=20) for slot in slots)


def test_the_same_clock_time_is_offered_before_and_after_the_change(example_clinic: ClinicProfile) -> None:
    before, after = slots_on(example_clinic, date(2026, 10, 24)), slots_on(example_clinic, date(2026, 10, 31))
    assert [slot.start.time() for slot in before] == [slot.start.time() for slot in after]
    assert utc(before[0].start).hour == 8
    assert utc(after[0].start).hour == 9


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        utc(datetime(2026, 11, 20))  # noqa: DTZ001 - what is tested

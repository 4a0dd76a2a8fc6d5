from __future__ import annotations

from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from frontdesk.facts.clinic import ClinicProfile, HoursException, Week
from frontdesk.facts.hours import intervals_on, is_open, today_text, week_text
from frontdesk.facts.words import HoursWords, Words

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def words(content: Any) -> HoursWords:
    return Words.parse_obj(content.words).hours


@pytest.fixture
def profile(content: Any) -> ClinicProfile:
    return ClinicProfile.parse_obj(content.clinic)


def _with_hours(content: Any, weekly: dict[str, Any], exceptions: list[dict[str, Any]] | None = None) -> ClinicProfile:
    content.clinic["hours"] = {"weekly": weekly, "exceptions": exceptions or []}
    return ClinicProfile.parse_obj(content.clinic)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_the_week_is_told_in_one_line(profile: ClinicProfile, words: HoursWords) -> None:
    assert week_text(profile, words) == (
        "Monday to Friday 9 am to 6 pm, Saturday 10 am to 1 pm and 2 pm to 4:30 pm, closed on Sunday"
    )


def test_single_and_scattered_days_are_told_by_name(content: Any, words: HoursWords) -> None:
    day = [{"open": "9:30", "close": "12:00"}]
    profile = _with_hours(content, {"monday": day, "tuesday": day, "thursday": day, "friday": day})
    assert week_text(profile, words) == (
        "Monday and Tuesday 9:30 am to 12 pm, Thursday and Friday 9:30 am to 12 pm, "
        "closed on Wednesday, Saturday and Sunday"
    )


def test_a_clinic_open_every_day_is_never_closed(content: Any, words: HoursWords) -> None:
    day = [{"open": "08:00", "close": "20:00"}]
    profile = _with_hours(content, dict.fromkeys(Week.__fields__, day))
    assert week_text(profile, words) == "Monday to Sunday 8 am to 8 pm"


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2026-11-20T08:59", "open today from 9 am to 6 pm"),
        ("2026-11-20T09:00", "open today until 6 pm"),
        ("2026-11-20T17:59", "open today until 6 pm"),
        ("2026-11-20T18:00", "closed now, open tomorrow from 10 am"),
        ("2026-11-21T13:30", "open again today from 2 pm to 4:30 pm"),
        ("2026-11-21T17:00", "closed now, open on Monday from 9 am"),
        ("2026-11-22T12:00", "closed today, open tomorrow from 9 am"),
        ("2026-12-24T12:59", "open today until 1 pm"),
        ("2026-12-24T13:00", "closed now, open on Saturday from 10 am"),
        ("2026-12-25T12:00", "closed today, open tomorrow from 10 am"),
    ],
)
def test_today_is_told_with_what_comes_next(profile: ClinicProfile, words: HoursWords, now: str, text: str) -> None:
    assert today_text(profile, words, _at(now)) == text


def test_after_a_week_the_date_is_told(content: Any, words: HoursWords) -> None:
    away = {"date": "2026-11-23", "until": "2026-12-02", "closed": True}
    profile = _with_hours(content, content.clinic["hours"]["weekly"], [away])
    assert today_text(profile, words, _at("2026-11-22T12:00")) == "closed today, open on Thursday 3 December from 9 am"


def test_a_clinic_that_never_opens_is_closed(content: Any, words: HoursWords) -> None:
    assert today_text(_with_hours(content, {}), words, _at("2026-11-20T12:00")) == "closed today"


def test_the_clinic_s_own_clock_counts(profile: ClinicProfile) -> None:
    summer = datetime(2026, 7, 3, 17, 30, tzinfo=timezone.utc)
    winter = datetime(2026, 11, 20, 17, 30, tzinfo=timezone.utc)
    assert not is_open(profile, summer)
    assert is_open(profile, winter)
    assert is_open(profile, winter.astimezone(ZoneInfo("Asia/Tokyo")))


def test_days_on_which_the_clock_changes_keep_their_hours(content: Any) -> None:
    profile = _with_hours(content, {"sunday": [{"open": "00:30", "close": "10:00"}]})
    # In spring 01:00 becomes 02:00, in autumn 02:00 becomes 01:00 again: closing time is 10 by the clock on the wall.
    for day, closing in (("2026-03-29", 9), ("2026-10-25", 10)):
        hour_before = datetime.fromisoformat(f"{day}T{closing - 1:02}:59").replace(tzinfo=timezone.utc)
        closed = datetime.fromisoformat(f"{day}T{closing:02}:00").replace(tzinfo=timezone.utc)
        assert is_open(profile, hour_before)
        assert not is_open(profile, closed)


def test_a_moment_without_a_zone_is_refused(profile: ClinicProfile, words: HoursWords) -> None:
    bare = datetime(2026, 11, 20, 12)  # noqa: DTZ001 - what is tested
    with pytest.raises(ValueError, match="time zone"):
        is_open(profile, bare)
    with pytest.raises(ValueError, match="time zone"):
        today_text(profile, words, bare)


@given(now=st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(timezone.utc)))  # noqa: DTZ001
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_to_be_open_and_to_be_told_so_are_the_same(profile: ClinicProfile, words: HoursWords, now: datetime) -> None:
    told = today_text(profile, words, now)
    assert is_open(profile, now) == told.startswith("open today until")
    assert bool(intervals_on(profile, now.astimezone(LONDON).date())) != told.startswith("closed today")


@pytest.mark.parametrize(
    "day",
    [
        [{"open": "18:00", "close": "09:00"}],
        [{"open": "09:00", "close": "09:00"}],
        [{"open": "09:00", "close": "13:00"}, {"open": "12:00", "close": "18:00"}],
        [{"open": "9", "close": "18:00"}],
        [{"open": "09:00", "close": "24:00"}],
        [{"open": 540, "close": 600}],
        "9:00-18:00",
    ],
)
def test_a_day_that_makes_no_sense_is_refused(day: object) -> None:
    with pytest.raises(ValidationError):
        Week.parse_obj({"monday": day})


@pytest.mark.parametrize(
    "data",
    [
        {"date": "2026-12-25"},
        {"date": "2026-12-25", "closed": True, "open": "09:00", "close": "12:00"},
        {"date": "2026-12-25", "open": "09:00"},
        {"date": "2026-12-25", "open": "12:00", "close": "09:00"},
        {"date": "2026-12-25", "until": "2026-12-24", "closed": True},
        {"date": "25 December", "closed": True},
        {"date": 2026, "closed": True},
    ],
)
def test_an_exception_that_makes_no_sense_is_refused(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        HoursException.parse_obj(data)

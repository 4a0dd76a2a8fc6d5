from __future__ import annotations

import calendar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.booking.no_such_day import names_no_such_day


@pytest.mark.parametrize("text", ["31 june", "31st of Sept at 9", "feb 30th", "April 31", "0 may", "the 32nd of march"])
def test_a_day_that_no_calendar_has_is_told(text: str) -> None:
    assert names_no_such_day(text)


@pytest.mark.parametrize("text", ["29 feb", "march 9:30", "june 4 pm", "the 31st", "may 10", "31/6", "in june", ""])
def test_other_dates_are_let_through(text: str) -> None:
    assert not names_no_such_day(text)


@given(st.dates())
def test_every_day_of_the_calendar_is_one(date) -> None:
    assert not names_no_such_day(f"{date.day} {calendar.month_name[date.month]}")
    assert not names_no_such_day(f"{calendar.month_abbr[date.month]} {date.day}")

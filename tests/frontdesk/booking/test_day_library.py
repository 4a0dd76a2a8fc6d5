from __future__ import annotations

import datetime

import pytest
from recognizers_date_time.resources.english_date_time import EnglishDateTime

from frontdesk.booking import day_library
from frontdesk.booking.day_library import found_by_library

TODAY = datetime.date(2026, 11, 24)
HOLIDAYS = (
    "mardi gras", "chinese new year", "new year's eve", "easter monday", "good friday", "pentecost", "corpus christi",
    "christmas", "xmas", "thanksgiving", "all saint's day", "halloween", "guy fawkes day", "valentine's day",
    "mother's day", "bastille day", "st. patrick's day", "april fools day", "cinco de mayo",
)  # fmt: skip
TERMS = [
    *EnglishDateTime.DayOfWeek,
    *EnglishDateTime.UnitMap,
    *EnglishDateTime.SeasonMap,
    *EnglishDateTime.PlusOneDayTerms,
    *EnglishDateTime.PlusTwoDayTerms,
    *EnglishDateTime.WeekendTerms,
]


@pytest.mark.parametrize("holiday", HOLIDAYS)
def test_holidays_are_found(holiday: str) -> None:
    assert list(found_by_library(f"could i come the day after {holiday}", TODAY)) or list(
        found_by_library(f"could i come on {holiday}", TODAY)
    )


@pytest.mark.parametrize("text", [*(f"on {day}" for day in HOLIDAYS), *(f"in a {term} or so" for term in TERMS)])
def test_the_library_is_asked_of_whatever_it_can_read(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(found_by_library(text, TODAY))
    monkeypatch.setattr(day_library, "may_tell_a_time", lambda _: True)
    assert found == list(found_by_library(text, TODAY))


def test_a_question_without_a_time_does_not_cost_a_look_into_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Model:
        def parse(self, text: str, _: datetime.datetime) -> list[object]:
            asked.append(text)
            return []

    monkeypatch.setattr(day_library, "_model", Model)
    assert not list(found_by_library("does it hurt on the chin, and what do you charge?", TODAY))
    assert not list(found_by_library("could you do the second weekend of may", TODAY))
    assert asked == ["could you do the second weekend of may"]

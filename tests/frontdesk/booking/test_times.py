from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import pytest
import yaml
from babel.dates import format_date, format_time
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.booking.times import Wish, wish_in
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.loading import load
from frontdesk.settings import REPOSITORY

LONDON = ZoneInfo("Europe/London")
NOW = datetime.datetime(2026, 11, 24, 10, tzinfo=LONDON)
CLINIC = load(REPOSITORY / "facts").clinic
AMERICAN = ClinicProfile.parse_obj({**CLINIC.dict(), "language": "en-US", "time_zone": "America/New_York"})


class Said(NamedTuple):
    text: str
    now: datetime.datetime
    means: dict[str, Any] | None

    def wish(self) -> Wish | None:
        zone = str(self.now.tzinfo)
        return wish_in(self.text, self.now, AMERICAN if zone.startswith("America") else CLINIC)


def moment(text: str, zone: ZoneInfo) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=zone)


def table() -> Iterator[Said]:
    text = (Path(__file__).parent / "times.yml").read_text(encoding="utf-8")
    for block in yaml.load(text, yaml.BaseLoader):
        zone = ZoneInfo(block["zone"])
        for said, means in block["says"].items():
            yield Said(said, moment(block["now"], zone), None if means in ("null", "") else means)


def mistakes(said: Said) -> list[str]:
    """How the wish differs from what is meant; what is not written down must not be there either."""
    wish, means = said.wish(), said.means
    if wish is None or means is None:
        return [] if wish is None and means is None else ["none" if wish is None else "something"]
    zone = said.now.tzinfo
    last = (wish.end - datetime.timedelta(minutes=1)).date()
    found: dict[str, Any] = {
        "exact": wish.exact.strftime("%Y-%m-%d %H:%M") if wish.exact else None,
        "at": wish.at.strftime("%H:%M") if wish.at and not wish.exact else None,
        "after": wish.after.strftime("%H:%M") if wish.after else None,
        "before": wish.before.strftime("%H:%M") if wish.before else None,
        "not_part": wish.not_part,
        "not_weekdays": [str(day) for day in wish.not_weekdays] or None,
        "weekdays": [str(day) for day in wish.weekdays] or None,
        "not_days": None,
    }
    if "days" in means or "not_days" in means:
        found["days"] = [day.isoformat() for day in wish.days] or None
        found["not_days"] = [day.isoformat() for day in wish.not_days if day >= said.now.date()] or None
    if "first" in means:
        found |= {"first": wish.start.date().isoformat()} | ({"last": last.isoformat()} if "last" in means else {})
    if "start" in means:
        found["start"] = wish.start.strftime("%Y-%m-%d %H:%M")
    if "asap" in means:
        found["asap"] = "true" if wish.asap else "false"
    if "days" in means and ("weekdays" not in means and "not_weekdays" not in means):
        del found["weekdays"], found["not_weekdays"]
    if "late afternoon" in said.text:
        del found["before"]
    assert wish.start.tzinfo is zone
    return [f"{key}: {value} not {means.get(key)}" for key, value in found.items() if value != means.get(key)]


def is_wrong_by_a_day(said: Said) -> bool:
    """Whether a day is offered as the one meant that is not."""
    wish, means = said.wish(), said.means
    if wish is None:
        return False
    if means is None:
        return wish.exact is not None
    meant = [day[:10] for day in [means.get("exact", ""), *means.get("days", [])] if day]
    return bool(meant) and not set(meant) <= {day.isoformat() for day in wish.days}


SAYS = list(table())


def test_the_table_is_long_enough() -> None:
    assert len(SAYS) >= 150
    assert len({(said.text, said.now) for said in SAYS}) == len(SAYS)


def test_nearly_all_phrasings_are_read_right() -> None:
    wrong = {said.text: found for said in SAYS if (found := mistakes(said))}
    assert 1 - len(wrong) / len(SAYS) >= 0.95, wrong


@pytest.mark.parametrize("said", SAYS, ids=lambda said: f"{said.now:%m-%d} {said.text}")
def test_none_is_silently_wrong_by_a_day(said: Said) -> None:
    assert not is_wrong_by_a_day(said), said.wish()


@given(days=st.integers(0, 60), minutes=st.integers(0, 24 * 12 - 1))
@settings(max_examples=150, deadline=None)
def test_what_a_button_says_is_read_back(days: int, minutes: int) -> None:
    day = NOW.date() + datetime.timedelta(days=days)
    clock = datetime.time(*divmod(5 * minutes, 60))
    said = format_date(day, "EEEE d MMMM", locale="en_GB")
    wish = wish_in(said, NOW, CLINIC)
    assert wish is not None
    assert wish.days == (day,)
    time = format_time(clock, "h:mm a" if clock.minute else "h a", locale="en_GB")
    wish = wish_in(f"{said} at {time}", NOW, CLINIC)
    assert wish is not None
    assert wish.exact == datetime.datetime.combine(day, clock, tzinfo=LONDON)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_survived(text: str) -> None:
    wish = wish_in(text, NOW, CLINIC)
    assert wish is None or wish.start <= wish.end


WORDS = (
    "monday next friday this the 3rd 31st at 3 half past 14:30 not or and - / , week after before 29 february "
    "2027-02-30 99 december in to between weekend pm tomorrow 0 00:00 2026 may a on christmas easter asap 12/13 30/2 "
    "fortnight months 500"
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=9))
@settings(max_examples=400, deadline=None)
def test_any_jumble_of_time_words_is_survived(words: list[str]) -> None:
    wish = wish_in(" ".join(words), NOW, CLINIC)
    if wish is not None:
        assert Wish.from_data(wish.to_data(), LONDON) == wish


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError):
        wish_in("tomorrow", datetime.datetime(2026, 11, 24))  # noqa: DTZ001


def test_a_time_that_the_change_of_the_clock_skips_still_exists() -> None:
    wish = wish_in("28 march 2027 at 1:30 am", datetime.datetime(2027, 3, 26, 11, tzinfo=LONDON), CLINIC)
    assert wish is not None
    assert wish.exact is not None
    assert wish.exact.astimezone(datetime.timezone.utc).astimezone(LONDON) == wish.exact


def test_a_later_word_keeps_what_it_leaves_open() -> None:
    friday, three = wish_in("friday afternoon", NOW, CLINIC), wish_in("3", NOW, CLINIC)
    assert friday is not None
    assert three is not None
    assert three.after_saying(friday).exact == datetime.datetime(2026, 11, 27, 15, tzinfo=LONDON)
    monday = wish_in("monday instead", NOW, CLINIC)
    assert monday is not None
    assert monday.after_saying(three.after_saying(friday)).exact == datetime.datetime(2026, 11, 30, 15, tzinfo=LONDON)

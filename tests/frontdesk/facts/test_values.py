from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from frontdesk.facts.schema import Value
from frontdesk.facts.values import TIME_UNITS, WHOLE_UNITS, ValueFormat, ValueMistake, ratio, same_dimension
from frontdesk.facts.words import Words
from frontdesk.settings import REPOSITORY

WORDS = Words.parse_obj(yaml.safe_load((REPOSITORY / "facts" / "words.yml").read_text(encoding="utf-8")))
BRITISH = ValueFormat("en_GB", "GBP", WORDS)
FORMATS = {
    locale: ValueFormat(locale, currency, WORDS)
    for locale, currency in [("en_GB", "GBP"), ("de_DE", "EUR"), ("fr_FR", "EUR"), ("en_US", "USD")]
}
HOURS = Value(value=24, unit="hour")
POUNDS = Value(value=240, unit="GBP")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Value(value=24, unit="hour"), "24 hours"),
        (Value(value=1, unit="hour"), "1 hour"),
        (Value(value=1.0, unit="day"), "1 day"),
        (Value(value=0.5, unit="hour"), "0.5 hours"),
        (Value(value=0, unit="day"), "0 days"),
        (Value(min=3, max=6, unit="session"), "3 to 6 sessions"),
        (Value(min=0, max=1, unit="day"), "0 to 1 days"),
        (Value(value=1, unit="person"), "1 person"),
        (Value(value=2, unit="person"), "2 people"),
        (Value(min=0.5, max=3, unit="mm"), "0.5 to 3 mm"),
        (Value(value=30, unit="SPF"), "SPF 30"),
        (Value(min=30, max=50, unit="SPF"), "SPF 30 to 50"),
        (Value(value=4, unit="percent"), "4%"),
        (Value(min=5, max=10, unit="percent"), "5 to 10%"),
        (Value(min=18, max=65, unit="count"), "18 to 65"),
        (Value(value=1200, unit="session"), "1,200 sessions"),
        (Value(value=240, unit="GBP"), "£240"),
        (Value(value=240.0, unit="GBP"), "£240"),
        (Value(value=240.5, unit="GBP"), "£240.50"),
        (Value(value=1240, unit="GBP"), "£1,240"),
        (Value(min=200, max=240.5, unit="GBP"), "£200 to £240.50"),
    ],
)
def test_values_read_as_people_write_them(value: Value, text: str) -> None:
    assert BRITISH.render(value) == text


def test_money_is_written_as_the_locale_does() -> None:
    value = Value(value=1240.5, unit="EUR")
    assert FORMATS["de_DE"].render(value) == "1.240,50\xa0€"
    assert FORMATS["de_DE"].render(Value(value=240, unit="EUR")) == "240\xa0€"


@pytest.mark.parametrize(
    ("typed", "like", "value"),
    [
        ("250", POUNDS, Value(value=250, unit="GBP")),
        ("£250", POUNDS, Value(value=250, unit="GBP")),
        ("250 GBP", POUNDS, Value(value=250, unit="GBP")),
        ("gbp 250", POUNDS, Value(value=250, unit="GBP")),
        ("250.00", POUNDS, Value(value=250, unit="GBP")),
        ("£1,250.50", POUNDS, Value(value=1250.5, unit="GBP")),
        ("£200-£250", POUNDS, Value(min=200, max=250, unit="GBP")),
        ("3-6", Value(value=4, unit="session"), Value(min=3, max=6, unit="session")),
        (" 3 – 6 sessions ", Value(value=4, unit="session"), Value(min=3, max=6, unit="session")),
        ("3 to 6", Value(value=4, unit="session"), Value(min=3, max=6, unit="session")),
        ("24 hours", HOURS, Value(value=24, unit="hour")),
        ("1 HOUR", HOURS, Value(value=1, unit="hour")),
        ("2 days", HOURS, Value(value=2, unit="day")),
        ("SPF 50", Value(value=30, unit="SPF"), Value(value=50, unit="SPF")),
        ("5%", Value(value=4, unit="percent"), Value(value=5, unit="percent")),
        ("0.25 mm", Value(value=1, unit="mm"), Value(value=0.25, unit="mm")),
    ],
)
def test_what_staff_type_is_understood(typed: str, like: Value, value: Value) -> None:
    assert BRITISH.parse(typed, like) == value


@pytest.mark.parametrize(
    ("typed", "like", "reason"),
    [
        ("", HOURS, "not a number"),
        ("abc", HOURS, "not a number"),
        ("-5", HOURS, "not a number"),
        ("1e5", HOURS, "not a number"),
        ("٣", HOURS, "not a number"),
        ("1-2-3", HOURS, "not a number"),
        ("1,5", HOURS, "'1,5' is not a number"),
        ("6-3", HOURS, "range upside down: 6 to 3"),
        ("3-3", HOURS, "range upside down"),
        ("24h", HOURS, "'h' is not a unit"),
        ("£5", HOURS, "is in GBP, and this value is in hour"),
        ("5 sessions", HOURS, "is in session"),
        ("3 hours to 4 days", HOURS, "two different units"),
        ("1.999", HOURS, "more than 2 digits"),
        ("1000001", HOURS, "higher than"),
        ("2.5", Value(value=4, unit="session"), "whole numbers"),
        ("101", Value(value=4, unit="percent"), "more than 100 percent"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason(typed: str, like: Value, reason: str) -> None:
    with pytest.raises(ValueMistake, match=reason):
        BRITISH.parse(typed, like)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"value": 1},
        {"unit": "hour"},
        {"value": 1, "min": 1, "max": 2, "unit": "hour"},
        {"min": 1, "unit": "hour"},
        {"min": 6, "max": 3, "unit": "hour"},
        {"min": 3, "max": 3, "unit": "hour"},
        {"value": -1, "unit": "hour"},
        {"value": "1", "unit": "hour"},
        {"value": True, "unit": "hour"},
        {"value": float("nan"), "unit": "hour"},
        {"value": float("inf"), "unit": "hour"},
        {"clinic": "phone", "unit": "hour"},
        {"value": 1, "unit": "hour", "text": "an hour"},
    ],
)
def test_a_value_is_one_number_or_one_range_or_one_path(data: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Value.parse_obj(data)


@st.composite
def _values(draw: st.DrawFn, units: list[str]) -> Value:
    unit = draw(st.sampled_from(units))
    top = 100 if unit == "percent" else 1_000_000
    hundredths = st.integers(0, top) if unit in WHOLE_UNITS else st.integers(0, top * 100).map(lambda each: each / 100)
    low, high = sorted([draw(hundredths), draw(hundredths)])
    numbers = [int(each) if float(each).is_integer() else each for each in (low, high)]
    if low == high:
        return Value(value=numbers[0], unit=unit)
    return Value(min=numbers[0], max=numbers[1], unit=unit)


@given(st.data(), st.sampled_from(sorted(FORMATS)))
def test_every_value_that_is_written_can_be_typed_back(data: st.DataObject, locale: str) -> None:
    format_ = FORMATS[locale]
    value = data.draw(_values(sorted(format_.units)))
    assert format_.fault(value) is None
    assert format_.parse(format_.render(value), value) == value


@given(st.text(), _values(sorted(BRITISH.units)))
def test_whatever_is_typed_is_a_good_value_or_a_mistake(typed: str, like: Value) -> None:
    try:
        value = BRITISH.parse(typed, like)
    except ValueMistake as mistake:
        assert str(mistake)  # noqa: PT017
    else:
        assert BRITISH.fault(value) is None
        assert same_dimension(value.unit, like.unit)


def test_unknown_units_are_a_fault() -> None:
    assert BRITISH.fault(Value(value=1, unit="parsec")) == "unknown unit 'parsec'"
    assert BRITISH.fault(Value(value=1, unit="USD")) == "unknown unit 'USD'"


def test_times_compare_across_units() -> None:
    assert ratio(Value(value=2, unit="day"), HOURS) == 2
    assert ratio(Value(value=0, unit="hour"), Value(value=0, unit="day")) == 1
    assert ratio(HOURS, Value(value=0, unit="day")) == float("inf")
    assert all(same_dimension(unit, "hour") for unit in TIME_UNITS)
    assert not same_dimension("session", "hour")

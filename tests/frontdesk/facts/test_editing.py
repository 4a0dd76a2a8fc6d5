from __future__ import annotations

from typing import Any

import pytest

from frontdesk.database import create_engine
from frontdesk.facts.editing import (
    FarOffError,
    UnknownNameError,
    affected_facts,
    find_shown,
    find_target,
    reset_value,
    set_value,
)
from frontdesk.facts.loading import load
from frontdesk.facts.overlay import Target
from frontdesk.facts.overrides import OverrideLog
from frontdesk.facts.snapshot import FactsStore
from frontdesk.facts.values import ValueMistake
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings


@pytest.fixture
def store(content: Any) -> FactsStore:
    return FactsStore(load(content.write()))


@pytest.fixture
def log(settings: Settings) -> OverrideLog:
    engine = create_engine(settings)
    upgrade(engine)
    return OverrideLog(engine)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("aftercare.first_day", "aftercare.first_day.wait"),
        ("aftercare.first_day.wait", "aftercare.first_day.wait"),
        ("aftercare.first_day@neck", "aftercare.first_day.wait@neck"),
        ("aftercare.first_day.wait@neck", "aftercare.first_day.wait@neck"),
        ("number_of_sessions.course.gap", "number_of_sessions.course.gap"),
        ("suitability.isotretinoin", "suitability.isotretinoin.wait"),
        ("cost.session", "clinic.prices.session"),
        ("cost.session.price", "clinic.prices.session"),
        ("clinic.prices.course.price", "clinic.prices.course.price"),
        (" cost.session ", "clinic.prices.session"),
    ],
)
def test_names_find_the_value_they_mean(store: FactsStore, name: str, target: str) -> None:
    assert str(find_target(store, name)) == target


@pytest.mark.parametrize(
    ("name", "message", "suggestion"),
    [
        ("cost.sesion", "there is no fact cost.sesion", "cost.session"),
        ("aftercare", "there is no fact aftercare", "aftercare.first_day"),
        ("aftercare.first_day.wiat", "has no value wiat", "aftercare.first_day.wait"),
        ("aftercare.first_day@face", "says nothing special for face", "aftercare.first_day@neck"),
        ("number_of_sessions.course", "has several values", "number_of_sessions.course.gap"),
        ("clinic_hours.today", "shows the opening hours", "clinic.hours.weekly.monday"),
    ],
)
def test_unknown_names_get_suggestions(store: FactsStore, name: str, message: str, suggestion: str) -> None:
    with pytest.raises(UnknownNameError, match=message) as caught:
        find_target(store, name)
    assert suggestion in caught.value.suggestions


def test_a_fact_without_values_has_nothing_to_set(store: FactsStore) -> None:
    with pytest.raises(UnknownNameError, match=r"pain\.first has no value"):
        find_target(store, "pain.first")


@pytest.mark.parametrize(
    ("name", "text", "data"),
    [
        ("aftercare.first_day", "48", {"value": 48, "unit": "hour"}),
        ("aftercare.first_day", "2 days", {"value": 2, "unit": "day"}),
        ("aftercare.first_day@neck", "3 days", {"value": 3, "unit": "day"}),
        ("number_of_sessions.course.sessions", "4-6", {"min": 4, "max": 6, "unit": "session"}),
        ("cost.session", "£250", 250),
        ("cost.session", "249.50", 249.5),
        ("clinic.prices.course.sessions", "4", 4),
        ("clinic.policies.cancel_notice_hours", "24 hours", 24),
        ("clinic.phone", "+44 20 7946 0099", "+44 20 7946 0099"),
        ("clinic.location.parking", " There is one bay. ", "There is one bay."),
        ("clinic.hours.weekly.sunday", "9:00-13:00", [{"open": "9:00", "close": "13:00"}]),
        (
            "clinic.hours.weekly.sunday",
            "9:00 to 13:00, 14:00 – 18:00",
            [{"open": "9:00", "close": "13:00"}, {"open": "14:00", "close": "18:00"}],
        ),
        ("clinic.hours.weekly.monday", "Closed", []),
    ],
)
def test_a_value_is_set_as_it_was_typed(
    store: FactsStore, log: OverrideLog, name: str, text: str, data: object
) -> None:
    change = set_value(store, log, name, text, by=" reception ", note="why")
    assert change.data == data
    assert log.active()[change.target].data == data
    assert (change.set_by, change.note) == ("reception", "why")
    assert FactsStore(store.baseline, {change.target: change.data}).unused == {}


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("aftercare.first_day", "soon", "not a number"),
        ("aftercare.first_day", "3 sessions", "is in session"),
        ("number_of_sessions.course.sessions", "6-3", "upside down"),
        ("cost.session", "200-300", "must be one number in GBP"),
        ("clinic.policies.cancel_notice_hours", "2 days", "must be one number in hour"),
        ("clinic.phone", "call us", "phone number"),
        ("clinic.location.parking", "  ", "must be a text"),
        ("clinic.location.parking", "x" * 301, "must be a text"),
        ("clinic.time_zone", "London", "time zone"),
        ("clinic.hours.weekly.sunday", "morning", "must read like"),
        ("clinic.hours.weekly.sunday", "18:00-9:00", "must close after it opens"),
        ("clinic.hours.weekly.sunday", "9-13", "time such as"),
        ("clinic.hours.weekly.someday", "9:00-13:00", "unknown clinic path"),
        ("clinic.booking.slot_minutes", "7.5", "not a valid integer"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_and_not_kept(
    store: FactsStore, log: OverrideLog, name: str, text: str, reason: str
) -> None:
    with pytest.raises(ValueMistake, match=reason):
        set_value(store, log, name, text, by="reception")
    assert log.history() == []


def test_an_unknown_path_of_the_profile_gets_suggestions(store: FactsStore, log: OverrideLog) -> None:
    with pytest.raises(UnknownNameError) as caught:
        set_value(store, log, "clinic.prices.sesion", "250", by="reception")
    assert "clinic.prices.session" in caught.value.suggestions


@pytest.mark.parametrize(
    ("name", "text"),
    [("cost.session", "2400"), ("cost.session", "24"), ("aftercare.first_day", "24 days"), ("cost.session", "0")],
)
def test_a_value_far_from_the_usual_one_has_to_be_forced(
    store: FactsStore, log: OverrideLog, name: str, text: str
) -> None:
    with pytest.raises(FarOffError):
        set_value(store, log, name, text, by="reception")
    assert set_value(store, log, name, text, by="reception", force=True)


def test_nobody_sets_a_value_without_a_name(store: FactsStore, log: OverrideLog) -> None:
    with pytest.raises(ValueMistake, match="who"):
        set_value(store, log, "cost.session", "250", by=" ")


def test_the_unit_of_the_baseline_counts_not_that_of_the_own_value(store: FactsStore, log: OverrideLog) -> None:
    change = set_value(store, log, "aftercare.first_day", "2 days", by="reception")
    own = FactsStore(store.baseline, {change.target: change.data})
    assert set_value(own, log, "aftercare.first_day", "36", by="reception").data == {"value": 36, "unit": "hour"}


def test_reset_goes_back_to_the_baseline_once(store: FactsStore, log: OverrideLog) -> None:
    set_value(store, log, "cost.session", "250", by="reception")
    change = reset_value(store, log, "cost.again", by="manager", note="as before")
    assert change is not None
    assert change.target == Target("clinic", "prices.session")
    assert log.active() == {}
    assert reset_value(store, log, "cost.session", by="manager") is None


def test_a_value_whose_fact_is_gone_can_be_reset(store: FactsStore, log: OverrideLog) -> None:
    log.add(Target("gone.fact", "wait"), {"value": 1, "unit": "hour"}, by="reception")
    assert reset_value(store, log, "gone.fact.wait", by="manager") is not None
    with pytest.raises(UnknownNameError):
        reset_value(store, log, "gone.fact.wait", by="manager")


def test_facts_that_show_a_value_are_found(store: FactsStore) -> None:
    assert affected_facts(store, Target("clinic", "prices.session")) == ["cost.session", "cost.again"]
    assert affected_facts(store, Target("clinic", "hours.weekly.monday")) == ["clinic_hours.week", "clinic_hours.today"]
    assert affected_facts(store, Target("aftercare.first_day", "wait@neck")) == ["aftercare.first_day"]
    assert affected_facts(store, Target("gone.fact", "wait")) == []


def test_a_fact_is_found_by_its_values_too(store: FactsStore) -> None:
    for name in ("aftercare.first_day", "aftercare.first_day.wait", "aftercare.first_day@neck"):
        assert find_shown(store, name).id == "aftercare.first_day"
    with pytest.raises(UnknownNameError) as caught:
        find_shown(store, "aftercar")
    assert "aftercare" in caught.value.suggestions

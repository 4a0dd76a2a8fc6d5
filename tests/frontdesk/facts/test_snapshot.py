from __future__ import annotations

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from frontdesk.facts.loading import load
from frontdesk.facts.overlay import Own, Target
from frontdesk.facts.red_flag_schema import lines_of
from frontdesk.facts.red_flags import load_lines
from frontdesk.facts.snapshot import FactsStore
from frontdesk.settings import REPOSITORY

FRIDAY_NOON = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def store(content: Any) -> FactsStore:
    return FactsStore(load(content.write()))


def _with(store: FactsStore, own: Own) -> FactsStore:
    return FactsStore(store.baseline, own)


def test_a_fact_is_said_with_its_values(store: FactsStore) -> None:
    said = store.render("number_of_sessions.course")
    assert said.text == "Most people have 3 to 6 sessions, 4 to 6 weeks apart."
    assert (said.id, said.sources, said.variant) == ("number_of_sessions.course", ("NHS-1",), None)


def test_what_comes_from_the_profile_names_the_clinic_as_a_source(store: FactsStore) -> None:
    said = store.render("cost.session")
    assert said.text == "A session costs £240."
    assert said.sources == ("NHS-1", "CLINIC")


@pytest.mark.parametrize(
    ("entities", "variant", "text", "sources"),
    [
        ({}, None, "Wait 24 hours before you wear make-up.", ("NHS-1",)),
        ({"body_area": ["face"]}, None, "Wait 24 hours before you wear make-up.", ("NHS-1",)),
        ({"body_area": ["face", "neck"]}, "neck", "Wait 48 hours before you wear make-up.", ("NHS-1",)),
        (
            {"concern": ["acne_scars"], "body_area": ["neck"]},
            "neck+acne_scars",
            "Wait longer, 24 hours, before you wear make-up on scars.",
            ("FDA-1",),
        ),
        ({"concern": ["acne_scars"]}, None, "Wait 24 hours before you wear make-up.", ("NHS-1",)),
    ],
)
def test_the_most_specific_variant_that_matches_is_said(
    store: FactsStore, entities: dict[str, list[str]], variant: str | None, text: str, sources: tuple[str, ...]
) -> None:
    said = store.render("aftercare.first_day", entities)
    assert (said.variant, said.text, said.sources) == (variant, text, sources)


def test_hours_are_told_for_the_moment_of_asking(store: FactsStore) -> None:
    assert store.render("clinic_hours.today", {}, FRIDAY_NOON).text == "We are open today until 6 pm."
    assert store.render("clinic_hours.today", now=FRIDAY_NOON.replace(hour=20)).text.startswith("We are closed now")
    assert store.render("clinic_hours.today").text.startswith("We are ")
    assert store.render("clinic_hours.week").text.startswith("We are open Monday to Friday 9 am to 6 pm")


def test_braces_in_the_clinic_s_words_do_no_harm(content: Any) -> None:
    content.clinic["location"]["parking"] = "Use {bay} 1."
    content.fact("clinic_hours.today").update(
        text="We are {today}. {parking}",
        values={"today": {"clinic": "hours.today"}, "parking": {"clinic": "location.parking"}},
    )
    store = FactsStore(load(content.write()))
    assert store.render("clinic_hours.today", now=FRIDAY_NOON).text == "We are open today until 6 pm. Use {bay} 1."


def test_conditions_are_facts_of_suitability(store: FactsStore) -> None:
    assert store.fact("suitability.isotretinoin").topic == "suitability"
    assert store.render("suitability.isotretinoin").text == "The clinic normally waits 6 months after the last dose."
    past = store.render("suitability.isotretinoin", {"state": ["past"]})
    assert past.text == "Tell the clinician when you took it; 6 months is the usual gap."
    present = store.render("suitability.isotretinoin", {"state": ["present"]})
    assert present.variant is None


def test_the_version_changes_with_what_can_be_said_and_with_nothing_else(content: Any, store: FactsStore) -> None:
    before = {id_: store.render(id_).version for id_ in store.facts}
    content.fact("aftercare.first_day")["about"] = ["foundation"]
    content.fact("aftercare.first_day")["review"]["date"] = "2027-01-01"
    content.fact("number_of_sessions.course")["values"]["gap"]["max"] = 8
    content.clinic["hours"]["exceptions"] = []
    content.clinic["prices"]["session"] = 241
    after = FactsStore(load(content.write()))
    changed = {id_ for id_ in before if after.render(id_).version != before[id_]}
    assert changed == {"number_of_sessions.course", "clinic_hours.today", "cost.session", "cost.again"}


def test_all_statements_of_a_fact_share_its_version(store: FactsStore) -> None:
    versions = {store.render("aftercare.first_day", {"body_area": [area]}).version for area in ("neck", "face")}
    assert len(versions) == 1


def test_an_own_value_is_said_and_names_the_clinic_as_a_source(store: FactsStore) -> None:
    own = _with(store, {Target("number_of_sessions.course", "sessions"): {"value": 4, "unit": "session"}})
    said = own.render("number_of_sessions.course")
    assert said.text == "Most people have 4 sessions, 4 to 6 weeks apart."
    assert said.sources == ("NHS-1", "CLINIC")
    assert said.version != store.render("number_of_sessions.course").version
    assert store.render("number_of_sessions.course").text.startswith("Most people have 3 to 6 sessions")


def test_an_own_value_of_a_variant_changes_that_variant_only(store: FactsStore) -> None:
    own = _with(store, {Target("aftercare.first_day", "wait@neck"): {"value": 3, "unit": "day"}})
    assert own.render("aftercare.first_day", {"body_area": ["neck"]}).text == "Wait 3 days before you wear make-up."
    assert own.render("aftercare.first_day").text == "Wait 24 hours before you wear make-up."


def test_an_own_value_of_the_profile_reaches_every_fact_that_shows_it(store: FactsStore) -> None:
    own = _with(
        store,
        {
            Target("clinic", "prices.session"): 250,
            Target("clinic", "phone"): "+442079460099",
            Target("clinic", "hours.weekly.friday"): [],
        },
    )
    assert own.render("cost.session").text == "A session costs £250."
    assert own.render("cost.again").text == "Each session is £250."
    assert own.render("clinic_hours.today", now=FRIDAY_NOON).text == "We are closed today, open tomorrow from 10 am."
    assert own.reply_text("handoff", now=FRIDAY_NOON).startswith("Call +44 20 7946 0099.")


def test_an_own_wait_of_a_condition_is_said_and_reckoned_with(store: FactsStore) -> None:
    own = _with(store, {Target("suitability.isotretinoin", "wait"): {"value": 12, "unit": "month"}})
    assert own.render("suitability.isotretinoin").text == "The clinic normally waits 12 months after the last dose."
    wait = own.conditions["isotretinoin"].wait
    assert wait is not None
    assert wait.value == 12


@pytest.mark.parametrize(
    ("target", "data", "reason"),
    [
        (Target("gone.fact", "x"), {"value": 1, "unit": "hour"}, "no such fact"),
        (Target("aftercare.first_day", "gone"), {"value": 1, "unit": "hour"}, "no such value"),
        (Target("aftercare.first_day", "wait@face"), {"value": 1, "unit": "hour"}, "no variant for face"),
        (Target("aftercare.first_day", "wait"), {"value": 1, "unit": "session"}, "is in session"),
        (Target("aftercare.first_day", "wait"), {"value": 1}, "not a number or a range"),
        (Target("aftercare.first_day", "wait"), "soon", "not a number or a range"),
        (Target("number_of_sessions.course", "sessions"), {"value": 1.5, "unit": "session"}, "whole numbers"),
        (Target("clinic_hours.week", "hours"), {"value": 1, "unit": "hour"}, "shows the opening hours"),
        (Target("clinic", "prices.gone"), 1, "unknown clinic path"),
        (Target("clinic", "name.first"), "x", "unknown clinic path"),
        (Target("clinic", "phone"), "call us", "phone number"),
        (Target("clinic", "prices.session"), "cheap", "not a valid"),
    ],
)
def test_an_own_value_without_a_place_is_left_out_with_the_reason(
    store: FactsStore, target: Target, data: object, reason: str
) -> None:
    own = _with(store, {target: data})
    assert reason in own.unused[target]
    assert own.render("aftercare.first_day") == store.render("aftercare.first_day")
    assert own.clinic == store.clinic


def test_replies_are_filled_from_the_profile_and_the_turn(store: FactsStore) -> None:
    assert store.reply_text("handoff", now=FRIDAY_NOON) == "Call +44 20 7946 0018. We are open today until 6 pm."
    assert store.reply_text("clarify", topic_a="Cost", topic_b="Pain") == "Did you mean Cost or Pain?"
    assert store.reply_text("urgent") == "In an emergency, call 999."
    with pytest.raises(KeyError):
        store.reply_text("clarify", topic_a="Cost")
    with pytest.raises(KeyError):
        store.reply_text("gone")


def test_one_of_several_wordings_is_chosen(store: FactsStore) -> None:
    last = FactsStore(store.baseline, choose=lambda texts: texts[-1])
    assert last.reply_text("greet") == "Hi from Test Clinic."
    assert {store.reply_text("greet") for _ in range(50)} == {"Hello from Test Clinic.", "Hi from Test Clinic."}


def test_the_emergency_number_is_the_country_s_unless_the_clinic_gives_one(content: Any) -> None:
    content.clinic["country"] = "FR"
    assert FactsStore(load(content.write())).reply_text("urgent") == "In an emergency, call 112."
    content.clinic["emergency_line"] = "15"
    assert FactsStore(load(content.write())).reply_text("urgent") == "In an emergency, call 15."


@pytest.mark.parametrize("country", ["GB", "IE", "US", "CA", "AU", "NZ", "ES", "FR"])
def test_replies_and_the_red_flags_say_the_same_number(content: Any, country: str) -> None:
    content.clinic["country"] = country
    lines = load_lines(REPOSITORY / "facts")
    said = FactsStore(load(content.write())).reply_text("urgent")
    assert said == f"In an emergency, call {lines_of(lines, country).emergency}."


def test_every_topic_is_a_button_and_a_reply_s_own_button_goes_first(content: Any) -> None:
    content.replies["buttons"]["cost"] = {"title": "Prices", "payload": "How much is it?"}
    buttons = FactsStore(load(content.write())).buttons
    assert buttons["pain"].payload == "What about pain?"
    assert buttons["cost"].title == "Prices"


def test_entities_are_looked_up_by_type_and_id(store: FactsStore) -> None:
    assert store.entry("treatment", "laser").name == "laser"
    assert store.entry("medication", "isotretinoin").name == "isotretinoin"
    with pytest.raises(KeyError):
        store.entry("condition", "isotretinoin")


def test_what_does_not_exist_is_a_key_error(store: FactsStore) -> None:
    for ask in (store.fact, store.topic, store.render):
        with pytest.raises(KeyError):
            ask("gone.fact")


def test_a_snapshot_cannot_be_changed(store: FactsStore) -> None:
    with pytest.raises(TypeError):
        store.topics["cost"] = store.topics["pain"]  # type: ignore[index]
    with pytest.raises(TypeError):
        store.fact("cost.session").text = "It is free."


def test_rendering_takes_less_than_a_tenth_of_a_millisecond() -> None:
    store = FactsStore(load(REPOSITORY / "facts"))
    entities = {"body_area": ["neck"], "concern": ["acne_scars"]}
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        for fact_id in store.facts:
            store.render(fact_id, entities, FRIDAY_NOON)
        best = min(best, (time.perf_counter() - started) / len(store.facts))
    assert best < 0.0001

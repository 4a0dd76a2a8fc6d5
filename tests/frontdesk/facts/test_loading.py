from __future__ import annotations

import contextlib
import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frontdesk.facts.loading import load
from frontdesk.facts.reading import FactsError
from frontdesk.facts.snapshot import FactsStore
from frontdesk.settings import REPOSITORY


def _defects(content: Any) -> list[str]:
    with pytest.raises(FactsError) as caught:
        load(content.write())
    return str(caught.value).splitlines()


def test_a_good_folder_is_loaded_in_file_order(content: Any) -> None:
    baseline = load(content.write())
    assert [fact.id for fact in baseline.topics["cost"].facts] == ["cost.session", "cost.again"]
    assert set(baseline.conditions) == {"isotretinoin"}
    assert baseline.clinic.phone == "+44 20 7946 0018"
    assert set(baseline.buttons) == {"call"}


def test_the_content_that_ships_is_good() -> None:
    load(REPOSITORY / "facts")


def test_a_folder_that_is_not_there_is_told_file_by_file(tmp_path: Any) -> None:
    with pytest.raises(FactsError) as caught:
        load(tmp_path / "gone")
    files = ["aspects", "clinic", "conditions", "emergency_numbers", "replies", "sources", "vocabulary", "words"]
    assert sorted(defect.file for defect in caught.value.defects) == [f"{name}.yml" for name in files]


def test_a_syntax_error_is_told_with_its_line(content: Any) -> None:
    folder = content.write()
    (folder / "topics" / "cost.yml").write_text("topic: cost\ntitle: Cost: how much")
    with pytest.raises(FactsError) as caught:
        load(folder)
    assert str(caught.value) == "topics/cost.yml: line 2: mapping values are not allowed in this context"


def test_every_defect_is_listed_at_once(content: Any) -> None:
    content.fact("cost.session")["sources"] = ["NHS-9"]
    content.fact("aftercare.first_day")["text"] = "Wait {wait} or 3 days."
    del content.topics["pain"]
    content.topics["what_is"]["facts"][0]["id"] = "cost.session"
    assert sorted(_defects(content)) == [
        "topics/aftercare.yml: aftercare.first_day: number in the text: 3",
        "topics/aftercare.yml: aftercare.first_day: variant neck: number in the text: 3",
        "topics/cost.yml: cost.session: unknown source NHS-9",
        "topics/pain.yml: pain: missing topic",
        "topics/what_is.yml: cost.session: duplicate id, see topics/cost.yml",
        "topics/what_is.yml: cost.session: must begin with what_is.",
    ]


Change = Callable[[Any], object]

CHANGES: list[tuple[str, Change]] = [
    ("aspects.yml: entry 1: unknown topic costs", lambda c: c.aspects[0].update(topic="costs")),
    ("aspects.yml: entry 1: unknown topic pains", lambda c: c.aspects[0].update(beside=["pains"])),
    ("aspects.yml: entry 1: cost cannot stand beside itself", lambda c: c.aspects[0].update(beside=["cost"])),
    ("aspects.yml: entry 1: needs either words or names", lambda c: c.aspects[0].update(names=["body_area"])),
    ("aspects.yml: entry 1: only and but belong to names", lambda c: c.aspects[0].update(but=["neck"])),
    ("aspects.yml: entry 2: unknown entity type limb", lambda c: c.aspects[1].update(names=["limb"])),
    ("aspects.yml: entry 2: unknown entity tail", lambda c: c.aspects[1].update(only=["tail"])),
    ("topics/cost.yml: cost.session: unknown source X", lambda c: c.fact("cost.session").update(sources=["X"])),
    (
        "topics/aftercare.yml: aftercare.first_day: unknown source X",
        lambda c: c.fact("aftercare.first_day")["variants"][1].update(sources=["X"]),
    ),
    (
        "topics/cost.yml: cost.session: unknown source X",
        lambda c: c.fact("cost.session").update(claims=[{"source": "X", "says": "about 300 dollars"}]),
    ),
    (
        "topics/cost.yml: cost.session: sources: must name at least one",
        lambda c: c.fact("cost.session").update(sources=[]),
    ),
    (
        "topics/cost.yml: cost.session: number in the text: two",
        lambda c: c.fact("cost.session").update(text="A session costs {price} for two."),
    ),
    (
        "topics/cost.yml: cost.session: placeholder without value: fee",
        lambda c: c.fact("cost.session").update(text="A session costs {price} and {fee}."),
    ),
    (
        "topics/cost.yml: cost.session: value without placeholder: price",
        lambda c: c.fact("cost.session").update(text="A session costs money."),
    ),
    (
        "topics/aftercare.yml: aftercare.first_day: variant neck: value without placeholder: days",
        lambda c: c.fact("aftercare.first_day")["variants"][0]["values"].update(days={"value": 2, "unit": "day"}),
    ),
    (
        "topics/cost.yml: cost.session: what stands in braces must be a plain name, not {price.x}",
        lambda c: c.fact("cost.session").update(text="A session costs {price.x}."),
    ),
    (
        "topics/cost.yml: cost.session: expected '}' before end of string",
        lambda c: c.fact("cost.session").update(text="A session costs {price."),
    ),
    (
        "topics/cost.yml: cost.session: price: unknown clinic path 'prices.hour'",
        lambda c: c.fact("cost.session")["values"].update(price={"clinic": "prices.hour"}),
    ),
    (
        "topics/cost.yml: cost.session: price: clinic path 'prices.course' is neither text nor a number",
        lambda c: c.fact("cost.session")["values"].update(price={"clinic": "prices.course"}),
    ),
    (
        "topics/aftercare.yml: aftercare.first_day: wait: unknown unit 'parsec'",
        lambda c: c.fact("aftercare.first_day")["values"]["wait"].update(unit="parsec"),
    ),
    (
        "topics/number_of_sessions.yml: number_of_sessions.course: values.sessions: range upside down: 6 to 3",
        lambda c: c.fact("number_of_sessions.course")["values"]["sessions"].update(min=6, max=3),
    ),
    (
        "topics/cost.yml: cost.session: sentence of 32 words, more than 30",
        lambda c: c.fact("cost.session").update(text="word " * 29 + "is {price} now."),
    ),
    (
        "topics/aftercare.yml: aftercare.first_day: sentence of 31 words, more than 30",
        lambda c: c.fact("aftercare.first_day").update(text="Word " * 28 + "is {wait}."),
    ),
    (
        "topics/cost.yml: cost.session: for: unknown entity type area",
        lambda c: c.fact("cost.session").update({"for": {"area": ["neck"]}}),
    ),
    (
        "topics/cost.yml: cost.session: for: unknown body_area tail",
        lambda c: c.fact("cost.session").update({"for": {"body_area": ["neck", "tail"]}}),
    ),
    (
        "topics/aftercare.yml: aftercare.first_day: variant tail: unknown body_area tail",
        lambda c: c.fact("aftercare.first_day")["variants"][0].update(when={"body_area": ["tail"]}),
    ),
    (
        "topics/aftercare.yml: aftercare.first_day: variants.0.when: must name at least one entity",
        lambda c: c.fact("aftercare.first_day")["variants"][0].update(when={}),
    ),
    (
        "topics/cost.yml: cost.session: about.0: must be in lower case",
        lambda c: c.fact("cost.session").update(about=["Price"]),
    ),
    (
        "topics/cost.yml: cost.session: wording: extra fields not permitted",
        lambda c: c.fact("cost.session").update(wording="x"),
    ),
    (
        "topics/cost.yml: cost.session: review: approved, but by whom?",
        lambda c: c.fact("cost.session")["review"].update(status="approved"),
    ),
    (
        "topics/cost.yml: cost.session: review.date: must be a date such as 2026-11-20",
        lambda c: c.fact("cost.session")["review"].update(date=2026),
    ),
    ("topics/cost.yml: file: title: longer than 20 characters", lambda c: c.topics["cost"].update(title="x" * 21)),
    (
        "topics/cost.yml: cost: same question as topic aftercare",
        lambda c: c.topics["cost"].update(question=c.topics["aftercare"]["question"].upper()),
    ),
    ("topics/cost.yml: cost: next: unknown button dance", lambda c: c.topics["cost"].update(next=["dance"])),
    (
        "topics/gossip.yml: gossip: unknown topic",
        lambda c: c.topics.update(
            gossip={"topic": "gossip", "title": "Gossip", "question": "What is new?", "facts": []}
        ),
    ),
    ("topics/cost.yml: fact 2: id: field required", lambda c: c.fact("cost.again").pop("id")),
    ("sources.yml: NHS-1: duplicate id", lambda c: c.sources.append(dict(c.sources[0]))),
    (
        "sources.yml: entry 4: id: none is not an allowed value",
        lambda c: c.sources.append({**c.sources[0], "id": None}),
    ),
    (
        "vocabulary.yml: cheek: 'neck' is claimed by neck too",
        lambda c: c.vocabulary["body_area"].append({"id": "cheek", "name": "cheek", "misspellings": ["neck"]}),
    ),
    ("vocabulary.yml: device: missing entity type", lambda c: c.vocabulary.pop("device")),
    ("vocabulary.yml: mood: unknown entity type", lambda c: c.vocabulary.update(mood=[])),
    ("vocabulary.yml: needling: must be a list of words", lambda c: c.vocabulary.pop("needling")),
    ("vocabulary.yml: needling: must be a list of words", lambda c: c.vocabulary.update(needling=[7])),
    (
        "conditions.yml: accutane: 'isotretinoin' is claimed by isotretinoin too",
        lambda c: c.conditions.append({**c.conditions[0], "id": "accutane"}),
    ),
    ("conditions.yml: isotretinoin: class: field required", lambda c: c.conditions[0].pop("class")),
    (
        "conditions.yml: isotretinoin: wait and values: wait differ",
        lambda c: c.conditions[0].update(values={"wait": {"value": 5, "unit": "month"}}),
    ),
    (
        "conditions.yml: suitability.isotretinoin: variant past: number in the text: six",
        lambda c: c.conditions[0].update(past_text="Wait six months."),
    ),
    (
        "clinic.yml: file: time_zone: must be a time zone such as Europe/London",
        lambda c: c.clinic.update(time_zone="X"),
    ),
    ("clinic.yml: file: currency: must be a currency code such as GBP", lambda c: c.clinic.update(currency="QQQ")),
    ("clinic.yml: file: language: must be a language tag such as en-GB", lambda c: c.clinic.update(language="!!")),
    (
        "clinic.yml: file: phone: must be a phone number with its country, such as +442079460018",
        lambda c: c.clinic.update(phone="call us"),
    ),
    (
        "clinic.yml: file: hours.weekly.monday.0: must close after it opens",
        lambda c: c.clinic["hours"]["weekly"].update(monday=[{"open": "18:00", "close": "09:00"}]),
    ),
    ("replies.yml: greet: unknown button dance", lambda c: c.replies["greet"].update(buttons=["dance"])),
    ("replies.yml: greet: unknown placeholder name", lambda c: c.replies["greet"].update(text="Hello {name}.")),
    ("replies.yml: greet: number in the text: 999", lambda c: c.replies["greet"].update(text="Call 999.")),
    ("replies.yml: greet: text: must name at least one", lambda c: c.replies["greet"].update(text=[])),
    ("replies.yml: buttons: must be a mapping of ids", lambda c: c.replies.update(buttons=["call"])),
    (
        "words.yml: file: units.hour.one: must hold {n} once and nothing else in braces",
        lambda c: c.words["units"]["hour"].update(one="an hour"),
    ),
]


@pytest.mark.parametrize(("defect", "change"), CHANGES, ids=[defect for defect, _ in CHANGES])
def test_a_defect_is_told_with_its_file_its_entry_and_the_reason(content: Any, defect: str, change: Change) -> None:
    change(content)
    assert defect in _defects(content)


def test_a_topic_belongs_into_the_file_of_its_name(content: Any) -> None:
    folder = content.write()
    (folder / "topics" / "pain.yml").rename(folder / "topics" / "ouch.yml")
    with pytest.raises(FactsError, match=r"^topics/ouch\.yml: pain: belongs into pain\.yml$"):
        load(folder)


def test_a_topic_stands_in_one_file(content: Any) -> None:
    folder = content.write()
    (folder / "topics" / "zz.yml").write_text((folder / "topics" / "pain.yml").read_text())
    with pytest.raises(FactsError, match=r"^topics/zz\.yml: pain: duplicate topic, see topics/pain\.yml$"):
        load(folder)


def test_the_clinic_s_own_words_do_not_count_for_the_length_of_a_sentence(content: Any) -> None:
    content.clinic["location"]["parking"] = "Word " * 40
    content.fact("cost.session").update(text="Parking: {parking}", values={"parking": {"clinic": "location.parking"}})
    load(content.write())


def test_a_name_of_the_vocabulary_may_hold_a_digit(content: Any) -> None:
    content.fact("cost.again")["text"] = "Unlike Morpheus8, each session is {price}."
    load(content.write())


_junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("{x}"),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def _places(data: Any) -> list[tuple[Any, Any]]:
    """Every container with every key or index in it."""
    pairs = list(data.items()) if isinstance(data, dict) else list(enumerate(data)) if isinstance(data, list) else []
    return [(data, key) for key, _ in pairs] + [place for _, inner in pairs for place in _places(inner)]


@given(st.data())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_stands_in_a_file_it_is_refused_or_can_be_said(content: Any, data: st.DataObject) -> None:
    folder = content.write()
    file = data.draw(
        st.sampled_from(
            ["sources", "vocabulary", "conditions", "clinic", "replies", "words", "topics/cost", "topics/aftercare"]
        )
    )
    path = folder / f"{file}.yml"
    entries = copy.deepcopy(yaml.safe_load(path.read_text()))
    place, key = data.draw(st.sampled_from(range(len(_places(entries)))).map(lambda number: _places(entries)[number]))
    place[key] = data.draw(_junk)
    path.write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8", errors="replace")
    with contextlib.suppress(FactsError):
        store = FactsStore(load(folder))
        assert all(store.render(fact_id).text for fact_id in store.facts)

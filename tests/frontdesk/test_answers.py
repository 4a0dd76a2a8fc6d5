from __future__ import annotations

import pytest

from frontdesk.answers import WORDS_FOR_ONE, answers_of
from frontdesk.entities import Entity
from frontdesk.facts.loading import load
from frontdesk.facts.schema import TOPICS
from frontdesk.facts.snapshot import FactsStore
from frontdesk.turn import Reply
from frontdesk.understanding import Ask
from tests.visitor import NOW, shipped_store

STATES = ("present", "past", "other")


def answer(ask: Ask, store: FactsStore | None = None, **limits: int) -> Reply:
    reply = answers_of(store or shipped_store()).answer(ask, NOW, **limits)
    assert reply is not None
    return reply


def someone_with(condition_id: str, state: str) -> Ask:
    kind = shipped_store().conditions[condition_id].kind
    entity = Entity(kind, condition_id, 0, 0, condition_id, state)
    return Ask("suitability", "Can I have it?", people=(entity,), personal=True)


def assert_is_sourced(reply: Reply) -> None:
    store = shipped_store()
    assert reply.facts
    assert set(reply.versions) == set(reply.facts)
    for fact_id in reply.facts:
        assert fact_id in store.facts
        sources = store.render(fact_id, now=NOW).sources
        assert sources
        assert all(source in store.sources for source in sources)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_short_sourced_answer(topic):
    reply = answer(Ask(topic, shipped_store().topics[topic].question))
    assert (reply.outcome, reply.topics) == ("answer", (topic,))
    assert len(reply.text.split()) <= WORDS_FOR_ONE == 60
    assert_is_sourced(reply)


@pytest.mark.parametrize("topic", TOPICS)
def test_every_entity_gets_a_short_sourced_answer_from_every_topic(topic):
    store = shipped_store()
    for kind, entries in store.vocabulary.items():
        for entry in entries:
            reply = answer(Ask(topic, "And what about that?", {kind: (entry.id,)}))
            assert len(reply.text.split()) <= WORDS_FOR_ONE, (kind, entry.id)
            assert_is_sourced(reply)


@pytest.mark.parametrize("state", STATES)
def test_every_condition_has_a_short_sourced_answer_of_its_own(state):
    for condition_id in shipped_store().conditions:
        reply = answer(someone_with(condition_id, state))
        assert reply.facts[0] == f"suitability.{condition_id}"
        assert len(reply.text.split()) <= WORDS_FOR_ONE, condition_id
        assert_is_sourced(reply)


def test_every_fact_can_be_said_alone_on_a_phone():
    for fact_id in shipped_store().facts:
        assert len(shipped_store().render(fact_id, now=NOW).text.split()) <= 40, fact_id


def test_no_answer_shows_a_placeholder_or_an_id():
    for topic in TOPICS:
        text = answer(Ask(topic, "?")).text
        assert not set("{}_") & set(text), text


@pytest.mark.parametrize(
    ("topic", "question", "fact"),
    [
        ("aftercare", "When can I wear make-up again?", "make"),
        ("cost", "is there a student discount", "cost.offers"),
        ("cost", "what is the deposit?", "cost.deposit"),
        ("clinic_location", "is there parking nearby", "parking"),
        ("preparation", "do I have to stop my retinol before", "preparation"),
    ],
)
def test_what_is_asked_by_name_is_answered(topic, question, fact):
    assert any(fact in id_ for id_ in answer(Ask(topic, question)).facts)


def test_what_is_asked_by_name_comes_before_the_lead():
    leads = answer(Ask("cost", "how much is it")).facts
    assert "cost.session" in leads
    assert "cost.deposit" not in leads
    assert answer(Ask("cost", "how much is the deposit")).facts[0] == "cost.deposit"


def test_a_fact_for_one_area_is_said_only_there():
    assert "cost.large_area" not in answer(Ask("cost", "how much is it")).facts
    assert "cost.large_area" in answer(Ask("cost", "how much is it", {"body_area": ("thighs",)})).facts


def test_a_variant_is_said_where_another_truth_holds(content):
    store = FactsStore(load(content.write()))
    plain = answer(Ask("aftercare", "when make-up"), store).text
    neck = answer(Ask("aftercare", "when make-up", {"body_area": ("neck",)}), store).text
    both = answer(Ask("aftercare", "when", {"body_area": ("neck",), "concern": ("acne_scars",)}), store).text
    assert ("24 hours" in plain, "48 hours" in neck, "on scars" in both) == (True, True, True)


def test_a_past_condition_is_told_differently(content):
    store = FactsStore(load(content.write()))

    def told(state: str) -> str:
        entity = Entity("medication", "isotretinoin", 0, 0, "", state)
        return answer(Ask("suitability", "?", people=(entity,)), store).text

    assert "normally waits" in told("present")
    assert "usual gap" in told("past")


def test_a_denied_condition_is_not_told():
    ask = Ask("suitability", "?", people=(Entity("circumstance", "pregnant", 0, 0, "pregnant", "denied"),))
    assert "suitability.pregnant" not in answer(ask).facts


def test_fewer_words_make_a_shorter_answer_but_never_none():
    longer = answer(Ask("suitability", "who is it for"), words=60)
    shorter = answer(Ask("suitability", "who is it for"), words=1)
    assert len(shorter.facts) == 1 <= len(longer.facts)
    assert answer(Ask("suitability", "who is it for"), most=1).facts == shorter.facts


def test_what_is_no_topic_has_no_answer():
    assert answers_of(shipped_store()).answer(Ask("medical_advice", "should I stop"), NOW) is None


def test_opening_hours_are_those_of_the_moment():
    friday = answers_of(shipped_store()).answer(Ask("clinic_hours", "are you open now"), NOW)
    night = answers_of(shipped_store()).answer(Ask("clinic_hours", "are you open now"), NOW.replace(hour=23))
    assert friday is not None
    assert night is not None
    assert friday.text != night.text

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.entities import Entity
from frontdesk.turn import Memory, Question, Turn, by_type, topic_of

ROSACEA = {"entity": "condition", "value": "rosacea", "start": 7, "end": 14, "text": "rosacea", "state": "past"}
PARSE = {
    "text": "I had rosacea. how much is it?",
    "intent": {"name": "ask_cost", "confidence": 0.8},
    "entities": [ROSACEA],
    "questions": [
        {
            "text": "how much is it?",
            "intent": "ask_cost",
            "confidence": 0.8,
            "also": "ask_payment_options",
            "ranking": [["ask_cost", 0.8], ["ask_payment_options", 0.2]],
            "entities": [],
        }
    ],
    "fallback_reason": None,
    "red_flag": {"level": "urgent", "category": "E"},
}


def test_a_parse_output_becomes_a_turn():
    turn = Turn.from_parse(PARSE)
    assert (turn.text, turn.intent, turn.fallback_reason) == (PARSE["text"], "ask_cost", None)
    assert turn.questions == (
        Question(
            "how much is it?",
            "ask_cost",
            0.8,
            (("ask_cost", 0.8), ("ask_payment_options", 0.2)),
            also="ask_payment_options",
        ),
    )
    assert turn.entities == (Entity("condition", "rosacea", 7, 14, "rosacea", "past"),)
    assert turn.red_flag == {"level": "urgent", "category": "E"}


def test_a_message_that_came_as_an_intent_stands_for_one_question():
    turn = Turn.from_parse({"text": "/ask_pain", "intent": {"name": "ask_pain"}})
    assert [question.topic for question in turn.questions] == ["pain"]


@pytest.mark.parametrize("parse", [{}, {"text": None, "intent": None}, {"intent": {"name": None}, "questions": None}])
def test_a_parse_output_without_anything_is_an_empty_turn(parse):
    assert Turn.from_parse(parse) == Turn("", "", ())


def test_only_intents_of_topics_have_a_topic():
    assert [topic_of(intent) for intent in ("ask_cost", "greet", "", None)] == ["cost", None, None, None]


def test_entities_by_type_leave_out_what_is_denied_and_repeated():
    entities = [
        Entity("concern", "scars", 0, 5, "scars", "present"),
        Entity("concern", "scars", 9, 14, "scars", "present"),
        Entity("condition", "eczema", 0, 6, "eczema", "denied"),
        Entity("concern", "acne", 20, 24, "acne", "past"),
    ]
    assert by_type(entities)["concern"] == ("scars", "acne")
    assert not by_type(entities).get("condition")


words = st.text(min_size=1, max_size=8)


@given(
    st.builds(
        Memory,
        topics=st.lists(words, max_size=3).map(tuple),
        entities=st.dictionaries(words, st.lists(words, max_size=3).map(tuple), max_size=3),
        age=st.integers(0, 9),
        misses=st.integers(0, 9),
    )
)
def test_a_memory_survives_its_slot(memory):
    assert Memory.from_slot(json.loads(json.dumps(memory.to_slot()))) == memory


@pytest.mark.parametrize(
    "value", [None, "", "cost", 3, [], ["cost"], {}, {"topics": None, "entities": None, "age": None}]
)
def test_an_unreadable_slot_is_an_empty_memory(value):
    assert Memory.from_slot(value) == Memory()


@pytest.mark.parametrize(
    "value",
    [{"age": "old"}, {"entities": [1]}, {"topics": 7}, {"entities": {"concern": 5}}, {"misses": {"a": 1}}],
)
def test_a_slot_with_other_content_is_an_empty_memory(value):
    assert Memory.from_slot(value) == Memory()


def test_a_topic_is_leant_on_while_it_is_fresh_and_no_longer():
    memory = Memory().after(["cost", "pain"], {"body_area": ("neck",)}, missed=False)
    assert memory.topic == "pain"
    for _ in range(5):
        memory = memory.after((), {}, missed=False)
    assert memory.topic is None


def test_misses_count_only_in_a_row():
    memory = Memory().after((), {}, missed=True).after((), {}, missed=True)
    assert memory.misses == 2
    assert memory.after(["cost"], {}, missed=False).misses == 0
    assert memory.after((), {}, missed=False).misses == 0


def test_a_new_topic_replaces_what_was_named_with_the_old_one():
    memory = Memory().after(["cost"], {"body_area": ("neck",)}, missed=False)
    assert memory.after(["pain"], {}, missed=False).entities == {}

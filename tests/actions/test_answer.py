from __future__ import annotations

import logging
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import OperationalError

from actions import answer, desk_action
from actions.answer import MEMORY_SLOT, ActionAnswer
from frontdesk.turn import Memory
from tests.visitor import shipped_store

SECRET = "my name is Siobhan and I have lupus"


class ShippedFacts:
    """Stands in for the repository: the facts that ship, without a database."""

    current = staticmethod(shipped_store)


@pytest.fixture(autouse=True)
def shipped_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_action, "_repository", ShippedFacts)


def parsed(text: str, *intents: str) -> dict[str, Any]:
    questions = [{"text": text, "intent": intent, "confidence": 0.9} for intent in intents]
    return {"text": text, "intent": {"name": intents[0], "confidence": 0.9}, "questions": questions, "entities": []}


async def served(latest: dict[str, Any], memory: Any = None) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The messages and the events of the action."""
    tracker = Tracker("visitor", {MEMORY_SLOT: memory}, latest, [], False, None, {}, "action_listen")
    dispatcher = CollectingDispatcher()
    events = await ActionAnswer().run(dispatcher, tracker, {})
    return dispatcher.messages, events


def test_its_name_is_the_one_in_the_domain():
    assert ActionAnswer().name() == "action_answer"


async def test_an_answer_carries_what_was_told():
    (message,), _ = await served(parsed("how much is it", "ask_cost"))
    assert (message["outcome"], message["topics"]) == ("answer", ["cost"])
    assert message["facts"]
    assert set(message["versions"]) == set(message["facts"])
    assert all(set(button) == {"title", "payload"} for button in message["buttons"])
    assert message["buttons"]
    assert message["text"]


async def test_every_question_is_a_message_of_its_own():
    messages, _ = await served(parsed("how much and does it hurt", "ask_cost", "ask_pain"))
    assert [message["topics"] for message in messages] == [["cost"], ["pain"]]
    assert not messages[0]["buttons"]


async def test_the_memory_is_kept_in_its_slot():
    _, (event,) = await served(parsed("how much is it", "ask_cost"))
    assert (event["event"], event["name"]) == ("slot", MEMORY_SLOT)
    assert Memory.from_slot(event["value"]).topics == ("cost",)
    (message,), _ = await served(parsed("and then?", "follow_up"), event["value"])
    assert message["topics"] == ["cost"]


@pytest.mark.parametrize("memory", [None, "nonsense", {"age": "old"}, {"topics": 3}])
async def test_a_slot_that_cannot_be_read_is_no_memory(memory):
    (message,), _ = await served(parsed("how much is it", "ask_cost"), memory)
    assert message["topics"] == ["cost"]


@pytest.mark.parametrize("latest", [{}, {"text": None}, {"text": "/ask_pain", "intent": {"name": "ask_pain"}}])
async def test_a_message_without_questions_is_answered(latest):
    messages, _ = await served(latest)
    assert messages[0]["text"]


async def test_a_failure_is_an_apology_and_the_log_is_silent_about_the_visitor(monkeypatch, caplog):
    def fail(*_: Any) -> None:
        raise RuntimeError(f"cannot answer {SECRET}")

    monkeypatch.setattr("frontdesk.desk.Desk.respond", fail)
    with caplog.at_level(logging.DEBUG):
        (message,), events = await served(parsed(SECRET, "ask_suitability"))
    assert events == []
    assert (message["outcome"], message["facts"], message["topics"]) == ("handoff", [], [])
    assert shipped_store().clinic.phone in message["text"]
    assert "sorry" in message["text"].lower()
    assert "RuntimeError" in caplog.text
    assert "lupus" not in caplog.text
    assert "Siobhan" not in caplog.text


@pytest.mark.parametrize(
    "poison",
    [{"booking": {"nonsense": [1]}}, {"booking": 7}, {"alert": ["E-XX"]}, {"entities": {"area": 3}}],
)
async def test_a_memory_that_makes_no_sense_fails_one_turn_at_most(poison: dict[str, Any]) -> None:
    turn = parsed("how much is it", "ask_cost")
    (first,), events = await served(turn, poison)
    assert shipped_store().clinic.phone in first["text"] or first["outcome"] == "answer"
    memory = events[0]["value"] if events else poison
    messages, _ = await served(turn, memory)
    assert "answer" in [message["outcome"] for message in messages]


async def test_an_emergency_outlives_a_failed_turn_and_a_booking_outlives_a_failed_database(monkeypatch) -> None:
    failure: list[Exception] = [RuntimeError()]

    def fail(*_: Any) -> None:
        raise failure[0]

    monkeypatch.setattr("frontdesk.desk.Desk.respond", fail)
    alert = min(each.id for each in answer._categories.categories if each.level == "emergency")
    turn, memory = parsed("how much is it", "ask_cost"), {"alert": alert, "booking": {"state": "day"}}
    _, (event,) = await served(turn, memory)
    assert (event["value"]["alert"], event["value"]["booking"]) == (alert, None)
    failure[0] = OperationalError("SELECT 1", {}, Exception())
    assert (await served(turn, memory))[1] == []


@pytest.mark.parametrize("failing", ["frontdesk.desk.Desk.respond", "frontdesk.turn._question"])
async def test_danger_gets_its_words_whatever_else_fails(monkeypatch, failing: str) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(failing, fail)
    flag = {"level": "emergency", "category": "E-AN", "by": "rule x", "reply": None}
    noted: list[str] = []
    monkeypatch.setattr(answer._red_flags, "record", lambda *fields: noted.append(fields[2]))
    (message,), (event,) = await served(
        {**parsed("my throat is closing", "ask_cost"), "red_flag": flag}, {"booking": 7}
    )
    assert message["outcome"] == "emergency"
    assert shipped_store().emergency_number in message["text"]
    assert (event["value"]["alert"], event["value"]["booking"], noted) == ("E-AN", None, ["E-AN"])
    # And stays careful while it goes on failing.
    (message,), _ = await served(parsed("how much is it", "ask_cost"), event["value"])
    assert message["outcome"] == "emergency"


async def test_not_even_words_of_danger_leave_an_apology(monkeypatch) -> None:
    def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("frontdesk.desk.Desk.respond", fail)
    monkeypatch.setattr("frontdesk.desk.Desk.fall_back", fail)
    (message,), events = await served(parsed("my throat is closing", "ask_cost"))
    assert shipped_store().clinic.phone in message["text"]
    assert events == []


async def test_a_parse_output_that_makes_no_sense_is_an_apology(caplog):
    (message,), _ = await served({"text": SECRET, "intent": {"name": "ask_cost"}, "questions": [{"wrong": SECRET}]})
    assert shipped_store().clinic.phone in message["text"]
    assert "lupus" not in caplog.text

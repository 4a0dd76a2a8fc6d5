"""A message on which the pipeline fails is still searched for danger."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from engine import unparsed
from frontdesk.turn import Turn


class ComponentFailed(RuntimeError):
    """What a component of the pipeline raises here."""


@pytest.fixture(autouse=True)
def screen_of_its_own() -> Iterator[None]:
    unparsed._screen.cache_clear()
    yield
    unparsed._screen.cache_clear()


def parsed(text: Any, fails: bool = True) -> dict[str, Any]:
    def run(inputs: Any, targets: Any) -> Any:
        if fails:
            raise ComponentFailed
        found = SimpleNamespace(as_dict=lambda only_output_properties: {"intent": {"name": "greet"}})
        return {targets[0]: [found]}

    processor = SimpleNamespace(graph_runner=SimpleNamespace(run=run), model_metadata=SimpleNamespace(nlu_target="nlu"))
    message = UserMessage(text)
    message.text = text
    return unparsed.parse(processor, message, None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "level", "intent"),
    [
        ("how much is it, my throat is closing", "emergency", "emergency"),
        ("pus is coming out of my cheek since my session", "urgent", "medical_advice"),
    ],
)
def test_a_danger_is_heard_by_its_words(text: str, level: str, intent: str) -> None:
    parse = parsed(text)
    turn = Turn.from_parse(parse)
    assert (turn.text, turn.intent) == (text, intent)
    assert turn.is_pressing
    assert turn.red_flag is not None
    assert turn.red_flag["level"] == level
    assert parse["entities"] == []


@pytest.mark.parametrize("text", ["how much is a session", "", None])
def test_without_danger_the_turn_fails_as_before(text: Any) -> None:
    with pytest.raises(ComponentFailed):
        parsed(text)


def test_a_screen_that_fails_as_well_hides_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(unparsed, "_screen", lambda: 1 / 0)
    with pytest.raises(ComponentFailed):
        parsed("my throat is closing")
    assert "ZeroDivisionError" in caplog.text
    assert "throat" not in caplog.text


def test_a_message_that_can_be_parsed_is_left_alone() -> None:
    assert parsed("my throat is closing", fails=False)["intent"] == {"name": "greet"}


def test_it_takes_the_place_of_rasas_own() -> None:
    (change,) = unparsed.CHANGES
    assert change.place() == (MessageProcessor, "_parse_message_with_graph")

"""What a message means after the one before it."""

from __future__ import annotations

import pytest

from frontdesk.half_said import with_what_is_left_out
from frontdesk.turn import Memory, Turn
from tests.visitor import asked

PAID_OFF = Memory(topics=("payment_options",))


def meant(text: str, intent: str, confidence: float, in_context: tuple[str, float] | None, memory: Memory) -> str:
    question = asked(text, intent, confidence)
    turn = Turn(text, intent, (question,), question.entities, in_context=(in_context,) if in_context else ())
    return with_what_is_left_out(turn, memory, lambda _: False).questions[0].intent


def test_a_question_that_could_be_of_anything_is_of_what_was_spoken_of() -> None:
    said = ("over how many months", "ask_results_timeline", 0.84)
    assert meant(*said, ("ask_payment_options", 0.86), PAID_OFF) == "ask_payment_options"


def test_a_tale_that_leans_on_a_question_asks_it() -> None:
    said = ("it's roasting in there, I sweat buckets", "story", 0.75)
    assert meant(*said, ("ask_aftercare", 0.61), Memory(topics=("downtime",))) == "ask_aftercare"


@pytest.mark.parametrize(
    ("intent", "confidence", "in_context"),
    [
        ("ask_pain", 0.97, ("ask_payment_options", 0.95)),
        ("ask_pain", 0.7, ("ask_payment_options", 0.6)),
        ("ask_pain", 0.7, ("ask_cost", 0.95)),
        ("story", 0.7, ("ask_payment_options", 0.3)),
        ("story", 0.7, ("emergency", 0.9)),
        ("story", 0.7, None),
    ],
)
def test_what_is_clear_by_itself_or_unclear_with_both_stays(
    intent: str, confidence: float, in_context: tuple[str, float] | None
) -> None:
    assert meant("the numbing bit", intent, confidence, in_context, PAID_OFF) == intent


def test_what_was_spoken_of_some_turns_ago_lends_nothing() -> None:
    memory = Memory(topics=("payment_options",), age=1)
    assert meant("over how many months", "story", 0.5, ("ask_payment_options", 0.9), memory) == "story"


def test_somebodys_health_is_not_read_as_anything_else() -> None:
    assert meant("I take warfarin", "story", 0.5, ("ask_payment_options", 0.9), PAID_OFF) == "story"

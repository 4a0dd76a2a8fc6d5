"""What a question touches besides its topic, in the words that visitors get."""

from __future__ import annotations

import pytest

from frontdesk.turn import Question, Turn
from tests.visitor import ask, message, named_in, outcomes, topics


@pytest.mark.parametrize(
    ("text", "intent", "also"),
    [
        ("does it hurt more with PRP", "ask_pain", "combination"),
        ("is it a peel or needling for stretch marks", "ask_comparison", "concerns_treated"),
        ("which is cheaper, needling or a laser", "ask_comparison", "cost"),
        ("which needle depth for the neck", "ask_devices", "body_areas"),
        ("is the pain worse if I do it at home", "ask_home_vs_professional", "pain"),
    ],
)
def test_what_the_answer_would_leave_open_is_told_too(text: str, intent: str, also: str) -> None:
    assert topics(ask(message((text, intent)))) == [intent.removeprefix("ask_"), also]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what does the neck cost", "ask_cost"),
        ("can it leave scars", "ask_side_effects"),
        ("should I eat before, my tummy is sensitive", "ask_preparation"),
        ("when can I use my vitamin c serum again", "ask_aftercare"),
        ("how long for the face", "ask_session_duration"),
    ],
)
def test_a_word_in_passing_is_no_second_question(text: str, intent: str) -> None:
    assert topics(ask(message((text, intent)))) == [intent.removeprefix("ask_")]


def test_a_medicine_before_or_after_a_session_leads_to_the_clinician() -> None:
    response = ask(message(("is aspirin alright the day before", "ask_preparation")))
    assert outcomes(response) == ["answer", "redirect"]
    assert topics(response) == ["preparation", "medical_advice"]


def worried(text: str, *near: str) -> Turn:
    """A worry with the intents that sound like it."""
    ranking = (("medical_advice", 0.9), *((intent, 0.03) for intent in near))
    return Turn(text, "medical_advice", (Question(text, "medical_advice", 0.9, None, ranking, named_in(text)),))


def test_a_worry_after_a_session_is_judged_by_a_clinician_and_hears_what_is_usual() -> None:
    response = ask(worried("small bumps since my session on Monday", "ask_side_effects"))
    assert outcomes(response) == ["redirect", "answer"]
    assert topics(response) == ["medical_advice", "side_effects"]


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("what is this brown patch on my cheek", "ask_side_effects"),
        ("small bumps since my session on Monday", "ask_cost"),
    ],
)
def test_a_worry_hears_nothing_that_does_not_belong_to_it(text: str, near: str) -> None:
    assert outcomes(ask(worried(text, near))) == ["redirect"]

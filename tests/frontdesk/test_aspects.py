"""What a question touches besides its topic, in the words that visitors get."""

from __future__ import annotations

import pytest

from frontdesk.answers import WORDS_FOR_ONE
from frontdesk.turn import Memory, Question, Turn
from tests.visitor import ask, facts, message, named_in, outcomes, said, topics


@pytest.mark.parametrize(
    ("text", "intent", "also"),
    [
        ("does it hurt more with PRP", "ask_pain", "combination"),
        ("is it a peel or needling for stretch marks", "ask_comparison", "concerns_treated"),
        ("which is cheaper, needling or a laser", "ask_comparison", "cost"),
        ("which needle depth for the neck", "ask_devices", "body_areas"),
        ("is the pain worse if I do it at home", "ask_home_vs_professional", "pain"),
        ("which has me off work longer, I can take no time off: a peel or this", "ask_comparison", "downtime"),
        ("how long do bruises show", "ask_downtime", "side_effects"),
        ("how often may I roll, I bought one online", "ask_number_of_sessions", "home_vs_professional"),
        ("can it scar you for life", "ask_safety", "side_effects"),
        ("is a pen kinder than a roller", "ask_devices", "comparison"),
        ("I can't find your door", "ask_clinic_location", "clinic_contact"),
        ("is the first chat any longer for new people", "ask_consultation_info", "session_duration"),
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
        ("should I shave my chin that morning", "ask_preparation"),
        ("how many minutes early should I come", "ask_consultation_info"),
    ],
)
def test_a_word_in_passing_is_no_second_question(text: str, intent: str) -> None:
    assert topics(ask(message((text, intent)))) == [intent.removeprefix("ask_")]


def test_the_answer_makes_room_for_what_is_asked_besides() -> None:
    response = ask(message(("is a peel or needling better for scars, and which hurts less", "ask_comparison")))
    assert len(said(response).split()) <= WORDS_FOR_ONE
    assert {"concerns_treated", "pain"} & set(topics(response))


def test_an_area_that_the_facts_speak_of_needs_no_further_sentence() -> None:
    after = Memory(("downtime",), {"concern": ("acne_scars",)})
    response = ask(message(("is it the same on the neck", "follow_up")), after)
    assert topics(response) == ["downtime", "body_areas"]
    assert {fact.split(".")[0] for fact in facts(response)} == {"downtime"}


def test_the_words_of_a_long_story_are_no_second_question() -> None:
    story = (
        "My sister had the money saved for years and then her boiler went, and she was sore about it for months, love."
    )
    response = ask(message(("does it work", "ask_effectiveness"), story=story))
    assert topics(response) == ["effectiveness"]


@pytest.mark.parametrize("text", ["would you say I need it", "do you think my skin is bad enough"])
def test_what_somebody_s_own_skin_needs_is_judged_by_a_clinician(text: str) -> None:
    response = ask(message((text, "ask_consultation_info")))
    assert outcomes(response) == ["answer", "redirect"]
    assert topics(response) == ["consultation_info", "medical_advice"]


def test_a_medicine_before_or_after_a_session_leads_to_the_clinician() -> None:
    response = ask(message(("is aspirin alright the day before", "ask_preparation")))
    assert outcomes(response) == ["answer", "redirect"]
    assert topics(response) == ["preparation", "medical_advice"]


def worried(text: str, *near: str) -> Turn:
    """A worry with the intents that sound like it."""
    ranking = (("medical_advice", 0.9), *((intent, 0.03) for intent in near))
    return Turn(text, "medical_advice", (Question(text, "medical_advice", 0.9, ranking, named_in(text)),))


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

from __future__ import annotations

import pytest

from frontdesk.turn import Memory
from frontdesk.understanding import Ask, asks_of, held
from tests.visitor import message, named_in, shipped_store

DOWNTIME_OF_SCARS = Memory(("downtime",), {"concern": ("acne_scars",), "body_area": ("neck",)})


def only(turn, memory: Memory | None = None) -> Ask:
    (ask,) = asks_of(turn, memory or Memory(), shipped_store().needling)
    return ask


def topics(turn, memory: Memory | None = None) -> list[str]:
    return [ask.topic for ask in asks_of(turn, memory or Memory(), shipped_store().needling)]


def test_questions_are_asked_in_their_order():
    turn = message(("does it hurt", "ask_pain"), ("how much is it", "ask_cost"))
    assert topics(turn) == ["pain", "cost"]


def test_the_same_question_twice_is_one():
    assert topics(message(("what's the price", "ask_cost"), ("how much then", "ask_cost"))) == ["cost"]


@pytest.mark.parametrize("intent", ["story", "inform"])
def test_a_story_asks_nothing(intent):
    assert topics(message(("My wedding is in June", intent))) == []


def test_a_fragment_takes_the_topic_of_the_turn_before_and_its_own_concern():
    ask = only(message(("and for stretch marks?", "follow_up")), DOWNTIME_OF_SCARS)
    assert (ask.topic, ask.entities["concern"], ask.follows) == ("downtime", ("stretch_marks",), True)


def test_a_fragment_keeps_the_concern_and_takes_another_area():
    ask = only(message(("is it the same on the chest", "follow_up")), DOWNTIME_OF_SCARS)
    assert ask.entities["body_area"] == ("chest",)
    assert ask.entities["concern"] == ("acne_scars",)


def test_a_fragment_takes_the_topic_of_the_question_before_it():
    turn = message(("does it hurt on the face", "ask_pain"), ("and on the neck?", "follow_up"))
    assert topics(turn, DOWNTIME_OF_SCARS) == ["pain"]


def test_a_new_question_is_not_mixed_with_the_turn_before():
    ask = only(message(("how much is it", "ask_cost")), DOWNTIME_OF_SCARS)
    assert not ask.entities
    assert not ask.follows


def test_a_topic_does_not_stick_for_ever():
    stale = Memory(("downtime",), {"concern": ("acne_scars",)}, age=5)
    assert "downtime" not in topics(message(("and then?", "follow_up")), stale)


def test_a_fragment_without_a_conversation_is_about_what_it_names():
    assert topics(message(("and stretch marks?", "follow_up"))) == ["concerns_treated"]
    assert topics(message(("what about the neck", "follow_up"))) == ["body_areas"]


def test_a_fragment_that_leans_on_nothing_asks_nothing():
    assert topics(message(("and then?", "follow_up"))) == []


def test_a_fragment_that_names_another_treatment_compares():
    assert topics(message(("what about laser?", "follow_up")), DOWNTIME_OF_SCARS) == ["comparison"]


def test_a_fragment_that_names_a_condition_is_about_suitability():
    assert topics(message(("and with rosacea?", "follow_up")), Memory(("cost",))) == ["suitability"]


@pytest.mark.parametrize("judged", ["is that long enough", "is that a problem?", "does that matter", "is this ok"])
def test_judging_a_condition_is_about_suitability(judged):
    ask = only(message((judged, "ask_results_longevity"), story="I came off roaccutane in May."))
    assert ask.topic == "suitability"
    assert [(entity.value, entity.state) for entity in ask.people] == [("isotretinoin", "past")]
    assert ask.personal


def test_a_story_with_a_condition_is_about_suitability():
    ask = only(message(("I've got psoriasis on my arms", "story")))
    assert (ask.topic, ask.personal) == ("suitability", True)


@pytest.mark.parametrize("topic", ["safety", "suitability"])
@pytest.mark.parametrize(
    "text",
    [
        "I take apixaban, can I have it?",
        "im diabetic is it safe",
        "is it safe for me, I have epilepsy?",
        "my husband has rosacea, is it ok for him",
        "I’ve got a pacemaker, is it safe",
    ],
)
def test_a_case_of_ones_own_is_personal(text, topic):
    ask = only(message((text, f"ask_{topic}")))
    assert ask.personal
    assert ask.topic == "suitability"


@pytest.mark.parametrize("text", ["is it safe with rosacea", "can diabetics have it", "is it ok when pregnant"])
def test_a_general_question_is_not_personal(text):
    assert not only(message((text, "ask_safety"))).personal


def test_a_question_about_oneself_without_a_condition_is_personal():
    assert only(message(("am I suitable?", "ask_suitability"))).personal


def test_what_was_told_before_several_questions_belongs_to_each():
    turn = message(("is it safe", "ask_safety"), ("can I have it on my neck", "ask_body_areas"), story="I am pregnant.")
    asks = asks_of(turn, Memory(), shipped_store().needling)
    assert [ask.topic for ask in asks] == ["suitability", "body_areas"]
    assert all([entity.value for entity in ask.people] == ["pregnant"] for ask in asks)


def test_what_was_told_before_joins_what_the_question_names():
    ask = only(message(("I take warfarin, is it safe?", "ask_safety"), story="I have epilepsy."))
    assert {entity.value for entity in ask.people} == {"epilepsy", "blood_thinner"}


def test_one_question_does_not_lend_its_condition_to_another():
    turn = message(("is it safe with rosacea", "ask_safety"), ("how much is it for me", "ask_cost"))
    assert asks_of(turn, Memory(), shipped_store().needling)[1].people == ()


def test_what_is_denied_is_not_held():
    people = named_in("I'm not pregnant but I'm breastfeeding")
    assert [entity.value for entity in held(people)] == ["breastfeeding"]


def test_a_denied_condition_makes_no_case():
    ask = only(message(("it's for acne scars, I'm not diabetic, how many sessions?", "ask_number_of_sessions")))
    assert ask.topic == "number_of_sessions"
    assert not held(ask.people)


def test_a_second_reading_is_kept_for_a_topic_only():
    turn = message(("how is it paid", "ask_cost"))
    question = turn.questions[0].__class__(**{**turn.questions[0].__dict__, "other": "ask_payment_options"})
    assert only(turn.__class__(turn.text, turn.intent, (question,))).other == "payment_options"
    question = turn.questions[0].__class__(**{**turn.questions[0].__dict__, "other": "greet"})
    assert only(turn.__class__(turn.text, turn.intent, (question,))).other is None


@pytest.mark.parametrize(
    "name", ["needling", "micro-needling", "a derma pen", "dermaroller", "skin-pen", "Morpheus8", "RF"]
)
def test_another_treatment_beside_needling_is_not_out_of_scope(name: str) -> None:
    assert only(message((f"I have {name}, does botox hurt?", "ask_pain"))).topic == "pain"
    assert only(message(("does botox hurt?", "ask_pain"))).topic == "out_of_scope"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("why would I want a facial", "ask_comparison"),
        ("botox or filler for my lips", "ask_comparison"),
    ],
)
def test_what_weighs_nothing_against_needling_is_out_of_scope(text: str, intent: str) -> None:
    assert only(message((text, intent))).topic == "out_of_scope"


@pytest.mark.parametrize(
    "text", ["how does it differ from a peel", "is a laser better", "peel or this", "needling or laser or botox"]
)
def test_what_may_be_weighed_against_needling_is_a_comparison(text: str) -> None:
    assert only(message((text, "ask_comparison"))).topic == "comparison"


def test_a_question_after_the_story_of_another_treatment_is_about_that() -> None:
    story = "I booked a laser for this weekend, and it says a nurse or a therapist does it."
    assert only(message(("should I ask for the nurse", "ask_practitioner"), story=story)).topic == "out_of_scope"
    assert only(message(("who does yours", "ask_practitioner"), story=story)).topic == "practitioner"


def test_coming_in_spite_of_a_condition_is_about_suitability() -> None:
    assert topics(message(("I'm on blood thinners, can I still come", "reschedule_or_cancel"))) == ["suitability"]

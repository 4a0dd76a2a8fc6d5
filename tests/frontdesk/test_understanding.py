from __future__ import annotations

import pytest

from frontdesk.entities import Entity
from frontdesk.turn import Memory, Question, Turn
from frontdesk.understanding import ABOUT_THE_VISITOR, Ask, asks_of, held
from tests.visitor import asked, message, named_in, shipped_store

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


def test_what_is_touched_besides_is_kept_for_a_topic_only():
    turn = message(("how is it paid", "ask_cost"))
    question = turn.questions[0].__class__(**{**turn.questions[0].__dict__, "also": "ask_payment_options"})
    assert only(turn.__class__(turn.text, turn.intent, (question,))).other == "payment_options"
    question = turn.questions[0].__class__(**{**turn.questions[0].__dict__, "also": "greet"})
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
    "text",
    [
        "how does it differ from a peel",
        "is a laser better",
        "peel or this",
        "needling or laser or botox",
        "is it better than laser or peels",
    ],
)
def test_what_may_be_weighed_against_needling_is_a_comparison(text: str) -> None:
    assert only(message((text, "ask_comparison"))).topic == "comparison"


def test_a_question_after_the_story_of_another_treatment_is_about_that() -> None:
    story = "I booked a laser for this weekend, and it says a nurse or a therapist does it."
    assert only(message(("should I ask for the nurse", "ask_practitioner"), story=story)).topic == "out_of_scope"
    assert only(message(("who does yours", "ask_practitioner"), story=story)).topic == "practitioner"


def test_coming_in_spite_of_a_condition_is_about_suitability() -> None:
    assert topics(message(("I'm on blood thinners, can I still come", "reschedule_or_cancel"))) == ["suitability"]


def after_telling(text: str, state: str = "present") -> Memory:
    (told,) = (entity for entity in named_in(text) if entity.entity in ABOUT_THE_VISITOR)
    return Memory().after(["suitability"], {}, missed=False, people=[Entity(**{**vars(told), "state": state})])


def unsure(text: str, *ranking: tuple[str, float]) -> Turn:
    question = Question(text, ranking[0][0], ranking[0][1], ranking, named_in(text))
    return Turn(text, question.intent, (question,), question.entities)


@pytest.mark.parametrize(
    ("text", "intent"),
    [("is that long enough?", "ask_session_duration"), ("is it ok", "affirm"), ("can I go ahead then", "affirm")],
)
def test_what_follows_from_a_condition_told_before_is_asked_of_it(text, intent):
    ask = only(message((text, intent)), after_telling("roaccutane", "past"))
    assert (ask.topic, ask.personal) == ("suitability", True)
    assert [(entity.value, entity.state) for entity in ask.people] == [("isotretinoin", "past")]


def test_how_long_to_wait_is_asked_of_the_condition_told_before():
    turn = message(("how long since treatment do I have to wait", "ask_results_timeline"))
    assert only(turn, after_telling("cancer", "past")).topic == "suitability"


def test_a_condition_outlives_a_few_other_questions():
    memory = after_telling("pregnant").after(["pain"], {}, missed=False).after(["cost"], {}, missed=False)
    assert [entity.value for entity in only(message(("is it safe", "ask_safety")), memory).people] == ["pregnant"]
    stale = memory.after(["cost"], {}, missed=False).after(["pain"], {}, missed=False)
    assert not only(message(("is it safe", "ask_safety")), stale).people


def test_a_condition_of_somebody_else_is_not_the_visitors():
    memory = after_telling("lupus", "other")
    assert only(message(("can she have it?", "ask_suitability")), memory).people
    assert not only(message(("what about me, can I have it?", "ask_suitability")), memory).people


def test_a_medicine_told_before_is_what_would_be_stopped():
    ask = only(message(("should I stop it for a few days", "medical_advice")), after_telling("apixaban"))
    assert [entity.value for entity in ask.people] == ["blood_thinner"]
    turn = message(("what if I just skip the morning one", "ask_preparation"))
    assert only(turn, after_telling("apixaban")).topic == "medical_advice"


def test_what_is_denied_first_and_taken_back_later_is_held():
    text = "no cold sores, well maybe once years ago"
    turn = Turn(text, "ask_suitability", (asked("no cold sores", "ask_suitability"),), named_in(text))
    assert held(only(turn).people)


@pytest.mark.parametrize("intent", ["goodbye", "thank", "affirm"])
def test_small_talk_leans_on_nothing(intent):
    assert topics(unsure("that's all", (intent, 0.4), ("follow_up", 0.2)), Memory(("cost",))) == [intent]


def test_an_unsure_question_that_is_clearly_of_a_topic_is_not_of_the_one_before():
    turn = unsure("how long does that last", ("ask_results_longevity", 0.47), ("follow_up", 0.4), ("ask_pain", 0.1))
    assert topics(turn, Memory(("results_timeline",))) == ["results_longevity"]


def test_a_word_or_two_that_reads_like_a_tale_is_of_the_topic_before():
    turn = unsure("swimming", ("story", 0.65), ("ask_aftercare", 0.3))
    assert topics(turn, Memory(("aftercare",))) == ["aftercare"]
    assert topics(turn, Memory(("cost",))) == []


def test_a_time_named_alone_is_asked_of_it():
    assert topics(message(("ok and after?", "follow_up")), Memory(("cost",))) == ["aftercare"]


@pytest.mark.parametrize("text", ["are they permanent", "does that last longer"])
def test_how_long_effects_last_is_asked_of_the_effects(text):
    turn = message((text, "ask_results_longevity"))
    assert topics(turn, Memory(("side_effects",))) == ["side_effects"]
    assert topics(turn, Memory(("effectiveness",))) == ["results_longevity"]


@pytest.mark.parametrize(
    ("text", "intent"), [("how much would that be", "ask_cost"), ("does it hurt there", "ask_pain")]
)
def test_a_question_that_points_at_what_was_said_keeps_its_concern_and_area(text, intent):
    ask = only(message((text, intent)), DOWNTIME_OF_SCARS)
    assert (ask.topic, ask.entities["body_area"]) == (intent.removeprefix("ask_"), ("neck",))


def test_questions_after_another_treatment_are_asked_of_that():
    memory = Memory(("out_of_scope",), {"treatment": ("botulinum_toxin",)})
    ask = only(message(("how much is it", "ask_cost")), memory)
    assert (ask.topic, ask.entities["treatment"]) == ("out_of_scope", ("botulinum_toxin",))
    assert topics(message(("how much is microneedling", "ask_cost")), memory) == ["cost"]
    assert topics(message(("and needling?", "follow_up")), memory) == ["what_is"]
    assert topics(message(("how much is it", "ask_cost")), Memory(memory.topics, memory.entities, age=1)) == ["cost"]


def test_why_is_asked_of_the_condition_where_nothing_else_was_answered():
    told = [entity for entity in named_in("my son is 15") if entity.entity == "circumstance"]
    memory = Memory().after([], {}, missed=False, people=told)
    assert topics(message(("why", "follow_up")), memory) == ["suitability"]

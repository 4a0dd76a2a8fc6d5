from __future__ import annotations

import pytest

from frontdesk.facts.schema import TOPICS
from frontdesk.questions import MOST_BUTTONS
from frontdesk.turn import Memory, Question, Turn
from tests.visitor import (
    ask,
    asked,
    facts,
    message,
    named_in,
    not_understood,
    outcomes,
    payloads,
    said,
    shipped_store,
    topics,
)

BOOK = "I would like to book a consultation"
PHONE = "+44 20 7946 0018"
MISSED = Memory(misses=1)

EVERYTHING = [
    *(message((shipped_store().topics[topic].question, f"ask_{topic}")) for topic in TOPICS),
    *(
        message((text, intent))
        for text, intent in [
            ("hello", "greet"),
            ("bye", "goodbye"),
            ("thanks", "thank"),
            ("yes", "affirm"),
            ("no", "deny"),
            ("help", "help"),
            ("are you real", "bot_challenge"),
            ("let me talk to someone", "human_handoff"),
            ("book me in", "book_consultation"),
            ("move my appointment", "reschedule_or_cancel"),
            ("should I take the antibiotics", "medical_advice"),
            ("who won the football", "out_of_scope"),
            ("do you do lip filler", "out_of_scope"),
            ("and then?", "follow_up"),
            ("my wedding is in June", "story"),
            ("I'm not pregnant", "story"),
            ("I am 16, is it safe and how much is it", "ask_safety"),
            ("I take warfarin, can I have it?", "ask_suitability"),
        ]
    ),
    message(("how much", "ask_cost"), ("does it hurt", "ask_pain"), ("can I come Friday", "book_consultation")),
    not_understood("ask_cost", "ask_pain"),
    not_understood(),
    *(not_understood(reason=reason) for reason in ("emoji_only", "other_language", "gibberish")),
]


@pytest.mark.parametrize("turn", EVERYTHING, ids=lambda turn: f"{turn.intent} {turn.text[:30]}")
@pytest.mark.parametrize("memory", [Memory(), MISSED, Memory(("cost",), {"body_area": ("neck",)})], ids=str)
def test_every_turn_gets_a_reply_with_metadata_and_a_few_usable_buttons(turn, memory):
    response = ask(turn, memory)
    assert response.replies
    for reply in response.replies:
        assert reply.text.strip()
        assert reply.outcome in {"answer", "clarify", "redirect", "booking", "handoff", "smalltalk"}
        assert set(reply.versions) == set(reply.facts) <= set(shipped_store().facts)
        assert not set("{}") & set(reply.text)
        assert "ask_" not in reply.text
        for button in reply.buttons:
            assert 0 < len(button.title) <= 20
            assert button.payload.strip()
            assert not button.payload.startswith("/")
        assert len({button.payload for button in reply.buttons}) == len(reply.buttons) <= MOST_BUTTONS
    assert not any(reply.buttons for reply in response.replies[:-1])
    assert Memory.from_slot(response.memory.to_slot()) == response.memory


@pytest.mark.parametrize("topic", TOPICS)
def test_a_question_on_a_topic_is_answered_with_its_facts_and_next_steps(topic):
    response = ask(message(("And that?", f"ask_{topic}")))
    assert outcomes(response) == ["answer"]
    assert topics(response) == [topic]
    assert all(fact.startswith(f"{topic}.") for fact in facts(response))
    assert payloads(response)


def test_several_questions_are_answered_in_the_order_asked():
    response = ask(
        message(("does it hurt", "ask_pain"), ("how much", "ask_cost"), ("where are you", "ask_clinic_location"))
    )
    assert topics(response) == ["pain", "cost", "clinic_location"]
    assert outcomes(response) == ["answer"] * 3
    assert response.memory.topics == ("pain", "cost", "clinic_location")


def test_several_answers_are_shorter_than_one():
    questions = [("does it hurt", "ask_pain"), ("and afterwards", "ask_aftercare"), ("the risks", "ask_side_effects")]
    for reply in ask(message(*questions)).replies:
        assert len(reply.text.split()) <= 40


def test_an_answer_comes_before_the_booking_that_was_asked_for_with_it():
    response = ask(message(("how much is it", "ask_cost"), ("can I come on Friday", "book_consultation")))
    assert outcomes(response) == ["answer", "booking"]


def test_a_greeting_before_a_question_is_not_a_question():
    assert outcomes(ask(message(("hello", "greet"), ("how much is it", "ask_cost")))) == ["answer"]


def test_what_a_question_touches_beside_its_topic_is_answered_too():
    question = asked("how do I pay for the price", "ask_cost", also="ask_payment_options")
    assert topics(ask(Turn(question.text, question.intent, (question,)))) == ["cost", "payment_options"]


def test_an_area_named_with_another_question_is_spoken_of():
    response = ask(message(("does it hurt on the neck", "ask_pain")))
    assert topics(response) == ["pain", "body_areas"]
    assert response.memory.topics == ("pain",)


def test_a_fragment_leans_on_the_question_and_not_on_what_was_told_with_it():
    first = ask(message(("how long is the recovery for stretch marks on my thighs", "ask_downtime")))
    then = ask(message(("and on the neck?", "follow_up")), first.memory)
    assert topics(then) == ["downtime", "body_areas"]
    assert {fact.split(".")[0] for fact in facts(then)} == {"downtime"}


def test_a_doubt_is_cleared_between_two_topics_in_human_words():
    response = ask(not_understood("ask_number_of_sessions", "ask_results_timeline", "ask_cost"))
    store = shipped_store()
    first, second = store.topics["number_of_sessions"], store.topics["results_timeline"]
    assert outcomes(response) == ["clarify"]
    assert first.title in said(response)
    assert second.title in said(response)
    assert payloads(response)[:2] == [first.question, second.question]
    assert response.memory.misses == 1


@pytest.mark.parametrize("ranking", [(), ("ask_cost",), ("medical_advice", "out_of_scope", "greet")])
def test_a_doubt_without_two_topics_asks_for_other_words(ranking):
    response = ask(not_understood(*ranking))
    assert outcomes(response) == ["clarify"]
    for intent in ranking:
        assert intent not in said(response)


@pytest.mark.parametrize("reason", ["unsure", "gibberish", "emoji_only", "other_language"])
def test_a_second_miss_in_a_row_leads_to_a_person(reason):
    first = ask(not_understood("ask_cost", "ask_pain"))
    second = ask(not_understood("ask_cost", "ask_pain", reason=reason), first.memory)
    assert outcomes(second) == ["handoff"]
    assert PHONE in said(second)
    assert second.memory.misses == 2


def test_a_turn_that_was_understood_ends_the_misses():
    response = ask(message(("how much", "ask_cost")), MISSED)
    assert response.memory.misses == 0
    assert outcomes(ask(not_understood("ask_cost", "ask_pain"), response.memory)) == ["clarify"]


def test_each_kind_of_unreadable_message_has_its_own_sentence():
    texts = {
        said(ask(not_understood(reason=reason))) for reason in ("gibberish", "emoji_only", "other_language", "unsure")
    }
    assert len(texts) == 4


def test_another_language_gets_the_phone():
    assert PHONE in said(ask(not_understood(reason="other_language")))


def test_a_fragment_out_of_nowhere_is_asked_back():
    assert outcomes(ask(message(("and then?", "follow_up")))) == ["clarify"]
    assert outcomes(ask(message(("and then?", "follow_up")), MISSED)) == ["handoff"]


def test_what_is_out_of_scope_is_redirected_without_a_fact():
    response = ask(message(("who won the football", "out_of_scope")))
    assert outcomes(response) == ["redirect"]
    assert facts(response) == []
    assert BOOK in payloads(response)


def test_another_treatment_is_named_as_what_is_not_covered():
    response = ask(message(("how much is a chemical peel", "out_of_scope")))
    assert outcomes(response) == ["redirect"]
    assert "peel" in said(response)


def test_an_own_reaction_gets_the_answer_and_a_clinician():
    turn = message(("I have brown patches two weeks after my session, how long do they last?", "ask_side_effects"))
    assert outcomes(ask(turn)) == ["answer", "redirect"]
    assert topics(ask(turn))[0] == "side_effects"


def test_what_else_is_asked_of_another_treatment_is_not_answered_for_needling():
    turn = message(("does laser hurt", "ask_pain"), ("and is it safe", "ask_safety"))
    assert (outcomes(ask(turn)), topics(ask(turn))) == (["redirect"], ["out_of_scope"])


def test_medical_advice_is_redirected_and_medicine_to_the_prescriber():
    assert outcomes(ask(message(("what is this lump", "medical_advice")))) == ["redirect"]
    response = ask(message(("should I stop my warfarin", "medical_advice")))
    assert outcomes(response) == ["redirect"]
    assert "prescriber" in said(response)
    assert facts(response) == []


@pytest.mark.parametrize("text", ["I take apixaban, can I have it?", "im on eliquis can i get it done"])
def test_a_condition_of_ones_own_gets_its_fact_and_the_consultation(text):
    response = ask(message((text, "ask_suitability")))
    assert facts(response) == ["suitability.blood_thinner"]
    assert outcomes(response) == ["answer", "redirect"]
    assert BOOK in payloads(response)


@pytest.mark.parametrize("topic", ["preparation", "aftercare", "body_areas", "side_effects"])
def test_a_general_answer_to_somebody_with_a_condition_ends_at_the_consultation(topic):
    response = ask(message(("I have epilepsy, what about my face", f"ask_{topic}")))
    assert outcomes(response)[-1] == "redirect"
    assert BOOK in payloads(response)


def test_what_is_denied_is_noted_and_clears_nobody():
    response = ask(message(("I'm not pregnant, so can I have it?", "ask_suitability")))
    assert facts(response) == []
    assert "clinician" in said(response)


def test_a_story_without_a_question_is_asked_what_about_it():
    response = ask(message(("My wedding is in June", "story")))
    assert outcomes(response) == ["clarify"]
    assert response.memory.misses == 0


MINORS = [
    message(("I'm 16, can I book?", "book_consultation")),
    message(("I am 15, can I have it?", "ask_suitability")),
    message(("my daughter is 14, how much is it for her", "ask_cost")),
    message(("I'm 17 and on roaccutane, should I stop it", "medical_advice")),
    message(("im 16 do you do lip filler", "out_of_scope")),
    message(("how much is it", "ask_cost"), ("can I book", "book_consultation"), story="I'm 15."),
    message(("I'm 16 and I'm not pregnant", "story")),
]


@pytest.mark.parametrize("turn", MINORS, ids=lambda turn: turn.text)
def test_a_minor_is_sent_to_a_parent_and_offered_no_booking(turn):
    response = ask(turn)
    assert "parent" in response.replies[-1].text
    assert outcomes(response)[-1] == "redirect"
    assert "booking" not in outcomes(response)
    assert not any("book" in payload.lower() or "consultation" in payload.lower() for payload in payloads(response))


def test_a_minor_who_is_not_understood_is_offered_no_booking():
    turn = Turn(
        "im 15 blah", "nlu_fallback", (Question("im 15 blah", "ask_cost", 0.1),), named_in("im 15 blah"), "unsure"
    )
    assert BOOK not in payloads(ask(turn))


def test_nothing_else_stands_in_the_metadata_than_what_was_told():
    response = ask(message(("how much is a course", "ask_cost")))
    (reply,) = response.replies
    store = shipped_store()
    for fact in reply.facts:
        rendered = store.render(fact)
        assert rendered.text in reply.text
        assert reply.versions[fact] == rendered.version

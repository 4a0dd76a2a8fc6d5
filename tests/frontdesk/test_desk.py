"""One turn after another: danger first, then the booking under way, then questions."""

from __future__ import annotations

import datetime

import pytest

from frontdesk.appointments import Appointments, Visitor
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.calendar import Calendar
from frontdesk.danger import Danger
from frontdesk.database import create_engine
from frontdesk.desk import Desk
from frontdesk.facts.booking_words import load_booking_words
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.migrations import upgrade
from frontdesk.screening import RedFlag, Screen
from frontdesk.settings import Settings
from frontdesk.turn import Memory, Question, Response, Turn
from tests.visitor import FACTS, NOW, named_in, shipped_store

ADDRESSES = Addresses("https://desk.example", "s" * 40)
SWOLLEN = "my throat is swelling up"
OVER = "false alarm, it is over now"


class Talk:
    """A conversation with the desk and a real, empty appointment book."""

    def __init__(self, var_dir) -> None:
        settings = Settings.from_environment({"FRONTDESK_VAR": str(var_dir)})
        self.engine = create_engine(settings)
        upgrade(self.engine)
        self.store = shipped_store()
        red_flags = load_red_flags(FACTS)
        self.desk = Desk(Danger(red_flags))
        self.screen = Screen(red_flags)
        self.words = load_booking_words(FACTS)
        self.memory = Memory()
        self.now = NOW

    @property
    def calendar(self) -> Calendar:
        return Calendar(self.engine, self.store.clinic, lambda: self.now)

    def say(self, text: str, *intents: str, heard: RedFlag | None = None, also: str | None = None) -> Response:
        found = heard or self.screen.check(text)
        flag = None
        if found is not None:
            flag = {"level": found.level, "category": found.category, "by": found.by, "reply": found.reply}
        questions = tuple(Question(text, intent, entities=named_in(text), also=also) for intent in intents)
        turn = Turn(text, intents[0], questions, named_in(text), red_flag=flag)
        now = self.now.astimezone(self.store.clinic.zone)
        visitor = Visitor("website:test", "website")
        appointments = Appointments(self.calendar, self.words, ADDRESSES, visitor, self.store, now)
        # What travels between turns is JSON in a slot.
        response = self.desk.respond(turn, Memory.from_slot(self.memory.to_slot()), self.store, now, appointments)
        self.memory = response.memory
        return response


@pytest.fixture
def talk(tmp_path) -> Talk:
    return Talk(tmp_path)


def outcomes(response: Response) -> list[str]:
    return [reply.outcome for reply in response.replies]


def test_an_emergency_gets_the_number_and_nothing_else(talk):
    response = talk.say(SWOLLEN, "ask_cost")

    (reply,) = response.replies
    assert reply.outcome == "emergency"
    assert "999" in reply.text
    assert reply.topics == ("emergency",)
    assert [button.payload for button in reply.buttons] == [talk.store.buttons["call"].payload]


def test_after_an_emergency_every_turn_stays_careful_until_it_is_over(talk):
    talk.say(SWOLLEN, "story")

    for text, intent in (("thanks", "thank"), ("how much is it", "ask_cost"), ("hello?", "greet")):
        response = talk.say(text, intent)
        assert outcomes(response) == ["emergency"], text

    assert outcomes(talk.say(OVER, "story")) == ["handoff"]
    assert outcomes(talk.say("how much is it", "ask_cost")) == ["answer"]


def test_a_lesser_sign_does_not_end_an_emergency(talk):
    talk.say(SWOLLEN, "story")

    response = talk.say("since my session yesterday there is pus and it is getting redder", "medical_advice")

    assert outcomes(response) == ["emergency"]


def test_the_way_to_the_clinic_is_told_beside_the_safety_message(talk):
    talk.say(SWOLLEN, "story")

    response = talk.say("what is your number", "ask_clinic_contact")

    assert outcomes(response) == ["emergency", "answer"]
    assert not response.replies[1].buttons


def test_an_urgent_sign_is_not_followed_by_cheerful_small_talk(talk):
    urgent = talk.say("since my session yesterday there is pus and it is getting redder", "medical_advice")
    assert outcomes(urgent) == ["urgent"]

    assert outcomes(talk.say("thank you", "thank")) == ["urgent"]
    assert outcomes(talk.say("how much is it", "ask_cost")) == ["answer"]


def test_what_is_asked_of_the_skin_after_an_urgent_sign_keeps_the_call(talk):
    talk.say("since my session yesterday there is pus and it is getting redder", "medical_advice")

    response = talk.say("can I put make-up on it", "ask_aftercare")

    assert outcomes(response) == ["answer", "urgent"]
    assert not response.replies[0].buttons


def test_what_only_half_sounds_like_an_emergency_is_none_in_the_turns_after(talk):
    talk.say("I'd like to book a consultation", "book_consultation")
    half = RedFlag("urgent", "E-AN", "score:0.30", "urgent")
    assert outcomes(talk.say("It's Tom Ashby, by the way", "inform", heard=half)) == ["urgent"]

    assert outcomes(talk.say("07700 900111", "inform")) == ["booking"]
    assert not talk.memory.in_emergency


def test_danger_leaves_a_booking_and_keeps_what_was_entered(talk):
    talk.say("I'd like to book a consultation", "book_consultation")
    talk.say("Tom Ashby", "inform")
    assert outcomes(talk.say(SWOLLEN, "story")) == ["emergency"]
    talk.say(OVER, "story")

    response = talk.say("07700 900111", "inform")

    assert outcomes(response) == ["booking"]
    assert talk.memory.booking["name"] == "Tom Ashby"
    assert talk.memory.booking["phone"] == "+447700900111"


@pytest.mark.parametrize("text", ["I've called 999", "she's ok now, they gave her adrenaline", "at A&E now"])
def test_help_that_was_called_ends_the_careful_state_although_it_sounds_like_danger(talk, text):
    talk.say(SWOLLEN, "story")

    assert outcomes(talk.say(text, "emergency")) == ["handoff"]
    assert talk.memory.alert is None


@pytest.mark.parametrize("text", ["I called 999 but nobody answers", "the ambulance is here and she stopped breathing"])
def test_help_that_does_not_come_or_a_new_danger_keeps_the_safety_message(talk, text):
    talk.say(SWOLLEN, "story")

    assert outcomes(talk.say(text, "emergency")) == ["emergency"]
    assert talk.memory.alert is not None


def test_what_a_request_touches_besides_is_answered_before_it_is_begun(talk):
    response = talk.say(
        "how do I use my voucher to get an appointment", "book_consultation", also="ask_payment_options"
    )

    assert [reply.topics for reply in response.replies] == [("payment_options",), ("book_consultation",)]
    assert outcomes(response) == ["answer", "booking"]


def test_the_rules_of_a_change_are_told_in_the_middle_of_it(talk):
    talk.say("please move my appointment", "reschedule_or_cancel")

    response = talk.say("is there a fee for that", "reschedule_or_cancel", also="ask_payment_options")

    assert outcomes(response) == ["answer", "booking"]
    assert response.replies[0].facts == ("consultation_info.cancelling", "payment_options.late_change")
    assert response.replies[0].topics == ("reschedule_or_cancel", "payment_options")


@pytest.mark.parametrize(("text", "intent"), [("haha. beer?", "out_of_scope"), ("a pint of beer", "story")])
def test_a_thing_named_alone_is_asked_of_the_topic_that_speaks_of_it(talk, text, intent):
    talk.say("what should I not do beforehand", "ask_preparation")

    (reply,) = talk.say(text, intent).replies

    assert reply.facts == ("preparation.alcohol",)


def test_a_thing_that_the_topic_does_not_speak_of_is_not_asked_of_it(talk):
    talk.say("does it hurt", "ask_pain")

    assert outcomes(talk.say("haha. beer?", "out_of_scope")) == ["redirect"]


def test_a_cream_named_after_the_preparation_is_no_matter_of_health(talk):
    talk.say("what should I not do beforehand", "ask_preparation")

    assert talk.say("even retinol", "follow_up").replies[0].topics == ("preparation",)


def test_more_told_of_a_case_is_of_the_case(talk):
    talk.say("I used to take isotretinoin", "ask_suitability")

    more = talk.say("stopped it in the spring", "story")

    assert outcomes(more) == ["answer", "redirect"]
    assert more.replies[0].facts[0].startswith("suitability.isotretinoin")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("so she'd be ok then", "affirm"),
        ("nothing stopping me then", "deny"),
        ("I can just come?", "book_consultation"),
    ],
)
def test_nobody_is_cleared_by_a_yes_or_no(talk, text, intent):
    talk.say("I have diabetes, can I have it", "ask_suitability")

    response = talk.say(text, intent)

    assert outcomes(response) == ["answer", "redirect"]
    assert response.replies[0].topics == ("suitability",)


def test_an_area_named_alone_is_asked_of_the_question_before(talk):
    talk.say("does it hurt", "ask_pain")

    assert talk.say("upper lip", "ask_body_areas").replies[0].topics[0] == "pain"


@pytest.mark.parametrize("text", ["Robin Teale", "07700 900111", "robin@example.com"])
def test_details_after_the_consultation_begin_a_booking(talk, text):
    talk.say("what is a consultation", "ask_consultation_info")

    assert outcomes(talk.say(text, "inform")) == ["booking"]


def test_details_after_something_else_begin_nothing(talk):
    talk.say("does it hurt", "ask_pain")

    assert outcomes(talk.say("Robin Teale", "inform")) == ["clarify"]


def test_a_booking_is_made_with_a_question_in_the_middle(talk):
    talk.say("I'd like to book a consultation", "book_consultation")
    both = talk.say("It's Tom Ashby, and how much is it?", "ask_cost")
    assert outcomes(both) == ["answer", "booking"]
    talk.say("tom@example.com", "inform")
    between = talk.say("does it hurt", "ask_pain")
    assert outcomes(between) == ["answer", "booking"]
    talk.say("thursday at 3pm", "inform")

    done = talk.say("yes", "affirm")

    assert outcomes(done) == ["booking"]
    assert talk.memory.booking is None
    start = datetime.datetime(2026, 11, 26, 15, 0, tzinfo=talk.store.clinic.zone)
    (booked,) = talk.calendar.bookings(start, start + datetime.timedelta(hours=1))
    assert booked.slot.start == start
    assert (booked.details.name, booked.details.email) == ("Tom Ashby", "tom@example.com")
    assert booked.reference in done.replies[0].text


def test_an_answer_comes_before_the_booking_it_is_asked_with(talk):
    response = talk.say("how much is it, and can I come in on friday", "ask_cost", "book_consultation")

    assert outcomes(response) == ["answer", "booking"]
    assert talk.memory.booking is not None


def test_the_rules_of_cancelling_are_told_without_beginning_to_cancel(talk):
    response = talk.say("what if I'm running late", "reschedule_or_cancel")

    assert outcomes(response) == ["answer"]
    assert response.replies[0].topics == ("reschedule_or_cancel",)
    assert response.replies[0].facts
    assert talk.memory.booking is None


def test_somebody_under_age_is_not_booked(talk):
    response = talk.say("I'm 15, can you book me in", "book_consultation")

    assert talk.memory.booking is None
    assert all(reply.outcome != "booking" for reply in response.replies)


def test_a_change_of_medicine_is_never_answered(talk):
    response = talk.say("should I stop my warfarin before it?", "ask_preparation")

    assert outcomes(response) == ["redirect"]
    assert "stop or start any medicine" in response.replies[0].text


def test_a_condition_told_a_turn_ago_still_counts(talk):
    talk.say("I'm pregnant", "story")

    response = talk.say("is it safe?", "ask_safety")

    assert outcomes(response) == ["answer", "redirect"]
    assert "suitability.pregnant" in response.replies[0].facts


@pytest.mark.parametrize("again", [("Yes, book it", "book_consultation"), ("yes", "affirm")])
def test_a_confirmation_that_did_not_arrive_is_said_again(talk, again):
    for text in ("I'd like to book a consultation", "Zoe Miller", "zoe@visitor.example", "monday 3pm"):
        talk.say(text, "book_consultation")
    (booked,) = talk.say("Yes, book it", "book_consultation").replies
    (repeated,) = talk.say(*again).replies
    assert "You are booked in" in booked.text
    assert repeated == booked
    end = NOW + datetime.timedelta(days=30)
    assert len(talk.calendar.bookings(NOW, end)) == 1

    talk.now += datetime.timedelta(minutes=3)
    assert "You are booked in" not in talk.say(*again).replies[0].text


def test_who_has_booked_can_book_another_visit(talk):
    for text in ("I'd like to book a consultation", "Zoe Miller", "zoe@visitor.example", "monday 3pm", "Yes, book it"):
        talk.say(text, "book_consultation")
    (reply,) = talk.say("I'd like to book a consultation", "book_consultation").replies
    assert "What name" in reply.text


def test_a_yes_to_another_question_is_no_repeated_confirmation(talk):
    for text in ("I'd like to book a consultation", "Zoe Miller", "zoe@visitor.example", "monday 3pm", "Yes, book it"):
        talk.say(text, "book_consultation")
    talk.say("thingy", "nlu_fallback")
    assert "You are booked in" not in talk.say("yes", "affirm").replies[0].text


def test_a_question_without_a_verb_begins_no_booking(talk):
    talk.say("can I swim after", "ask_aftercare")
    response = talk.say("when can i", "book_consultation")
    assert response.replies[0].topics == ("aftercare",)
    assert response.replies[0].facts == talk.say("for how long though", "follow_up").replies[0].facts
    assert outcomes(talk.say("can I book", "book_consultation")) == ["booking"]


def test_a_fragment_with_a_word_of_its_own_is_not_answered_with_what_was_told(talk):
    told = talk.say("can I swim after", "ask_aftercare").replies[0].facts
    assert talk.say("and yoga lol", "follow_up").replies[0].facts != told


def test_a_yes_to_a_consultation_begins_a_booking(talk):
    offered = talk.say("what cream should I put on it", "medical_advice")
    assert offered.replies[-1].text.endswith("?")
    assert outcomes(talk.say("yes please", "affirm")) == ["booking"]


def test_a_yes_after_another_question_begins_none(talk):
    talk.say("what cream should I put on it", "medical_advice")
    talk.say("how much is it", "ask_cost")
    assert outcomes(talk.say("yes", "affirm")) == ["smalltalk"]


def test_what_is_asked_on_of_an_urgent_sign_leads_to_the_clinic_again(talk):
    talk.say("my cheek is hot and swollen with pus since my session", "medical_advice")
    for text, intent in (("is that normal", "follow_up"), ("why?", "follow_up"), ("is it bad", "ask_side_effects")):
        assert outcomes(talk.say(text, intent)) == ["urgent"]
    assert outcomes(talk.say("how much is a session", "ask_cost")) == ["answer"]


def test_why_is_asked_of_what_could_not_be_answered(talk):
    talk.say("what needle length should I use at home", "ask_home_vs_professional")
    assert talk.say("why not", "follow_up").replies[0].topics == ("home_vs_professional",)


def test_what_about_another_day_changes_no_visit(talk):
    talk.say("are you open late", "ask_clinic_hours")
    assert talk.say("what about tomorrow", "reschedule_or_cancel").replies[0].topics == ("clinic_hours",)
    assert outcomes(talk.say("I need to move my visit", "reschedule_or_cancel")) == ["booking"]


def test_a_supposition_is_asked_of_the_topic_before(talk):
    talk.say("when can I work again", "ask_downtime")

    assert talk.say("what if I only sat at a till", "story").replies[0].topics[0] == "downtime"


def test_what_follows_if_it_does_nothing_is_asked_of_its_effect(talk):
    talk.say("when will I see something", "ask_results_timeline")

    assert talk.say("and if it doesn't?", "follow_up").replies[0].topics[0] == "effectiveness"

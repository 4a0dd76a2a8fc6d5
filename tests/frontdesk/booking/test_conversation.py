from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.booking.conversation import Draft, Step, begin, proceed, resume, takes
from frontdesk.booking.records import Details
from frontdesk.booking.slots import Slot, Window
from frontdesk.facts.booking_words import BookingWords, load_booking_words
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.loading import load
from frontdesk.settings import REPOSITORY
from frontdesk.turn import Question, Turn
from tests.frontdesk.booking.fake_calendar import FakeCalendar

LONDON = ZoneInfo("Europe/London")
NOW = datetime.datetime(2026, 11, 24, 10, tzinfo=LONDON)


@dataclass(frozen=True)
class Store:
    clinic: ClinicProfile
    booking: BookingWords

    def calendar_link(self, reference: str) -> str:
        return f"https://desk.example/{reference}.ics"


STORE = Store(load(REPOSITORY / "facts").clinic, load_booking_words(REPOSITORY / "facts"))
PHONE = STORE.clinic.phone


def turn(text: str, *questions: tuple[str, str], intent: str = "out_of_scope") -> Turn:
    pieces = tuple(Question(words, name, 0.9) for words, name in questions)
    return Turn(text, intent, pieces or (Question(text, intent, 0.3),))


class Talk:
    """A visitor's booking from the first message on; the draft goes through JSON between the turns, as it will."""

    def __init__(
        self, first: str = "I'd like to book a consultation", mode: Any = "book", about: str = "", **book: Any
    ) -> None:
        self.calendar = book.get("calendar") or FakeCalendar(STORE.clinic, NOW)
        self.step = begin(turn(first), STORE, self.calendar, NOW, about, owner="me", channel="website", mode=mode)

    def says(self, text: str, *questions: tuple[str, str]) -> Step:
        draft = self.draft
        message = turn(text, *questions)
        assert takes(draft, message), f"{text!r} is not taken at {draft.step}"
        self.step = proceed(draft, message, STORE, self.calendar, NOW)
        return self.step

    def all(self, *texts: str) -> Step:
        for text in texts:
            self.says(text)
        return self.step

    @property
    def draft(self) -> Draft:
        assert self.step.draft is not None, self.text
        draft = Draft.from_slot(json.loads(json.dumps(self.step.draft.to_slot())))
        assert draft == self.step.draft
        return draft

    @property
    def text(self) -> str:
        return " ".join(reply.text for reply in self.step.replies)

    @property
    def payloads(self) -> list[str]:
        return [button.payload for reply in self.step.replies for button in reply.buttons]


def moment(text: str) -> datetime.datetime:
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=LONDON)


def to_time() -> Talk:
    talk = Talk()
    talk.all("Priya", "07700 900111")
    return talk


def to_confirm() -> Talk:
    talk = to_time()
    talk.says("thursday 3pm")
    assert talk.draft.step == "confirm"
    return talk


def taken_by_others(calendar: FakeCalendar, text: str) -> None:
    start = moment(text)
    for number in range(5):
        for slot in calendar.free(Window(start, start + datetime.timedelta(minutes=1)), 5):
            calendar.holds[f"other-{text}-{number}"] = slot


# --- What is not quite right


@pytest.mark.parametrize(
    ("text", "name", "phone"),
    [
        ("can I get booked in, Agnieszka Wójcik", "Agnieszka Wójcik", None),
        ("Hello, Dele Okafor here, 01632 960418, an appointment please", "Dele Okafor", None),
        ("an appointment, Ludwig van Beethoven, 07700 900111", "Ludwig van Beethoven", "+447700900111"),
    ],
)
def test_a_name_that_stands_by_itself_need_not_be_asked(text: str, name: str, phone: str | None) -> None:
    talk = Talk(text)
    assert (talk.draft.name, talk.draft.phone) == (name, phone)


def test_a_number_that_is_none_is_told_and_the_name_kept() -> None:
    talk = Talk()
    talk.says("Geraint Pugh, 0770 900")
    assert (talk.draft.name, talk.draft.step) == ("Geraint Pugh", "contact")
    assert talk.text == STORE.booking.says["phone_wrong"].text


def test_an_address_that_is_none_is_told_before_the_name_as_well() -> None:
    talk = Talk()
    talk.says("aga.wojcik@@example.com")
    assert (talk.draft.step, talk.text) == ("name", STORE.booking.says["email_wrong"].text)


def test_a_day_that_does_not_exist_is_told() -> None:
    talk = to_time()
    talk.says("31st of june at 9")
    assert (talk.draft.step, talk.text) == ("time", STORE.booking.says["no_such_day"].text)


@pytest.mark.parametrize("text", ["blimey. no, scrap that", "ah. cancel it please", "hmm, forget it"])
def test_a_booking_is_dropped_with_a_word_before_it(text: str) -> None:
    talk = to_time()
    talk.says(text)
    assert talk.step.draft is None


def test_thanks_are_no_reference() -> None:
    talk = Talk("cancel my appointment", mode="cancel")
    assert not takes(talk.draft, turn("ok cheers", ("ok cheers", "thank"), intent="thank"))


# --- All the way


def test_one_message_can_hold_everything() -> None:
    talk = Talk("I'm Tom Ashby, can I come thursday 3pm? 07700 900111")
    assert talk.draft.step == "confirm"
    for word in ("Tom Ashby", "Thursday 26 November at 3 pm", "07700 900111"):
        assert word in talk.text
    talk.says("yes")
    booking = talk.step.booking
    assert talk.step.done
    assert booking is not None
    assert booking.slot.start == moment("2026-11-26 15:00")
    assert booking.details.name == "Tom Ashby"
    assert booking.details.phone == "+447700900111"
    assert booking.details.consent_at == NOW
    assert booking.details.consent_words == STORE.booking.says["confirm"].text
    assert booking.details.conversation == "me"
    assert booking.reference in talk.text
    assert talk.text.endswith(f": https://desk.example/{booking.reference}.ics")


def test_step_by_step() -> None:
    talk = Talk(about="acne scars")
    assert talk.draft.step == "name"
    talk.says("tom ashby")
    assert talk.draft.step == "contact"
    assert "Tom Ashby" in talk.text
    talk.says("tom@example.com")
    assert talk.draft.step == "time"
    assert 0 < len(talk.payloads) <= 4
    talk.says(talk.payloads[1])
    assert talk.draft.step == "time"
    talk.says(talk.payloads[0])
    assert talk.draft.step == "confirm"
    assert "acne scars" in talk.text
    talk.says("Yes, book it")
    assert talk.step.booking is not None
    assert talk.step.booking.details.about == "acne scars"
    assert talk.step.booking.details.email == "tom@example.com"
    assert talk.step.booking.details.phone is None


def test_every_reply_is_of_the_booking_and_short_of_buttons() -> None:
    talk = Talk()
    for text in (
        "Priya",
        "07700 900111",
        "next week",
        "no",
        "friday 11am",
        "no",
        "change the time",
        "friday",
        "12",
        "yes",
    ):
        for reply in talk.step.replies:
            assert reply.outcome == "booking"
            assert reply.topics == ("book_consultation",)
            assert not reply.facts
            assert len(reply.buttons) <= 4
            assert all(len(button.title) <= 20 for button in reply.buttons)
        talk.says(text)
    assert talk.step.done


@pytest.mark.parametrize("name", ["Li Wei", "O'Brien", "José", "Hope", "Dr Jane Smith", "王伟"])
def test_a_lone_name_is_taken(name: str) -> None:
    talk = Talk()
    talk.says(name)
    assert talk.draft.name == name


def test_a_name_with_another_field() -> None:
    talk = Talk()
    talk.says("Priya, 07700 900111")
    assert (talk.draft.name, talk.draft.phone, talk.draft.step) == ("Priya", "+447700900111", "time")


def test_fields_out_of_order_are_kept() -> None:
    talk = Talk("can I book for friday at 11?")
    assert talk.draft.step == "name"
    talk.says("you can reach me on 07700 900111")
    assert talk.draft.step == "name"
    assert talk.draft.failures == 0
    talk.says("Priya")
    assert talk.draft.step == "confirm"
    assert "Friday 27 November at 11 am" in talk.text


# --- Questions in between


@pytest.mark.parametrize(
    "question", ["why is it so dear", "how much is it?", "does it hurt", "what do you do with it?"]
)
def test_a_question_is_left_to_the_desk(question: str) -> None:
    talk = Talk()
    talk.says("Priya")
    message = turn(question, (question, "ask_cost"))
    assert not takes(talk.draft, message)
    again = resume(talk.draft, STORE, talk.calendar, NOW)
    assert "phone number or email" in again.text
    assert again.topics == ("book_consultation",)


def test_a_message_may_hold_a_field_and_a_question() -> None:
    talk = Talk()
    step = talk.says("It's Priya, and how much is it?", ("It's Priya", "out_of_scope"), ("how much is it?", "ask_cost"))
    assert talk.draft.name == "Priya"
    assert talk.draft.step == "contact"
    assert [question.intent for question in step.rest] == ["ask_cost"]


def test_the_first_message_may_hold_a_question_too() -> None:
    pieces = Question("I'd like to book", "book_consultation", 0.9), Question("does it hurt?", "ask_pain", 0.9)
    message = Turn("I'd like to book. Does it hurt?", "book_consultation", pieces)
    step = begin(message, STORE, FakeCalendar(STORE.clinic, NOW), NOW, "", owner="me", channel="website")
    assert [question.intent for question in step.rest] == ["ask_pain"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [("thanks", "thank"), ("I've had acne since I was fourteen", "story"), ("are you a robot", "bot_challenge"),
     ("I want to talk to a person", "human_handoff"), ("price", "ask_cost"),
     ("are you open on saturdays?", "ask_clinic_hours")],
)  # fmt: skip
def test_talk_of_other_things_is_left_to_the_desk(text: str, intent: str) -> None:
    assert not takes(Talk().draft, turn(text, (text, intent)))


def test_a_danger_sign_is_never_taken() -> None:
    message = Turn("Priya", "emergency", (), red_flag={"level": "emergency", "category": "E-AN", "by": "rule:x"})
    assert not takes(Talk().draft, message)


@pytest.mark.parametrize(
    "text", ["do you have anything on thursday?", "what times do you have?", "can you do 4 on friday?"]
)
def test_asking_for_times_is_no_question_for_the_desk(text: str) -> None:
    assert takes(to_time().draft, turn(text, (text, "ask_clinic_hours")))


def test_resume_names_what_was_offered() -> None:
    talk = to_time()
    again = resume(talk.draft, STORE, talk.calendar, NOW)
    assert [button.payload for button in again.buttons] == talk.payloads
    assert "3 pm" in resume(to_confirm().draft, STORE, talk.calendar, NOW).text


# --- Stopping


@pytest.mark.parametrize(
    "text",
    [
        "cancel",
        "stop",
        "never mind",
        "forget it",
        "actually I don't want to book anymore",
        "no thanks",
        "nope, leave it, I'm only looking",
        "sorry, I've changed my mind and I'm not ready yet",
    ],
)
@pytest.mark.parametrize(
    "steps", [(), ("Priya",), ("Priya", "07700 900111"), ("Priya", "07700 900111", "thursday 3pm")]
)
def test_stop_at_any_point_stores_nothing(text: str, steps: tuple[str, ...]) -> None:
    talk = Talk()
    talk.all(*steps)
    talk.says(text)
    assert talk.step.done
    assert talk.step.draft is None
    assert "othing was booked" in talk.text
    assert not talk.calendar.holds
    assert not talk.calendar.bookings


@pytest.mark.parametrize("text", ["I'd rather phone you", "that's a bit personal, I'll just talk to someone"])
def test_who_would_rather_talk_gets_the_number_and_is_asked_no_more(text: str) -> None:
    talk = Talk()
    talk.all("Priya")
    talk.says(text)
    assert talk.step.done
    assert PHONE in talk.text
    assert not talk.calendar.bookings


def test_a_question_after_the_stop_is_still_answered() -> None:
    talk = Talk()
    talk.says("never mind, what does it cost?", ("what does it cost?", "ask_cost"))
    assert talk.step.done
    assert [question.intent for question in talk.step.rest] == ["ask_cost"]


def test_no_to_the_times_offered_is_no_stop() -> None:
    talk = to_time()
    talk.says("no thanks, anything later?")
    assert not talk.step.done


# --- Failures and refusals


def test_two_failures_explain_then_comes_the_phone() -> None:
    talk = Talk()
    first = talk.says("12345678901234567890").replies[0].text
    second = talk.says("%%%").replies[0].text
    assert first != second
    assert PHONE in second
    talk.says("!!!")
    assert talk.step.done
    assert PHONE in talk.text
    assert not talk.calendar.holds


def test_two_failures_with_the_contact_offer_another_way() -> None:
    talk = Talk()
    talk.says("Priya")
    assert "short" in talk.says("077009").replies[0].text
    step = talk.says("0770")
    assert any("email" in button.payload for button in step.replies[0].buttons)
    talk.says("077")
    assert talk.step.done


def test_two_failures_with_the_time_name_times_and_the_phone() -> None:
    talk = to_time()
    talk.says("blah blah")
    talk.says("hrmpf")
    assert PHONE in talk.text
    assert talk.payloads
    talk.says("grmbl")
    assert talk.step.done


@pytest.mark.parametrize(
    "text", ["no number", "I don't have a phone", "I'd rather not give my number", "can I give my email instead?", "no"]
)
def test_no_number_means_an_email(text: str) -> None:
    talk = Talk()
    talk.says("Priya")
    talk.says(text)
    assert "email" in talk.text
    talk.says("priya@example.com")
    assert talk.draft.step == "time"


def test_no_email_means_a_number() -> None:
    talk = Talk()
    talk.says("Priya")
    talk.says("I don't have an email")
    assert "phone number" in talk.text


@pytest.mark.parametrize(
    "texts",
    [("I don't want to give my contact details",), ("no number", "no email either"), ("neither",),
     ("I'd rather not say",),
     ("no number", "no")],
)  # fmt: skip
def test_refusing_contact_ends_with_the_phone(texts: tuple[str, ...]) -> None:
    talk = Talk()
    talk.says("Priya")
    talk.all(*texts)
    assert talk.step.done
    assert talk.step.draft is None
    assert PHONE in talk.text


@pytest.mark.parametrize(
    ("text", "lack"), [("jane at example", "@"), ("jane@example", ".com"), ("jane@", "after the @")]
)
def test_an_incomplete_email_is_asked_for_again(text: str, lack: str) -> None:
    talk = Talk()
    talk.says("Jane")
    talk.says(text)
    assert talk.draft.step == "contact"
    assert lack in talk.text
    talk.says("jane@example.com")
    assert talk.draft.email == "jane@example.com"


# --- Times


def test_a_taken_time_gets_the_nearest() -> None:
    talk = to_time()
    taken_by_others(talk.calendar, "2026-11-26 15:00")
    talk.says("thursday 3pm")
    assert "not free" in talk.text
    assert any("Thursday 26 November at" in payload for payload in talk.payloads)
    talk.says(talk.payloads[0])
    assert talk.draft.step == "confirm"


@pytest.mark.parametrize(
    ("text", "word"),
    [("sunday at 3", "We see nobody"), ("thursday 9am", "We see nobody"), ("yesterday at 3pm", "is over"),
     ("today at 11", "too soon"),
     ("5 march at 11", "as far ahead")],
)  # fmt: skip
def test_an_impossible_time_gets_the_nearest(text: str, word: str) -> None:
    talk = to_time()
    talk.says(text)
    assert word in talk.text
    assert len(talk.payloads) == 4
    talk.says(talk.payloads[0])
    assert talk.draft.step == "confirm"


def test_day_then_time_only() -> None:
    talk = to_time()
    talk.says("friday")
    assert "Friday 27 November" in talk.text
    talk.says("3")
    assert talk.draft.step == "confirm"
    assert "Friday 27 November at 3 pm" in talk.text


def test_a_time_alone_offers_days() -> None:
    talk = to_time()
    talk.says("3pm")
    assert talk.draft.step == "time"
    assert len({payload.split(" at ")[0] for payload in talk.payloads}) == 4
    talk.says("the second one")
    assert talk.draft.step == "confirm"


def test_part_of_day_is_kept_while_the_day_is_chosen() -> None:
    talk = to_time()
    talk.says("next week, an afternoon")
    talk.says("tuesday next week")
    assert all(" pm" in payload for payload in talk.payloads)


@pytest.mark.parametrize(("text", "weekday"), [("not wednesday", "Wednesday"), ("any day but thursday", "Thursday")])
def test_a_day_that_does_not_suit_is_not_offered(text: str, weekday: str) -> None:
    talk = to_time()
    talk.says(text)
    assert not any(weekday in payload for payload in talk.payloads)


def test_asap_offers_the_first_times() -> None:
    talk = to_time()
    talk.says("asap")
    assert talk.payloads[0] == "Tuesday 24 November at 2 pm"
    talk.says("the first one")
    assert talk.draft.step == "confirm"


def test_other_days_are_shown_on_request() -> None:
    talk = to_time()
    before = talk.payloads
    talk.says("do you have anything later?")
    assert not set(before) & set(talk.payloads)


def test_a_day_that_may_be_two_is_asked_for() -> None:
    talk = to_time()
    talk.says("tuesday at 3pm")
    assert talk.draft.step == "time"
    assert talk.payloads[:2] == ["Tuesday 24 November at 3 pm", "Tuesday 1 December at 3 pm"]


def test_a_full_calendar_ends_with_the_phone() -> None:
    talk = Talk()
    talk.calendar.full = True
    talk.all("Priya", "07700 900111")
    assert talk.step.done
    assert PHONE in talk.text


# --- The last question


def test_no_asks_what_to_change() -> None:
    talk = to_confirm()
    talk.says("no")
    assert talk.draft.step == "confirm"
    assert "change" in talk.text
    talk.says("the name")
    talk.says("Priya Nair")
    assert talk.draft.name == "Priya Nair"
    assert talk.draft.step == "confirm"


def test_no_with_another_day() -> None:
    talk = to_confirm()
    talk.says("no, friday instead")
    assert talk.draft.step == "confirm"
    assert "Friday 27 November at 3 pm" in talk.text
    talk.says("yes")
    assert talk.step.booking is not None
    assert talk.step.booking.slot.start == moment("2026-11-27 15:00")


def test_yes_that_repeats_the_time_is_a_yes() -> None:
    talk = to_confirm()
    talk.says("yes, thursday at 3 is fine")
    assert talk.step.booking is not None


@pytest.mark.parametrize(
    ("text", "phone"),
    [("no, the other number: 07700 900222", "+447700900222"), ("wrong number, it's 07700 900222", "+447700900222")],
)
def test_the_number_is_corrected(text: str, phone: str) -> None:
    talk = to_confirm()
    talk.says(text)
    assert talk.draft.phone == phone
    assert talk.draft.step == "confirm"


def test_the_other_number_is_asked_for() -> None:
    talk = to_confirm()
    talk.says("no, the other number")
    assert talk.draft.step == "contact"
    talk.says("07700 900222")
    assert talk.draft.phone == "+447700900222"
    assert talk.draft.step == "confirm"


def test_the_name_is_corrected_at_once() -> None:
    talk = to_confirm()
    talk.says("change the name to Thomas Ashby")
    assert talk.draft.name == "Thomas Ashby"
    assert "Thomas Ashby" in talk.text


def test_a_new_time_is_found_on_request() -> None:
    talk = to_confirm()
    talk.says("change the time")
    assert talk.draft.step == "time"
    assert not talk.calendar.holds
    talk.says("friday at 11")
    assert talk.draft.step == "confirm"


def test_the_loser_of_a_race_is_offered_the_next_times() -> None:
    talk = to_confirm()
    talk.calendar.holds.clear()
    taken_by_others(talk.calendar, "2026-11-26 15:00")
    talk.says("yes")
    assert not talk.step.done
    assert "just taken" in talk.text
    talk.says(talk.payloads[0])
    talk.says("yes")
    assert talk.step.booking is not None


def test_unclear_answers_to_the_last_question() -> None:
    talk = to_confirm()
    talk.says("hmm blah")
    assert "yes or no" in talk.text
    talk.says("gnarf")
    talk.says("grr")
    assert talk.step.done
    assert not talk.calendar.holds


# --- Moving and cancelling


def booked() -> FakeCalendar:
    calendar = FakeCalendar(STORE.clinic, NOW)
    start = moment("2026-11-26 15:00")
    slot = Slot("amara", start, start + datetime.timedelta(minutes=30))
    calendar.book(slot, Details("Tom", "+447700900111", "tom@example.com", "", "website", "old", NOW))
    return calendar


def test_a_visit_is_moved() -> None:
    talk = Talk("can I move my appointment to friday at 11?", mode="change", calendar=booked())
    assert talk.draft.step == "reference"
    talk.says("it's k7m4q2")
    assert talk.draft.step == "proof"
    talk.says("07700 900111")
    assert talk.draft.step == "confirm"
    assert "Friday 27 November at 11 am" in talk.text
    assert talk.step.replies[0].topics == ("reschedule_or_cancel",)
    talk.says("yes")
    assert talk.step.done
    assert talk.calendar.bookings[0].slot.start == moment("2026-11-27 11:00")


def test_a_visit_is_cancelled_in_one_go() -> None:
    talk = Talk("cancel K7M4Q2, tom@example.com", mode="cancel", calendar=booked())
    assert "Thursday 26 November at 3 pm" in talk.text
    talk.says("Yes, cancel it")
    assert talk.step.done
    assert not talk.calendar.bookings[0].stands


def test_a_cancellation_can_be_stopped() -> None:
    talk = Talk("cancel K7M4Q2, tom@example.com", mode="cancel", calendar=booked())
    talk.says("No, keep it as it is")
    assert talk.step.done
    assert "Nothing was changed" in talk.text
    assert talk.calendar.bookings[0].stands


def test_a_cancellation_can_become_a_move() -> None:
    talk = Talk("cancel K7M4Q2, tom@example.com", mode="cancel", calendar=booked())
    talk.says("Move it instead")
    assert talk.draft.mode == "change"
    assert talk.draft.step == "time"


def test_wrong_proof_finds_nothing_and_ends_with_the_phone() -> None:
    talk = Talk("cancel my appointment", mode="cancel", calendar=booked())
    talk.all("K7M4Q2", "other@example.com")
    assert "no visit" in talk.text
    talk.all("K7M4Q2", "other2@example.com")
    assert talk.step.done
    assert PHONE in talk.text
    assert talk.calendar.bookings[0].stands


def test_no_reference_ends_with_the_phone() -> None:
    talk = Talk("cancel my appointment", mode="cancel", calendar=booked())
    talk.says("I don't have the reference")
    assert talk.step.done
    assert PHONE in talk.text


# --- Whatever people type


@given(texts=st.lists(st.one_of(st.text(max_size=60), st.sampled_from(
    ["Priya", "07700 900111", "jane@example", "thursday 3pm", "yes", "no", "friday", "3", "change the name", "asap",
     "later",
     "no number",
     "wrong number", "the second one", "cancel?", "what times", "\u202eTom", "🙂"])), max_size=8),
    mode=st.sampled_from(["book", "change", "cancel"]))  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_anything_is_survived_and_nothing_stored_unasked(texts: list[str], mode: Any) -> None:
    calendar = booked()
    step = begin(turn("hello"), STORE, calendar, NOW, "", owner="me", channel="website", mode=mode)
    for text in texts:
        draft = step.draft
        if draft is None:
            break
        message = turn(text)
        if not takes(draft, message):
            assert resume(draft, STORE, calendar, NOW).text
            continue
        step = proceed(draft, message, STORE, calendar, NOW)
        assert step.replies
        assert step.done == (step.draft is None)
        if step.draft is not None:
            assert Draft.from_slot(json.loads(json.dumps(step.draft.to_slot()))) == step.draft
    if step.booking is not None and mode == "book":
        assert step.booking.details.name
        assert step.booking.details.phone or step.booking.details.email


@pytest.mark.parametrize(
    "value", [None, {}, [], "x", {"step": "name", "slot": 3}, {"step": "time", "offered": [["a", "b", "c"]]}]
)
def test_an_unreadable_draft_is_none(value: Any) -> None:
    assert Draft.from_slot(value) is None


def test_the_real_appointment_book_does_the_same(book: Any) -> None:
    book.clock.now = NOW
    step = begin(
        turn("I'm Tom Ashby, can I come thursday 3pm? 07700 900111"),
        STORE,
        book.calendar,
        NOW,
        "",
        owner="me",
        channel="website",
    )
    assert step.draft is not None
    step = proceed(step.draft, turn("yes"), STORE, book.calendar, NOW)
    assert step.booking is not None
    step = begin(
        turn(f"cancel {step.booking.reference}, 07700 900111"),
        STORE,
        book.calendar,
        NOW,
        "",
        owner="me",
        channel="website",
        mode="cancel",
    )
    assert step.draft is not None
    step = proceed(step.draft, turn("yes"), STORE, book.calendar, NOW)
    assert step.booking is not None
    assert not step.booking.stands


def test_a_yes_with_a_condition_books_nothing_yet() -> None:
    assert not takes(to_confirm().draft, turn("yes but how much is it?", ("how much is it?", "ask_cost")))


@pytest.mark.parametrize(
    ("said", "name"), [("its tom", "Tom"), ("Tom Ashby here", "Tom Ashby"), ("name is j. smith", "J Smith")]
)
def test_a_name_in_passing(said: str, name: str) -> None:
    talk = Talk()
    talk.says(said)
    assert talk.draft.name == name


def test_a_name_before_a_time() -> None:
    talk = Talk()
    talk.says("Tom Ashby thursday 3pm")
    talk.says("i dont have one")
    assert "email" in talk.text
    talk.says("tom@example.com")
    assert talk.draft.step == "confirm"
    talk.says("can we make it 4 instead")
    assert "Thursday 26 November at 4 pm" in talk.text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("why do you need my phone", "ask_contact_help"),
        ("why should i tell you", "ask_contact_help"),
        ("what's that for?", "ask_contact_help"),
        ("why do you need my name", "ask_name_help"),
    ],
)
def test_who_asks_why_is_told_what_a_field_is_for(text: str, reason: str) -> None:
    talk = Talk()
    talk.says("Priya")
    talk.says(text, (text, "ask_consultation_info"))
    assert STORE.booking.says[reason].text.format(phone=PHONE) in talk.text
    assert "phone number or" in talk.text.lower()
    assert talk.step.replies[0].topics[0] == "consultation_info"
    assert talk.draft.failures == 0
    assert not talk.step.rest


def test_a_reason_for_the_proof_of_a_visit() -> None:
    talk = Talk("I need to cancel 7C5D9Q", "cancel")
    talk.says("why do you need my email")
    assert talk.text == STORE.booking.says["why_proof"].text


@pytest.mark.parametrize("text", ["why do you need to see me first", "why do I need a consultation"])
def test_the_reason_for_a_consultation_is_left_to_the_desk(text: str) -> None:
    assert not takes(Talk().draft, turn(text, (text, "ask_consultation_info")))


@pytest.mark.parametrize(
    "text",
    ["can i not just phone up instead?", "id rather ring you", "could I give you a call instead", "is it ok if I ring"],
)
def test_who_would_rather_ring_is_asked_no_more(text: str) -> None:
    talk = Talk()
    talk.all("Priya", text)
    assert talk.step.done
    assert PHONE in talk.text
    assert "clinic_contact" in talk.step.replies[0].topics


@pytest.mark.parametrize("text", ["could I ring if something comes up?", "can I call if I'm late?"])
def test_ringing_later_stops_nothing(text: str) -> None:
    draft, message = to_time().draft, turn(text, (text, "ask_clinic_contact"))
    assert not takes(draft, message)


@pytest.mark.parametrize("text", ["actually dont bother", "id rather not, forget it", "dont want to book now"])
def test_a_stop_needs_no_apostrophe(text: str) -> None:
    talk = Talk()
    talk.all("Priya", text)
    assert talk.step.done


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("sorry, it's spelt Asby", "Tom Asby"),
        ("my name is Thom with an h", "Thom Ashby"),
        ("my name is Maria", "Maria"),
        ("my name is Thomas Lee", "Thomas Lee"),
    ],
)
def test_a_correction_of_one_word_leaves_the_rest_of_the_name(text: str, name: str) -> None:
    talk = Talk()
    talk.all("Tom Ashby", text)
    assert talk.draft.name == name


@pytest.mark.parametrize(
    "first",
    [
        "book a consultation please, Tim Hall, tim@example.com, thursday 3pm",
        "Book consultation Tim Hall tim@example.com thursday 3pm",
    ],
)
def test_a_name_beside_a_contact_needs_no_introduction(first: str) -> None:
    talk = Talk(first)
    assert (talk.draft.name, talk.draft.email, talk.draft.step) == ("Tim Hall", "tim@example.com", "confirm")


@pytest.mark.parametrize("first", ["can me and my sister both book?", "an appointment for two people please"])
def test_two_people_are_booked_in_turn(first: str) -> None:
    assert Talk(first).text == STORE.booking.says["one_at_a_time"].text


def test_of_two_names_one_is_asked_for() -> None:
    talk = Talk()
    talk.says("Amy and Kate Jones")
    assert talk.text == STORE.booking.says["one_at_a_time"].text
    talk.says("Amy Jones")
    assert talk.draft.name == "Amy Jones"


def test_a_word_that_asks_something_is_no_name() -> None:
    assert not takes(Talk().draft, turn("alcohol?", ("alcohol?", "ask_aftercare")))
    talk = Talk()
    talk.says("Priya?")
    assert talk.draft.name == "Priya"


def test_a_numbered_day_is_a_date_where_days_are_offered() -> None:
    talk = to_time()
    assert len(talk.draft.offered_days) > 1
    talk.says("the 4th")
    assert "4 December" in talk.text
    other = to_time()
    other.says("the 4th one")
    assert other.draft.offered_days == talk.draft.offered_days or "4 December" not in other.text


def test_a_bare_weekday_is_one_of_the_days_offered() -> None:
    talk = to_time()
    talk.says("not this week")
    (wednesday,) = (day for day in talk.draft.offered_days if datetime.date.fromisoformat(day).weekday() == 2)
    talk.says("weds")
    assert {start[:10] for _, start, _ in talk.draft.offered} == {wednesday}


def test_the_next_time_is_one_of_those_that_suit() -> None:
    talk = to_time()
    talk.says("not this week")
    talk.says("next available")
    days = [*talk.draft.offered_days, *(start[:10] for _, start, _ in talk.draft.offered)]
    assert days
    assert min(days) > "2026-11-29"


def test_an_hour_may_be_asked_for() -> None:
    talk = to_confirm()
    talk.says("is 4 ok", ("is 4 ok", "ask_number_of_sessions"))
    assert talk.draft.slot is not None
    assert "T16:00" in talk.draft.slot[1]


@pytest.mark.parametrize(("text", "said"), [("mmm no", "what_to_change"), ("erm, yes please", "booked")])
def test_a_yes_or_no_may_be_hesitant(text: str, said: str) -> None:
    talk = to_confirm()
    talk.says(text)
    assert talk.text.startswith(STORE.booking.says[said].text.split("{")[0])


def test_a_move_can_become_a_cancellation() -> None:
    talk = Talk()
    talk.all("Priya", "priya@example.com", "thursday 3pm", "yes")
    assert talk.step.booking is not None
    move = Talk("can I move my visit", "change", calendar=talk.calendar)
    move.all(talk.step.booking.reference, "priya@example.com", "cancel it please")
    assert move.draft.mode == "cancel"
    move.says("yes")
    assert "is cancelled" in move.text


@pytest.mark.parametrize("text", ["actually no", "no", "hmm no thanks"])
def test_no_to_the_first_question_is_a_stop(text: str) -> None:
    talk = Talk()
    talk.says(text)
    assert talk.text == STORE.booking.says["stopped"].text

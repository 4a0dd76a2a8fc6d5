"""The card of a booking: a day, a time, a place in the visitor's calendar, on the same conversation as free text."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

from frontdesk.booking.conversation import resume
from frontdesk.turn import AppointmentCard, Reply, ReplyButton
from tests.frontdesk.booking.test_conversation import NOW, STORE, Talk, taken_by_others, to_confirm, to_time


def card_of(reply: Reply) -> AppointmentCard:
    assert reply.card is not None, reply.text
    return reply.card


def card(talk: Talk) -> AppointmentCard:
    return card_of(talk.step.replies[-1])


def times(shown: AppointmentCard) -> list[ReplyButton]:
    return [time for day in shown.days for time in day.times]


def test_days_come_with_all_their_times() -> None:
    shown = card(to_time())
    assert [day.title for day in shown.days] == ["Tue 24 Nov", "Wed 25 Nov", "Thu 26 Nov", "Fri 27 Nov"]
    thursday = [time.title for time in shown.days[2].times]
    assert (thursday[:3], thursday[-1], len(thursday)) == (["11 am", "11:30 am", "12 pm"], "7:30 pm", 18)
    assert shown.days[3].times[-1].payload == "Friday 27 November at 4:30 pm"


def test_doors_without_cards_have_their_text_and_their_buttons() -> None:
    reply = to_time().step.replies[-1]
    assert len(reply.buttons) == 4
    assert "Tuesday 24 November" in reply.text
    assert "Tuesday 24 November" not in card_of(reply).text


def test_every_time_on_a_card_reads_back_as_that_time() -> None:
    talk = to_time()
    before = talk.step
    offered = times(card(talk))
    assert len(offered) > 40
    for time in offered:
        talk.step = before
        talk.says(time.payload)
        assert talk.draft.step == "confirm", time.payload
        assert time.payload in talk.text


def test_a_day_named_in_words_shows_the_whole_day() -> None:
    talk = to_time()
    talk.says("saturday")
    (day,) = card(talk).days
    assert (day.title, day.times[0].title, day.times[-1].title) == ("Sat 28 Nov", "9:30 am", "1:30 pm")
    assert len(talk.payloads) == 4


def test_a_part_of_the_day_keeps_the_card_to_it() -> None:
    talk = to_time()
    talk.says("friday afternoon")
    assert {time.title.split()[1] for time in times(card(talk))} == {"pm"}
    # Also when it comes back after a question.
    again = card_of(resume(talk.draft, STORE, talk.calendar, NOW))
    assert again.days == card(talk).days


def test_after_a_taken_time_the_card_has_what_is_near() -> None:
    talk = to_time()
    taken_by_others(talk.calendar, "2026-11-26 15:00")
    talk.says("thursday 3pm")
    near = [time.payload for time in times(card(talk))]
    assert near == talk.payloads
    assert "Thursday 26 November at 3 pm" in card(talk).text
    assert "Thursday 26 November at 3 pm" not in near


@pytest.mark.parametrize(
    ("said", "day"), [("the second one", "Wed 25 Nov"), ("first", "Tue 24 Nov"), ("the last", "Fri 27 Nov")]
)
def test_a_day_is_picked_by_its_place(said: str, day: str) -> None:
    talk = to_time()
    talk.says(said)
    assert [each.title for each in card(talk).days] == [day]


def test_other_times_are_one_press_away() -> None:
    talk = to_time()
    (other,) = card(talk).buttons
    first = {day.title for day in card(talk).days}
    talk.says(other.payload)
    assert len(card(talk).days) == 4
    assert not first & {day.title for day in card(talk).days}


def test_the_card_comes_back_after_what_was_not_understood() -> None:
    talk = to_time()
    days = card(talk).days
    talk.says("hmm")
    assert card(talk).days == days
    assert card(talk).text != card(to_time()).text


def test_a_time_can_still_be_picked_from_the_card_above_the_last_question() -> None:
    talk = to_confirm()
    talk.says("Friday 27 November at 4:30 pm")
    assert talk.draft.step == "confirm"
    assert "Friday 27 November at 4:30 pm" in talk.text


def test_a_visit_that_stands_goes_into_the_calendar() -> None:
    talk = to_confirm()
    talk.says("yes")
    shown, booking = card(talk), talk.step.booking
    assert booking is not None
    link = f"https://desk.example/{booking.reference}.ics"
    assert shown.calendar == link
    assert not shown.days
    assert link in talk.text
    assert link not in shown.text
    assert booking.reference in shown.text
    assert [button.payload for button in shown.buttons] == talk.payloads


def test_a_visit_that_was_moved_goes_into_the_calendar_again() -> None:
    talk = to_confirm()
    talk.says("yes")
    booking = talk.step.booking
    assert booking is not None
    moving = Talk("move my appointment", mode="change", calendar=talk.calendar)
    moving.all(booking.reference, "07700 900111")
    moving.says(times(card(moving))[-1].payload)
    moving.says("yes")
    assert card(moving).calendar == f"https://desk.example/{booking.reference}.ics"


def test_what_is_no_time_has_no_card() -> None:
    talk = Talk()
    assert talk.step.replies[-1].card is None
    talk.says("Priya")
    assert talk.step.replies[-1].card is None
    assert to_confirm().step.replies[-1].card is None


def test_a_card_is_plain_json() -> None:
    shown = asdict(card(to_time()))
    assert json.loads(json.dumps(shown))["days"][0]["times"][0]["payload"] == "Tuesday 24 November at 2 pm"

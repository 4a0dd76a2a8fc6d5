"""Nobody is ever told that they personally are fine to go ahead: every condition, state, phrasing and topic."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from frontdesk.appointments import Appointments, Visitor
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.calendar import Calendar
from frontdesk.danger import Danger
from frontdesk.database import create_engine
from frontdesk.desk import Desk
from frontdesk.entities import Entity
from frontdesk.facts.booking_words import load_booking_words
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.facts.schema import Condition
from frontdesk.migrations import upgrade
from frontdesk.screening import Screen
from frontdesk.settings import Settings
from frontdesk.turn import Memory, Question, ReplyButton, Response, Turn
from tests.visitor import FACTS, NOW, ask, said, shipped_store

BOOKING = "I would like to book a consultation"

OF_A_THING = "calls something fine as such"
CLEARANCES = {
    # "You can have it", "you can still get it": a clearance, whatever follows
    r"\byou(?:'re| are| can| could| may| should)(?: still| also| now| probably| certainly)? "
    r"(?:have|get|go ahead|proceed|start|be treated|book)\b": "tells the visitor to have it",
    # "You are fine", "you'll be ok": a judgement of a person
    r"\byou(?:'re|'ll be| are| will be| should be) (?:\w+ )?"
    r"(?:fine|ok|okay|safe|suitable|eligible|good to go|able|clear(?:ed)?|all right|alright)\b": "judges the person",
    r"\bsafe (?:for|with) (?:you|your|her|him|them)\b": "calls it safe for a person",
    r"\b(?:perfectly|completely|totally|entirely|quite) (?:safe|fine|ok|okay)\b": "leaves no doubt where there is some",
    r"\bgo ahead\b": "sends the visitor on",
    r"\bno (?:problem|issue|risk|concern|worries|need to worry|reason not)\b": "waves the worry away",
    r"\bnothing to worry\b|\bdon'?t worry\b|\bnot a (?:problem|concern|worry)\b": "waves the worry away",
    # "You can take your time" is no medicine
    r"\byou (?:may|can|could|should) (?:safely )?(?:stop|take(?! your time)|skip|pause|continue|come off|reduce)\b": (
        "changes a medicine, which only a prescriber does"
    ),
    r"(?<!not )(?<!never )\bstop taking\b": "stops a medicine",
    r"\bdoes(?:n't| not) (?:matter|affect|rule you out|stop you)\b": "waves a condition away",
    r"\b(?:is|are) (?:fine|ok|okay|safe|allowed|not a reason)\b": OF_A_THING,
    r"\byes\b": "says yes to a person",
    r"\bof course you\b|\babsolutely\b|\bdefinitely\b|\bguarantee": "promises",
    r"\bgood candidate\b|\bideal candidate\b": "judges the person",
}

PHRASINGS = {
    "mine, before": "I have {name}, can I have it?",
    "mine, inside": "is it ok for me with {name}",
    "mine, after": "what should I do before and after, I've got {name}",
    "mine, curly": "I’m worried about {name}, am I ok?",
    "denied or past": "I used to have {name} but is that long enough",
    "somebody's": "my mum has {name}, is it alright for her?",
    "nobody's": "is it safe with {name}?",
    "demand": "just tell me yes or no, {name}, can i go ahead",
}
IMPERSONAL = ("nobody's",)
TOPICS = ("suitability", "safety", "preparation", "aftercare")
STATES = ("present", "past", "other", "denied")


def turn(condition: Condition, state: str, phrasing: str, topic: str) -> Turn:
    text = PHRASINGS[phrasing].format(name=condition.name)
    start = text.index(condition.name)
    entity = Entity(condition.kind, condition.id, start, start + len(condition.name), condition.name, state)  # type: ignore[arg-type]
    return Turn(text, f"ask_{topic}", (Question(text, f"ask_{topic}", entities=(entity,)),), (entity,))


class FrontDesk:
    """The whole desk with a real, empty appointment book: danger first, then a booking, then the question."""

    def __init__(self, folder: Path) -> None:
        engine = create_engine(Settings.from_environment({"FRONTDESK_VAR": str(folder)}))
        upgrade(engine)
        store, red_flags = shipped_store(), load_red_flags(FACTS)
        now = NOW.astimezone(store.clinic.zone)
        calendar = Calendar(engine, store.clinic, lambda: NOW)
        addresses = Addresses("https://desk.example", "s" * 40)
        visitor = Visitor("website:test", "website")
        book = Appointments(calendar, load_booking_words(FACTS), addresses, visitor, store, now)
        desk, self.screen = Desk(Danger(red_flags)), Screen(red_flags)
        self.serve = lambda turn: desk.respond(turn, Memory(), store, now, book)

    @cache  # noqa: B019 - there is one of it
    def response_to(self, condition_id: str, state: str, phrasing: str, topic: str) -> Response:
        asked = turn(shipped_store().conditions[condition_id], state, phrasing, topic)
        found = self.screen.check(asked.text)
        flag = found and {
            "level": found.level,
            "category": found.category,
            "by": found.by,
            "reply": found.reply,
        }
        return self.serve(replace(asked, red_flag=flag))


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> FrontDesk:
    return FrontDesk(tmp_path_factory.mktemp("desk"))


def clearances_in(text: str) -> list[str]:
    return [
        f"{match.group()!r} {why}" for pattern, why in CLEARANCES.items() if (match := re.search(pattern, text, re.I))
    ]


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("phrasing", PHRASINGS)
def test_no_condition_is_cleared(desk, topic, state, phrasing):
    for condition_id in shipped_store().conditions:
        text = said(desk.response_to(condition_id, state, phrasing, topic))
        assert not clearances_in(text), (condition_id, text)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("state", ["present", "past", "other"])
@pytest.mark.parametrize("phrasing", [phrasing for phrasing in PHRASINGS if phrasing not in IMPERSONAL])
def test_a_case_of_ones_own_ends_at_a_clinician(desk, topic, state, phrasing):
    for condition_id in shipped_store().conditions:
        last = desk.response_to(condition_id, state, phrasing, topic).replies[-1]
        assert last.outcome == "redirect", condition_id
        assert re.search(r"clinician|doctor|parent", last.text), condition_id
        if condition_id != "under_18":
            assert BOOKING in [button.payload for button in last.buttons], condition_id


@pytest.mark.parametrize("topic", ["suitability", "safety"])
@pytest.mark.parametrize("state", ["present", "past", "other"])
def test_a_case_of_ones_own_is_told_the_fact_on_it(desk, topic, state):
    for condition_id in shipped_store().conditions:
        response = desk.response_to(condition_id, state, "mine, before", topic)
        assert f"suitability.{condition_id}" in response.replies[0].facts


def test_no_fact_of_the_store_clears_anybody():
    store = shipped_store()
    for fact_id, fact in store.facts.items():
        settings = [{}, *(variant.when for variant in fact.variants), {"state": ("past",)}]
        for setting in settings:
            text = store.render(fact_id, setting).text
            found = clearances_in(text)
            if fact.topic not in ("suitability", "safety"):  # "a shower is fine" judges no person
                found = [clearance for clearance in found if OF_A_THING not in clearance]
            assert not found, (fact_id, text)


def test_no_wording_of_the_desk_clears_anybody():
    for reply_id, reply in shipped_store().replies.items():
        for text in reply.texts:
            assert not clearances_in(text), (reply_id, text)


def test_two_conditions_are_both_told():
    store = shipped_store()
    entities = tuple(
        Entity(store.conditions[id_].kind, id_, 0, 0, id_, "present") for id_ in ("epilepsy", "blood_thinner")
    )
    text = "I have epilepsy and take warfarin, can I have it?"
    response = ask(Turn(text, "ask_suitability", (Question(text, "ask_suitability", entities=entities),), entities))
    assert {"suitability.epilepsy", "suitability.blood_thinner"} <= set(response.replies[0].facts)


@pytest.mark.parametrize(
    "text",
    [
        "You can have it when you like.",
        "You are fine to go ahead.",
        "That is safe for you.",
        "No problem at all.",
        "You may stop your tablets for a week.",
        "Yes, it is ok.",
        "You'll be fine.",
    ],
)
def test_a_clearance_would_be_noticed(text):
    assert clearances_in(text)


def test_a_button_says_nothing_that_a_reply_may_not():
    buttons: list[ReplyButton] = [ReplyButton(b.title, b.payload) for b in shipped_store().buttons.values()]
    for button in buttons:
        assert not clearances_in(button.title), button

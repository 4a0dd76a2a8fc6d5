"""Conversations as visitors have them, through the desk and the tracker store, and what is stored of them."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot

from engine.conversation_database import connect
from engine.tracker_store import ConversationStore
from frontdesk.appointments import Appointments, Visitor
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.calendar import Calendar
from frontdesk.danger import Danger
from frontdesk.database import create_engine
from frontdesk.desk import Desk
from frontdesk.facts.booking_words import load_booking_words
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings
from frontdesk.turn import Memory, Turn
from tests.visitor import FACTS, NOW, shipped_store

SENDER = "website:visitor"
# The year by itself: as part of a number it stands in many an id, and behind the point in many a timestamp.
PERSON = ("siobhan", "o'reilly", "900123", r"siobhan@mail\.com", r"(?<![\da-f])(?<!\d{5}\.)1987(?![\da-f])")
BOOKING = (
    ("I was born on 12/03/1987, can I book a consultation?", "book_consultation"),
    ("Siobhan O'Reilly", "story"),
    ("how much is it?", "ask_cost"),
    ("07700 900123, or siobhan@mail.com", "story"),
    ("Thursday at 3pm", "story"),
)
ENDINGS = (("yes", "affirm"), ("stop", "deny"))


def of_the_person(text: str) -> list[str]:
    """What in a text tells who the visitor is."""
    return [part for part in PERSON if re.search(part, text.lower())]


class Broker:
    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.told.append(event)


class Desks:
    """A desk whose every turn may be served by another server."""

    def __init__(self, folder: Path, restarts: bool) -> None:
        self.settings = Settings.from_environment({"FRONTDESK_VAR": str(folder)})
        self.book, self.conversations = create_engine(self.settings), connect(self.settings)
        upgrade(self.book)
        self.broker = Broker()
        self._restarts = restarts
        self._store = self._new_store()
        self._desk = Desk(Danger(load_red_flags(FACTS)))

    def _new_store(self) -> ConversationStore:
        domain = Domain([], [], [AnySlot("memory", [{}])], {}, ["action_answer"], {}, {})
        return ConversationStore(domain=domain, engine=self.conversations, event_broker=self.broker)

    async def say(self, text: str, intent: str) -> list[str]:
        store = self._new_store() if self._restarts else self._store
        tracker = await store.get_or_create_tracker(SENDER, append_action_listen=False)
        if not tracker.events:
            for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
                tracker.update(event)
        parse = {"text": text, "intent": {"name": intent, "confidence": 0.9}, "entities": []}
        parse["questions"] = [{"text": text, "intent": intent, "confidence": 0.9}]
        tracker.update(UserUttered(text, parse["intent"], parse_data=parse, input_channel="website"))
        assert tracker.latest_message is not None
        facts = shipped_store()
        appointments = Appointments(
            Calendar(self.book, facts.clinic, lambda: NOW),
            load_booking_words(FACTS),
            Addresses("https://desk.example", "s" * 40),
            Visitor(SENDER, "website"),
            facts,
            NOW.astimezone(facts.clinic.zone),
        )
        turn = Turn.from_parse(tracker.latest_message.parse_data)
        memory = Memory.from_slot(tracker.get_slot("memory"))
        response = self._desk.respond(turn, memory, facts, NOW.astimezone(facts.clinic.zone), appointments)
        for reply in response.replies:
            card = {"appointment": asdict(reply.card)} if reply.card else {}
            tracker.update(BotUttered(reply.text, {"buttons": [asdict(each) for each in reply.buttons]}, card))
        tracker.update(SlotSet("memory", json.loads(json.dumps(response.memory.to_slot()))))
        tracker.update(ActionExecuted("action_listen"))
        await store.save(tracker)
        return [reply.text for reply in response.replies]

    def stored(self) -> str:
        with self.conversations.connect() as connection:
            return "\n".join(connection.execute(sa.text("SELECT data FROM events ORDER BY id")).scalars())

    def users_texts(self) -> list[str]:
        rows = [json.loads(line) for line in self.stored().splitlines()]
        return [row["text"] for row in rows if row["event"] == "user"]


def told(replies: list[str]) -> str:
    # References are drawn at random.
    return re.sub(r"reference is \w+|http\S+", "", " | ".join(replies))


@pytest.mark.parametrize("ending", ENDINGS, ids=("booked", "stopped"))
async def test_nothing_of_the_person_is_left_of_a_conversation_whose_booking_is_over(
    tmp_path: Path, ending: tuple[str, str]
) -> None:
    desks = Desks(tmp_path, restarts=False)
    for turn in (*BOOKING, ending):
        await desks.say(*turn)
    stored = desks.stored()
    assert of_the_person(stored) == []
    assert "how much is it?" in stored
    told_to_the_broker = json.dumps(desks.broker.told)
    assert of_the_person(told_to_the_broker) == []


async def test_the_name_given_when_it_was_asked_for_is_masked_in_its_turn(tmp_path: Path) -> None:
    desks = Desks(tmp_path, restarts=False)
    for turn in BOOKING:
        await desks.say(*turn)
    assert desks.users_texts()[1] == "[name]"


async def test_a_booking_goes_on_the_same_when_every_turn_is_read_back_from_what_is_stored(tmp_path: Path) -> None:
    one, many = Desks(tmp_path / "one", restarts=False), Desks(tmp_path / "many", restarts=True)
    for turn in (*BOOKING, ENDINGS[0]):
        expected = await one.say(*turn)
        assert told(await many.say(*turn)) == told(expected), turn
    with many.book.connect() as connection:
        row = connection.execute(sa.text("SELECT name, phone, email FROM booking")).one()
    assert tuple(row) == ("Siobhan O'Reilly", "+447700900123", "siobhan@mail.com")


async def test_while_a_booking_is_under_way_its_last_draft_alone_tells_who_it_is_for(tmp_path: Path) -> None:
    desks = Desks(tmp_path, restarts=True)
    for turn in BOOKING:
        await desks.say(*turn)
    rows = [line for line in desks.stored().splitlines() if "900123" in line]
    assert len(rows) == 1
    assert json.loads(rows[0])["event"] == "slot"


async def test_moving_a_visit_leaves_no_contact_either(tmp_path: Path) -> None:
    desks = Desks(tmp_path, restarts=True)
    for turn in (*BOOKING, ENDINGS[0]):
        await desks.say(*turn)
    with desks.book.connect() as connection:
        reference = connection.execute(sa.text("SELECT reference FROM booking")).scalar()
    await desks.say("I need to move my appointment", "reschedule_or_cancel")
    for words in (str(reference), "07700 900123", "Tuesday 24 November at 2pm"):
        await desks.say(words, "story")
    assert "now on" in told(await desks.say("yes", "affirm"))
    assert of_the_person(desks.stored()) == []

"""The action behind every rule: the desk answers what was asked, and writes down where danger was heard."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from sqlalchemy.exc import SQLAlchemyError

from actions.desk_action import DeskAction, engine, settings
from frontdesk.appointments import Appointments, Visitor
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.calendar import Calendar
from frontdesk.danger import Danger
from frontdesk.database import utc_now
from frontdesk.desk import Desk
from frontdesk.facts.booking_words import load_booking_words
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.facts.snapshot import FactsStore
from frontdesk.review import RedFlagLog
from frontdesk.turn import URGENT, Memory, Reply, Response, Turn

MEMORY_SLOT = "memory"

_categories = load_red_flags(settings.facts_dir)
_desk = Desk(Danger(_categories))
_alerts = frozenset({URGENT, *(category.id for category in _categories.categories)})
_red_flags = RedFlagLog(engine)
_booking_words = load_booking_words(settings.facts_dir)
_addresses = Addresses(settings.public_address, settings.feed_secret)


class ActionAnswer(DeskAction):
    """Serves the latest message and remembers what it was about."""

    def name(self) -> str:
        """See the domain."""
        return "action_answer"

    def serve(
        self, tracker: Tracker, store: FactsStore, now: datetime.datetime
    ) -> tuple[list[Reply], list[dict[str, Any]]]:
        """Hand the turn and the memory to the desk."""
        turn = Turn.from_parse(tracker.latest_message)
        memory = Memory.from_slot(tracker.get_slot(MEMORY_SLOT))
        calendar = Calendar(engine, store.clinic, utc_now)
        visitor = Visitor(tracker.sender_id, str(tracker.get_latest_input_channel() or "unknown"))
        appointments = Appointments(calendar, _booking_words, _addresses, visitor, store, now)
        response = _desk.respond(turn, memory, store, now, appointments)
        _red_flags.note(turn, tracker.sender_id)
        return list(response.replies), [SlotSet(MEMORY_SLOT, response.memory.to_slot())]

    def after_failure(
        self, tracker: Tracker, store: FactsStore, error: Exception
    ) -> tuple[list[Reply], list[dict[str, Any]]]:
        """Say what danger asks for, and let go of the memory, which may be what failed, for the next turns' sake.

        An alert stays: it keeps the safety message. A failing database is no reason to forget a booking under way.
        """
        known = Memory.from_slot(tracker.get_slot(MEMORY_SLOT))
        alert = known.alert if isinstance(known.alert, str) and known.alert in _alerts else None
        memory = replace(known, alert=alert) if isinstance(error, (SQLAlchemyError, OSError)) else Memory(alert=alert)
        turn = Turn.of_danger(tracker.latest_message)
        response = _desk.fall_back(turn, memory, store) or Response((), memory)
        _red_flags.note(turn, tracker.sender_id)
        events = [] if response.memory == known else [SlotSet(MEMORY_SLOT, response.memory.to_slot())]
        return list(response.replies), events

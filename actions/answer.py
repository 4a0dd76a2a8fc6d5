"""The action behind every rule: the desk answers what was asked, and writes down where danger was heard."""

from __future__ import annotations

import datetime
import logging
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from sqlalchemy.exc import SQLAlchemyError

from actions.desk_action import DeskAction, engine, settings
from frontdesk.appointments import Appointments, Visitor
from frontdesk.booking.addresses import Addresses
from frontdesk.booking.calendar import Calendar
from frontdesk.danger import EMERGENCY, URGENT, Danger
from frontdesk.database import utc_now
from frontdesk.desk import Desk
from frontdesk.facts.booking_words import load_booking_words
from frontdesk.facts.red_flags import load_red_flags
from frontdesk.facts.snapshot import FactsStore
from frontdesk.review import RedFlagLog
from frontdesk.turn import Memory, Reply, Turn

logger = logging.getLogger(__name__)

MEMORY_SLOT = "memory"

_categories = load_red_flags(settings.facts_dir)
_desk = Desk(Danger(_categories))
_alerts = frozenset(category.id for category in _categories.categories)
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
        _write_down(turn, tracker.sender_id)
        return list(response.replies), [SlotSet(MEMORY_SLOT, response.memory.to_slot())]

    def after_failure(self, tracker: Tracker, error: Exception) -> list[dict[str, Any]]:
        """Let go of the memory, which may be what failed, so that the next turn is not bound to fail as well.

        An alert stays: it keeps the safety message. A failing database is no reason to forget a booking under way.
        """
        kept = tracker.get_slot(MEMORY_SLOT)
        if not kept or isinstance(error, (SQLAlchemyError, OSError)):
            return []
        alert = Memory.from_slot(kept).alert
        fresh = Memory(alert=alert if isinstance(alert, str) and alert in _alerts else None)
        return [SlotSet(MEMORY_SLOT, fresh.to_slot())]


def _write_down(turn: Turn, conversation: str) -> None:
    """Keep an emergency or urgent turn for the clinic; a database that fails must not cost the visitor the reply."""
    flag = turn.red_flag
    if flag is None or flag["level"] not in (EMERGENCY, URGENT):
        return
    try:
        _red_flags.record(conversation, flag["level"], flag["category"], flag["by"], turn.text)
    except SQLAlchemyError as error:
        logger.error("A red-flag turn (%s) could not be written down: %s", flag["category"], type(error).__name__)

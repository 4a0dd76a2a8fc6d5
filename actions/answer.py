"""The action behind nearly every rule: the desk answers what was asked."""

from __future__ import annotations

import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet

from actions.desk_action import DeskAction
from frontdesk.desk import respond
from frontdesk.facts.snapshot import FactsStore
from frontdesk.turn import Memory, Reply, Turn

MEMORY_SLOT = "memory"


class ActionAnswer(DeskAction):
    """Answers the questions of the latest message and remembers what they were about."""

    def name(self) -> str:
        """See the domain."""
        return "action_answer"

    def serve(
        self, tracker: Tracker, store: FactsStore, now: datetime.datetime
    ) -> tuple[list[Reply], list[dict[str, Any]]]:
        """Hand the turn and the memory to the desk."""
        memory = Memory.from_slot(tracker.get_slot(MEMORY_SLOT))
        response = respond(Turn.from_parse(tracker.latest_message), memory, store, now)
        return list(response.replies), [SlotSet(MEMORY_SLOT, response.memory.to_slot())]

"""The front desk itself: one turn of a visitor in, the replies and the desk's memory out. Danger comes first."""

from __future__ import annotations

import datetime
from dataclasses import replace

from frontdesk import questions
from frontdesk.danger import EMERGENCY, URGENT, Danger
from frontdesk.facts.snapshot import FactsStore
from frontdesk.turn import Memory, Reply, Response, Turn

_SMALL_TALK = frozenset({"greet", "goodbye", "thank", "affirm", "deny"})
_SERVED_IN_AN_EMERGENCY = frozenset(
    {"clinic_contact", "clinic_location", "clinic_hours", "human_handoff", "reschedule_or_cancel"}
)
"""What may be answered beside the safety message: all of it leads to a person, or away from an appointment."""


class Desk:
    """Serves turns with one safety content; what changes from turn to turn is handed in."""

    def __init__(self, danger: Danger) -> None:
        """Serve with the replies of ``danger``."""
        self._danger = danger

    def respond(self, turn: Turn, memory: Memory, store: FactsStore, now: datetime.datetime) -> Response:
        """Answer ``turn``; there is always at least one reply.

        Args:
            turn: the message as understood.
            memory: of the conversation so far.
            store: the facts as they stand now.
            now: the present, with a time zone.
        """
        flag = turn.red_flag
        if flag is not None:
            reply = self._danger.reply(flag, store)
            if reply is not None and flag["level"] in (EMERGENCY, URGENT):
                alert = flag["category"] if flag["level"] == EMERGENCY or memory.alert is None else memory.alert
                return Response((reply,), replace(memory, alert=alert, misses=0))
            if reply is not None:
                return Response((reply,), replace(memory, misses=0))
        if memory.alert is None:
            return questions.respond(turn, memory, store, now)
        if memory.alert.startswith("E-"):
            return self._careful(turn, memory, memory.alert, store, now)
        return self._after_an_urgent_sign(turn, memory, store, now)

    def _careful(
        self, turn: Turn, memory: Memory, category: str, store: FactsStore, now: datetime.datetime
    ) -> Response:
        """After an emergency every reply keeps the safety message, until the visitor says that it is over."""
        if self._danger.is_over(turn):
            return Response((self._danger.over(store),), replace(memory, alert=None, misses=0))
        safety = self._danger.careful(category, store)
        response = questions.respond(turn, memory, store, now)
        served = [reply for reply in response.replies if _SERVED_IN_AN_EMERGENCY.issuperset(reply.topics or ("",))]
        replies: list[Reply] = [safety, *(replace(reply, buttons=()) for reply in served)]
        return Response(tuple(replies), replace(response.memory, alert=category, misses=0))

    def _after_an_urgent_sign(self, turn: Turn, memory: Memory, store: FactsStore, now: datetime.datetime) -> Response:
        calm = replace(memory, alert=None)
        if turn.intent in _SMALL_TALK:
            return Response((self._danger.afterwards(store),), calm)
        return questions.respond(turn, calm, store, now)

"""What the desk says when danger is heard, and how it stays careful until the visitor says that it is over."""

from __future__ import annotations

from collections.abc import Mapping

from frontdesk.facts.red_flags import RedFlags
from frontdesk.facts.snapshot import FactsStore
from frontdesk.screening import Screen
from frontdesk.turn import EMERGENCY, URGENT, Reply, ReplyButton, Turn

_SELF_HARM = "E-SH"
_TOPIC = {EMERGENCY: "emergency", URGENT: "medical_advice", "clinician": "medical_advice"}
_AFTERWARDS = "urgent_careful"


class Danger:
    """The replies of the red-flag content; safe to share between threads."""

    def __init__(self, red_flags: RedFlags) -> None:
        """Hold the content, and the screen that hears whether a danger is over."""
        self._red_flags = red_flags
        self._screen = Screen(red_flags)

    def reply(self, flag: Mapping[str, str], store: FactsStore) -> Reply | None:
        """The reply to a red flag, or None where the desk's own wording serves it.

        Args:
            flag: ``level``, ``category`` and, where a rule asks for a special one, ``reply``.
            store: for the clinic's phone and country.
        """
        reply_id = self.reply_id(flag)
        if reply_id not in self._red_flags.replies:
            return None
        return self._said(reply_id, store, (_TOPIC[flag["level"]],))

    def reply_id(self, flag: Mapping[str, str]) -> str:
        """Id of the reply to a red flag, here or among the desk's."""
        return flag.get("reply") or self._red_flags.category(flag["category"]).reply

    def careful(self, category: str, store: FactsStore) -> Reply:
        """The safety message once more, for any turn after an emergency that has not been declared over."""
        reply_id = "self_harm_careful" if category == _SELF_HARM else "emergency_careful"
        return self._said(reply_id, store, (EMERGENCY,))

    def over(self, store: FactsStore) -> Reply:
        """The reply to a visitor who says that it is over."""
        return self._said("emergency_over", store, (EMERGENCY,))

    def afterwards(self, store: FactsStore) -> Reply:
        """What takes the place of small talk right after an urgent sign."""
        return self._said(_AFTERWARDS, store, ("medical_advice",))

    def tells_of(self, text: str) -> bool:
        """Whether ``text`` by itself tells of a danger, or asks what only a clinician may answer."""
        return self._screen.check(text) is not None

    def is_over(self, turn: Turn) -> bool:
        """Whether the visitor says that help is there or that the danger has passed."""
        return self._screen.says_over(turn.text)

    def _said(self, reply_id: str, store: FactsStore, topics: tuple[str, ...]) -> Reply:
        lines = self._red_flags.lines_of(store.clinic.country)
        numbers = {
            "emergency_number": store.emergency_number,
            "crisis_line": lines.crisis,
            "poison_line": lines.poison,
            "urgent_line": store.clinic.urgent_line or lines.urgent,
        }
        reply = self._red_flags.replies[reply_id]
        while reply.instead and any(value is None and f"{{{name}}}" in reply.text for name, value in numbers.items()):
            reply = self._red_flags.replies[reply.instead]
        return Reply(
            text=reply.text.format(clinic=store.clinic.name, phone=store.clinic.phone, **numbers),
            outcome=reply.outcome,
            topics=topics,
            buttons=tuple(
                ReplyButton(store.buttons[name].title, store.buttons[name].payload) for name in reply.buttons
            ),
        )

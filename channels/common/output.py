"""Collects what the assistant says in one turn, whole and with its metadata."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import OutputChannel

_METADATA = ("outcome", "topics", "facts", "appointment")
_RICH_PARTS = ("image", "attachment", "elements", "custom")


class CollectedOutput(OutputChannel):
    """Keeps every utterance of a turn as one message.

    Rasa's own collector splits texts at blank lines and drops the metadata, which says what was answered from which
    facts.

    Attributes:
        messages: ``{"text", "buttons": [{"title", "payload"}], "outcome", "topics": [..], "facts": [ids..]}`` in the
            order in which they were said; ``image``, ``attachment``, ``elements`` and ``custom`` only where given.
            ``custom["appointment"]`` is the card of a reply (:class:`frontdesk.turn.AppointmentCard`).
    """

    def __init__(self) -> None:
        """Starts an empty turn."""
        self.messages: list[dict[str, Any]] = []

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Keeps one utterance; what has neither text nor any other content is left out."""
        text = (message.get("text") or "").strip()
        rich_parts = {part: message[part] for part in _RICH_PARTS if message.get(part)}
        if not text and not rich_parts:
            return
        # Responses of the domain carry their metadata one level down, those of the actions do not.
        metadata = {**(message.get("metadata") or {}), **{key: message[key] for key in _METADATA if key in message}}
        facts = list(metadata.get("facts") or [])
        if metadata.get("appointment"):
            # Not sent as `custom` by the action: doors without cards would show that as a text of JSON.
            rich_parts["custom"] = {**(rich_parts.get("custom") or {}), "appointment": metadata["appointment"]}
        self.messages.append(
            {
                "text": text,
                "buttons": _buttons(message),
                "outcome": metadata.get("outcome") or ("answer" if facts else "smalltalk"),
                "topics": list(metadata.get("topics") or []),
                "facts": facts,
                **rich_parts,
            }
        )

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keeps a text that was sent past ``send_response``."""
        await self.send_response(recipient_id, {**kwargs, "text": text})

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Keeps a text with buttons that was sent past ``send_response``."""
        await self.send_response(recipient_id, {**kwargs, "text": text, "buttons": buttons})


def _buttons(message: dict[str, Any]) -> list[dict[str, str]]:
    buttons = []
    for button in [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]:
        title = str(button.get("title") or "").strip()
        payload = str(button.get("payload") or "").strip()
        # A slash payload would be refused by this very door, so the visitor sends the words on the button instead.
        if not payload or payload.startswith("/"):
            payload = title
        if title:
            buttons.append({"title": title, "payload": payload})
    return buttons

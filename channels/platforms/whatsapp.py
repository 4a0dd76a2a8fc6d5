"""WhatsApp Cloud API.

Formats: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
Limits: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/interactive-reply-buttons-messages
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from channels.messaging.cutting import are_distinct, cut, length
from channels.messaging.platform import Call, Delivery, Incoming, Way
from channels.messaging.reading import document, moment, part, parts, words
from channels.messaging.shaping import Message, Shaped, data_of, numbered, texts_of
from channels.messaging.words import Words
from channels.platforms.meta import FREE_WINDOW, MetaPlatform
from frontdesk.channel_settings import WhatsAppSettings

TEXT, BODY = 4096, 1024
BUTTONS, BUTTON_TITLE, BUTTON_ID = 3, 20, 256
ROWS, ROW_TITLE, ROW_DESCRIPTION, ROW_ID = 10, 24, 72, 200
TEMPLATE_VALUE = 1024

_MEDIA = frozenset({"audio", "contacts", "document", "image", "location", "order", "sticker", "unsupported", "video"})


class WhatsApp(MetaPlatform):
    """One number of a WhatsApp Business account."""

    name = "whatsapp"

    def __init__(self, settings: WhatsAppSettings) -> None:
        """Take the settings of a channel that is on."""
        super().__init__(settings.value("WHATSAPP_APP_SECRET"), settings.value("WHATSAPP_VERIFY_TOKEN"))
        self._token = settings.value("WHATSAPP_TOKEN")
        self._number = settings.value("WHATSAPP_NUMBER_ID")
        self._settings = settings

    def read(self, delivery: Delivery) -> list[Incoming]:
        """See `Platform`; states of delivery, reactions and other numbers' messages need no answer."""
        incoming = []
        for entry in parts(document(delivery.body), "entry"):
            for change in parts(entry, "changes"):
                value = part(change, "value")
                if words(value, "metadata", "phone_number_id") == self._number:
                    incoming += [_incoming(message) for message in parts(value, "messages")]
        return [each for each in incoming if each is not None]

    def shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words) -> Shaped:
        """See `Platform`; choices become buttons, a list, or numbers, whichever holds them first."""
        calls: list[Call] = []
        payloads: dict[str, str] = {}
        last, is_numbered = messages[-1] if messages else None, False
        for message in messages:
            action = _buttons(message, payloads) or _rows(message, words, payloads)
            if message.choices and action is None:
                message, is_numbered = numbered(message, words), message is last
            texts = texts_of(message, TEXT, BODY if action else TEXT, words)
            for text in texts[:-1] if action else texts:
                calls.append(self._message(address, "text", {"body": text, "preview_url": False}))
            if action:
                interactive = {**action, "body": {"text": texts[-1]}}
                calls.append(self._message(address, "interactive", interactive))
        return Shaped(tuple(calls), last.choices if last else (), is_numbered, payloads)

    def proactive(
        self, message: Message, address: Mapping[str, Any], words: Words, heard: timedelta, values: Sequence[str]
    ) -> Shaped | None:
        """See `Platform`; a day after the visitor's last message only an approved template may be sent."""
        if heard < FREE_WINDOW:
            return self.shape([message], address, words)
        if self._settings.template is None or not values:
            return None
        parameters = [{"type": "text", "text": cut(value, TEMPLATE_VALUE)} for value in values]
        template = {
            "name": self._settings.template,
            "language": {"code": self._settings.template_language},
            "components": [{"type": "body", "parameters": parameters}],
        }
        return Shaped((self._message(address, "template", template),))

    def courtesies(self, receipt: str, address: Mapping[str, Any]) -> list[Call]:
        """See `Platform`; the message is marked as read, too."""
        if not receipt:
            return []
        body = {"status": "read", "message_id": receipt, "typing_indicator": {"type": "text"}}
        return [Call(f"{self._number}/messages", {"messaging_product": "whatsapp", **body})]

    def way(self) -> Way:
        """See `Platform`."""
        return Way(self._settings.api, {"Authorization": f"Bearer {self._token}"})

    def _message(self, address: Mapping[str, Any], kind: str, content: Mapping[str, Any]) -> Call:
        body = {"messaging_product": "whatsapp", "recipient_type": "individual", "to": address["to"]}
        return Call(f"{self._number}/messages", {**body, "type": kind, kind: content})


def _incoming(message: Mapping[str, Any]) -> Incoming | None:
    id_, sender, kind = words(message, "id"), words(message, "from"), words(message, "type")
    if not id_ or not sender:
        return None

    def found(as_: Any, text: str = "", title: str = "") -> Incoming:
        sent_at = moment(message.get("timestamp"))
        return Incoming(id_, sender, {"to": sender}, as_, text, title, sent_at, receipt=id_)

    if kind == "text":
        return found("text", words(message, "text", "body"))
    if kind == "interactive":
        reply = part(message, "interactive", "button_reply") or part(message, "interactive", "list_reply")
        title = words(reply, "description") or words(reply, "title")
        return found("pressed", words(reply, "id"), title) if reply else None
    if kind == "button":
        # The button of a template: its payload is what the template says, so the words on it count.
        return found("text", words(message, "button", "text"))
    if kind in _MEDIA:
        caption = words(message, kind, "caption")
        return found("text", caption) if caption else found("unreadable")
    return None


def _buttons(message: Message, payloads: dict[str, str]) -> dict[str, Any] | None:
    titles = [choice.title for choice in message.choices]
    fit = all(length(title) <= BUTTON_TITLE for title in titles) and are_distinct(titles)
    if not titles or len(titles) > BUTTONS or not fit:
        return None
    replies = [
        {"type": "reply", "reply": {"id": data_of(each.payload, BUTTON_ID, payloads), "title": each.title}}
        for each in message.choices
    ]
    return {"type": "button", "action": {"buttons": replies}}


def _rows(message: Message, words: Words, payloads: dict[str, str]) -> dict[str, Any] | None:
    titles = [cut(choice.title, ROW_TITLE) for choice in message.choices]
    fit = all(length(choice.title) <= ROW_DESCRIPTION for choice in message.choices) and are_distinct(titles)
    if not titles or len(titles) > ROWS or not fit:
        return None
    rows = []
    for choice, title in zip(message.choices, titles, strict=True):
        row = {"id": data_of(choice.payload, ROW_ID, payloads), "title": title}
        if title != choice.title:
            row["description"] = choice.title
        rows.append(row)
    action = {"button": cut(words.say("open_list"), BUTTON_TITLE), "sections": [{"rows": rows}]}
    return {"type": "list", "action": action}

"""Messenger Platform.

Formats: https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks
Limits: https://developers.facebook.com/documentation/business-messaging/messenger-platform/send-messages/quick-replies
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from channels.messaging.cutting import are_distinct, cut, length
from channels.messaging.platform import Call, Delivery, Incoming, Way
from channels.messaging.reading import document, moment, number, part, parts, words
from channels.messaging.shaping import Message, Shaped, data_of, numbered, texts_of
from channels.messaging.words import Words
from channels.platforms.meta import FREE_WINDOW, MetaPlatform
from frontdesk.channel_settings import MessengerSettings

TEXT = 2000
QUICK_REPLIES, TITLE, PAYLOAD = 13, 20, 1000


class Messenger(MetaPlatform):
    """One Facebook page."""

    name = "messenger"

    def __init__(self, settings: MessengerSettings) -> None:
        """Take the settings of a channel that is on."""
        super().__init__(settings.value("MESSENGER_APP_SECRET"), settings.value("MESSENGER_VERIFY_TOKEN"))
        self._token = settings.value("MESSENGER_TOKEN")
        self._page = settings.value("MESSENGER_PAGE_ID")
        self._api = settings.api

    def read(self, delivery: Delivery) -> list[Incoming]:
        """See `Platform`; echoes, reactions, receipts and other pages' messages need no answer."""
        incoming = []
        content = document(delivery.body)
        if words(content, "object") == "page":
            for entry in parts(content, "entry"):
                incoming += [self._incoming(event) for event in parts(entry, "messaging")]
        return [each for each in incoming if each is not None]

    def shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words) -> Shaped:
        """See `Platform`; choices become quick replies, and are written out when their titles would be cut."""
        return self._shape(messages, address, words, "RESPONSE")

    def proactive(
        self, message: Message, address: Mapping[str, Any], words: Words, heard: timedelta, values: Sequence[str]
    ) -> Shaped | None:
        """See `Platform`; a day after the visitor's last message nothing may be sent."""
        return self._shape([message], address, words, "UPDATE") if heard < FREE_WINDOW else None

    def courtesies(self, receipt: str, address: Mapping[str, Any]) -> list[Call]:
        """See `Platform`."""
        if "id" not in address:
            return []
        return [Call(f"{self._page}/messages", {"recipient": {"id": address["id"]}, "sender_action": "typing_on"})]

    def way(self) -> Way:
        """See `Platform`."""
        return Way(self._api, {"Authorization": f"Bearer {self._token}"})

    def _shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words, reason: str) -> Shaped:
        calls: list[Call] = []
        payloads: dict[str, str] = {}
        last, is_numbered = messages[-1] if messages else None, False
        for message in messages:
            choices = message.choices
            titles = [choice.title for choice in choices]
            is_cut = any(length(title) > TITLE for title in titles) or not are_distinct(titles)
            if choices and (is_cut or len(choices) > QUICK_REPLIES):
                message, is_numbered = numbered(message, words), message is last
                titles = [cut(words.choice(index, title), TITLE) for index, title in enumerate(titles, 1)]
            quick_replies = [
                {"content_type": "text", "title": title, "payload": data_of(choice.payload, PAYLOAD, payloads)}
                for title, choice in zip(titles, choices, strict=True)
            ][:QUICK_REPLIES]
            texts = texts_of(message, TEXT, TEXT, words)
            for position, text in enumerate(texts, 1):
                content: dict[str, Any] = {"text": text}
                if quick_replies and position == len(texts):
                    content["quick_replies"] = quick_replies
                body = {"recipient": {"id": address["id"]}, "messaging_type": reason, "message": content}
                calls.append(Call(f"{self._page}/messages", body))
        return Shaped(tuple(calls), last.choices if last else (), is_numbered, payloads)

    def _incoming(self, event: Mapping[str, Any]) -> Incoming | None:
        sender, recipient = words(event, "sender", "id"), words(event, "recipient", "id")
        message, postback = part(event, "message"), part(event, "postback")
        stamp = number(event, "timestamp")
        if not sender or recipient != self._page or message.get("is_echo"):
            return None

        def found(delivery: str, as_: Any, text: str = "", title: str = "") -> Incoming:
            sent_at = moment(stamp / 1000) if stamp is not None else None
            return Incoming(delivery, sender, {"id": sender}, as_, text, title, sent_at)

        if postback:
            delivery = words(postback, "mid") or f"postback {stamp}"
            return found(delivery, "pressed", words(postback, "payload"), words(postback, "title"))
        mid, text = words(message, "mid"), words(message, "text")
        if not mid:
            return None
        payload = words(message, "quick_reply", "payload")
        if payload:
            return found(mid, "pressed", payload, text)
        if text:
            return found(mid, "text", text)
        return found(mid, "unreadable") if parts(message, "attachments") else None

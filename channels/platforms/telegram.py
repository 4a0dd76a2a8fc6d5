"""Telegram's Bot API.

Formats and limits: https://core.telegram.org/bots/api
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import httpx

from channels.messaging.cutting import cut
from channels.messaging.platform import TAKEN, Call, Delivery, Forged, Incoming, Platform, Verdict, Way, retry_after
from channels.messaging.reading import document, moment, number, part, words
from channels.messaging.shaping import Message, Shaped, data_of, texts_of
from channels.messaging.words import Words
from frontdesk.channel_settings import TelegramSettings

TEXT = 4096
CALLBACK_DATA = 64
# Telegram names no limit; a phone shows about as much in one line.
TITLE = 64

START = "/start"
_MEDIA = (
    *("animation", "audio", "contact", "dice", "document", "game", "live_photo", "location", "paid_media", "photo"),
    *("poll", "sticker", "story", "venue", "video", "video_note", "voice"),
)


def webhook_secret(secret: str, token: str) -> str:
    """What Telegram sends along with each delivery: made of the session secret, so nobody has to think one up."""
    return hmac.new(secret.encode(), f"telegram webhook {token}".encode(), hashlib.sha256).hexdigest()


class Telegram(Platform):
    """One bot, in private chats: nobody wants to talk about their skin in front of a group."""

    name = "telegram"

    def __init__(self, settings: TelegramSettings, secret: str, address: str, start: str) -> None:
        """Sets up.

        Args:
            settings: of a channel that is on.
            secret: the session secret.
            address: at which the platform reaches this channel.
            start: what the button means that stands before the first message.
        """
        self._token = settings.value("TELEGRAM_TOKEN")
        self._api = settings.api
        self._secret = webhook_secret(secret, self._token)
        self._address = address
        self._start = start

    def check(self, delivery: Delivery, now: datetime) -> None:
        """See `Platform`; the secret was given to Telegram by `registration`."""
        proof = delivery.proof("x-telegram-bot-api-secret-token")
        if not hmac.compare_digest(proof.encode("utf-8", "surrogateescape"), self._secret.encode()):
            raise Forged(403)

    def read(self, delivery: Delivery) -> list[Incoming]:
        """See `Platform`; edits, groups, joining and leaving need no answer."""
        update = document(delivery.body)
        id_ = number(update, "update_id")
        found = self._pressed(update, id_) if "callback_query" in update else self._written(update, id_)
        return [found] if found is not None and id_ is not None else []

    def shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words) -> Shaped:
        """See `Platform`; choices become buttons under the text."""
        calls: list[Call] = []
        payloads: dict[str, str] = {}
        for message in messages:
            keyboard = [
                [{"text": cut(choice.title, TITLE), "callback_data": data_of(choice.payload, CALLBACK_DATA, payloads)}]
                for choice in message.choices
            ]
            texts = texts_of(message, TEXT, TEXT, words)
            for position, text in enumerate(texts, 1):
                body = {"chat_id": address["chat"], "text": text, "link_preview_options": {"is_disabled": True}}
                if keyboard and position == len(texts):
                    body["reply_markup"] = {"inline_keyboard": keyboard}
                calls.append(Call("sendMessage", body))
        return Shaped(tuple(calls), messages[-1].choices if messages else (), False, payloads)

    def registration(self) -> Call:
        """See `Platform`."""
        body = {"url": self._address, "secret_token": self._secret, "allowed_updates": ["message", "callback_query"]}
        return Call("setWebhook", body)

    def courtesies(self, receipt: str, address: Mapping[str, Any]) -> list[Call]:
        """See `Platform`; a button that was pressed stops spinning."""
        calls = [Call("answerCallbackQuery", {"callback_query_id": receipt})] if receipt else []
        if "chat" in address:
            calls.append(Call("sendChatAction", {"chat_id": address["chat"], "action": "typing"}))
        return calls

    def way(self) -> Way:
        """See `Platform`."""
        return Way(f"{self._api}/bot{self._token}")

    def verdict(self, response: httpx.Response) -> Verdict:
        """See `Platform`; 403 says that the visitor has stopped the bot."""
        if response.is_success:
            return TAKEN
        problem = f"status {response.status_code}"
        if response.status_code not in (401, 404, 408, 429) and response.status_code < 500:
            return Verdict(True, problem)
        try:
            seconds = number(response.json(), "parameters", "retry_after")
        except ValueError:
            seconds = None
        pause = timedelta(seconds=min(seconds, 86_400)) if seconds else retry_after(response)
        return Verdict(False, problem, pause)

    def _pressed(self, update: Mapping[str, Any], id_: int | None) -> Incoming | None:
        query = part(update, "callback_query")
        message, data = part(query, "message"), words(query, "data")
        chat = number(message, "chat", "id")
        if words(message, "chat", "type") != "private" or chat is None or not data:
            return None
        title = next((words(each, "text") for each in _keys(message) if words(each, "callback_data") == data), "")
        # The time of the message is that of the question, not of the press.
        return Incoming(str(id_), str(chat), {"chat": chat}, "pressed", data, title, receipt=words(query, "id"))

    def _written(self, update: Mapping[str, Any], id_: int | None) -> Incoming | None:
        message = part(update, "message")
        chat = number(message, "chat", "id")
        if words(message, "chat", "type") != "private" or chat is None or part(message, "from").get("is_bot"):
            return None
        text = words(message, "text") or words(message, "caption")
        if not text and not any(message.get(kind) for kind in _MEDIA):
            return None
        if text.split(maxsplit=1)[:1] == [START]:
            text = self._start
        sent_at = moment(message.get("date"))
        return Incoming(str(id_), str(chat), {"chat": chat}, "text" if text else "unreadable", text, "", sent_at)


def _keys(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = part(message, "reply_markup").get("inline_keyboard")
    return [key for row in rows if isinstance(row, list) for key in row] if isinstance(rows, list) else []

"""Visitors on the platforms: what they type and press, delivered and signed as the platform does it."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from slack_sdk.signature import SignatureVerifier
from twilio.request_validator import RequestValidator

from channels.platforms.telegram import webhook_secret
from frontdesk.settings import Settings
from tests.channels.fake_platforms import ACCOUNT, NUMBER_ID, OUR_NUMBER, PAGE_ID, TOKENS, TWILIO_TOKEN

_ids = itertools.count(1)


@dataclass(frozen=True)
class Signed:
    """A request as a platform makes it."""

    body: bytes
    headers: dict[str, str]


class Visitor(ABC):
    """One visitor on one platform."""

    channel: str

    def __init__(self, settings: Settings, url: str, number: int = 1) -> None:
        """Take the desk's settings, the address of its server, and which visitor this is."""
        self.settings = settings
        self.number = number
        self.http = httpx.Client(base_url=f"{url}/webhooks/{self.channel}", timeout=60, trust_env=False)

    def deliver(self, signed: Signed) -> httpx.Response:
        """Send a request to the desk."""
        return self.http.post("/webhook", content=signed.body, headers=signed.headers)

    def say(self, text: str) -> httpx.Response:
        """Type something."""
        return self.deliver(self.sign(self.typed(text)))

    def press(self, title: str, data: str) -> httpx.Response:
        """Press a button."""
        return self.deliver(self.sign(self.pressed(title, data)))

    @property
    @abstractmethod
    def name(self) -> str:
        """As which the desk's replies are addressed."""

    @abstractmethod
    def typed(self, text: str, id_: str | None = None) -> Any:
        """The content of a delivery of typed words."""

    def pressed(self, title: str, data: str) -> Any:
        """The content of a delivery of a pressed button."""
        raise NotImplementedError

    @abstractmethod
    def sign(self, content: Any, *, secret: str | None = None, stamp: float | None = None) -> Signed:
        """A content as a request; with the platform's own secret unless another is given."""

    def unsigned(self, content: Any) -> Signed:
        """The same without any proof."""
        signed = self.sign(content)
        return Signed(signed.body, {"Content-Type": signed.headers["Content-Type"]})


class _OfMeta(Visitor):
    secret_name: str

    def sign(self, content: Any, *, secret: str | None = None, stamp: float | None = None) -> Signed:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        key = secret or getattr(self.settings.channels, self.channel).value(self.secret_name)
        digest = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
        return Signed(body, {"Content-Type": "application/json", "X-Hub-Signature-256": f"sha256={digest}"})


class WhatsAppVisitor(_OfMeta):
    channel = "whatsapp"
    secret_name = "WHATSAPP_APP_SECRET"

    @property
    def name(self) -> str:
        return f"4477009{self.number:05d}"

    def typed(self, text: str, id_: str | None = None) -> Any:
        return self.message({"type": "text", "text": {"body": text}}, id_)

    def pressed(self, title: str, data: str) -> Any:
        reply = {"type": "button_reply", "button_reply": {"id": data, "title": title}}
        return self.message({"type": "interactive", "interactive": reply})

    def message(self, content: dict[str, Any], id_: str | None = None, stamp: float | None = None) -> Any:
        message = {"from": self.name, "id": id_ or f"wamid.{next(_ids)}", "timestamp": str(int(stamp or time.time()))}
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": OUR_NUMBER, "phone_number_id": NUMBER_ID},
            "contacts": [{"profile": {"name": "Ada"}, "wa_id": self.name}],
            "messages": [{**message, **content}],
        }
        change = {"field": "messages", "value": value}
        return {"object": "whatsapp_business_account", "entry": [{"id": "1", "changes": [change]}]}


class MessengerVisitor(_OfMeta):
    channel = "messenger"
    secret_name = "MESSENGER_APP_SECRET"

    @property
    def name(self) -> str:
        return f"7000{self.number}"

    def typed(self, text: str, id_: str | None = None) -> Any:
        return self.event({"message": {"mid": id_ or f"m_{next(_ids)}", "text": text}})

    def pressed(self, title: str, data: str) -> Any:
        return self.event({"message": {"mid": f"m_{next(_ids)}", "text": title, "quick_reply": {"payload": data}}})

    def event(self, *contents: dict[str, Any], stamp: float | None = None) -> Any:
        who = {"sender": {"id": self.name}, "recipient": {"id": PAGE_ID}}
        at = int((stamp or time.time()) * 1000)
        events = [{**who, "timestamp": at, **content} for content in contents]
        return {"object": "page", "entry": [{"id": PAGE_ID, "time": at, "messaging": events}]}


class TelegramVisitor(Visitor):
    channel = "telegram"

    @property
    def name(self) -> str:
        return str(900_000 + self.number)

    def typed(self, text: str, id_: str | None = None) -> Any:
        return self.update({"message": self.message({"text": text})}, id_)

    def pressed(self, title: str, data: str) -> Any:
        keyboard = {"inline_keyboard": [[{"text": title, "callback_data": data}]]}
        query = {"id": f"q{next(_ids)}", "from": {"id": int(self.name)}, "chat_instance": "1", "data": data}
        return self.update({"callback_query": {**query, "message": self.message({"reply_markup": keyboard})}})

    def message(self, content: dict[str, Any]) -> dict[str, Any]:
        chat = {"id": int(self.name), "type": "private", "first_name": "Ada"}
        sender = {"id": int(self.name), "is_bot": False, "first_name": "Ada"}
        return {"message_id": next(_ids), "date": int(time.time()), "chat": chat, "from": sender, **content}

    def update(self, content: dict[str, Any], id_: str | None = None) -> Any:
        return {"update_id": int(id_) if id_ else 10_000 + next(_ids), **content}

    def sign(self, content: Any, *, secret: str | None = None, stamp: float | None = None) -> Signed:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        proof = secret or webhook_secret(self.settings.session_secret, TOKENS["telegram"])
        return Signed(body, {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": proof})


class TwilioVisitor(Visitor):
    channel = "twilio"

    @property
    def name(self) -> str:
        return f"+4477008{self.number:05d}"

    def typed(self, text: str, id_: str | None = None) -> Any:
        return self.message(Body=text, **({"MessageSid": id_} if id_ else {}))

    def message(self, **fields: str) -> Any:
        usual = {"AccountSid": ACCOUNT, "From": self.name, "To": OUR_NUMBER, "NumMedia": "0", "Body": ""}
        return {**usual, "MessageSid": f"SM{next(_ids):032d}", **fields}

    def sign(self, content: Any, *, secret: str | None = None, stamp: float | None = None) -> Signed:
        url = f"{self.settings.public_address}/webhooks/twilio/webhook"
        if isinstance(content, bytes):
            body, fields = content, {}
        else:
            body, fields = urlencode(content).encode(), content
        proof = RequestValidator(secret or TWILIO_TOKEN).compute_signature(url, fields)
        return Signed(body, {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": proof})


class SlackVisitor(Visitor):
    channel = "slack"

    @property
    def name(self) -> str:
        return f"D{self.number:09d}"

    def typed(self, text: str, id_: str | None = None) -> Any:
        return self.event({"type": "message", "channel_type": "im", "text": text}, id_)

    def pressed(self, title: str, data: str) -> Any:
        action = {"type": "button", "action_id": "choice-0", "value": data, "action_ts": f"{time.time():.6f}"}
        return {
            "type": "block_actions",
            "team": {"id": "T1"},
            "user": {"id": f"U{self.number}"},
            "channel": {"id": self.name},
            "message": {"ts": "1.1"},
            "trigger_id": f"trigger{next(_ids)}",
            "actions": [{**action, "text": {"type": "plain_text", "text": title}}],
        }

    def event(self, content: dict[str, Any], id_: str | None = None) -> Any:
        event = {"user": f"U{self.number}", "channel": self.name, "ts": f"{time.time():.6f}", **content}
        envelope = {"type": "event_callback", "team_id": "T1", "event_time": int(time.time())}
        return {**envelope, "event_id": id_ or f"Ev{next(_ids)}", "event": event}

    def sign(self, content: Any, *, secret: str | None = None, stamp: float | None = None) -> Signed:
        kind = "application/json; charset=utf-8"
        if isinstance(content, bytes):
            body = content
        elif content.get("type") == "block_actions":
            body, kind = urlencode({"payload": json.dumps(content)}).encode(), "application/x-www-form-urlencoded"
        else:
            body = json.dumps(content).encode()
        at = str(int(stamp or time.time()))
        key = secret or self.settings.channels.slack.value("SLACK_SIGNING_SECRET")
        try:
            proof = SignatureVerifier(key).generate_signature(timestamp=at, body=body)
        except UnicodeDecodeError:
            # The vendor's code signs text only; a platform that sent something else would sign it so.
            proof = "v0=" + hmac.new(key.encode(), f"v0:{at}:".encode() + body, hashlib.sha256).hexdigest()
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": proof or ""}
        return Signed(body, {"Content-Type": kind, **headers})


VISITORS: tuple[type[Visitor], ...] = (
    WhatsAppVisitor,
    TelegramVisitor,
    MessengerVisitor,
    TwilioVisitor,
    SlackVisitor,
)

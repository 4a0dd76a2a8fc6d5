"""SMS and WhatsApp by Twilio's Programmable Messaging.

Formats: https://www.twilio.com/docs/messaging/guides/webhook-request
Limit: https://www.twilio.com/docs/api/errors/21617
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

import httpx
from sanic.request import RequestParameters
from twilio.request_validator import RequestValidator

from channels.messaging.platform import TAKEN, Call, Delivery, Forged, Incoming, Platform, Unreadable, Verdict, Way
from channels.messaging.platform import retry_after as pause_of
from channels.messaging.shaping import Message, Shaped, numbered, texts_of
from channels.messaging.words import Words
from channels.platforms.meta import FREE_WINDOW
from frontdesk.channel_settings import TwilioSettings

BODY = 1600
_MOST_FIELDS = 200
_WHATSAPP = "whatsapp:"


class Twilio(Platform):
    """One Twilio account; the answer comes from the number that was written to."""

    name = "twilio"
    # Twilio tells no time, so what was captured once could be sent again whenever it is forgotten.
    memory = timedelta(days=400)

    def __init__(self, settings: TwilioSettings, address: str) -> None:
        """Take the settings of a channel that is on, and the address at which the platform reaches it: it is signed."""
        self._account = settings.value("TWILIO_ACCOUNT_SID")
        self._token = settings.value("TWILIO_AUTH_TOKEN")
        self._api = settings.api
        self._address = address

    def check(self, delivery: Delivery, now: datetime) -> None:
        """See `Platform`; the signature covers the fields of the form, so these are split first, but not looked at."""
        proof = delivery.proof("x-twilio-signature")
        try:
            is_signed = RequestValidator(self._token).validate(self._address, _fields(delivery), proof)
        except (Unreadable, ValueError):
            is_signed = False
        if not is_signed:
            raise Forged(403)

    def read(self, delivery: Delivery) -> list[Incoming]:
        """See `Platform`; states of delivery and what Twilio has answered itself, such as STOP, need no answer."""
        fields = _fields(delivery)

        def field(name: str) -> str:
            text: str = fields.get(name) or ""
            return text.encode("utf-8", "ignore").decode()

        id_, visitor, number = field("MessageSid"), field("From"), field("To")
        is_ours = field("AccountSid") == self._account
        if not (id_ and visitor and number and is_ours) or field("OptOutType") or field("MessageStatus"):
            return []
        if field("MessageType") == "reaction":
            return []
        address = {"to": visitor, "from": number}
        text = field("ButtonText") or field("Body")
        if not text.strip() and field("NumMedia") in ("", "0") and not field("Latitude"):
            return []
        # By SMS and by WhatsApp, one person has two conversations.
        return [Incoming(id_, visitor, address, "text" if text.strip() else "unreadable", text)]

    def shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words) -> Shaped:
        """See `Platform`; choices are numbered, and sources have no links by SMS, where each character costs."""
        calls = []
        has_links = str(address["to"]).startswith(_WHATSAPP)
        for message in messages:
            for text in texts_of(numbered(message, words), BODY, BODY, words, has_links):
                body = {"From": address["from"], "To": address["to"], "Body": text}
                calls.append(Call(f"2010-04-01/Accounts/{self._account}/Messages.json", body, form=True))
        return Shaped(tuple(calls), messages[-1].choices if messages else (), True)

    def proactive(
        self, message: Message, address: Mapping[str, Any], words: Words, heard: timedelta, values: Sequence[str]
    ) -> Shaped | None:
        """See `Platform`; on WhatsApp, a day after the visitor's last message nothing may be sent."""
        if heard >= FREE_WINDOW and str(address["to"]).startswith(_WHATSAPP):
            return None
        return self.shape([message], address, words)

    def way(self) -> Way:
        """See `Platform`."""
        return Way(self._api, auth=(self._account, self._token))

    def verdict(self, response: httpx.Response) -> Verdict:
        """See `Platform`; 400 is a number that cannot be written to, or that has opted out."""
        if response.is_success:
            return TAKEN
        is_final = response.status_code < 500 and response.status_code not in (401, 403, 404, 408, 429)
        return Verdict(is_final, f"status {response.status_code}", pause_of(response))


def _fields(delivery: Delivery) -> RequestParameters:
    try:
        fields = parse_qs(delivery.body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        return RequestParameters(fields)
    except ValueError:
        raise Unreadable from None

"""The routes of one platform: checked, written down, acknowledged; answered later."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json, text
from sqlalchemy.exc import SQLAlchemyError

from channels.common.errors import Refusal
from channels.common.failures import log_failure
from channels.common.limits import Rate, read_body
from channels.messaging.platform import Delivery, Forged, Incoming, Platform, Unreadable
from frontdesk.database import utc_now
from frontdesk.messages.inbox import Arrival, Inbox

# A delivery may hold many messages; far more than any platform sends at once.
_CHARACTERS_AT_ONCE = 40_000
_LONGEST_ID = 500


class Door:
    """Takes what one platform delivers."""

    def __init__(
        self,
        platform: Platform,
        inbox: Inbox,
        secret: str,
        characters: int,
        rate: Rate,
        arrived: Callable[[], None],
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Sets up.

        Args:
            platform: who delivers.
            inbox: where messages are written down.
            secret: the key of sender ids, so that no log or conversation shows a phone number.
            characters: longest message that is answered.
            rate: how often one visitor may write; what is more is dropped, as every answer costs.
            arrived: called when there is something to answer.
            clock: where the time (aware) comes from.
        """
        self._platform = platform
        self._inbox = inbox
        self._secret = secret
        self._characters = characters
        self._rate = rate
        self._arrived = arrived
        self._clock = clock

    def blueprint(self) -> Blueprint:
        """Makes the routes below ``/webhooks/<platform>``."""
        name = self._platform.name
        blueprint = Blueprint(f"{name}_channel")

        # Functions, as Sanic writes the blueprint's name on what it is given.
        async def deliver(request: Request) -> HTTPResponse:
            return await self._deliver(request)

        async def verify(request: Request) -> HTTPResponse:
            return self._verify(request)

        # Sanic would read a body of any size before the first check; so it is told to leave it on the wire.
        blueprint.add_route(deliver, f"/{name}/webhook", methods=["POST"], name="deliver", ignore_body=True)
        blueprint.add_route(verify, f"/{name}/webhook", methods=["GET"], name="verify")
        return blueprint

    def _verify(self, request: Request) -> HTTPResponse:
        try:
            answer = self._platform.verify({key: values[0] for key, values in request.args.items()})
        except Forged as forged:
            return _refused(forged.status, "forged")
        return json({"status": "ok"}) if answer is None else text(answer)

    async def _deliver(self, request: Request) -> HTTPResponse:
        name = self._platform.name
        try:
            body = await read_body(request, _CHARACTERS_AT_ONCE)
            delivery = Delivery({key.lower(): value for key, value in request.headers.items()}, body)
            self._platform.check(delivery, self._clock())
            handshake = self._platform.handshake(delivery)
            if handshake is not None:
                return text(handshake)
            incoming = self._platform.read(delivery)
            return await self._take_in(incoming)
        except Forged as forged:
            return _refused(forged.status, "forged")
        except Unreadable:
            return _refused(400, "unreadable")
        except Refusal as refusal:
            return _refused(refusal.status, refusal.code)
        except SQLAlchemyError as error:
            # The platform delivers again what is not acknowledged.
            log_failure(f"a delivery of {name} cannot be written down", error)
            return _refused(503, "try_again")

    async def _take_in(self, incoming: list[Incoming]) -> HTTPResponse:
        now = self._clock()
        fresh = [each for each in incoming if each.sent_at is None or now - each.sent_at < self._platform.memory]
        if incoming and not fresh:
            # Older than what is remembered, so it may well be a repetition.
            raise Forged(403)
        arrivals = [self._arrival(each) for each in fresh if self._may_speak(each)]
        if arrivals:
            name, memory = self._platform.name, self._platform.memory
            if await asyncio.to_thread(self._inbox.add, name, arrivals, now, memory):
                self._arrived()
        return self._acknowledged()

    def _acknowledged(self) -> HTTPResponse:
        return empty(status=200)

    def _may_speak(self, incoming: Incoming) -> bool:
        try:
            self._rate.count(self._conversation(incoming.visitor))
        except Refusal:
            return False
        return len(incoming.delivery) <= _LONGEST_ID

    def _arrival(self, incoming: Incoming) -> Arrival:
        content = {
            # One more than is answered tells that it was too long.
            "text": incoming.text[: self._characters + 1] if incoming.kind == "text" else incoming.text,
            "title": incoming.title[: self._characters],
            "receipt": incoming.receipt,
        }
        conversation = self._conversation(incoming.visitor)
        return Arrival(conversation, incoming.delivery, incoming.kind, content, incoming.address)

    def _conversation(self, visitor: str) -> str:
        name = self._platform.name
        digest = hmac.new(self._secret.encode(), f"{name}\n{visitor}".encode("utf-8", "surrogatepass"), hashlib.sha256)
        return f"{name}:{digest.hexdigest()[:32]}"


def _refused(status: int, code: str) -> HTTPResponse:
    return json({"error": code}, status=status)

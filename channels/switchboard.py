"""All messaging channels as one Rasa channel: those whose variables are set are there, the others do not exist.

`credentials.yml` names classes and cannot ask the environment; so it names this one, which makes the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import tenacity
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic

from channels.common.desk import Desk
from channels.common.limits import Rate
from channels.common.turns import TURN_SECONDS, Turns
from channels.messaging.door import Door
from channels.messaging.platform import Platform, Verdict
from channels.messaging.pump import Pump
from channels.messaging.sending import Sender
from channels.messaging.serving import Service
from channels.messaging.words import Words
from channels.platforms.messenger import Messenger
from channels.platforms.slack import Slack
from channels.platforms.telegram import Telegram
from channels.platforms.twilio import Twilio
from channels.platforms.whatsapp import WhatsApp
from channels.socketio.channel import SocketIODoor
from frontdesk.database import create_engine
from frontdesk.messages.inbox import Inbox
from frontdesk.messages.outgoing import Outgoing, Patience
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings

WEBHOOKS = "/webhooks"

logger = logging.getLogger(__name__)


class Switchboard(InputChannel):
    """Opens the doors of the channels that are on, and moves their messages while the server runs."""

    def __init__(
        self, settings: Settings, desk: Desk, turn_seconds: float = TURN_SECONDS, patience: Patience | None = None
    ) -> None:
        """Sets up.

        Args:
            settings: which channels are on, sizes, rates, the database.
            desk: what the channels need of the facts store.
            turn_seconds: how long a turn may take.
            patience: how long a call waits that a platform did not take.
        """
        self._settings = settings
        self._desk = desk
        self._turn_seconds = turn_seconds
        self._platforms = {platform.name: platform for platform in platforms(settings)}
        self._engine = create_engine(settings)
        self._inbox = Inbox(self._engine)
        self._sender = Sender(self._platforms, Outgoing(self._engine, patience))
        self._registering: asyncio.Task[None] | None = None

    @classmethod
    def name(cls) -> str:
        """Name for Rasa; each channel below has its own."""
        return "switchboard"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> Switchboard:
        """Makes the channel from the environment; ``credentials.yml`` holds nothing but its name.

        Raises:
            rasa.shared.exceptions.RasaException: a channel is half configured; Rasa then ends with this sentence.
        """
        settings = Settings.from_environment()
        if settings.channels.complaints:
            raise RasaException(" ".join(settings.channels.complaints))
        return cls(settings, Desk.from_settings(settings))

    def url_prefix(self) -> str:
        """Where Rasa puts the routes: beside those of the website, and not below a name of its own."""
        return WEBHOOKS

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> list[Blueprint]:
        """Makes the routes of all channels that are on; each of them is below its own name.

        Args:
            on_new_message: Rasa's handler of a message.
        """
        doors: list[Blueprint] = []
        if self._platforms or self._settings.channels.socketio.is_on:
            upgrade(self._engine)
            # Rasa's other processes are made after this, and may not share a connection.
            self._engine.dispose()
        if self._settings.channels.socketio.is_on:
            door = SocketIODoor(self._settings, self._desk, self._inbox, on_new_message, self._turn_seconds)
            doors.append(door.blueprint())
        if not self._platforms:
            return doors
        turns = {name: Turns(name, on_new_message, self._desk, self._turn_seconds) for name in self._platforms}
        characters = self._settings.message_limit
        service = Service(self._platforms, turns, self._inbox, self._sender, self._desk, characters)

        async def send(letter: Any) -> None:
            pause = await self._sender.send(letter)
            if pause is not None:
                asyncio.get_running_loop().call_later(pause.total_seconds(), sending.wake)

        sending = Pump("the outgoing messages", self._sender.take, send)

        async def serve(entry: Any) -> None:
            await service.serve(entry)
            sending.wake()

        serving = Pump("the inbox", service.take, serve)
        doors += [self._door(platform, serving.wake).blueprint() for platform in self._platforms.values()]
        # Listeners belong to a blueprint; any of them will do.
        doors[-1].listener("after_server_start")(self._starting(serving, sending))
        doors[-1].listener("before_server_stop")(self._stopping(serving, sending))
        logger.info("Messaging channels: %s", ", ".join(self._platforms))
        return doors

    def _door(self, platform: Platform, arrived: Callable[[], None]) -> Door:
        settings = self._settings
        rate = Rate(settings.message_rate)
        return Door(platform, self._inbox, settings.session_secret, settings.message_limit, rate, arrived)

    def _starting(self, *pumps: Pump) -> Callable[..., Awaitable[None]]:
        async def start(app: Sanic, *_: Any) -> None:
            for pump in pumps:
                pump.start()
            self._registering = asyncio.create_task(self._register())

        return start

    def _stopping(self, *pumps: Pump) -> Callable[..., Awaitable[None]]:
        async def stop(app: Sanic, *_: Any) -> None:
            if self._registering is not None:
                self._registering.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await self._registering
            for pump in pumps:
                await pump.stop()
            await self._sender.close()

        return stop

    async def _register(self) -> None:
        for platform in self._platforms.values():
            call = platform.registration()
            if call is None:
                continue
            # Not at the cost of the start: the other channels work without this one's platform.
            patiently = tenacity.AsyncRetrying(
                retry=tenacity.retry_if_result(lambda verdict: not verdict.is_final),
                wait=tenacity.wait_exponential(max=60),
                stop=tenacity.stop_after_attempt(10),
                retry_error_callback=lambda state: state.outcome.result() if state.outcome else None,
            )
            verdict: Verdict | None = await patiently(self._sender.call, platform, call)
            if verdict is None or verdict.problem is not None:
                problem = verdict.problem if verdict else "no answer"
                logger.error("%s does not know where to deliver: %s", platform.name, problem)


def platforms(settings: Settings) -> list[Platform]:
    """The messaging platforms that are on."""
    channels, found = settings.channels, list[Platform]()
    if channels.whatsapp.is_on:
        found.append(WhatsApp(channels.whatsapp))
    if channels.telegram.is_on:
        address = webhook_address(settings, channels.telegram.page)
        found.append(Telegram(channels.telegram, settings.session_secret, address, Words().say("start")))
    if channels.messenger.is_on:
        found.append(Messenger(channels.messenger))
    if channels.twilio.is_on:
        found.append(Twilio(channels.twilio, webhook_address(settings, channels.twilio.page)))
    if channels.slack.is_on:
        found.append(Slack(channels.slack))
    return found


def webhook_address(settings: Settings, page: str) -> str:
    """The address at which a platform delivers."""
    return f"{settings.public_address}{WEBHOOKS}/{page}"

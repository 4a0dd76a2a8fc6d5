"""The website door of the assistant, a Rasa input channel."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, empty, json

from channels.common.desk import Desk
from channels.common.limits import Rate, client_network, is_local
from channels.common.sessions import Sessions
from channels.common.turns import TURN_SECONDS, Turns
from channels.website.calendar_files import CalendarFiles
from channels.website.deletion import Conversations
from channels.website.origins import Origins
from channels.website.pages import DemoPage, StaticFiles
from channels.website.rating import read_rating
from channels.website.routing import Routes
from channels.website.scripts import WidgetScripts
from channels.website.visitor_text import read_message
from frontdesk.booking.addresses import FEED_PATH, INVITATION_PATH
from frontdesk.booking.mail_words import load_mail_words
from frontdesk.database import create_engine
from frontdesk.feedback import FeedbackLog
from frontdesk.settings import Settings

CHANNEL_NAME = "website"


class WebsiteChannel(InputChannel):
    """Serves the chat of a website below ``/webhooks/website``.

    - ``POST /session`` -> 201 ``{"session": token}``; ``DELETE /session``, authorized as below, -> 204, when
      the conversation is erased and its token no longer good
    - ``POST /message`` with ``Authorization: Bearer <token>`` and ``{"message": "…"}`` -> 200 ``{"messages": [{"text",
      "buttons": [{"title", "payload"}], "outcome", "topics", "facts", "sources": [{"title", "url", "organisation",
      "date", "reviewed"}]}]}``; never an empty list
    - ``GET /about`` -> 200 ``{"name", "phone", "emergency_number", "language", "message_limit", "session_hours"}``
    - ``POST /feedback``, authorized likewise, ``{"answer", "vote": "up" | "down" | null, "facts", "topics"}`` -> 200
    - ``GET /invitation/<token>.ics``, ``GET /calendar/<token>.ics``: a visitor's booking and all of the clinic's, as
      ``text/calendar``; :mod:`frontdesk.booking.addresses` makes the tokens
    - ``GET /widget.js``, ``GET /widget/<name>-<hash>.js``: the widget, for any website
    - ``GET /`` -> 200 ``{"status": "ok"}``
    - ``GET /demo``, ``GET /static/<file>``: the demo page and its files

    Every refusal is JSON: ``{"error": {"code", "message"}}``; codes and statuses are in ``errors.yml``.
    """

    def __init__(self, settings: Settings, desk: Desk, turn_seconds: float = TURN_SECONDS) -> None:
        """Sets up the door.

        Args:
            settings: origins, rates, sizes, the signing key.
            desk: what the door needs of the facts store.
            turn_seconds: how long a turn may take.
        """
        self._desk = desk
        engine = create_engine(settings)
        self._feedback = FeedbackLog(engine)
        words = load_mail_words(settings.facts_dir)
        self._calendar_files = CalendarFiles(engine, desk.clinic, words, settings.feed_secret)
        self._session_hours = settings.session_hours
        self._turn_seconds = turn_seconds
        self._characters = settings.message_limit
        self._origins = Origins(settings.allowed_origins)
        self._sessions = Sessions(settings.session_secret, settings.session_hours * 3600)
        self._conversations = Conversations(self._sessions, engine, settings.session_hours)
        self._message_rate = Rate(settings.message_rate)
        self._feedback_rate = Rate(settings.message_rate)
        self._address_rate = Rate(settings.address_rate)
        self._session_rate = Rate(settings.session_rate)
        self._limit_local = settings.limit_local

    @classmethod
    def name(cls) -> str:
        """Name of the channel and of its path."""
        return CHANNEL_NAME

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebsiteChannel:
        """Makes the channel from the environment; ``credentials.yml`` holds nothing but its name."""
        settings = Settings.from_environment()
        return cls(settings, Desk.from_settings(settings))

    def _count(self, rate: Rate, request: Request) -> None:
        network = client_network(request)
        if self._limit_local or not is_local(network):
            rate.count(network)

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Makes the routes.

        Args:
            on_new_message: Rasa's handler of a message.
        """
        turns = Turns(CHANNEL_NAME, on_new_message, self._desk, self._turn_seconds)

        async def health(request: Request) -> HTTPResponse:
            return json({"status": "ok"})

        async def open_session(request: Request) -> HTTPResponse:
            self._count(self._session_rate, request)
            return json({"session": self._sessions.issue()}, status=201)

        async def delete_session(request: Request) -> HTTPResponse:
            self._count(self._address_rate, request)
            await self._conversations.delete(request.headers.get("authorization"), request.app.ctx.agent)
            return empty()

        async def message(request: Request) -> HTTPResponse:
            self._count(self._address_rate, request)
            sender_id = await self._conversations.sender_id(request.headers.get("authorization"))
            self._message_rate.count(sender_id)
            text = read_message(request.body, request.headers.get("content-type", ""), self._characters)
            return json({"messages": await turns.run(sender_id, text)})

        async def about(request: Request) -> HTTPResponse:
            self._count(self._address_rate, request)
            limits = {"message_limit": self._characters, "session_hours": self._session_hours}
            return json({**await asyncio.to_thread(self._desk.about), **limits})

        async def feedback(request: Request) -> HTTPResponse:
            self._count(self._address_rate, request)
            sender_id = await self._conversations.sender_id(request.headers.get("authorization"))
            self._feedback_rate.count(sender_id)
            given = read_rating(request.body, request.headers.get("content-type", ""))
            await asyncio.to_thread(self._feedback.give, sender_id, given.answer, given.vote, given.facts, given.topics)
            return json({"status": "ok"})

        async def calendar(request: Request, file: str) -> HTTPResponse:
            self._count(self._address_rate, request)
            return await self._calendar_files.serve_feed(request, file)

        async def invitation(request: Request, file: str) -> HTTPResponse:
            self._count(self._address_rate, request)
            return await self._calendar_files.serve_invitation(request, file)

        scripts = WidgetScripts()
        blueprint = Blueprint("website_channel")
        routes = Routes(blueprint, self._origins, self._characters)
        for path, name in (("", "health"), ("/", "health_slash")):
            routes.add(path, name, {"GET": health})
        routes.add("/session", "session", {"POST": open_session, "DELETE": delete_session})
        routes.add("/message", "message", {"POST": message})
        routes.add("/feedback", "feedback", {"POST": feedback})
        routes.add("/about", "about", {"GET": about})
        routes.add(f"{FEED_PATH}/<file:str>", "calendar", {"GET": calendar})
        routes.add(f"{INVITATION_PATH}/<file:str>", "invitation", {"GET": invitation})
        routes.add("/widget.js", "widget", {"GET": scripts.serve_widget}, public=True)
        routes.add("/widget/<file:str>", "widget_version", {"GET": scripts.serve}, public=True)
        routes.add("/demo", "demo", {"GET": DemoPage(self._desk.page).serve})
        routes.add("/static/<file:str>", "static", {"GET": StaticFiles().serve}, public=True)
        routes.add_not_found()
        return blueprint

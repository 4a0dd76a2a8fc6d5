"""Socket.IO with what Rasa's own lacks: rooms that are joined, sessions that are signed, origins that are checked.

It shares no code with Rasa's `SocketIOInput` but the blueprint: each of its handlers would be replaced anyway.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakValueDictionary

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.socketio import SocketBlueprint
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from socketio import AsyncServer

from channels.common.desk import Desk
from channels.common.errors import Refusal
from channels.common.failures import log_failure
from channels.common.limits import Rate, client_network, is_local
from channels.common.plain_text import plain_text
from channels.common.sessions import Sessions
from channels.common.turns import TURN_SECONDS, Turns
from frontdesk.database import utc_now
from frontdesk.messages.inbox import Inbox
from frontdesk.settings import Settings

NAME = "socketio"
PATH = f"/webhooks/{NAME}/socket.io"

# A message with all of its envelope is far smaller.
_MOST_BYTES = 64 * 1024
_LONGEST_ID = 100
_MEMORY = timedelta(days=1)


class _SocketBlueprint(SocketBlueprint):
    """Socket.IO's route belongs to the server and to no blueprint, so its check has to go there, too."""

    def register(self, app: Sanic, options: dict[str, Any]) -> None:
        super().register(app, options)
        app.register_middleware(self.ctx.check, "request")


class SocketIODoor:
    """Talks to the clients of websites.

    - the client sends ``session_request`` with ``{"session_id": token or null}``; ``session_confirm`` brings a token,
      the same one when it is still good, and from then on replies reach every connection with that token;
    - ``user_uttered`` with ``{"message": text, "id": optional}``; a repeated id is answered once;
    - ``bot_uttered`` brings each reply: ``{"text", "quick_replies": [{"content_type", "title", "payload"}], "outcome",
      "topics", "facts", "sources"}``;
    - ``refused`` brings ``{"code", "message"}``, as of the website door.
    """

    def __init__(
        self,
        settings: Settings,
        desk: Desk,
        inbox: Inbox,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        turn_seconds: float = TURN_SECONDS,
    ) -> None:
        """Sets up.

        Args:
            settings: origins, rates, sizes, the signing key.
            desk: where sources and the apology come from.
            inbox: knows the messages that were sent before.
            on_new_message: Rasa's handler of a message.
            turn_seconds: how long a turn may take.
        """
        self._settings = settings
        self._inbox = inbox
        self._turns = Turns(NAME, on_new_message, desk, turn_seconds)
        self._sessions = Sessions(settings.session_secret, settings.session_hours * 3600, NAME)
        self._message_rate = Rate(settings.message_rate)
        self._session_rate = Rate(settings.session_rate)
        # A lock lives as long as somebody has or awaits it.
        self._turn_of: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._sio = AsyncServer(
            async_mode="sanic",
            # Given an empty list, as Rasa's own is, Engine.IO would not check at all.
            cors_allowed_origins=self._is_allowed,
            max_http_buffer_size=_MOST_BYTES,
        )
        for event, handle in (("session_request", self._open), ("user_uttered", self._hear)):
            self._sio.on(event, self._guarded(handle))

    def blueprint(self) -> SocketBlueprint:
        """Makes the routes: a health check, and Socket.IO at `PATH`."""
        blueprint = _SocketBlueprint(self._sio, PATH, "socketio_channel")
        blueprint.ctx.check = self._check_origin

        async def health(request: Request) -> HTTPResponse:
            return json_response({"status": "ok"})

        blueprint.add_route(health, f"/{NAME}", name="health")
        return blueprint

    def _is_allowed(self, origin: str | None, environ: dict[str, Any]) -> bool:
        # As at the website door: programs send no origin, and a page of this very server may always talk to it.
        host = str(environ.get("HTTP_HOST", "")).lower()
        return origin is None or origin.lower() in self._settings.allowed_origins or _host(origin) == host

    def _check_origin(self, request: Request) -> HTTPResponse | None:
        if not request.path.startswith(PATH):
            return None
        environ = {"HTTP_HOST": request.headers.get("host", "")}
        if self._is_allowed(request.headers.get("origin"), environ):
            return None
        return Refusal("origin_not_allowed").response()

    def _guarded(self, handle: Callable[[str, dict[str, Any]], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
        async def guarded(sid: str, data: Any = None, *_: Any) -> None:
            try:
                await handle(sid, data if isinstance(data, dict) else {})
            except Refusal as refusal:
                await self._refuse(sid, refusal)
            except Exception as error:
                log_failure("a Socket.IO event failed", error)
                await self._refuse(sid, Refusal("internal"))

        return guarded

    async def _refuse(self, sid: str, refusal: Refusal) -> None:
        await self._sio.emit("refused", {"code": refusal.code, "message": refusal.message}, to=sid)

    async def _open(self, sid: str, data: dict[str, Any]) -> None:
        token = data.get("session_id")
        sender_id = self._known(token)
        if sender_id is None:
            self._count_session(sid)
            token = self._sessions.issue()
            sender_id = self._sessions.sender_id(f"Bearer {token}")
        async with self._sio.session(sid) as session:
            if "sender_id" in session:
                await self._sio.leave_room(sid, session["sender_id"])
            session["sender_id"] = sender_id
        await self._sio.enter_room(sid, sender_id)
        await self._sio.emit("session_confirm", token, to=sid)

    async def _hear(self, sid: str, data: dict[str, Any]) -> None:
        sender_id = (await self._sio.get_session(sid)).get("sender_id")
        if sender_id is None:
            raise Refusal("session_missing")
        self._message_rate.count(sender_id)
        text = self._text(data)
        id_ = data.get("id")
        if isinstance(id_, str) and id_ and await self._was_heard(sender_id, id_[:_LONGEST_ID]):
            return
        # One after the other, as a client may send the next message before the first is answered.
        turn = self._turn_of.setdefault(sender_id, asyncio.Lock())
        async with turn:
            messages = await self._turns.run(sender_id, text)
            for message in messages:
                await self._sio.emit("bot_uttered", _shaped(message), room=sender_id)

    def _text(self, data: dict[str, Any]) -> str:
        if "message" not in data:
            raise Refusal("message_missing")
        if not isinstance(data["message"], str):
            raise Refusal("message_not_text")
        text = plain_text(data["message"])
        if not text:
            raise Refusal("message_blank")
        if len(text) > self._settings.message_limit:
            raise Refusal("message_too_long", characters=f"{self._settings.message_limit:,}")
        return text

    def _known(self, token: Any) -> str | None:
        try:
            return self._sessions.sender_id(f"Bearer {token}") if isinstance(token, str) and token else None
        except Refusal:
            return None

    def _count_session(self, sid: str) -> None:
        request = self._sio.get_environ(sid)["sanic.request"]
        network = client_network(request)
        if self._settings.limit_local or not is_local(network):
            self._session_rate.count(network)

    async def _was_heard(self, sender_id: str, id_: str) -> bool:
        return await asyncio.to_thread(self._inbox.seen, NAME, sender_id, id_, utc_now(), _MEMORY)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _shaped(message: dict[str, Any]) -> dict[str, Any]:
    quick_replies = [{"content_type": "text", **button} for button in message["buttons"]]
    shaped = {key: value for key, value in message.items() if key != "buttons"} | {"quick_replies": quick_replies}
    # Dates of sources and the like become text, as Socket.IO sends plain JSON values only.
    plain: dict[str, Any] = json.loads(json.dumps(shaped, default=str))
    return plain

"""What Rasa's server gets besides its channels: health, metrics, and a guard before all that is Rasa's own.

Without its HTTP interface Rasa serves `/`, with its version. With it (`--enable-api`) whoever reaches the port reads
and writes conversations and loads models; its token travels in the address. Both are for this machine only, whatever
`--interface` says; the channels check for themselves who may speak.
"""

from __future__ import annotations

import asyncio
import functools
from typing import Any
from urllib.parse import urljoin

import aiohttp
from rasa import server
from rasa.core import run
from sanic import Sanic
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, raw

from engine import action_call, doors, metrics, turn
from engine.changes import Change
from engine.garbage import spare_what_is_there
from engine.health import Health, ask
from frontdesk.settings import Settings

METRICS_PATH = "/metrics"
_with_api = server.create_app
_without_api = run._create_app_without_api


@functools.wraps(_with_api)
def create_app(*arguments: Any, **options: Any) -> Sanic:
    """Rasa's server with its HTTP interface."""
    return furnish(_with_api(*arguments, **options), Settings.from_environment())


@functools.wraps(_without_api)
def create_app_without_api(*arguments: Any, **options: Any) -> Sanic:
    """Rasa's server with nothing but the channels to come."""
    return furnish(_without_api(*arguments, **options), Settings.from_environment())


def furnish(app: Sanic, settings: Settings) -> Sanic:
    """Add health, metrics and guard to a server that has no channels yet."""
    own = {route.path for route in app.router.routes}
    desk = _desk_side(app, settings)

    def may_pass(request: Request) -> bool:
        if request.path == METRICS_PATH:
            return doors.is_near(request) or doors.has_key(request, settings.metrics_token)
        return request.route is None or request.route.path not in own or doors.is_near(request)

    async def begin(_: Request) -> None:
        turn.begin()

    async def count(request: Request, response: BaseHTTPResponse) -> HTTPResponse | None:
        top, _, rest = request.path.lstrip("/").partition("/")
        # Only known routes are told apart: a stranger must not invent channels.
        if top == "webhooks" and request.route is not None:
            metrics.responses.labels(rest.partition("/")[0], response.status).inc()
        return None

    async def expose(_: Request) -> HTTPResponse:
        if desk is not None:
            await desk.read_figures()
        return raw(metrics.exposition(), content_type=metrics.CONTENT_TYPE)

    async def end(*_: Any) -> None:
        await action_call.close_sessions()

    async def model() -> None:
        if not app.ctx.agent.is_ready():
            raise RuntimeError("no model")

    async def actions() -> None:
        # The session belongs to the health check alone: the one of the turns knows no such patience.
        address = urljoin(str(settings.action_url), "/health/live")
        async with aiohttp.ClientSession() as session, session.get(address) as response:
            response.raise_for_status()

    async def database() -> None:
        await asyncio.to_thread(ask, app.ctx.agent.tracker_store._tracker_store.engine)
        if desk is not None:
            await desk.database()

    checks = {"model": model, "database": database}
    Health(checks if desk is not None else {**checks, "actions": actions}).attach(app)
    app.add_route(expose, METRICS_PATH, name="metrics")
    app.register_middleware(begin, "request")
    app.register_middleware(count, "response")
    spare_what_is_there(app)
    app.register_listener(end, "after_server_stop")
    doors.guard(app, may_pass, refusal=404)
    return app


def _desk_side(app: Sanic, settings: Settings) -> Any:
    if settings.action_url is not None:
        return None
    # Not at the top: once imported, its figures are shown, and where there is an action server they are that one's.
    from engine.desk_side import DeskSide

    return DeskSide(app, settings)


CHANGES = (
    Change("rasa.server", "create_app", "3f241a21aeb8f727", create_app),
    Change("rasa.core.run", "_create_app_without_api", "b20b15ec0c9a106d", create_app_without_api),
)

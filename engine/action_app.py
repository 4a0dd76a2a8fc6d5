"""What the action server gets besides its actions: a key to its door, health and metrics.

rasa_sdk's server answers anybody, lists all actions at `/actions`, and sends the whole request back, conversation and
all, when one fails. Here only who has the key made from the session secret gets further than health.
"""

from __future__ import annotations

import pluggy
from rasa_sdk.plugin import plugin_manager
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, raw

from engine import doors, metrics, turn
from engine.desk_side import DeskSide
from engine.garbage import spare_what_is_there
from engine.health import Health
from frontdesk.settings import Settings

TURN_HEADER = "x-turn"
METRICS_PATH = "/metrics"
OPEN = frozenset({"/health", "/health/live", "/health/ready"})

_implementation = pluggy.HookimplMarker("rasa_sdk")


class Furnishing:
    """A plugin of rasa_sdk."""

    @_implementation
    def attach_sanic_app_extensions(self, app: Sanic) -> None:
        """Add key, health and metrics to the action server."""
        furnish(app, Settings.from_environment())


def furnish(app: Sanic, settings: Settings) -> None:
    """Add key, health and metrics to a server.

    Args:
        app: rasa_sdk's server.
        settings: Where the key, the database and the monitor's token are taken from.
    """
    desk = DeskSide(app, settings)

    def may_pass(request: Request) -> bool:
        if request.path in OPEN or doors.has_key(request, settings.action_secret):
            return True
        return request.path == METRICS_PATH and (
            doors.is_near(request) or doors.has_key(request, settings.metrics_token)
        )

    async def begin(request: Request) -> None:
        turn.begin(request.headers.get(TURN_HEADER, "")[:16] or None)

    async def expose(_: Request) -> HTTPResponse:
        await desk.read_figures()
        return raw(metrics.exposition(), content_type=metrics.CONTENT_TYPE)

    Health({"database": desk.database}).attach(app)
    app.add_route(expose, METRICS_PATH, name="metrics")

    app.register_middleware(begin, "request")
    spare_what_is_there(app)
    doors.guard(app, may_pass, refusal=401)


def register() -> None:
    """Let rasa_sdk furnish its server when it starts."""
    plugin_manager().register(Furnishing())

"""Is a server alive, and is it ready? `GET /health/live`, `GET /health/ready`, open to whoever watches.

Ready: `{"status": "ok", "model": "ok", …}` with 200, or 503 where one of them is `missing` or `away`. What exactly is
wrong stands in the log and not in the answer.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping

import sqlalchemy as sa
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, json

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 2
# Whoever asks more often gets the last answer again.
FRESH_SECONDS = 1

Check = Callable[[], Awaitable[object]]


def ask(engine: sa.engine.Engine) -> None:
    """See that a database answers.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: It does not.
    """
    with engine.connect() as connection:
        connection.execute(sa.text("SELECT 1"))


class Health:
    """Answers the two questions."""

    def __init__(self, checks: Mapping[str, Check]) -> None:
        """Prepare it.

        Args:
            checks: What must be there; a check raises what is wrong.
        """
        self._checks = checks
        self._asked = float("-inf")
        self._found: dict[str, str] = {}
        self._lock = asyncio.Lock()

    def attach(self, app: Sanic) -> None:
        """Add the routes."""
        app.add_route(self.live, "/health/live", name="live")
        app.add_route(self.ready, "/health/ready", name="ready")

    async def live(self, _: Request) -> HTTPResponse:
        """The server answers."""
        return json({"status": "ok"})

    async def ready(self, _: Request) -> HTTPResponse:
        """The server answers, and what it needs is there."""
        async with self._lock:
            if time.monotonic() - self._asked > FRESH_SECONDS:
                states = await asyncio.gather(*(self._look(name, check) for name, check in self._checks.items()))
                self._found = dict(zip(self._checks, states, strict=True))
                self._asked = time.monotonic()
        well = all(state == "ok" for state in self._found.values())
        return json({"status": "ok" if well else "not ready", **self._found}, status=200 if well else 503)

    async def _look(self, name: str, check: Check) -> str:
        try:
            await asyncio.wait_for(check(), PATIENCE_SECONDS)
        except Exception as error:
            logger.warning("Not ready, %s is away: %s", name, type(error).__name__)
            return "away"
        return "ok"

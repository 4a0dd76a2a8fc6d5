"""What the server that runs the actions has beside them: the desk's figures, its database watched, its words loaded."""

from __future__ import annotations

import asyncio
from typing import Any

from sanic import Sanic

from engine.desk_figures import DeskFigures
from engine.health import ask
from frontdesk.booking import day_library
from frontdesk.database import create_engine
from frontdesk.settings import Settings


class DeskSide:
    """Of one server."""

    def __init__(self, app: Sanic, settings: Settings) -> None:
        """Prepare it.

        Args:
            app: The server that is about to start.
            settings: Where the desk's database is taken from.
        """
        self._engine = create_engine(settings)
        self._figures = DeskFigures(self._engine)

        async def warm_up(*_: Any) -> None:
            # Beside the first turns, so that the start does not wait for it either.
            asyncio.get_running_loop().run_in_executor(None, day_library.warm_up)

        app.register_listener(warm_up, "after_server_start")

    async def read_figures(self) -> None:
        """Set the desk's figures to what its database says now."""
        await asyncio.to_thread(self._figures.read)

    async def database(self) -> None:
        """See that the desk's database answers.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: It does not.
        """
        await asyncio.to_thread(ask, self._engine)

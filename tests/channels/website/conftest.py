"""A real Rasa server on a free loopback port, with the website door and a stand-in for the assistant behind it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import httpx
import pytest
from rasa.core.run import configure_app
from sanic import Sanic
from stub_door import SITE, Door, StubAgent, StubStore

from channels.common.desk import Desk
from channels.website import WebsiteChannel
from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings


@pytest.fixture
def settings(tmp_path) -> Settings:
    generous = "10000 per minute"
    return replace(
        Settings.from_environment({"FRONTDESK_VAR": str(tmp_path), "FRONTDESK_SECRET": "s" * 40}),
        allowed_origins=(SITE,),
        message_rate=generous,
        address_rate=generous,
        session_rate=generous,
        limit_local=True,
    )


@pytest.fixture
def open_door(settings):
    """Opens a door: ``async with open_door(message_rate="2 per minute") as door``."""

    @asynccontextmanager
    async def opened(
        *, cors: str | None = None, turn_seconds: float = 5, store: Any = None, **changed: Any
    ) -> AsyncIterator[Door]:
        upgrade(create_engine(settings))
        desk = Desk(lambda: store or StubStore())
        channel = WebsiteChannel(replace(settings, **changed), desk, turn_seconds)
        Sanic.test_mode = True
        app = configure_app([channel], cors=cors, enable_api=False, use_uvloop=False)
        app.ctx.agent = agent = StubAgent()
        listener = socket.create_server(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = await app.create_server(sock=listener, return_asyncio_server=True)
        await server.startup()
        await server.start_serving()
        try:
            async with httpx.AsyncClient(base_url=f"{address}/webhooks/website", trust_env=False) as http:
                yield Door(http, agent, address)
        finally:
            server.close()
            Sanic.test_mode = False

    return opened

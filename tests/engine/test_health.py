from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from engine import health
from engine.health import Health


async def ask(watched: Health) -> tuple[int, dict[str, Any]]:
    response = await watched.ready(None)
    return response.status, json.loads(response.body)


async def fine() -> None:
    """All is well."""


async def broken() -> None:
    raise ConnectionError("postgresql://desk:secret@db")


async def slow() -> None:
    await asyncio.sleep(60)


async def test_ready_means_that_everything_is_there() -> None:
    assert await ask(Health({"model": fine, "database": fine})) == (
        200,
        {"status": "ok", "model": "ok", "database": "ok"},
    )


async def test_what_is_away_is_named_and_no_more_is_told(monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.01)
    status, said = await ask(Health({"model": fine, "database": broken, "actions": slow}))
    assert status == 503
    assert said == {"status": "not ready", "model": "ok", "database": "away", "actions": "away"}
    assert "secret" not in caplog.text


async def test_who_asks_all_the_time_does_not_wear_the_database_out() -> None:
    asked = 0

    async def count() -> None:
        nonlocal asked
        asked += 1

    watched = Health({"database": count})
    await asyncio.gather(*(ask(watched) for _ in range(20)))
    assert asked == 1

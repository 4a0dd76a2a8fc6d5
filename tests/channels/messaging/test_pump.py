"""How a pump ends."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from channels.messaging.pump import Pump


async def _nothing(item: Any) -> None:
    """Handles an item."""


@pytest.mark.parametrize("steps", range(8))
async def test_a_pump_ends_at_whatever_moment_it_was_woken(steps: int) -> None:
    pump = Pump("queue", lambda: None, _nothing, seconds=60)
    pump.start()
    await asyncio.sleep(0.05)
    pump.wake()
    for _ in range(steps):
        await asyncio.sleep(0)
    await asyncio.wait_for(pump.stop(), 2)


async def test_what_is_being_handled_is_handled_to_its_end() -> None:
    items, handled = ["a"], []

    async def slowly(item: str) -> None:
        await asyncio.sleep(0.2)
        handled.append(item)

    pump = Pump("queue", lambda: items.pop() if items else None, slowly)
    pump.start()
    await asyncio.sleep(0.1)
    await asyncio.wait_for(pump.stop(), 2)
    assert handled == ["a"]

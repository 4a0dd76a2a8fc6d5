"""The platforms' stand-in, and a server with all messaging channels for the tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from frontdesk.settings import Settings
from tests.channels.board import Board
from tests.channels.fake_platforms import FakePlatforms

GENEROUS = "1000000 per minute"


@pytest.fixture(scope="module")
def fake() -> Iterator[FakePlatforms]:
    platforms = FakePlatforms()
    platforms.start()
    yield platforms
    platforms.stop()


def board_settings(folder: Path, fake: FakePlatforms, **more: str) -> Settings:
    """Settings with all channels on."""
    env = {
        "FRONTDESK_VAR": str(folder),
        "FRONTDESK_SECRET": "s" * 40,
        "PUBLIC_ADDRESS": "https://desk.example",
        "FRONTDESK_MESSAGE_RATE": GENEROUS,
        "FRONTDESK_SESSION_RATE": GENEROUS,
        **fake.environment(),
        **more,
    }
    return Settings.from_environment(env)


@pytest.fixture(scope="module")
def board(fake: FakePlatforms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    running = Board(board_settings(tmp_path_factory.mktemp("board"), fake), fake)
    running.start()
    yield running
    running.stop()

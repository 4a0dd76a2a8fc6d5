"""A server whose model cannot be loaded must not start.

Rasa logs the failure, reports "up and running" all the same, and then answers every visitor with nothing.
"""

from __future__ import annotations

import functools
from typing import Any


def require_model() -> None:
    """Make Rasa's start fail, with one sentence and a non-zero exit, when it ends up without a usable model."""
    from rasa.core import agent
    from rasa.shared.exceptions import RasaException

    load = agent.load_agent

    @functools.wraps(load)
    async def load_or_fail(*args: Any, **kwargs: Any) -> agent.Agent:
        loaded = await load(*args, **kwargs)
        if not loaded.is_ready():
            raise RasaException("No usable model, see above; `make train FORCE=1` makes a new one.")
        return loaded

    agent.load_agent = load_or_fail

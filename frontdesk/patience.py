"""How long PostgreSQL may keep a caller waiting.

A server that cannot be reached, or that waits for a lock, says so in time. One that hangs (its disk stands still, its
network swallows everything) says nothing: libpq would wait for hours, with one of the few threads that serve visitors.
So waiting ends here. Once it has ended so, less is waited until an answer comes: a turn asks several times.
"""

from __future__ import annotations

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

# A little longer than the server itself waits for a lock, as its own word says more.
SECONDS = 6.0
SECONDS_AFTER_SILENCE = 0.5

_has_no_limit: ContextVar[bool] = ContextVar("has_no_limit", default=False)


@contextmanager
def without_limit() -> Iterator[None]:
    """Within the block, statements may take as long as they take; for whoever keeps no visitor waiting."""
    token = _has_no_limit.set(True)
    try:
        yield
    finally:
        _has_no_limit.reset(token)


def be_impatient() -> None:
    """From now on no connection of this process waits longer, within whatever has a limit."""
    # Here, as who uses SQLite need not load it.
    from psycopg2.extensions import set_wait_callback

    set_wait_callback(_Waiting().wait)


class _Waiting:
    """Waits for answers, and remembers whether the last one came."""

    def __init__(self) -> None:
        self._is_silent = False

    def wait(self, connection: Any) -> None:
        """Wait for one answer; psycopg2 calls this, and closes the connection when it raises.

        Raises:
            psycopg2.OperationalError: none has come.
        """
        from psycopg2 import OperationalError
        from psycopg2.extensions import POLL_OK, POLL_WRITE

        seconds = SECONDS_AFTER_SILENCE if self._is_silent else SECONDS
        end = None if _has_no_limit.get() else time.monotonic() + seconds
        while (state := connection.poll()) != POLL_OK:
            awaited = select.POLLOUT if state == POLL_WRITE else select.POLLIN
            if not _is_ready(connection.fileno(), awaited, end):
                self._is_silent = True
                raise OperationalError(f"no answer within {seconds:g} seconds")
        self._is_silent = False


def _is_ready(file: int, awaited: int, end: float | None) -> bool:
    poller = select.poll()
    poller.register(file, awaited)
    return bool(poller.poll(None if end is None else max(0.0, end - time.monotonic()) * 1000))

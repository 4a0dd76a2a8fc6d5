"""The servers of the front desk, the worker beside them, and throwaway ones for measuring and testing."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.helpers import Helper
from deploy.ports import free_port
from deploy.services import Service

LAUNCH = (sys.executable, "-m", "engine.launch")
LOOPBACK = "127.0.0.1"
# A measurement asks from one address more than a visitor ever would.
NO_LIMIT = "1000000 per minute"


def action_server(port: int, log: Path | None = None, env: dict[str, str] | None = None) -> Service:
    """The action server. It serves nobody without the key, and listens on the loopback address only."""
    command = [*LAUNCH, "actions", "--port", str(port)]
    return Service("action server", command, LOOPBACK, port, "/health", env or {}, log)


def rasa_server(
    model: Path, host: str, port: int, log: Path | None = None, env: dict[str, str] | None = None
) -> Service:
    """The server that visitors reach, with this model."""
    command = [*LAUNCH, "run", "--model", str(model), "--interface", host, "--port", str(port)]
    return Service("Rasa server", command, host, port, "/", env or {}, log)


def notice_worker() -> Helper:
    """What sends e-mails and webhooks; what it cannot send while it is down waits in the database."""
    return Helper("notice worker", (sys.executable, "-m", "frontdesk", "notify"))


@dataclass(frozen=True)
class Throwaway:
    """A front desk on free ports, with a database of its own and without limits on how often one may ask.

    Attributes:
        url: Address of its Rasa server.
        services: What to start, the Rasa server last.
        env: The variables that set it apart, `FRONTDESK_VAR` and `DATABASE_URL` among them.
    """

    url: str
    services: tuple[Service, ...]
    env: dict[str, str]


@contextmanager
def throwaway(model: Path, logs: Path, apart: bool = False) -> Iterator[Throwaway]:
    """A front desk to be started; what it writes is removed after the block.

    Args:
        model: The trained model.
        logs: Folder for the servers' logs, which stay: they tell why a server did not start.
        apart: Whether the actions have a server of their own.
    """
    actions, port = free_port(), free_port()
    with tempfile.TemporaryDirectory(prefix="frontdesk-") as folder:
        env = {
            "FRONTDESK_VAR": folder,
            "DATABASE_URL": f"sqlite:///{folder}/frontdesk.db",
            "ACTION_URL": f"http://{LOOPBACK}:{actions}/webhook" if apart else "",
            "PORT": str(port),
            "PUBLIC_ADDRESS": f"http://{LOOPBACK}:{port}",
            # Unset, so that its own address is allowed.
            "FRONTDESK_ORIGINS": "",
            "FRONTDESK_MESSAGE_RATE": NO_LIMIT,
            "FRONTDESK_ADDRESS_RATE": NO_LIMIT,
            "FRONTDESK_SESSION_RATE": NO_LIMIT,
        }
        servers = [rasa_server(model, LOOPBACK, port, logs / "throwaway-rasa.log", env)]
        if apart:
            servers.insert(0, action_server(actions, logs / "throwaway-actions.log", env))
        yield Throwaway(f"http://{LOOPBACK}:{port}", tuple(servers), env)

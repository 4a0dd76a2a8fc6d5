"""Several machines on one: `python -m deploy.topology` starts what deploy/compose.yaml describes, without containers.

nginx, two Rasa servers, two action servers, the notice worker, PostgreSQL and Redis from Debian's packages, on free
ports of the loopback address, with all that they write in a temporary folder. One that is killed is started again, as an
operating system would.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from deploy import debian, dotenv
from deploy.door import Door, apology, configuration
from deploy.local import FAILED, INTERRUPTED, ROOT, migrate, train
from deploy.model import TrainingFailed
from deploy.ports import free_port, status
from deploy.processes import ENDING, POLL_SECONDS, Interrupted, Process, how_ended, noting, stop
from deploy.servers import LOOPBACK, action_server, notice_worker, rasa_server
from deploy.services import PATIENCE_SECONDS, Service, ServiceFailed
from frontdesk.database import engine_at
from frontdesk.settings import Settings, SettingsError

# All visitors of a test come from one address.
ADDRESS_RATE = "1000r/s"
RASA_SERVERS = ACTION_SERVERS = 2
STORES = ("database", "redis")
RESTART_SECONDS = 1.0


class Member:
    """One program of the topology, which can be killed and started again."""

    def __init__(
        self, name: str, command: Sequence[str], logs: Path, is_ready: Callable[[], bool], env: Mapping[str, str]
    ) -> None:
        """Describe it.

        Args:
            name: What people are told, and the beginning of its logs' names; every start has a log of its own.
            command: The command line.
            logs: Folder of the logs.
            is_ready: Whether it serves.
            env: Variables beside those of this process.
        """
        self.name = name
        self.is_ready = is_ready
        self._command, self._logs, self._env = command, logs, env
        self._starts = 0
        self.process: Process | None = None

    @property
    def pid(self) -> int:
        """The number of its process; to be asked once it has been started."""
        assert self.process is not None
        return self.process.pid

    @property
    def main() -> int:
    """Start it, say where it is, start again whatever ends, and end all with Ctrl-C or a signal."""
    dotenv.load(ROOT / ".env", os.environ)
    try:
        settings = Settings.from_environment()
        logs = settings.var_dir / "topology"
        logs.mkdir(parents=True, exist_ok=True)
        model = train(settings)
        with noting(ENDING) as asked, topology(model, logs, asked=asked) as running:
            print(f"\nReady: {running.url}/webhooks/website/demo (Ctrl-C ends it); logs are in {logs}\n", flush=True)
            for name, member in running.members.items():
                print(f"  {name:<10} process {member.pid}", flush=True)
            while not asked.wait(RESTART_SECONDS):
                for name in running.tend():
                    print(f"The {name} had ended and is started again.", flush=True)
    except (Interrupted, KeyboardInterrupt):
        return INTERRUPTED
    except (SettingsError, ServiceFailed, TrainingFailed, debian.ProgramMissing) as error:
        print(error, file=sys.stderr)
        return FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Several machines on one: `python -m deploy.topology` starts what deploy/compose.yaml describes, without containers.

nginx, two Rasa servers, two action servers, the notice worker, PostgreSQL and Redis from Debian's packages, on free
ports of the loopback address, with all that they write in a temporary folder. One that is killed is started again, as
an operating system would.
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

from deploy import debian
from deploy.door import Door, apology, configuration
from deploy.local import FAILED, INTERRUPTED, ROOT, migrate, train
from deploy.model import TrainingFailed
from deploy.ports import free_port, status
from deploy.processes import ENDING, POLL_SECONDS, Interrupted, Process, how_ended, noting, stop
from deploy.servers import LOOPBACK, action_server, notice_worker, rasa_server
from deploy.services import PATIENCE_SECONDS, Service, ServiceFailed
from frontdesk import dotenv
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
    def status(self) -> int | None:
        """How it ended, or None while it runs or has not been started."""
        return None if self.process is None else self.process.status

    def start(self) -> None:
        """Start it; see `wait`."""
        self._starts += 1
        log = self._logs / f"{self.name.replace(' ', '-')}-{self._starts}.log"
        self.process = Process(self._command, ROOT, self._env, log)

    def wait(self) -> None:
        """Wait until it serves; see `wait_for`."""
        wait_for([self], threading.Event())

    def kill(self) -> None:
        """End it and its children as a lost machine would: at once, whatever they are doing."""
        assert self.process is not None
        # PostgreSQL's have process groups of their own.
        children = _children(self.pid)
        self.process.signal(signal.SIGKILL)
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self.process.wait(10)


class Topology:
    """All of them; to be used through `topology`.

    Attributes:
        url: Address for visitors.
        env: The variables that all desk processes share.
        members: By name: `database`, `redis`, `actions 1`, …, `rasa 1`, …, `notices`, `nginx`.
    """

    def __init__(self, model: Path, logs: Path, folders: Mapping[str, Path], env: Mapping[str, str]) -> None:
        """Write all configurations; nothing is started.

        Args:
            model: The trained model.
            logs: Folder for the logs.
            folders: One for each user of `deploy.debian`, and `var`.
            env: See `topology`.
        """
        self._logs, self._var = logs, folders["var"]
        self.members: dict[str, Member] = {}
        visitors, calls = free_port(), free_port()
        self.url = f"http://{LOOPBACK}:{visitors}"
        at_database, at_redis = free_port(), free_port()
        database, database_url = debian.make_database(folders[debian.DATABASE_USER], at_database)
        redis, redis_url = debian.make_redis(self._var, at_redis)
        self.env = {
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "FRONTDESK_SECRET": secrets.token_hex(32),
            "FRONTDESK_VAR": str(self._var),
            "ACTION_URL": f"http://{LOOPBACK}:{calls}/webhook",
            "PUBLIC_ADDRESS": self.url,
            "FRONTDESK_ORIGINS": self.url,
            # What nginx says of a visitor's address is believed.
            "SANIC_REAL_IP_HEADER": "X-Real-IP",
            **env,
        }
        self._add("database", database, lambda: debian.accepts(database_url))
        self._add("redis", redis, lambda: _listens(at_redis))
        actions = [self._machine(f"actions {n + 1}", action_server(free_port())) for n in range(ACTION_SERVERS)]
        rasa = [self._machine(f"rasa {n + 1}", rasa_server(model, LOOPBACK, free_port())) for n in range(RASA_SERVERS)]
        self._add("notices", notice_worker().command, lambda: True)
        self._door = Door(
            rasa,
            actions,
            listen=f"{LOOPBACK}:{visitors}",
            listen_actions=f"{LOOPBACK}:{calls}",
            address_rate=ADDRESS_RATE,
            access_log=None,
        )
        self._door_folder = folders[debian.DOOR_USER]
        nginx = debian.nginx_command(self._door_folder)
        self._add("nginx", nginx, lambda: status(visitors, "/") == 404)

    def start(self, asked: threading.Event) -> None:
        """Start all; they serve afterwards.

        Raises:
            ServiceFailed: A member did not start.
            Interrupted: The event was set before all were ready.
        """
        stores = [self.members[name] for name in STORES]
        _start(stores, asked)
        migrate(self.settings)
        debian.configure_nginx(self._door_folder, configuration(self._door, apology(self.settings)))
        _start([member for member in self.members.values() if member not in stores], asked)

    @property
    def settings(self) -> Settings:
        """Those that all desk processes share."""
        return Settings.from_environment({**os.environ, **self.env})

    def tend(self) -> list[str]:
        """Start again whatever has ended; the names of it."""
        ended = [name for name, member in self.members.items() if member.status is not None]
        for name in ended:
            self.members[name].start()
        return ended

    def stop(self) -> None:
        """End them all: the servers first, so that none asks for what has ended."""
        for group in (set(self.members) - set(STORES), STORES):
            processes = [self.members[name].process for name in group]
            stop([process for process in processes if process is not None])

    def _add(
        self, name: str, command: Sequence[str], is_ready: Callable[[], bool], env: Mapping[str, str] | None = None
    ) -> None:
        self.members[name] = Member(name, command, self._logs, is_ready, {**self.env, **(env or {})})

    def _machine(self, name: str, service: Service) -> str:
        # As on a machine of its own, with files of its own.
        own = self._var / name.replace(" ", "-")
        is_ready = lambda: status(service.port, "/health/ready") == 200  # noqa: E731
        self._add(name, service.command, is_ready, {"FRONTDESK_VAR": str(own)})
        return f"{LOOPBACK}:{service.port}"


@contextmanager
def topology(
    model: Path, logs: Path, env: Mapping[str, str] | None = None, asked: threading.Event | None = None
) -> Iterator[Topology]:
    """Within the block it runs and serves; what it wrote is removed afterwards.

    Args:
        model: The trained model.
        logs: Folder for the logs, which stay.
        env: Variables for all desk processes, over those that set the topology apart.
        asked: Ends the waiting for the start when it is set.

    Raises:
        deploy.debian.ProgramMissing: A package is not installed.
        ServiceFailed: A member did not start.
        Interrupted: The event was set before all were ready.
    """
    folders = {user: debian.own_folder(user) for user in (debian.DATABASE_USER, debian.DOOR_USER)}
    folders["var"] = Path(tempfile.mkdtemp(prefix="frontdesk-"))
    try:
        made = Topology(model, logs, folders, env or {})
        try:
            made.start(asked or threading.Event())
            yield made
        finally:
            made.stop()
    finally:
        for folder in folders.values():
            shutil.rmtree(folder, ignore_errors=True)


def wait_for(members: Sequence[Member], asked: threading.Event) -> None:
    """Wait until all of them serve.

    Raises:
        ServiceFailed: One has ended, or takes longer than `PATIENCE_SECONDS`.
        Interrupted: The event was set.
    """
    deadline = time.monotonic() + PATIENCE_SECONDS
    waiting = list(members)
    while waiting:
        if asked.wait(POLL_SECONDS):
            raise Interrupted
        for member in members:
            if member.status is not None:
                raise ServiceFailed(f"The {member.name} ended by itself ({how_ended(member.status)}), see its log.")
        waiting = [member for member in waiting if not member.is_ready()]
        if waiting and time.monotonic() > deadline:
            raise ServiceFailed(f"The {waiting[0].name} was not ready after {PATIENCE_SECONDS:.0f} s, see its log.")


def _start(members: Sequence[Member], asked: threading.Event) -> None:
    for member in members:
        member.start()
    wait_for(members, asked)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _listens(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex((LOOPBACK, port)) == 0


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

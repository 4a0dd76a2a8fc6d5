"""Servers that belong together: started at once, waited for, watched, and ended together."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from deploy.helpers import Helper, Tended
from deploy.ports import answers
from deploy.processes import ENDING, POLL_SECONDS, Interrupted, Process, how_ended, noting, stop

PATIENCE_SECONDS = 180.0


class ServiceFailed(Exception):
    """A server ended by itself or was not ready in time; the message is one sentence that names it."""


@dataclass(frozen=True)
class Service:
    """A server to start.

    Attributes:
        name: The prefix of its log lines, and what people are told has ended.
        command: The command line.
        host: Address it listens on.
        port: Port it listens on; it is ready when it answers HTTP there.
        path: What is asked for to find out.
        env: Variables beside those of this process.
        log: File for its output; None shows it here, each line with the name in front.
    """

    name: str
    command: Sequence[str]
    host: str
    port: int
    path: str = "/"
    env: Mapping[str, str] = field(default_factory=dict)
    log: Path | None = None


class Running:
    """Servers that have been started."""

    def __init__(self, services: Sequence[Service], cwd: Path, helpers: Sequence[Helper] = ()) -> None:
        """Start all servers at once, and take on the helpers, see `tend`.

        Args:
            services: What to start.
            cwd: Folder they run in.
            helpers: What works beside them.
        """
        self._services = services
        self._processes: list[Process] = []
        names = [service.name for service in services] + [helper.name for helper in helpers]
        width = max(map(len, names), default=0)
        self._helpers = [Tended(helper, cwd, f"{helper.name:<{width}} | ") for helper in helpers]
        try:
            for service in services:
                prefix = f"{service.name:<{width}} | "
                self._processes.append(Process(service.command, cwd, service.env, service.log, prefix))
        except OSError:
            self.stop()
            raise

    def check(self) -> None:
        """See that none has ended.

        Raises:
            ServiceFailed: One has.
        """
        for service, process in zip(self._services, self._processes, strict=True):
            if process.status is not None:
                process.wait(0)
                reason = how_ended(process.status)
                raise ServiceFailed(f"The {service.name} ended by itself ({reason}{_where(service)}).")

    def wait(self, asked: threading.Event, patience: float = PATIENCE_SECONDS) -> None:
        """Wait until all answer.

        Args:
            asked: Ends the waiting when it is set.
            patience: Seconds they may take.

        Raises:
            ServiceFailed: One has ended, or takes longer.
            Interrupted: The event was set.
        """
        deadline = time.monotonic() + patience
        waiting = list(self._services)
        while waiting:
            if asked.wait(POLL_SECONDS):
                raise Interrupted
            self.check()
            waiting = [service for service in waiting if not answers(service.host, service.port, service.path)]
            if waiting and time.monotonic() > deadline:
                name = waiting[0].name
                raise ServiceFailed(f"The {name} was not ready after {patience:.0f} seconds{_where(waiting[0])}.")

    def tend(self) -> None:
        """See that the helpers run; the first call starts them."""
        for helper in self._helpers:
            helper.look()

    def stop(self) -> None:
        """End them all."""
        helpers = [helper.process for helper in self._helpers if helper.process is not None]
        stop([*self._processes, *helpers])


def supervise(
    services: Sequence[Service], cwd: Path, when_ready: Callable[[], object], helpers: Sequence[Helper] = ()
) -> None:
    """Run services until Ctrl-C or a signal comes; none is left running afterwards.

    Args:
        services: What to start.
        cwd: Folder they run in.
        when_ready: Called once, when all of them answer.
        helpers: What works beside them from then on; one that ends is started again.

    Raises:
        ServiceFailed: One of them ended by itself or was not ready in time.
        Interrupted: Ctrl-C or a signal came before they were ready.
    """
    with noting(ENDING) as asked:
        running = Running(services, cwd, helpers)
        try:
            running.wait(asked)
            when_ready()
            while not asked.wait(POLL_SECONDS):
                running.check()
                running.tend()
        finally:
            running.stop()


def beside(services: Sequence[Service], command: Sequence[str], cwd: Path, env: Mapping[str, str]) -> int:
    """Run a command at the terminal while services run; they are ready before it starts and end after it.

    Ctrl-C is the command's to answer; other signals that ask us to end are passed on to it.

    Args:
        services: What to start.
        command: The command line.
        cwd: Folder they all run in.
        env: Variables for the command beside those of this process.

    Returns:
        The exit code of the command.

    Raises:
        ServiceFailed: A service did not become ready.
        Interrupted: Ctrl-C or a signal came before that.
    """
    with noting(ENDING) as asked:
        running = Running(services, cwd)
        try:
            running.wait(asked)
            # In our own process group, as only that may read from the terminal.
            with noting((signal.SIGINT,)), subprocess.Popen(command, cwd=cwd, env={**os.environ, **env}) as talk:
                while talk.poll() is None:
                    if asked.wait(POLL_SECONDS):
                        talk.terminate()
                        talk.wait()
                return talk.returncode
        finally:
            running.stop()


@contextmanager
def serving(services: Sequence[Service], cwd: Path) -> Iterator[None]:
    """Within the block the services run and answer.

    Raises:
        ServiceFailed: One of them did not become ready.
    """
    running = Running(services, cwd)
    try:
        running.wait(threading.Event())
        yield
    finally:
        running.stop()


def _where(service: Service) -> str:
    return f"; its log is {service.log}" if service.log else ""

"""Three servers that take messages: ours, the default bot, the floor."""

from __future__ import annotations

import itertools
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from benchmarks.servers import default_bot
from benchmarks.servers.processes import cpu_seconds, megabytes
from deploy.local import migrate
from deploy.ports import answers, free_port
from deploy.processes import Process, stop
from deploy.servers import LOOPBACK, throwaway
from deploy.services import Service
from frontdesk.settings import REPOSITORY, Settings

_PATIENCE_SECONDS = 300
OURS, DEFAULT, FLOOR = "Frontdesk", "default bot", "floor"


class Broken(RuntimeError):
    """A server did not answer as it should."""


@dataclass
class Contestant:
    """A running server.

    Attributes:
        name: As shown.
        url: Its address.
        messages: What it is asked, over and over.
        processes: What it runs in.
        ready_seconds: From the start of its processes until all of them answered.
    """

    name: str
    url: str
    messages: Sequence[str]
    processes: Sequence[Process]
    ready_seconds: float
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count())

    def megabytes(self) -> float:
        """Memory of all its processes."""
        return megabytes(process.pid for process in self.processes)

    def cpu_seconds(self) -> float:
        """Processor time of all its processes."""
        return cpu_seconds(process.pid for process in self.processes)

    async def visitor(self, http: aiohttp.ClientSession) -> Visitor:
        """Somebody who begins a conversation."""
        if self.name == OURS:
            async with http.post(f"{self.url}/webhooks/website/session") as response:
                token = (await response.json())["session"]
            return Visitor(self, http, f"{self.url}/webhooks/website/message", {"Authorization": f"Bearer {token}"}, {})
        if self.name == DEFAULT:
            sender = {"sender": f"visitor-{next(self._numbers)}"}
            return Visitor(self, http, f"{self.url}/webhooks/rest/webhook", {}, sender)
        return Visitor(self, http, f"{self.url}/message", {}, {})


@dataclass
class Visitor:
    """One conversation."""

    contestant: Contestant
    http: aiohttp.ClientSession
    address: str
    headers: dict[str, str]
    body: dict[str, str]

    async def say(self, text: str) -> float:
        """Send a message and wait for the reply.

        Returns:
            Seconds until the whole of it was here.

        Raises:
            Broken: There was none, or it was the apology.
        """
        begun = time.perf_counter()
        async with self.http.post(self.address, json={**self.body, "message": text}, headers=self.headers) as response:
            said: Any = await response.json()
        seconds = time.perf_counter() - begun
        replies = said["messages"] if isinstance(said, dict) and "messages" in said else said
        if response.status != 200 or not replies:
            raise Broken(f"{self.contestant.name} answered {text!r} with {response.status} {str(said)[:200]}")
        return seconds


@contextmanager
def ours(model: Path, messages: Sequence[str], logs: Path) -> Iterator[Contestant]:
    """Our server, with databases of its own, and no limits on how often one may ask."""
    with throwaway(model, logs) as spare:
        migrate(Settings.from_environment({**os.environ, **spare.env}))
        with _started(spare.services, REPOSITORY) as (processes, seconds):
            yield Contestant(OURS, spare.url, messages, processes, seconds)


@contextmanager
def theirs(bot: Path, logs: Path) -> Iterator[Contestant]:
    """The default bot and its action server."""
    servers = default_bot.services(bot, logs)
    with _started(servers, bot) as (processes, seconds):
        url = f"http://{LOOPBACK}:{servers[1].port}"
        yield Contestant(DEFAULT, url, default_bot.MESSAGES, processes, seconds)


@contextmanager
def floor(messages: Sequence[str], folder: Path) -> Iterator[Contestant]:
    """The floor."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.servers.floor", str(port), str(folder / "floor.db")]
    server = Service("floor", command, LOOPBACK, port, "/", {}, folder / "floor.log")
    with _started([server], REPOSITORY) as (processes, seconds):
        yield Contestant(FLOOR, f"http://{LOOPBACK}:{port}", messages, processes, seconds)


@contextmanager
def _started(services: Sequence[Service], cwd: Path) -> Iterator[tuple[list[Process], float]]:
    begun = time.monotonic()
    processes = [Process(service.command, cwd, service.env, service.log) for service in services]
    try:
        while not all(answers(service.host, service.port, service.path) for service in services):
            for service, process in zip(services, processes, strict=True):
                if process.status is not None or time.monotonic() - begun > _PATIENCE_SECONDS:
                    raise Broken(f"The {service.name} did not start; see {service.log}.")
            time.sleep(0.02)
        yield processes, time.monotonic() - begun
    finally:
        stop(processes)

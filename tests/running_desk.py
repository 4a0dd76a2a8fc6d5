"""A front desk of its own for tests: the real servers with the newest model, a copy of the facts and a database."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.danger.run import newest_model
from deploy.local import migrate
from deploy.ports import answers
from deploy.processes import Process, stop
from deploy.servers import Throwaway, notice_worker, throwaway
from deploy.services import Service
from frontdesk.settings import REPOSITORY, Settings

START_SECONDS = 120


class Server:
    """One of the processes of a front desk, which can be killed and started again.

    Attributes:
        name: What its logs are called after.
        process: The running one.
    """

    def __init__(self, name: str, command: Sequence[str], env: dict[str, str], logs: Path, at: Service | None) -> None:
        self.name, self._command, self._env, self._logs, self._at = name, command, env, logs, at
        self._starts = 0
        self.start()

    def start(self) -> None:
        """Start it, with a log of its own."""
        log = self._logs / f"{self.name}-{self._starts}.log"
        self._starts += 1
        self.process = Process(self._command, REPOSITORY, self._env, log)

    def wait(self) -> None:
        """Wait until it answers; one that serves nobody is ready when it runs."""
        deadline = time.monotonic() + START_SECONDS
        while self._at is not None and time.monotonic() < deadline:
            if answers(self._at.host, self._at.port, self._at.path):
                return
            if self.process.status is not None:
                pytest.fail(f"The {self.name} server has ended, see its log.")
            time.sleep(0.1)
        if self._at is not None:
            pytest.fail(f"The {self.name} server does not answer.")

    def kill(self) -> None:
        """End it as a lost machine would: at once, whatever it is doing."""
        self.process.signal(signal.SIGKILL)
        assert self.process.wait(10)

    def restart(self) -> None:
        """Start it anew, if it has ended, and wait for it."""
        if self.process.status is not None:
            self.start()
        self.wait()


class FrontDesk:
    """The servers of one front desk, with facts and a database of their own.

    Attributes:
        url: Address of the assistant.
        env: The variables that set it apart.
        facts: Its copy of the facts.
        assistant: The Rasa server.
        notices: The worker that delivers notices, or None.
    """

    def __init__(self, desk: Throwaway, env: dict[str, str], facts: Path, logs: Path, notices: bool) -> None:
        self.url = desk.url
        self.env = env
        self.facts = facts
        *apart, assistant = desk.services
        self._actions = Server("actions", apart[0].command, env, logs, apart[0]) if apart else None
        self.assistant = Server("assistant", assistant.command, env, logs, assistant)
        self.notices = Server("notices", notice_worker().command, env, logs, None) if notices else None

    @property
    def actions(self) -> Server:
        """Its action server; to be asked where there is one."""
        assert self._actions is not None
        return self._actions

    @property
    def servers(self) -> list[Server]:
        """All of its processes."""
        return [server for server in (self.assistant, self._actions, self.notices) if server is not None]

    def wait(self) -> None:
        """Wait until it serves."""
        for server in self.servers:
            server.wait()

    def command(self, *words: str) -> str:
        """The output of `frontdesk …`."""
        done = subprocess.run(
            [sys.executable, "-m", "frontdesk", *words],
            # Wide enough that no table is cut off.
            env={**os.environ, **self.env, "COLUMNS": "250"},
            cwd=REPOSITORY,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


class Visitor:
    """One conversation with the desk."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/webhooks/website", timeout=60, trust_env=False)
        response = self._http.post("/session")
        assert response.status_code == 201
        self._headers = {"Authorization": f"Bearer {response.json()['session']}"}

    def delete(self) -> None:
        """Delete the conversation."""
        assert self._http.delete("/session", headers=self._headers).status_code == 204

    def refused(self, text: str) -> str:
        """The code of the refusal of a message."""
        response = self._http.post("/message", json={"message": text}, headers=self._headers)
        assert response.status_code != 200
        code: str = response.json()["error"]["code"]
        return code

    def say(self, text: str) -> list[dict[str, Any]]:
        """The messages that come back."""
        response = self._http.post("/message", json={"message": text}, headers=self._headers)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        assert messages
        return messages


@contextmanager
def running_desk(folder: Path, notices: bool = False, apart: bool = False, **variables: str) -> Iterator[FrontDesk]:
    """The servers within the block; skips where there is no model.

    Args:
        folder: Its facts are in `facts` below it, a copy of those that ship unless there are some; its logs go there.
        notices: Whether the worker that delivers notices runs, too.
        apart: Whether the actions have a server of their own.
        variables: More of the environment, `DATABASE_URL` for one.
    """
    try:
        model = newest_model(Settings.from_environment().var_dir / "models")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    facts = folder / "facts"
    if not facts.exists():
        shutil.copytree(REPOSITORY / "facts", facts)
    with throwaway(model, folder, apart) as spare:
        env = {**spare.env, "FRONTDESK_FACTS": str(facts), **variables}
        migrate(Settings.from_environment({**os.environ, **env}))
        front_desk = FrontDesk(spare, env, facts, folder, notices)
        try:
            front_desk.wait()
            yield front_desk
        finally:
            stop([server.process for server in front_desk.servers])

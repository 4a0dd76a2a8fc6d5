"""A front desk of its own for tests: the real servers with the newest model, a copy of the facts and a database."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.danger.run import newest_model
from deploy.local import migrate
from deploy.processes import Process, stop
from deploy.servers import LOOPBACK, Throwaway, rasa_server, throwaway
from deploy.services import Running, Service
from frontdesk.settings import REPOSITORY, Settings

START_SECONDS = 120


class FrontDesk:
    """The servers of one front desk, with facts and a database of their own."""

    def __init__(self, desk: Throwaway, env: dict[str, str], facts: Path, logs: Path) -> None:
        self.url = desk.url
        self.env = env
        self.facts = facts
        self._action_service = desk.services[0]
        self._log = logs / "actions.log"
        self.action_server = self._start_actions()

    def restart_actions(self) -> None:
        """Start the action server anew, after it was ended."""
        stop([self.action_server])
        self.action_server = self._start_actions()
        wait_for(self._action_service)

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

    def _start_actions(self) -> Process:
        return Process(self._action_service.command, REPOSITORY, self.env, self._log)


class Visitor:
    """One conversation with the desk."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=f"{url}/webhooks/website", timeout=60, trust_env=False)
        response = self._http.post("/session")
        assert response.status_code == 201
        self._headers = {"Authorization": f"Bearer {response.json()['session']}"}

    def say(self, text: str) -> list[dict[str, Any]]:
        """The messages that come back."""
        response = self._http.post("/message", json={"message": text}, headers=self._headers)
        assert response.status_code == 200, response.text
        messages: list[dict[str, Any]] = response.json()["messages"]
        assert messages
        return messages


def wait_for(service: Service) -> None:
    """Wait until a server answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            httpx.get(f"http://{service.host}:{service.port}{service.path}", trust_env=False)
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"The {service.name} does not answer.")


@contextmanager
def running_desk(folder: Path) -> Iterator[FrontDesk]:
    """The servers within the block, with the facts in `<folder>/facts`; skips where there is no model.

    Args:
        folder: Its logs go there.
    """
    try:
        model = newest_model(Settings.from_environment().var_dir / "models")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    facts = folder / "facts"
    with throwaway(model, folder) as spare:
        env = {**spare.env, "FRONTDESK_FACTS": str(facts)}
        migrate(Settings.from_environment({**os.environ, **env}))
        front_desk = FrontDesk(spare, env, facts, folder)
        port = int(spare.url.rsplit(":", 1)[1])
        try:
            rasa = Running([rasa_server(model, LOOPBACK, port, folder / "rasa.log", env)], REPOSITORY)
            try:
                rasa.wait(threading.Event(), patience=START_SECONDS)
                wait_for(spare.services[0])
                yield front_desk
            finally:
                rasa.stop()
        finally:
            stop([front_desk.action_server])

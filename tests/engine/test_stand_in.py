"""The words of danger reach the visitor whatever the action server does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientError, web
from rasa.utils.endpoints import EndpointConfig

from deploy.ports import free_port
from engine import action_call, stand_in
from frontdesk.database import create_engine
from frontdesk.migrations import upgrade
from frontdesk.review import RedFlagLog
from frontdesk.settings import Settings

FLAG = {"level": "emergency", "category": "E-AN", "by": "rule x", "reply": None}
SAID = {"events": [], "responses": [{"text": "said by the action server"}]}


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    monkeypatch.setenv("FRONTDESK_VAR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    for change in (*action_call.CHANGES, *stand_in.CHANGES):
        owner, name = change.place()
        monkeypatch.setattr(owner, name, change.replacement)
    settings = Settings.from_environment()
    upgrade(create_engine(settings))
    stand_in._stand_in.cache_clear()
    yield settings
    stand_in._stand_in.cache_clear()


def call(flag: Any = None, memory: Any = None, text: str = "my throat is closing") -> dict[str, Any]:
    latest = {"text": text, "red_flag": flag, "questions": []}
    return {"sender_id": "website:x", "tracker": {"latest_message": latest, "slots": {"memory": memory}}}


async def asked(sent: dict[str, Any], url: str | None = None) -> Any:
    try:
        return await EndpointConfig(url or f"http://127.0.0.1:{free_port()}/webhook").request(json=sent)
    finally:
        await action_call.close_sessions()


async def unseen(settings: Settings) -> list[str]:
    for _ in range(100):
        found = [turn.category for turn in RedFlagLog(create_engine(settings)).unseen()]
        if found:
            return found
        await asyncio.sleep(0.05)
    return []


async def test_an_emergency_gets_its_words_is_remembered_and_recorded(installation: Settings) -> None:
    answer = await asked(call(FLAG))
    (said,), (remembered,) = answer["responses"], answer["events"]
    assert said["outcome"] == "emergency"
    assert "999" in said["text"]
    assert remembered["value"]["alert"] == "E-AN"
    assert await unseen(installation) == ["E-AN"]
    # Until the visitor says that it is over.
    (said,) = (await asked(call(None, remembered["value"], "how much is it?")))["responses"]
    assert said["outcome"] == "emergency"
    (remembered,) = (await asked(call(None, remembered["value"], "false alarm, it is over now")))["events"]
    assert remembered["value"]["alert"] is None


async def test_an_urgent_sign_gets_its_words() -> None:
    (said,) = (await asked(call({**FLAG, "level": "urgent", "category": "D-IN"})))["responses"]
    assert said["outcome"] == "urgent"


@pytest.mark.parametrize(
    "sent",
    [
        call(),
        call({**FLAG, "level": "clinician", "category": "C-XX"}),
        call(None, {"alert": "D-IN"}),
        call(None, "nonsense"),
        {},
        None,
    ],
)
async def test_without_danger_the_failure_is_the_callers(sent: Any) -> None:
    with pytest.raises(ClientError):
        await asked(sent)


async def test_the_words_do_not_wait_for_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    (said,) = (await asked(call(FLAG)))["responses"]
    assert "999" in said["text"]


class Server:
    """An action server that answers as it is told, after a while."""

    def __init__(self, answer: Any, status: int = 200, seconds: float = 0) -> None:
        self._answer, self._status, self._seconds = answer, status, seconds

    async def __aenter__(self) -> str:
        async def answer(_: web.Request) -> web.Response:
            await asyncio.sleep(self._seconds)
            return web.json_response(self._answer, status=self._status)

        app = web.Application()
        app.router.add_post("/webhook", answer)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        port = free_port()
        await web.TCPSite(self._runner, "127.0.0.1", port).start()
        return f"http://127.0.0.1:{port}/webhook"

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()


async def test_what_an_action_server_says_is_said() -> None:
    async with Server(SAID) as url:
        assert await asked(call(FLAG), url) == SAID
        assert await asked(call(), url) == SAID


@pytest.mark.parametrize(("answer", "status"), [({}, 500), ({}, 200), ([], 200), ({"responses": []}, 200)])
async def test_an_action_server_that_says_nothing_of_use_is_stood_in_for(answer: Any, status: int) -> None:
    async with Server(answer, status) as url:
        (said,) = (await asked(call(FLAG), url))["responses"]
    assert said["outcome"] == "emergency"


async def test_an_action_server_that_hangs_gets_less_time_in_danger(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_in, "PATIENCE_SECONDS", 0.1)
    async with Server(SAID, seconds=2) as url:
        (said,) = (await asked(call(FLAG), url))["responses"]
        assert said["outcome"] == "emergency"
        assert await asked(call(), url) == SAID


async def test_where_not_even_that_can_be_said_the_failure_is_the_callers(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FRONTDESK_FACTS", str(tmp_path / "gone"))
    with pytest.raises(ClientError):
        await asked(call(FLAG))

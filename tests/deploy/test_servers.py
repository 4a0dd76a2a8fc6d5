from __future__ import annotations

import os
from pathlib import Path

import httpx
import pytest

from deploy import local
from deploy.servers import throwaway
from deploy.services import serving
from frontdesk.settings import Settings


def test_a_throwaway_desk_shares_nothing_with_the_clinics(tmp_path: Path) -> None:
    with throwaway(Path("model.tar.gz"), tmp_path) as desk:
        settings = Settings.from_environment(desk.env)
        assert settings.var_dir != Settings.from_environment({}).var_dir
        assert str(settings.var_dir) in settings.database_url
        assert desk.url in settings.allowed_origins
        assert settings.action_url is None
        assert [service.env for service in desk.services] == [desk.env]
        settings.var_dir.joinpath("tracker.db").touch()
    assert not settings.var_dir.exists()


def test_its_actions_can_have_a_server_of_their_own(tmp_path: Path) -> None:
    with throwaway(Path("model.tar.gz"), tmp_path, apart=True) as desk:
        actions, assistant = desk.services
        assert desk.url == f"http://127.0.0.1:{assistant.port}"
        assert desk.env["ACTION_URL"] == f"http://127.0.0.1:{actions.port}/webhook"


@pytest.mark.service
@pytest.mark.timeout(600)
def test_the_whole_desk_starts_without_a_warning_and_answers_with_facts(tmp_path: Path) -> None:
    model = local.train(Settings.from_environment())
    with throwaway(model, tmp_path) as desk:
        local.migrate(Settings.from_environment({**os.environ, **desk.env}))
        with serving(desk.services, local.ROOT), httpx.Client(base_url=desk.url, timeout=60, trust_env=False) as client:
            session = client.post("/webhooks/website/session").json()["session"]
            reply = client.post(
                "/webhooks/website/message",
                json={"message": "Does it hurt?"},
                headers={"Authorization": f"Bearer {session}"},
            )
            page = client.get("/webhooks/website/demo")
    assert reply.status_code == 200
    assert [message["topics"] for message in reply.json()["messages"]] == [["pain"]]
    assert reply.json()["messages"][0]["facts"]
    assert page.status_code == 200
    said = "".join(path.read_text() for path in sorted(tmp_path.glob("*.log")))
    assert "Warning" not in said
    assert "ERROR" not in said

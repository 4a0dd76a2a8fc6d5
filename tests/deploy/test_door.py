from __future__ import annotations

import json
import os
import shutil
import subprocess

import httpx
import pytest

from deploy import debian
from deploy.door import Door, configuration
from deploy.ports import free_port, status
from deploy.processes import Process, stop
from frontdesk.settings import REPOSITORY

APOLOGY = 'Sorry, it\'s "wrong" — \\ call +44 20 7946 0018.'


def test_without_any_server_visitors_are_told_the_apology_and_strangers_nothing() -> None:
    try:
        debian.program("nginx", "nginx-light")
    except debian.ProgramMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    folder, port = debian.own_folder(debian.DOOR_USER), free_port()
    nowhere = f"127.0.0.1:{free_port()}"
    door = Door([nowhere], [nowhere], f"127.0.0.1:{port}", f"127.0.0.1:{free_port()}", access_log=None)
    debian.configure_nginx(folder, configuration(door, APOLOGY))
    nginx = Process(debian.nginx_command(folder), REPOSITORY, log=folder / "log")
    try:
        while status(port, "/") is None:
            assert nginx.status is None, (folder / "log").read_text()
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=url, trust_env=False) as client:
            failed = client.post("/webhooks/website/message", json={"message": "hello"})
            assert (failed.status_code, failed.json()["error"]["message"]) == (503, APOLOGY)
            assert failed.headers["Access-Control-Allow-Origin"] == "*"
            large = client.post("/webhooks/website/message", content=b"x" * 1_100_000)
            assert (large.status_code, large.json()["error"]["code"]) == (413, "body_too_large")
            for path in ("/", "/metrics", "/conversations/x/tracker", "/webhook", "/model"):
                assert client.get(path).status_code == 404
            answers = [client.get("/webhooks/website/").status_code for _ in range(80)]
            assert {503, 429} == set(answers)
    finally:
        stop([nginx])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize("address", ["host:1; }", "host 1", "host\n", "", "$host"])
def test_an_address_cannot_say_more_than_where(address: str) -> None:
    with pytest.raises(ValueError, match="one word"):
        configuration(Door([address], ["host:1"]), APOLOGY)


def test_an_apology_with_a_dollar_sign_is_refused_and_all_else_stays_json() -> None:
    with pytest.raises(ValueError, match="dollar"):
        configuration(Door(["host:1"], ["host:1"]), "It costs $5.")
    assert json.dumps("—")[1:-1].replace("\\", "\\\\") in configuration(Door(["host:1"], ["host:1"]), APOLOGY)


def test_a_program_that_is_missing_is_named_with_its_package() -> None:
    with pytest.raises(debian.ProgramMissing, match="apt-get install nothing-light"):
        debian.program("no-such-program", "nothing-light")
    assert subprocess.run(debian.as_user(debian.DOOR_USER, ["true"]), check=False).returncode == 0

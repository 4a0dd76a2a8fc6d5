"""deploy/compose.yaml and deploy/Containerfile, held to the schema and to the code that they start."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from typing import Any

import pytest
import yaml

from deploy.door import main as door
from frontdesk.settings import REPOSITORY

COMPOSE = REPOSITORY / "deploy" / "compose.yaml"
CONTAINERFILE = (REPOSITORY / "deploy" / "Containerfile").read_text(encoding="utf-8")
# Of the containers themselves; everything else is a setting.
OWN = {"FRONTDESK_IMAGE", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "PUBLISHED", "TRUSTED_PROXY"}
NEEDED = ("POSTGRES_PASSWORD", "REDIS_PASSWORD", "FRONTDESK_SECRET", "PUBLIC_ADDRESS", "FRONTDESK_ORIGINS")
DESK = ("rasa-1", "rasa-2", "actions-1", "actions-2", "notices", "prepare")


@pytest.fixture(scope="module")
def services() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    return loaded


def known() -> set[str]:
    return set(re.findall(r"^#([A-Z_]+)=", (REPOSITORY / ".env.example").read_text(), flags=re.M))


def checked(env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What docker-compose says of the file; skips where it is missing, a failure in CI."""
    program = shutil.which("docker-compose")
    if program is None:
        reason = "docker-compose is missing: apt-get install docker-compose"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    command = [program, "--file", str(COMPOSE), "config", "--quiet"]
    env = {"PATH": os.environ["PATH"], **env}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=env)


def test_the_file_has_the_form_of_its_schema() -> None:
    done = checked(dict.fromkeys(NEEDED, "x" * 32))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", NEEDED)
def test_nothing_starts_without_its_secrets(name: str) -> None:
    done = checked({other: "x" * 32 for other in NEEDED if other != name})
    assert done.returncode != 0
    assert name in done.stderr


def test_every_variable_is_a_setting(services: dict[str, Any]) -> None:
    named = set(re.findall(r"(?<!\$)\$\{([A-Z_]+)", COMPOSE.read_text(encoding="utf-8")))
    assert named <= known() | OWN
    for name in DESK:
        given = set(services[name]["environment"])
        assert given <= known() | {"TRUSTED_PROXY", "SANIC_HOST", "SANIC_REAL_IP_HEADER"}


def test_every_setting_reaches_the_containers_or_says_where_things_are_in_them(services: dict[str, Any]) -> None:
    inside = {"FRONTDESK_FACTS", "FRONTDESK_VAR", "PORT", "ACTION_PORT", "FRONTDESK_LIMIT_LOCAL"}
    platforms = {name for name in known() if name.endswith("_API")}
    missing = known() - set(services["rasa-1"]["environment"]) - inside - platforms
    assert missing == set()


def test_nothing_runs_as_root_or_without_limits(services: dict[str, Any]) -> None:
    for name, service in services.items():
        assert service.get("user") not in ("root", "0", "0:0")
        assert "no-new-privileges:true" in service["security_opt"]
        assert "privileged" not in service
        if name != "prepare":
            assert service["deploy"]["resources"]["limits"]["memory"]
    assert re.search(r"^USER 10001:10001$", CONTAINERFILE, flags=re.M)
    assert services["rasa-1"]["user"] == "10001:10001"


def test_servers_are_watched_and_only_the_door_is_open(services: dict[str, Any]) -> None:
    watched = set(services) - {"notices", "prepare"}
    assert all("healthcheck" in services[name] for name in watched)
    assert {name for name, service in services.items() if "ports" in service} == {"door"}
    assert services["rasa-1"]["healthcheck"]["test"][-2:] == ["5005", "/health/live"]
    assert services["actions-1"]["healthcheck"]["test"][-2:] == ["5055", "/health/live"]
    assert services["door"]["healthcheck"]["test"][-1].endswith(":8080/health/ready")


def test_servers_are_told_their_ports_and_each_other(
    services: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert services["rasa-1"]["command"][-1] == "5005"
    assert services["actions-1"]["command"][-1] == "5055"
    assert services["rasa-1"]["environment"]["ACTION_URL"] == "http://door:8081/webhook"
    words = (
        services["prepare"]["command"][-1].replace('"$$TRUSTED_PROXY"', "10.0.0.0/8").split("deploy.door")[1].split()
    )
    assert door(words[: words.index(">")]) == 0
    written = capsys.readouterr().out
    for server in ("rasa-1:5005", "rasa-2:5005", "actions-1:5055", "actions-2:5055"):
        assert server.split(":")[0] in services
        assert f"server {server} resolve" in written


def test_the_image_holds_no_secret_and_nothing_written_here() -> None:
    assert not re.search(r"SECRET|PASSWORD|TOKEN", CONTAINERFILE)
    left_out = (REPOSITORY / ".dockerignore").read_text().split()
    assert {".git", ".env", "var", ".venv"} <= set(left_out)
    assert len(re.findall(r"^FROM ", CONTAINERFILE, flags=re.M)) == 2
    for source in re.findall(r"^COPY (?!--from)(\S+)", CONTAINERFILE, flags=re.M):
        assert (REPOSITORY / source).exists()

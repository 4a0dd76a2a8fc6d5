from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import warnings
from pathlib import Path

import pytest

from deploy.ports import free_port
from deploy.services import Service, serving
from engine import launch

ROOT = Path(__file__).resolve().parents[2]
LAUNCH = [sys.executable, "-m", "engine.launch"]
PACKAGES = "/env/lib/python3.10/site-packages"

# The smallest assistant with a model, an action and a stored conversation; it goes through all of Rasa's start.
BOT = {
    "config.yml": """
        recipe: default.v1
        language: en
        assistant_id: tiny
        pipeline:
        - name: KeywordIntentClassifier
        policies:
        - name: RulePolicy
        """,
    "domain.yml": """
        version: "3.1"
        intents: [greet, ask]
        actions: [action_answer]
        """,
    "data/all.yml": """
        version: "3.1"
        nlu:
        - intent: greet
          examples: |
            - hello
            - good morning
        - intent: ask
          examples: |
            - price
            - cost
        rules:
        - rule: answer
          steps:
          - or:
            - intent: greet
            - intent: ask
          - action: action_answer
        """,
    "credentials.yml": "rest:\n",
    "actions/__init__.py": "",
    "actions/answer.py": """
        from rasa_sdk import Action

        class Answer(Action):
            def name(self):
                return "action_answer"

            def run(self, dispatcher, tracker, domain):
                return []
        """,
}


def test_only_what_is_named_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    rasa, other = f"{PACKAGES}/rasa/shared/utils/validation.py", f"{PACKAGES}/somewhere/else.py"
    assert launch.is_known("pkg_resources is deprecated as an API. See", DeprecationWarning, rasa)
    assert not launch.is_known("something else is deprecated", DeprecationWarning, rasa)
    assert not launch.is_known("pkg_resources is deprecated as an API", UserWarning, rasa)
    assert launch.is_known("invalid escape sequence", DeprecationWarning, f"{PACKAGES}/keras/utils/data_utils.py")
    assert not launch.is_known("invalid escape sequence", DeprecationWarning, other)


def test_a_filter_that_a_library_puts_in_front_changes_nothing() -> None:
    program = """
        import warnings
        from engine.launch import silence
        silence()
        warnings.simplefilter("always")
        warnings.warn_explicit("invalid escape sequence", DeprecationWarning, "/x/keras/a.py", 1)
        warnings.warn_explicit("no filter knows this", DeprecationWarning, "/x/keras/a.py", 1)
        """
    ended = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "invalid escape" not in ended.stderr
    assert "no filter knows this" in ended.stderr


def test_silencing_does_not_touch_this_process() -> None:
    assert warnings.showwarning.__module__ != launch.__name__


def test_what_the_command_line_leaves_open_comes_from_the_environment() -> None:
    env = {"PORT": "6105", "HOST": "0.0.0.0", "ACTION_PORT": "6155", "LOG_LEVEL": "warning"}
    assert launch.command_line(["run", "--model", "m"], env) == [
        "run",
        "--interface",
        "0.0.0.0",
        "--port",
        "6105",
        "--model",
        "m",
    ]
    assert launch.command_line(["actions"], env) == ["--actions", "actions", "--port", "6155", "--quiet"]
    assert launch.command_line(["train", "--force"], env) == ["train", "--force"]


def test_nothing_listens_to_the_world_unless_it_is_told_to() -> None:
    env = {"HOST": "", "PORT": ""}
    launch.prepare(env)
    assert env["SANIC_HOST"] == "127.0.0.1"
    assert launch.command_line(["run"], env) == ["run", "--interface", "127.0.0.1", "--port", "5005"]
    assert launch.command_line(["shell"], env)[1:3] == ["--interface", "127.0.0.1"]


def test_endpoints_find_the_action_server_and_the_folder(tmp_path: Path) -> None:
    env: dict[str, str] = {}
    launch.prepare(env)
    # There is none; endpoints.yml needs the variable all the same.
    assert env["ACTION_URL"] == ""
    assert env["FRONTDESK_VAR"] == str(ROOT / "var")
    env = {"ACTION_URL": "http://actions.internal/webhook", "FRONTDESK_VAR": str(tmp_path)}
    launch.prepare(env)
    assert (env["ACTION_URL"], env["FRONTDESK_VAR"]) == ("http://actions.internal/webhook", str(tmp_path))


def test_both_servers_know_the_same_key_which_is_not_the_secret_itself(tmp_path: Path) -> None:
    first, second = {"FRONTDESK_VAR": str(tmp_path)}, {"FRONTDESK_VAR": str(tmp_path)}
    launch.prepare(first)
    launch.prepare(second)
    assert first["ACTION_KEY"] == second["ACTION_KEY"] != (tmp_path / "secret").read_text()


def test_telemetry_is_off_whatever_the_environment_says() -> None:
    env = {"RASA_TELEMETRY_ENABLED": "true"}
    launch.prepare(env)
    assert env["RASA_TELEMETRY_ENABLED"] == "false"


def test_without_a_command_it_says_which_there_are() -> None:
    with pytest.raises(SystemExit, match="run, shell, train or actions"):
        launch.main([])


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bot")
    for name, content in BOT.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(textwrap.dedent(content))
    (folder / "endpoints.yml").write_text((ROOT / "endpoints.yml").read_text())
    return folder


@pytest.fixture(scope="module")
def environment(bot: Path) -> dict[str, str]:
    # Without written bytecode every start compiles Keras, and with that brings its warnings.
    return {
        **{name: value for name, value in os.environ.items() if name not in ("HOST", "LOG_LEVEL", "PYTHONWARNINGS")},
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "FRONTDESK_VAR": str(bot / "var"),
        "ACTION_URL": "http://127.0.0.1:1/webhook",
    }


@pytest.fixture(scope="module")
def trained(bot: Path, environment: dict[str, str]) -> str:
    """What training printed; the model is in models/."""
    ended = subprocess.run(
        [*LAUNCH, "train", "--force", "--fixed-model-name", "tiny"],
        cwd=bot,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


@pytest.mark.service
@pytest.mark.timeout(400)
def test_training_prints_no_warning_and_leaves_no_cache(bot: Path, trained: str) -> None:
    assert "Warning" not in trained
    assert (bot / "models/tiny.tar.gz").exists()
    assert not (bot / ".rasa").exists()


@pytest.mark.service
@pytest.mark.timeout(400)
def test_both_servers_start_without_a_warning(bot: Path, trained: str, environment: dict[str, str]) -> None:
    rasa, actions = free_port(), free_port()
    services = [
        Service(name, [*LAUNCH, *words, "--port", str(port)], "127.0.0.1", port, "/", environment, bot / f"{name}.log")
        for name, words, port in (("rasa", ["run", "--model", "models"], rasa), ("actions", ["actions"], actions))
    ]
    with serving(services, bot):
        pass
    said = (bot / "rasa.log").read_text() + (bot / "actions.log").read_text()
    assert "Starting Rasa server" in said
    assert "Action endpoint is up and running on http://127.0.0.1" in said
    assert "Warning" not in said
    assert "Registered function" not in said
    assert (bot / "var/tracker.db").exists()

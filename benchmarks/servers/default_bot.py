"""The default bot: what `rasa init` writes and trains, with its action server, as Rasa's documentation starts it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import rasa

from deploy.ports import free_port
from deploy.servers import LOOPBACK
from deploy.services import Service

RASA = (sys.executable, "-m", "rasa")
ENV = {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
MESSAGES = (
    "hello",
    "good morning",
    "hey there",
    "hi",
    "bye",
    "see you later",
    "are you a bot?",
    "am I talking to a human?",
)


class TrainingFailed(RuntimeError):
    """The default bot could not be trained; the message says where the log is."""


def prepare(folder: Path) -> Path:
    """Write and train it, unless this version of Rasa's is there already.

    Args:
        folder: Keeps it for the next time.

    Returns:
        The folder of the bot.

    Raises:
        TrainingFailed: No model came out.
    """
    bot = folder / f"default-bot-{rasa.__version__}"
    if list(bot.glob("models/*.tar.gz")):
        return bot
    shutil.rmtree(bot, ignore_errors=True)
    spec = importlib.util.find_spec("rasa.cli")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    shutil.copytree(Path(next(iter(spec.submodule_search_locations))) / "initial_project", bot)
    log = folder / "default-bot-training.log"
    with log.open("wb") as output:
        ended = subprocess.run(
            [*RASA, "train"], cwd=bot, env={**os.environ, **ENV}, stdout=output, stderr=output, check=False
        )
    if ended.returncode:
        raise TrainingFailed(f"The default bot could not be trained; see {log}.")
    return bot


def services(bot: Path, logs: Path) -> tuple[Service, Service]:
    """Its two servers, on free ports; Rasa's is the second.

    Args:
        bot: Its folder.
        logs: Folder for their logs.
    """
    actions, port = free_port(), free_port()
    endpoints = logs / "default-bot-endpoints.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://{LOOPBACK}:{actions}/webhook\n", encoding="utf-8")
    run = [*RASA, "run", "--port", str(port), "--interface", LOOPBACK, "--endpoints", str(endpoints)]
    return (
        Service(
            "default actions",
            [*RASA, "run", "actions", "--port", str(actions)],
            LOOPBACK,
            actions,
            "/health",
            {**ENV, "SANIC_HOST": LOOPBACK},
            logs / "default-bot-actions.log",
        ),
        Service("default bot", run, LOOPBACK, port, "/", ENV, logs / "default-bot.log"),
    )

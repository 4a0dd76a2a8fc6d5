"""Start Rasa or its action server with the frameworks' own noise silenced by name.

`python -m engine.launch run|shell|train|… [Rasa's arguments]` calls Rasa, `… actions [rasa_sdk's arguments]` calls the
action server. What the command line leaves open comes from HOST, PORT, ACTION_PORT, ACTION_URL and FRONTDESK_VAR.
Without ACTION_URL, Rasa's server runs the actions itself.

Only what is named here is silent: a warning that nobody has judged yet still shows.
"""

from __future__ import annotations

import logging
import os
import re
import sys
import warnings
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import NamedTuple, TextIO

REPOSITORY = Path(__file__).resolve().parent.parent

ENVIRONMENT = {
    # SQLAlchemy would warn at each start that Rasa's tables are written for 1.4; the lock keeps 1.4.
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    # TensorFlow's C++ side reports CPU features and missing GPUs at each start; no model of ours uses either.
    "TF_CPP_MIN_LOG_LEVEL": "2",
    # Visitors' conversations are nobody else's business, not even as counts.
    "RASA_TELEMETRY_ENABLED": "false",
    # Our own content hash decides what is stale; Rasa's cache misses changes in modules that a component imports.
    "RASA_MAX_CACHE_SIZE": "0",
}

SERVER_ENVIRONMENT = {
    # The matrices of one message are small. Shared among threads they cost more than they take: 26 to 35 ms of CPU time
    # a turn on two busy cores, and 17 with one thread; more servers use more cores.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


class KnownWarning(NamedTuple):
    """A warning that is expected: its class by name, the start of its message, the package it is attributed to."""

    category: str
    message: str
    package: str | None


KNOWN_WARNINGS = (
    # Rasa and APScheduler both use it and whoever comes first is blamed; Rasa pins the setuptools that still has it.
    KnownWarning("DeprecationWarning", "pkg_resources is deprecated as an API", None),
    # matplotlib and ruamel.yaml, in the versions Rasa allows, declare their namespaces the old way.
    KnownWarning("DeprecationWarning", r"Deprecated call to `pkg_resources\.declare_namespace", "pkg_resources"),
    # sanic-cors 2.0, which Rasa pins, compares versions with distutils; that leaves in Python 3.12, we stay on 3.10.
    KnownWarning("DeprecationWarning", "distutils Version classes are deprecated", "sanic_cors"),
    # Rasa imports TensorFlow 2.12 whatever the pipeline holds; its lite converter names an old jax function.
    KnownWarning("DeprecationWarning", r"jax\.xla_computation is deprecated", "tensorflow"),
    # Docstrings of Keras 2.12, seen whenever Python compiles them for the first time.
    KnownWarning("DeprecationWarning", "invalid escape sequence", "keras"),
    # matplotlib 3.5, which Rasa imports for its reports, calls pyparsing by the old names.
    KnownWarning("PyparsingDeprecationWarning", "", "matplotlib"),
    # So does packaging 20.9, which Rasa pins.
    KnownWarning("PyparsingDeprecationWarning", "", "packaging"),
    # Rasa's SQL tracker store builds its address the way SQLAlchemy 1.3 did.
    KnownWarning("SADeprecationWarning", r"Calling URL\(\) directly is deprecated", "rasa"),
    # The library of time expressions, seen whenever Python compiles it for the first time.
    KnownWarning("SyntaxWarning", "'int' object is not subscriptable", "recognizers_date_time"),
    KnownWarning("SyntaxWarning", '"is" with a literal', "recognizers_number"),
    # Left over in Sanic when the start is refused; the reason has been printed by then and should stay the last line.
    KnownWarning("RuntimeWarning", r"coroutine 'Loop\.create_server' was never awaited", None),
)

QUIET_LOGGERS = {
    # One line for every action at each start.
    "rasa_sdk.executor": logging.WARNING,
    # One line for every part of it, also where no table changes.
    "alembic.runtime.plugins": logging.WARNING,
}

# rasa_sdk does not read LOG_LEVEL, it knows these options only.
ACTION_LOG_OPTIONS = {"DEBUG": ["--debug"], "WARNING": ["--quiet"], "ERROR": ["--quiet"], "CRITICAL": ["--quiet"]}


def is_known(message: Warning | str, category: type[Warning], filename: str) -> bool:
    """Whether a warning is one of `KNOWN_WARNINGS`."""
    packages = Path(filename).parts
    return any(
        category.__name__ == known.category
        and re.match(known.message, str(message)) is not None
        and (known.package is None or known.package in packages)
        for known in KNOWN_WARNINGS
    )


def silence() -> None:
    """Drop the known warnings and hush the loggers named in `QUIET_LOGGERS`, for the rest of this process."""
    # Not warnings.filterwarnings: libraries put filters of their own in front while they are being imported.
    show = warnings.showwarning

    def show_unknown(
        message: Warning | str,
        category: type[Warning],
        filename: str,
        lineno: int,
        file: TextIO | None = None,
        line: str | None = None,
    ) -> None:
        if not is_known(message, category, filename):
            show(message, category, filename, lineno, file, line)

    warnings.showwarning = show_unknown
    for name, level in QUIET_LOGGERS.items():
        logging.getLogger(name).setLevel(level)


def prepare(env: MutableMapping[str, str]) -> None:
    """Set what Rasa, its action server and `endpoints.yml` read from the environment; an empty variable is unset.

    Raises:
        ValueError: A variable holds something that cannot be used.
    """
    env.update(ENVIRONMENT)
    # Left to itself the action server listens on all addresses.
    env["SANIC_HOST"] = env.get("SANIC_HOST") or "127.0.0.1"
    # endpoints.yml can name a variable, but not what to take without it.
    env["ACTION_URL"] = env.get("ACTION_URL", "").strip()
    env["FRONTDESK_VAR"] = env.get("FRONTDESK_VAR") or str(REPOSITORY / "var")
    # Not at the top: what it imports looks at the environment as it is being imported.
    from frontdesk.settings import Settings

    env["ACTION_KEY"] = Settings.from_environment(env).action_secret


def command_line(arguments: list[str], env: Mapping[str, str]) -> list[str]:
    """The arguments for Rasa or rasa_sdk: ours first, so that those given win.

    Args:
        arguments: The command (`run`, `shell`, `train`, `actions`, …) and what follows it.
        env: Where HOST, PORT, ACTION_PORT and LOG_LEVEL are looked up.
    """
    command, *given = arguments
    if command == "actions":
        log_options = ACTION_LOG_OPTIONS.get(env.get("LOG_LEVEL", "").upper(), [])
        return ["--actions", "actions", "--port", env.get("ACTION_PORT") or "5055", *log_options, *given]
    if command in ("run", "shell"):
        address = ["--interface", env.get("HOST") or "127.0.0.1", "--port", env.get("PORT") or "5005"]
        return [command, *address, *given]
    return arguments


def main(arguments: list[str]) -> None:
    """Run one of Rasa's commands in this process, or the action server for `actions`."""
    if not arguments:
        sys.exit("Say what to start: run, shell, train or actions.")
    try:
        prepare(os.environ)
    except ValueError as error:
        # A setting that cannot be used; the message is one sentence.
        sys.exit(str(error))
    Path(os.environ["FRONTDESK_VAR"]).mkdir(parents=True, exist_ok=True)
    silence()
    sys.argv = [sys.argv[0], *command_line(arguments, os.environ)]
    if arguments[0] in ("run", "shell", "actions"):
        for name, value in SERVER_ENVIRONMENT.items():
            os.environ.setdefault(name, value)
    if arguments[0] in ("run", "shell", "train"):
        from engine.without_tensorflow import do_without

        do_without()
    if arguments[0] == "actions":
        from rasa_sdk.__main__ import main as start
    else:
        from rasa.__main__ import main as start
    if arguments[0] in ("run", "shell"):
        from engine.model_required import require_model
        from engine.server import change_rasa

        require_model()
        change_rasa()
        if not os.environ["ACTION_URL"]:
            from engine import action_inside

            action_inside.load()
    if arguments[0] == "train":
        from engine import training
        from engine.changes import make

        make(training.CHANGES)
    if arguments[0] == "actions":
        from engine import action_app, logs
        from engine.changes import make

        make(logs.ACTION_SERVER_CHANGES)
        action_app.register()
    start()


if __name__ == "__main__":
    main(sys.argv[1:])

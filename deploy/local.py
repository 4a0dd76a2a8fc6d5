"""The whole front desk on this machine: `python -m deploy.local run|shell|train|migrate|beside`.

Exit codes: 0 ended as asked, 1 something failed, 2 a setting cannot be used, 3 a port is taken, 130 interrupted.
"""

from __future__ import annotations

import argparse
import os
import sys
import threading
import time
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from deploy import model
from deploy.ports import free_port, is_free
from deploy.processes import Interrupted
from deploy.servers import LAUNCH, LOOPBACK, action_server, notice_worker, rasa_server, throwaway
from deploy.services import ServiceFailed, beside, supervise
from frontdesk import dotenv, model_name
from frontdesk.booking.worker import SECONDS_BETWEEN_PURGES
from frontdesk.database import create_engine
from frontdesk.facts.reading import FactsError
from frontdesk.migrations import upgrade
from frontdesk.privacy.keeping import daily_purge
from frontdesk.settings import Settings, SettingsError

ROOT = Path(__file__).resolve().parent.parent
FAILED, BAD_SETTING, PORT_TAKEN, INTERRUPTED = 1, 2, 3, 130


class PortTaken(Exception):
    """Another program listens where a server was to; the message is one sentence that names port and variable."""


def run(settings: Settings) -> None:
    """Start everything, say where the demo page is, and stay until Ctrl-C or a signal.

    Raises:
        PortTaken: Nothing was started.
        SettingsError: A messaging channel is half configured; nothing was started.
        deploy.services.ServiceFailed: A server ended by itself.
    """
    started = time.monotonic()
    # An operator who has set one variable of a channel expects messages to arrive; so nothing starts without the rest.
    if settings.channels.complaints:
        raise SettingsError(" ".join(settings.channels.complaints))
    host = os.environ.get("HOST") or LOOPBACK
    _require_free(host, settings.port, "PORT")
    servers = []
    if settings.action_url is not None:
        _require_free(LOOPBACK, settings.action_port, "ACTION_PORT")
        servers.append(action_server(settings.action_port))
    trained = train(settings)
    migrate(settings)
    # The demo page works under the names that FRONTDESK_ORIGINS allows; unless it is set, localhost is one.
    name = "localhost" if host in (LOOPBACK, "0.0.0.0") else host
    if not _has_way_out(settings):
        threading.Thread(target=_purge_daily, args=(settings,), daemon=True).start()
    page = f"http://{name}:{settings.port}/webhooks/website/demo"
    supervise(
        [*servers, rasa_server(trained, host, settings.port)],
        cwd=ROOT,
        when_ready=lambda: _say(f"\nReady after {time.monotonic() - started:.1f} s: {page} (Ctrl-C ends it)\n"),
        # Without a way out, notices wait in the database, and nobody is needed to watch them wait; the worker's other
        # duty, the daily purge, is done here then.
        helpers=[notice_worker()] if _has_way_out(settings) else [],
    )


def _has_way_out(settings: Settings) -> bool:
    return bool(settings.smtp.host or settings.webhook.url or settings.channels.messengers)


def _purge_daily(settings: Settings) -> None:
    purge = daily_purge(settings)
    while True:
        try:
            purge()
        except (SQLAlchemyError, FactsError) as error:
            _say(f"What has been kept for long enough could not be deleted: {type(error).__name__}.")
        time.sleep(SECONDS_BETWEEN_PURGES)


def shell(settings: Settings) -> int:
    """Talk to the assistant in the terminal; works beside `run`, on ports of its own.

    Returns:
        The exit code of `rasa shell`.
    """
    trained = train(settings)
    migrate(settings)
    _say("Starting the assistant; this takes a few seconds.")
    env = {
        "ACTION_URL": "",
        # Between the lines of a conversation only what is wrong has a place.
        "LOG_LEVEL": os.environ.get("LOG_LEVEL") or "WARNING",
    }
    command = [*LAUNCH, "shell", "--model", str(trained), "--interface", LOOPBACK, "--port", str(free_port())]
    return beside([], command, ROOT, env)


def run_beside(settings: Settings, command: list[str]) -> int:
    """Run a command beside a throwaway front desk; `{url}` in it becomes the desk's address.

    Returns:
        The exit code of the command.
    """
    with throwaway(train(settings), settings.var_dir) as desk:
        migrate(Settings.from_environment({**os.environ, **desk.env}))
        return beside(desk.services, [part.replace("{url}", desk.url) for part in command], ROOT, env={})


def train(settings: Settings, force: bool = False) -> Path:
    """Train if the model is stale; the model file.

    Raises:
        deploy.model.TrainingFailed: No model came out of it.
        deploy.processes.Interrupted: Ctrl-C or a signal ended the training.
    """
    if not force and model_name.current(ROOT, settings.var_dir).exists():
        return model.train(ROOT, settings.var_dir)
    started = time.monotonic()
    _say("Training the model; this takes a minute or two.")
    trained = model.train(ROOT, settings.var_dir, force)
    _say(f"Trained in {time.monotonic() - started:.0f} s.")
    return trained


def migrate(settings: Settings) -> None:
    """Bring the database to the tables this version needs.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: The database cannot be reached or changed.
    """
    engine = create_engine(settings)
    upgrade(engine)
    engine.dispose()


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and the settings, do what they say, and tell in a sentence what went wrong."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description="The front desk on this machine.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="start everything")
    commands.add_parser("shell", help="talk to the assistant in the terminal")
    commands.add_parser("train", help="train if stale").add_argument(
        "--force", action="store_true", help="train anyway"
    )
    commands.add_parser("migrate", help="bring the database up to date")
    other = commands.add_parser("beside", help="run a command beside a throwaway front desk; {url} is its address")
    other.add_argument("words", nargs=argparse.REMAINDER, metavar="COMMAND")
    options = parser.parse_args(arguments)
    dotenv.load(ROOT / ".env", os.environ)
    try:
        return _do(options)
    except SettingsError as error:
        return _complain(str(error), BAD_SETTING)
    except PortTaken as error:
        return _complain(str(error), PORT_TAKEN)
    except (model.TrainingFailed, ServiceFailed) as error:
        return _complain(str(error), FAILED)
    except SQLAlchemyError as error:
        # The first line only: statements and their values follow.
        return _complain(f"The database cannot be used: {str(error).splitlines()[0]}", FAILED)
    except (Interrupted, KeyboardInterrupt):
        return INTERRUPTED


def _do(options: argparse.Namespace) -> int:
    settings = Settings.from_environment()
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if options.command == "shell":
        return shell(settings)
    if options.command == "beside":
        return run_beside(settings, options.words)
    if options.command == "run":
        run(settings)
    elif options.command == "train":
        train(settings, options.force)
    else:
        migrate(settings)
    return 0


def _require_free(host: str, port: int, variable: str) -> None:
    if not is_free(host, port):
        raise PortTaken(f"Port {port} is taken: end the program that uses it, or set {variable} to another port.")


def _say(text: str) -> None:
    print(text, flush=True)


def _complain(text: str, code: int) -> int:
    print(text, file=sys.stderr, flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main())

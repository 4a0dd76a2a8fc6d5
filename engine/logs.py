"""Log lines with the id of their turn, and without a word of the visitor's.

`LOG_FORMAT=json` makes one JSON object of each line: `time`, `level`, `logger`, `turn`, `message`, `error`. Of an error
its class and place are shown and not its message: libraries quote their input there, Rasa whole requests. What the
visitor wrote in the turn that is being served is taken out of every line, at every level.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import datetime, timezone
from pathlib import Path

from engine import turn
from engine.changes import Change

# Shorter ones are no words of anybody's, and parts of many others.
SHORTEST = 4
HIDDEN = "[visitor's words]"


class Formatter(logging.Formatter):
    """Makes a line of a record."""

    def __init__(self, as_json: bool) -> None:
        """Choose the form.

        Args:
            as_json: For machines, else for people.
        """
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        now = turn.current()
        message = _without(record.getMessage(), now.words if now else "")
        error = _error(record.exc_info[1]) if record.exc_info and record.exc_info[1] else None
        when = datetime.fromtimestamp(record.created, timezone.utc)
        if self._as_json:
            fields = {
                "time": when.isoformat(timespec="milliseconds"),
                "level": record.levelname,
                "logger": record.name,
                "turn": now.id if now else None,
                "message": message,
                "error": error,
            }
            return json.dumps({key: value for key, value in fields.items() if value is not None}, ensure_ascii=False)
        mark = f"[{now.id}] " if now else ""
        line = f"{when:%Y-%m-%d %H:%M:%S} {record.levelname:<8} {record.name}  - {mark}{message}"
        return f"{line} ({error})" if error else line


def _without(message: str, words: str) -> str:
    words = words.strip()
    if len(words) < SHORTEST:
        return message
    # As they are, and as they stand in JSON and in a Python repr.
    for form in {words, json.dumps(words)[1:-1], json.dumps(words, ensure_ascii=False)[1:-1], repr(words)[1:-1]}:
        message = message.replace(form, HIDDEN)
    return message


def _error(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
    named = f"{type(error).__name__} at {where}" if where else type(error).__name__
    cause = error.__cause__ or error.__context__
    return f"{named}, after {_error(cause)}" if cause is not None else named


def configure(loglevel: str | int | None = None) -> None:
    """Let all that is logged from now on go through `Formatter` to standard error.

    Args:
        loglevel: Name or number; LOG_LEVEL, else INFO, without it.
    """
    formatter = Formatter(os.environ.get("LOG_FORMAT", "").strip().lower() == "json")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(loglevel or os.environ.get("LOG_LEVEL") or logging.INFO)
    # Rasa cuts Sanic's loggers off from the root; what has no handler comes here.
    if logging.lastResort is not None:
        logging.lastResort.setFormatter(formatter)


CHANGES = (Change("rasa.utils.io", "configure_colored_logging", "19ab6f36d98048df", configure),)
ACTION_SERVER_CHANGES = (Change("rasa_sdk.utils", "configure_colored_logging", "3587fed5846d8888", configure),)

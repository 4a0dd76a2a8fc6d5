"""Refusals of the website door: each with a status code and a sentence from ``errors.yml``."""

from __future__ import annotations

import logging
import secrets
import traceback
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from sanic.response import HTTPResponse, json

logger = logging.getLogger(__name__)

_SENTENCES = Path(__file__).with_name("errors.yml")


class Refusal(Exception):
    """A request that the door turns away.

    Attributes:
        code: name of the refusal in ``errors.yml``; stable, for programs.
        status: HTTP status code.
        message: a whole sentence, for people.
        headers: HTTP headers that belong to the refusal, such as ``Retry-After``.
    """

    def __init__(self, code: str, *, headers: Mapping[str, str] | None = None, **placeholders: object) -> None:
        """Looks up status and sentence of a refusal.

        Args:
            code: name of the refusal in ``errors.yml``.
            headers: HTTP headers to send along.
            placeholders: values for the ``{names}`` in the sentence.

        Raises:
            KeyError: the code or one of its placeholders is unknown.
        """
        super().__init__(code)
        entry = _catalogue()[code]
        self.code = code
        self.status: int = entry["status"]
        self.message: str = entry["message"].format(**placeholders)
        self.headers = dict(headers or {})

    def response(self) -> HTTPResponse:
        """Returns the refusal as JSON: ``{"error": {"code", "message"}}``."""
        return json(
            {"error": {"code": self.code, "message": self.message}}, status=self.status, headers=dict(self.headers)
        )


def sentence(code: str) -> str:
    """Returns the sentence of an entry of ``errors.yml`` that has no placeholders."""
    return _catalogue()[code]["message"].format()


def log_failure(what: str, error: BaseException | None) -> str:
    """Logs a failure under a fresh error id, without anything a visitor wrote.

    The error's own message is left out on purpose: libraries quote the input in it.

    Args:
        what: the part that failed, in a few words.
        error: what was raised; None when nothing was raised and the result was simply missing.

    Returns:
        The error id, eight hexadecimal digits.
    """
    error_id = secrets.token_hex(4)
    if error is None:
        logger.error("%s (error id %s)", what, error_id)
    else:
        frames = traceback.extract_tb(error.__traceback__)
        where = " < ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(frames))
        logger.error("%s (error id %s): %s at %s", what, error_id, type(error).__name__, where)
    return error_id


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, dict]:
    return yaml.safe_load(_SENTENCES.read_text(encoding="utf-8"))

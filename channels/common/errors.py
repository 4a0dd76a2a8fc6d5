"""Refusals of the doors: each with a status code and a sentence from ``errors.yml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml
from sanic.response import HTTPResponse, json

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


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, dict]:
    return yaml.safe_load(_SENTENCES.read_text(encoding="utf-8"))

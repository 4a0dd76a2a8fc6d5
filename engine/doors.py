"""Who may ask for what, and how much of it: for Rasa's server and for the action server alike."""

from __future__ import annotations

import hmac
import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import BaseHTTPResponse, HTTPResponse, json

logger = logging.getLogger(__name__)

# A message of the longest kind takes some 40 kB in any channel's wrapping, the call of an action 20.
LARGEST_BYTES = 1_000_000
RECEIVE_SECONDS = 15
ANSWER_SECONDS = 30

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
_SENTENCES = {
    400: ("bad_request", "This request cannot be read."),
    401: ("unauthorized", "This door needs a key."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This cannot be done here."),
    408: ("timeout", "The request took too long."),
    413: ("too_large", "The request is too large."),
    503: ("unavailable", "The server is busy."),
}
_FAILED = ("internal", "Something went wrong.")


def refuse(status: int) -> HTTPResponse:
    """A refusal that tells nothing but its kind."""
    code, sentence = _SENTENCES.get(status, _FAILED)
    return json({"error": {"code": code, "message": sentence}}, status=status)


def is_near(request: Request) -> bool:
    """Whether it comes from this machine itself, and not through a proxy on it."""
    try:
        near = ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        # No address at all: a socket in the file system, or a test's own client.
        near = not request.ip
    return near and not any(name in request.headers for name in _FORWARDED)


def has_key(request: Request, key: str | None) -> bool:
    """Whether the request carries the bearer token `key`; without a key nobody does."""
    given = request.headers.get("authorization", "")
    return key is not None and hmac.compare_digest(given.encode(), f"Bearer {key}".encode())


def guard(app: Sanic, may_pass: Callable[[Request], bool], refusal: int) -> None:
    """Turn away what may not pass, bound what may, and keep errors short.

    Args:
        app: The server; to be called when it has its routes.
        may_pass: Says who may.
        refusal: Status for those who may not: 401, or 404 where a stranger shall not learn what there is.
    """
    app.config.REQUEST_MAX_SIZE = LARGEST_BYTES
    app.config.REQUEST_TIMEOUT = RECEIVE_SECONDS
    app.config.RESPONSE_TIMEOUT = ANSWER_SECONDS

    async def check(request: Request) -> HTTPResponse | None:
        return None if may_pass(request) else refuse(refusal)

    async def finish(_: Request, response: BaseHTTPResponse) -> HTTPResponse | None:
        for header, value in HEADERS.items():
            response.headers.setdefault(header, value)
        return None

    def fail(request: Request, error: Exception) -> Any:
        status = error.status_code if isinstance(error, SanicException) else 500
        if status >= 500:
            logger.error("A request failed with %d.", status, exc_info=error)
        return refuse(status)

    # In front of Rasa's own.
    app.request_middleware.appendleft(check)
    app.register_middleware(finish, "response")
    app.error_handler.add(Exception, fail)

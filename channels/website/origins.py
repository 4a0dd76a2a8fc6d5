"""Which websites may talk to the door, and the CORS headers that tell their visitors' browsers so."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from channels.common.errors import Refusal

_PREFLIGHT_SECONDS = 600
_EXPOSED_HEADERS = "Retry-After"
_CORS_HEADERS = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)


class Origins:
    """The allow-list. A page that comes from this very server is always allowed."""

    def __init__(self, allowed: Iterable[str]) -> None:
        """Keeps the list.

        Args:
            allowed: origins such as ``https://www.example.org``, in lower case.
        """
        self._allowed = frozenset(allowed)

    def check(self, request: Request) -> None:
        """Turns away pages of other websites; programs that send no ``Origin`` header pass.

        CORS alone would only keep the page from reading the reply; the message would have been processed.

        Raises:
            Refusal: the ``Origin`` header names a website that is not on the list.
        """
        origin = request.headers.get("origin")
        if origin is not None and not self._is_allowed(origin.lower(), request):
            raise Refusal("origin_not_allowed")

    def write_headers(self, request: Request, response: HTTPResponse, methods: str) -> None:
        """Sets the CORS headers of a response, in place of any that the server set for all its routes.

        Args:
            request: the request.
            response: its response, changed in place.
            methods: methods that the route takes, such as ``POST, OPTIONS``.
        """
        _drop_cors_headers(response)
        response.headers["Vary"] = "Origin"
        origin = request.headers.get("origin")
        if origin is None or not self._is_allowed(origin.lower(), request):
            return
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED_HEADERS
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = methods
            response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
            response.headers["Access-Control-Max-Age"] = str(_PREFLIGHT_SECONDS)

    def open_to_all(self, response: HTTPResponse) -> None:
        """Sets the headers of a file that pages of every website may load, in place of any that were set before."""
        _drop_cors_headers(response)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"

    def _is_allowed(self, origin: str, request: Request) -> bool:
        # Compared without the scheme: behind a proxy that ends TLS this server sees http where the page has https.
        return origin in self._allowed or urlsplit(origin).netloc == request.host.lower()


def _drop_cors_headers(response: HTTPResponse) -> None:
    for header in _CORS_HEADERS:
        response.headers.popall(header, None)

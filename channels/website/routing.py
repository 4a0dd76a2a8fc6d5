"""Routes whose every answer, also a refusal, is JSON with the headers of the door."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from sanic import Blueprint
from sanic.constants import HTTP_METHODS
from sanic.request import Request
from sanic.response import HTTPResponse, empty

from channels.common.errors import Refusal
from channels.common.failures import log_failure
from channels.common.limits import read_body
from channels.website.origins import Origins

Handler = Callable[..., Awaitable[HTTPResponse]]

_SECURITY_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class Routes:
    """Adds routes to a blueprint.

    Every route takes every method itself. Sanic's own 404 and 405 are raised before a route is known, where the error
    handlers of a blueprint do not reach, and would be HTML pages.
    """

    def __init__(self, blueprint: Blueprint, origins: Origins, characters: int) -> None:
        """Prepares the blueprint.

        Args:
            blueprint: where the routes go.
            origins: websites that may talk to the routes.
            characters: longest message that has to fit into the body of a request.
        """
        self._blueprint = blueprint
        self._origins = origins
        self._characters = characters
        self._methods: dict[str, str] = {}
        self._public: set[str] = set()
        blueprint.middleware("response")(self._finish)

    def add(self, path: str, name: str, handlers: Mapping[str, Handler], *, public: bool = False) -> None:
        """Adds a route.

        Args:
            path: path below the channel, such as ``/message``.
            name: name of the route, unique in the blueprint.
            handlers: handler by method; HEAD goes with GET.
            public: whether pages of every website may load it, as they may a script or a style sheet.
        """
        by_method = {**handlers, **({"HEAD": handlers["GET"]} if "GET" in handlers else {})}
        allowed = ", ".join([*by_method, "OPTIONS"])

        async def dispatch(request: Request, **arguments: str) -> HTTPResponse:
            try:
                # Before any check, so that the body is off the wire and a refusal can be read.
                request.body = await read_body(request, self._characters)
                if not public:
                    self._origins.check(request)
                if request.method == "OPTIONS":
                    return empty()
                if request.method not in by_method:
                    headers = {"Allow": allowed}
                    raise Refusal("method_not_allowed", headers=headers, method=request.method, allowed=allowed)
                return await by_method[request.method](request, **arguments)
            except Refusal as refusal:
                return refusal.response()
            except Exception as error:
                log_failure("website request failed", error)
                return Refusal("internal").response()

        self._methods[name] = allowed
        if public:
            self._public.add(name)
        # Sanic would read a body of any size before the first check; so it is told to leave it on the wire.
        self._blueprint.add_route(
            dispatch, path, methods=HTTP_METHODS, name=name, ignore_body=True, strict_slashes=True
        )

    def add_not_found(self) -> None:
        """Answers every other path below the channel; to be called last."""

        async def not_found(request: Request, **_: str) -> HTTPResponse:
            raise Refusal("not_found")

        self.add("/<rest:path>", "not_found", {method: not_found for method in HTTP_METHODS if method != "OPTIONS"})

    async def _finish(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        name = request.name.rpartition(".")[2]
        if name in self._public:
            self._origins.open_to_all(response)
        else:
            if request.method == "OPTIONS" and response.status < 400:
                # Rasa's server-wide CORS handling answers preflights itself, before a route gets to see them.
                response = self._checked_preflight(request, response)
            self._origins.write_headers(request, response, self._methods[name])
        for header, value in _SECURITY_HEADERS.items():
            response.headers.setdefault(header, value)
        return response

    def _checked_preflight(self, request: Request, response: HTTPResponse) -> HTTPResponse:
        try:
            self._origins.check(request)
        except Refusal as refusal:
            return refusal.response()
        return response

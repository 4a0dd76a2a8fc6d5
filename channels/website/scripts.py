"""The widget's two scripts, compressed once and under addresses that change with their content."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path

from sanic.request import Request
from sanic.response import HTTPResponse, empty, raw

from channels.common.errors import Refusal

WIDGET = Path(__file__).with_name("static") / "widget"

_CONTENT_TYPE = "text/javascript; charset=utf-8"
_HASH_CHARACTERS = 16
_FOR_EVER = "public, max-age=31536000, immutable"
# Long enough to spare a request on every page, short enough for a repair to arrive the same hour.
_FOR_NOW = "public, max-age=600"


@dataclass(frozen=True)
class _Script:
    plain: bytes
    packed: bytes
    version: str


class WidgetScripts:
    """Serves ``widget.js``, which sites include, and ``panel.js``, which it loads when the chat is opened.

    Each is there under its own name, cached for minutes, and as ``<name>-<hash of its content>.js``, cached for ever.
    """

    def __init__(self, folder: Path = WIDGET) -> None:
        """Reads and compresses the scripts.

        Args:
            folder: where the build has put them.
        """
        self._scripts: dict[str, tuple[_Script, str]] = {}
        for path in sorted(folder.glob("*.js")):
            script = _read(path)
            self._scripts[path.name] = (script, _FOR_NOW)
            self._scripts[f"{path.stem}-{script.version}.js"] = (script, _FOR_EVER)

    async def serve_widget(self, request: Request) -> HTTPResponse:
        """Sends the script that sites include, whatever its version is."""
        return await self.serve(request, "widget.js")

    async def serve(self, request: Request, file: str) -> HTTPResponse:
        """Sends a script, compressed where the browser takes it, or 304 when it already has it.

        Raises:
            Refusal: there is no such script.
        """
        if file not in self._scripts:
            raise Refusal("not_found")
        script, cache_control = self._scripts[file]
        is_packed = _takes_gzip(request.headers.get("accept-encoding", ""))
        etag = f'"{script.version}{"-gzip" if is_packed else ""}"'
        headers = {"Cache-Control": cache_control, "ETag": etag, "Vary": "Accept-Encoding"}
        if request.headers.get("if-none-match") == etag:
            return empty(status=304, headers=headers)
        if is_packed:
            headers["Content-Encoding"] = "gzip"
        return raw(script.packed if is_packed else script.plain, content_type=_CONTENT_TYPE, headers=headers)


def _read(path: Path) -> _Script:
    content = path.read_bytes()
    version = hashlib.sha256(content).hexdigest()[:_HASH_CHARACTERS]
    # Without a time stamp, so that all servers of an installation send the same bytes.
    return _Script(content, gzip.compress(content, 9, mtime=0), version)


def _takes_gzip(accept_encoding: str) -> bool:
    for part in accept_encoding.lower().split(","):
        name, _, weight = part.partition(";")
        if name.strip() == "gzip":
            return weight.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False

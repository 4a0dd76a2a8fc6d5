"""The demo page of the invented clinic, and the files that it loads."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic.request import Request
from sanic.response import HTTPResponse, empty, html, raw

from channels.common.errors import Refusal

STATIC = Path(__file__).with_name("static")

# No inline script or style, nothing from anywhere else; the chat talks to this server only.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_CONTENT_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class _StaticFile:
    content: bytes
    content_type: str
    etag: str


class StaticFiles:
    """The scripts, styles and pictures of one folder, kept in memory; nothing else of the disk can be asked for."""

    def __init__(self, folder: Path = STATIC) -> None:
        """Reads the files.

        Args:
            folder: folder with the files; its other kinds of files and its sub-folders are left out.
        """
        self._files = {path.name: _read(path) for path in sorted(folder.iterdir()) if path.suffix in _CONTENT_TYPES}

    async def serve(self, request: Request, file: str) -> HTTPResponse:
        """Sends a file, or 304 when the browser already has this version of it.

        Raises:
            Refusal: there is no such file.
        """
        static_file = self._files.get(file)
        if static_file is None:
            raise Refusal("not_found")
        headers = {"ETag": static_file.etag, "Cache-Control": "no-cache"}
        if request.headers.get("if-none-match") == static_file.etag:
            return empty(status=304, headers=headers)
        return raw(static_file.content, content_type=static_file.content_type, headers=headers)


class DemoPage:
    """A page of the invented clinic with the widget on it."""

    def __init__(self, values: Callable[[], Mapping[str, Any]], template: Path = STATIC / "demo.html") -> None:
        """Reads the template.

        Args:
            values: gives the values for the template, as plain text; called in a thread.
            template: the HTML file.
        """
        self._values = values
        environment = Environment(
            loader=FileSystemLoader(template.parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._template = environment.get_template(template.name)

    async def serve(self, request: Request) -> HTTPResponse:
        """Sends the page, with the clinic's present details."""
        page = self._template.render(await asyncio.to_thread(self._values))
        return html(page, headers={"Content-Security-Policy": CONTENT_SECURITY_POLICY})


def _read(path: Path) -> _StaticFile:
    content = path.read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return _StaticFile(content, _CONTENT_TYPES[path.suffix], etag)

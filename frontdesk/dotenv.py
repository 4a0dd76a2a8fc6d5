"""Reads the `.env` file that `.env.example` invites people to write."""

from __future__ import annotations

from collections.abc import MutableMapping
from pathlib import Path


def load(path: Path, env: MutableMapping[str, str]) -> None:
    """Add the file's `NAME=value` lines to `env`; a variable that is set already wins. No file is fine.

    A value may stand in quotes. There is no expansion, and a `#` starts a comment at the start of a line only, so that
    passwords and rates need no escaping.
    """
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and not name.startswith("#"):
            env.setdefault(name.strip(), _unquoted(value.strip()))


def _unquoted(value: str) -> str:
    quoted = len(value) >= 2 and value[0] == value[-1] and value[0] in "'\""
    return value[1:-1] if quoted else value

"""Reads what platforms send: a field of another type than expected counts as missing, and never as an error."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any

from channels.messaging.platform import Unreadable


def document(body: bytes | str) -> dict[str, Any]:
    """The JSON object in a body.

    Raises:
        Unreadable: it is something else.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable from None
    if not isinstance(found, dict):
        raise Unreadable
    return found


def part(value: Any, *names: str) -> dict[str, Any]:
    """The object that names lead to, one below the other; empty when there is none."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def parts(value: Any, name: str) -> list[dict[str, Any]]:
    """The objects in a list."""
    found = part(value).get(name)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def words(value: Any, *names: str) -> str:
    """The text that names lead to; empty when there is none. Half a character is left out, as nobody can send it."""
    found = part(value, *names[:-1]).get(names[-1])
    return found.encode("utf-8", "ignore").decode() if isinstance(found, str) else ""


def number(value: Any, *names: str) -> int | None:
    """The whole number that names lead to, if it is one that a platform could mean."""
    found = part(value, *names[:-1]).get(names[-1])
    if not isinstance(found, int) or isinstance(found, bool):
        return None
    return found if abs(found) < 2**63 else None


def moment(seconds: Any) -> datetime | None:
    """The time that a number of seconds since 1970 stands for, as a number or a text."""
    try:
        return datetime.fromtimestamp(float(seconds), timezone.utc)
    except (TypeError, ValueError, OverflowError, OSError):
        return None

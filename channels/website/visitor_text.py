"""What a visitor wrote: read from the request body and made safe to hand to Rasa."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from channels.website.errors import Refusal

# Letters and symbols that Unicode does not class as spaces although nothing is to be seen of them.
_BLANK_CHARACTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_MARK_CATEGORIES = frozenset({"Mn", "Me", "Mc"})


def read_message(body: bytes, content_type: str, characters: int) -> str:
    """Returns the visitor's words from the body of a request.

    Args:
        body: the raw body.
        content_type: the ``Content-Type`` header; empty when it was not sent.
        characters: longest message that is taken.

    Raises:
        Refusal: the body is not ``{"message": "…"}``, or the message is blank or too long.
    """
    document = read_object(body, content_type)
    if "message" not in document:
        raise Refusal("message_missing")
    if not isinstance(document["message"], str):
        raise Refusal("message_not_text")
    text = plain_text(document["message"])
    if not text:
        raise Refusal("message_blank")
    if len(text) > characters:
        raise Refusal("message_too_long", characters=f"{characters:,}")
    return text


def read_object(body: bytes, content_type: str) -> dict[str, Any]:
    """Returns the JSON object in the body of a request.

    Args:
        body: the raw body.
        content_type: the ``Content-Type`` header; empty when it was not sent.

    Raises:
        Refusal: the body is something else.
    """
    if not body.strip():
        raise Refusal("no_body")
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise Refusal("wrong_content_type")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("not_json") from None
    if not isinstance(document, dict):
        raise Refusal("not_an_object")
    return document


def plain_text(text: str) -> str:
    """Returns a text that is only words: no command, no hidden characters, empty when nothing is visible.

    Rasa takes a text that starts with ``/`` for an intent with entities or for a command such as ``/restart``, so
    leading slashes go. Hidden characters go everywhere, because inside a word they would hide it from the screening
    for danger signs.
    """
    text = unicodedata.normalize("NFC", text)
    text = "".join(_visible_or_space(character) for character in text)
    start = 0
    while start < len(text) and (_is_invisible(text[start]) or _is_mark(text[start]) or _is_slash(text[start])):
        start += 1
    text = text[start:].rstrip()
    return "" if all(_is_invisible(character) or _is_mark(character) for character in text) else text


def _visible_or_space(character: str) -> str:
    if character in "\n\t":
        return character
    category = unicodedata.category(character)
    if category in ("Cf", "Cs"):
        return ""
    if category == "Cc" or character in _BLANK_CHARACTERS:
        return " "
    return character


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in _INVISIBLE_CATEGORIES or character in _BLANK_CHARACTERS


def _is_mark(character: str) -> bool:
    return unicodedata.category(character) in _MARK_CATEGORIES


def _is_slash(character: str) -> bool:
    # The full-width form counts too: text normalisation further on would turn it into a plain slash.
    return unicodedata.normalize("NFKC", character).startswith("/")

"""What a visitor wrote: read from the request body and made safe to hand to Rasa."""

from __future__ import annotations

import json
from typing import Any

from channels.common.errors import Refusal
from channels.common.plain_text import plain_text


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

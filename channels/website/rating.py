"""What a visitor thinks of an answer, read from the request body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, get_args

from channels.common.errors import Refusal
from channels.website.visitor_text import read_object
from frontdesk.feedback import Vote

_ANSWER = re.compile(r"[A-Za-z0-9_-]{8,40}")
# Ids as the facts store has them; so nothing that a visitor wrote can be slipped in under this name.
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?")
_MOST_IDS = 40
_LONGEST_ID = 120


@dataclass(frozen=True)
class Rating:
    """A rating as it was sent; `vote` is None when it is taken back."""

    answer: str
    vote: Vote | None
    facts: tuple[str, ...]
    topics: tuple[str, ...]


def read_rating(body: bytes, content_type: str) -> Rating:
    """Returns the rating in the body of a request.

    Args:
        body: the raw body.
        content_type: the ``Content-Type`` header; empty when it was not sent.

    Raises:
        Refusal: the body is not ``{"answer": id, "vote": "up" | "down" | null, "facts": [ids], "topics": [..]}``.
    """
    document = read_object(body, content_type)
    answer, vote = document.get("answer"), document.get("vote")
    if not (isinstance(answer, str) and _ANSWER.fullmatch(answer)):
        raise Refusal("feedback_not_understood")
    if vote is not None and vote not in get_args(Vote):
        raise Refusal("feedback_not_understood")
    return Rating(answer, vote, _ids(document.get("facts", [])), _ids(document.get("topics", [])))


def _ids(found: Any) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > _MOST_IDS:
        raise Refusal("feedback_not_understood")
    if not all(isinstance(id_, str) and len(id_) <= _LONGEST_ID and _ID.fullmatch(id_) for id_ in found):
        raise Refusal("feedback_not_understood")
    return tuple(found)

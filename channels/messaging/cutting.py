"""Texts cut to a platform's limits, at places where a reader would pause."""

from __future__ import annotations

import re
from collections.abc import Sequence

ELLIPSIS = "…"

# From the best place to cut to the worst; the cut comes after what matches.
_PLACES = (re.compile(r"\n\s*\n"), re.compile(r"[.!?…][\"'”’)]*\s+"), re.compile(r"\n|[;:,]\s"), re.compile(r"\s+"))


def length(text: str) -> int:
    """How long a text is in UTF-16 units, the strictest way in which a platform counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split(text: str, limit: int) -> list[str]:
    """A text in pieces of at most `limit` (at least 2), cut at paragraphs, else sentences, else words; none is empty.

    Nothing but white space is lost between the pieces.
    """
    pieces = []
    rest = text.strip()
    while length(rest) > limit:
        head = _head(rest, limit)
        cut = next((end for place in _PLACES if (end := _last_end(place, head, rest))), len(head))
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*pieces, rest] if rest else pieces


def cut(title: str, limit: int) -> str:
    """A title of at most `limit`; what is cut off leaves an ellipsis behind."""
    title = " ".join(title.split())
    if length(title) <= limit:
        return title
    head = _head(title, limit - 1)
    shorter = head.rpartition(" ")[0]
    # Rather half a word than next to nothing.
    return (shorter if length(shorter) * 2 > limit else head).rstrip(" ,;:–-") + ELLIPSIS


def are_distinct(titles: Sequence[str]) -> bool:
    """Whether a reader can tell all titles apart."""
    return len({title.casefold() for title in titles}) == len(titles)


def _head(text: str, limit: int) -> str:
    """The longest beginning of at most `limit` that splits no character."""
    units = 0
    for index, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return text[:index]
    return text


def _last_end(place: re.Pattern[str], head: str, rest: str) -> int:
    """Where the last match within the beginning ends; 0 when it would leave a piece much shorter than need be."""
    ends = [match.end() for match in place.finditer(head + rest[len(head) : len(head) + 1])]
    fitting = [end for end in ends if len(rest[:end].rstrip()) <= len(head)]
    best = fitting[-1] if fitting else 0
    return best if best * 3 >= len(head) else 0

"""What is said in a message after other business, where a danger is easily lost in the whole."""

from __future__ import annotations

import re

_TURN = re.compile(
    r"(?:[,;:]|\b(?:and|oh|yes|no|ok))\s+(?:but|although|though|only|also|btw|by the way|oh|ps)\b[,:]?\s+(?:and\s+)?"
    r"|\bbtw\b[,:]?\s+|\bby the way\b[,:]?\s+|:\s+",
    re.I,
)
"""Where a message turns to another matter."""
_OPENING = re.compile(r"[^,.!?]{1,80},\s+")
"""What may be said before the matter itself: "the 9th then, ..."."""
_THOUGHT = 2
_WORDS_OF_AN_OPENING = 10
_WORDS_AFTER_IT = 3


def afterthought_of(text: str) -> str | None:
    """What is said after other business: of "3pm is fine, but my throat is closing" the throat, else None."""
    turns = list(_TURN.finditer(text))
    if turns:
        rest, fewest = text[turns[-1].end() :], _THOUGHT
    else:
        opening = _OPENING.match(text)
        if opening is None or len(opening[0].split()) > _WORDS_OF_AN_OPENING:
            return None
        rest, fewest = text[opening.end() :], _WORDS_AFTER_IT
    return rest if len(rest.split()) >= fewest else None

"""A message read after the visitor's own message before it, which may have said what this one leaves out."""

from __future__ import annotations

import re

_ASKS_A_WHOLE_QUESTION = re.compile(
    r"\W*(?:what|how|when|where|who|which|why|do|does|did|can|could|is|are|will|would|should|may|have|has"
    r"|i want|i need)\b",
    re.I,
)
_POINTS_BACK = re.compile(
    r"\b(?:that|those|these|them|they|this|ones?|then|instead|else|both|either|there|he|she|so|too|either way)\b", re.I
)
_FEWEST_OF_A_QUESTION = 4
_MOST_WORDS = 16
_MOST_WORDS_BEFORE = 24
"""A story of many words has said what it is about before its end, or asks for it there."""
_COMMAND = "/"


def read_after(text: str, before: str) -> str | None:
    """``before`` and ``text`` as one sentence, or None where ``text`` asks a whole question or nothing was said before.

    "over how many months" means nothing, but "can I pay it off, over how many months" does.
    """
    words, words_before = text.split(), before.split()
    if not words_before or before.startswith(_COMMAND) or not words or len(words) > _MOST_WORDS:
        return None
    is_whole = _ASKS_A_WHOLE_QUESTION.match(text) and not _POINTS_BACK.search(text)
    if is_whole and len(words) >= _FEWEST_OF_A_QUESTION:
        return None
    if not any(character.isalpha() for character in text) or "@" in text:
        return None
    return f"{' '.join(words_before[-_MOST_WORDS_BEFORE:]).rstrip('.,;:?! ')}, {text}"

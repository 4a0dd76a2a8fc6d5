"""Splits a message into the pieces that may each hold a question of its own.

It over-splits on purpose: which pieces stand alone is decided afterwards, when each has been classified.
"""

from __future__ import annotations

import re

LONGEST_LIST = 8
"""A message is split into at most this many pieces; what follows stays with the last one."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|(?<=[?!])(?=[A-Za-z])|\s*[\n\r]+\s*|\s+-+\s+|\s*[;]\s*|\s+[–—]\s+")
_ABBREVIATION = re.compile(
    r"\b(?:dr|mr|mrs|ms|prof|st|vs|e\.g|i\.e|etc|approx|no|vit|min|mins|hr|hrs|a\.m|p\.m)\.$", re.I
)
_QUESTION_WORD = r"(?:how|what|whats|what's|when|whens|where|wheres|which|who|whos|whose|why)"
_AUXILIARY = (
    r"(?:is|are|do|does|did|can|could|should|will|would|may|might|am|was|were|any|isn't|aren't|don't|doesn't"
    r"|can't|won't|shouldn't|wouldn't)"
)
_PREPOSITION = r"(?:on|for|in|at|to|from|with|by|of|after|before)"
_LEAD_IN = (
    r"(?:also|then|so|if\s+so|if\s+not|overall|roughly|generally|honestly|actually|really|maybe|afterwards?|usually"
    r"|in\s+general|on\s+average)"
)
_OPENING = (
    rf"(?:{_LEAD_IN}\s+)?(?:{_PREPOSITION}\s+)?"
    rf"(?:{_QUESTION_WORD}\b|{_AUXILIARY}\s+(?:i|you|u|we|they|he|she|it|there|this|that|the|my|your|a|an|any|these|those|most)\b"
    r"|(?:have|has)\s+(?:you|u|they|anyone|there|your|the|he|she|it)\b)"
)
_REQUEST = (
    r"(?:can|could)\s+(?:i|we|you)\b|i(?:'d|\s+would|\s+want|\s+wanna)\s|book\b|please\b|kindly\b"
    r"|(?:also\s+)?(?:tell|explain|send|give|let)\s+(?:me|us)\b|(?:also\s+)?(?:tell|explain|advise)\s+(?:the|how|what|if)\b"
)
_BOUNDARY = re.compile(
    rf"\s*,?\s*\b(?:and|but|plus|also|&)\b\s*,?\s*(?=(?:{_OPENING}|{_REQUEST}))"
    rf"|\s*,?\s*\bor\b\s*,?\s*(?=(?:{_QUESTION_WORD}\b|{_REQUEST}))"
    rf"|\s*,\s*(?=(?:so\s+|then\s+)?{_OPENING})"
    rf"|\s*\b(?:and|but)\s+also\s+",
    re.I,
)
_LIST_BOUNDARY = re.compile(r"\s*(?:,|/|\+|&|\band\b)\s*", re.I)


def split(text: str) -> list[str]:
    """Pieces of ``text`` in order, none empty; a message that holds one thought comes back whole.

    Args:
        text: a visitor's message, any length, any script.

    Returns:
        At least one piece unless ``text`` is blank; at most ``LONGEST_LIST``.
    """
    pieces: list[str] = []
    for sentence in _sentences(text):
        pieces += _clauses(sentence)
    if len(pieces) > LONGEST_LIST:
        pieces = [*pieces[: LONGEST_LIST - 1], " ".join(pieces[LONGEST_LIST - 1 :])]
    return pieces


def bare_list(text: str) -> list[str]:
    """Items of a bare enumeration such as "price and downtime?" or "cost, pain, how long", else an empty list."""
    words = text.split()
    if not 2 <= len(words) <= LONGEST_LIST:
        return []
    items = [item.strip(" ?.!") for item in _LIST_BOUNDARY.split(text)]
    items = [item for item in items if item]
    return items if len(items) > 1 else []


def _sentences(text: str) -> list[str]:
    sentences: list[str] = []
    for piece in _SENTENCE_END.split(text):
        piece = piece.strip()
        if not any(character.isalnum() for character in piece):
            continue
        if sentences and _ABBREVIATION.search(sentences[-1]):
            sentences[-1] = f"{sentences[-1]} {piece}"
        else:
            sentences.append(piece)
    return sentences


def _clauses(sentence: str) -> list[str]:
    clauses = [clause.strip(" ,") for clause in _BOUNDARY.split(sentence)]
    return [clause for clause in clauses if clause]

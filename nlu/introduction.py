"""What somebody is called, and what is said besides: a name is no word, and what it is like means nothing."""

from __future__ import annotations

import re

from spacy.lang.en.stop_words import STOP_WORDS

_LEAD_IN = re.compile(
    r"\W*(?:(?:hi|hello|hey|yes|yeah|sure|ok|okay|sorry|oh|and)\b\W*)*"
    r"(?:(?:it|that|she|he|i)['’]?(?:s|m)\b|i am\b|this is\b|(?:my |the |her |his )?(?:full )?name(?:['’]?s| is|:)?"
    r"|(?:please )?(?:put|book|have) (?:it|me|us) (?:down )?(?:under|as|in as)\b|under\b|for\b)?[\s,:-]*",
    re.I,
)
_NAME = re.compile(r"(?:[^\W\d_]+(?:['’-][^\W\d_]+)*\.?\s*){1,4}(?:,?\s*(?:please|thanks|here|speaking))?[\s.!]*")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TURN = re.compile(r"\s*[,;.!]+\s*(?:and\b,?\s*)?|\s+and\s+", re.I)
"""Where a sentence goes on after somebody has said what they are called."""
_LONGEST_INTRODUCTION = 80
_AFTERWORDS = frozenset({"please", "thanks", "here", "speaking"})


def introduction_of(text: str) -> tuple[str, str] | None:
    """The name that ``text`` begins with, written with capitals, and what is said after it, or None.

    "It's Anna de Groot" and "Tom Ashby please" leave nothing ("") to be said, "It's Wei Khan, and how much is it?" a
    question. A single word counts only after what leads in a name ("I'm Anna").
    """
    name = _name_of(text)
    if name is not None:
        return name, ""
    for turn in _TURN.finditer(text, 0, _LONGEST_INTRODUCTION):
        name = _name_of(text[: turn.start()])
        if name is not None:
            return name, text[turn.end() :]
    return None


def _name_of(text: str) -> str | None:
    """The name, where ``text`` is a name and no more."""
    lead_in = _LEAD_IN.match(text)
    rest = text[lead_in.end() :] if lead_in else text
    if not _NAME.fullmatch(rest):
        return None
    words = [word for word in _WORD.findall(rest) if word.lower() not in _AFTERWORDS]
    capitals = [word for word in words if word[0].isupper() and not word.isupper()]
    is_led_in = bool(lead_in and _WORD.search(lead_in.group()))
    if len(capitals) < (1 if is_led_in else 2) or any(_is_common(word) for word in capitals):
        return None
    # "van der", "bin", "d'": short, and never first or last.
    return " ".join(words) if words[0] in capitals and words[-1] in capitals else None


def _is_common(word: str) -> bool:
    return word.lower() in STOP_WORDS or word.lower().replace("’", "'").endswith("n't")

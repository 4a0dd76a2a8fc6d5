"""What a visitor wrote, made safe to hand to Rasa."""

from __future__ import annotations

import unicodedata

# Letters and symbols that Unicode does not class as spaces although nothing is to be seen of them.
_BLANK_CHARACTERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_INVISIBLE_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"})
_MARK_CATEGORIES = frozenset({"Mn", "Me", "Mc"})


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

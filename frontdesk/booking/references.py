"""References of bookings: short enough for the phone, with no characters that are taken for one another."""

from __future__ import annotations

import re
import secrets

LENGTH = 6
# No vowels, so that no word comes about; of each pair that looks or sounds alike, only one.
DIGITS = "23456789"
LETTERS = "CDFGHJKMNPQRTVWX"
ALPHABET = DIGITS + LETTERS

# What is read or heard wrongly can only have been this.
_MISREAD = str.maketrans("BSZ", "852")


def new_reference() -> str:
    """A reference that cannot be guessed from others; it holds a digit and a letter, so it is no word and no number."""
    while True:
        reference = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
        if _is_mixed(reference):
            return reference


def normalised(text: str) -> str | None:
    """The reference somebody typed, in whatever case and spacing, or None when it can be none."""
    reference = re.sub(r"[\s\-.]", "", text.upper()).translate(_MISREAD)
    is_one = len(reference) == LENGTH and all(each in ALPHABET for each in reference) and _is_mixed(reference)
    return reference if is_one else None


def reference_in(text: str) -> str | None:
    """The first reference named in a sentence, or None."""
    words = re.findall(r"[A-Za-z0-9\-]+", text)
    for size in (1, 2, 3):
        for at in range(len(words) - size + 1):
            parts = words[at : at + size]
            # "5 March" must not become one: pieces of a reference that is spelled out all look like pieces of one.
            if size > 1 and not all(part == part.upper() and len(part) >= 2 for part in parts):
                continue
            found = normalised("".join(parts))
            if found:
                return found
    return None


def _is_mixed(reference: str) -> bool:
    return any(each in DIGITS for each in reference) and any(each in LETTERS for each in reference)

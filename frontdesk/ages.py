"""Finds a person's age in a text, because a minor and a young adult are advised differently."""

from __future__ import annotations

import re
from collections.abc import Iterator

from frontdesk.entities import Entity

ADULT = 18
"""Below it nobody is advised here without a parent and a clinician (facts store, ``suitability.under_18``)."""
LABEL_AGE = 22
"""Lowest age on the labels of cleared devices (FDA, Microneedling Devices)."""
OLDER = 65
"""From here on a question about age is taken for one about older skin."""

_LIKELY_AGE = r"(?P<age>[1-9]\d|[5-9])"
_YEARS = r"(?:\s*-?\s*(?:years?|yrs?|y)\.?\s*-?\s*(?:olds?|o)\b|\s*(?:yo|y/o|yr old)\b)"
_WHO = (
    r"(?:i'm|im|i am|she's|shes|she is|he's|hes|he is|(?:my|our) \w+(?: \w+)? is|(?:my|our) \w+'s"
    r"|aged?|age of|age:?|turning|turned|just turned)"
)
_NOT_AN_AGE = (
    r"(?!\s*(?:%|mm|weeks?|days?|months?|minutes?|mins?|hours?|sessions?|st\b|stone|kg|lb|weeks|pm|am|:|\.\d|/))"
)
_STATED = re.compile(
    rf"\b{_WHO}\s+(?:only\s+|just\s+|nearly\s+|almost\s+)?{_LIKELY_AGE}\b{_NOT_AN_AGE}(?!{_YEARS})", re.I
)
_YEARS_OLD = re.compile(rf"\b{_LIKELY_AGE}{_YEARS}(?!\s+(?:scars?|marks?|tattoo|filler|skin damage))", re.I)
_THING = re.compile(
    r"\b(?:scars?|marks?|tattoos?|it|it's|its|they|that|this)\s+(?:is|are|was|were)?\s*(?:about\s+)?$", re.I
)


def ages_in(text: str) -> Iterator[Entity]:
    """A ``circumstance`` for each person's age in ``text`` that matters: under 18, under 22, or older."""
    seen: set[tuple[int, int]] = set()
    for pattern in (_STATED, _YEARS_OLD):
        for match in pattern.finditer(text.replace("’", "'")):
            place = match.span("age")
            value = _circumstance(int(match.group("age")))
            if value and place not in seen and not _THING.search(text[: match.start()]):
                seen.add(place)
                yield Entity("circumstance", value, match.start(), match.end(), match.group(), "present")


def _circumstance(age: int) -> str | None:
    if age < ADULT:
        return "under_18"
    if age < LABEL_AGE:
        return "under_22"
    return "older_age" if age >= OLDER else None

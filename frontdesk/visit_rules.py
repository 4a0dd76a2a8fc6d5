"""Whether the clinic's rules for moving, cancelling or missing a visit are asked for, and which facts tell them."""

from __future__ import annotations

import re

LATE = ("consultation_info.late",)
CHANGE = ("consultation_info.cancelling", "payment_options.late_change")

_LATE = re.compile(r"\b(?:late|later than|delay\w*|traffic|stuck|behind|overslept|missed my (?:train|bus))\b", re.I)
_RULES = re.compile(
    r"\b(?:charge\w*|fees?|policy|notice|lose my|penalt\w+|what happens|what if"
    r"|if i (?:miss|can't|cannot|cancel|need|have)"
    r"|miss(?:ed)? (?:my|an|the)|no[- ]?show|how (?:late|long before|far|much)|allowed|possible|do you|is there)\b",
    re.I,
)


def rules_asked(text: str) -> tuple[str, ...]:
    """Ids of the facts that tell the rules which ``text`` asks for; none where a visit is to be moved or cancelled."""
    if _LATE.search(text):
        return LATE
    return CHANGE if _RULES.search(text) else ()

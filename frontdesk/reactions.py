"""Whether a message tells of what somebody's own skin does after a treatment.

General facts answer what usually happens; whether this is usual, only a clinician who looks at it can say (facts.md,
section 4: no diagnosis in chat). Three things have to come together, as each alone stands in many a general question.
"""

from __future__ import annotations

import re

from frontdesk.turn import with_straight_quotes

_AFTER = re.compile(
    r"\b(?:after|since|following|post)\b.{0,30}?\b(?:session|treatment|appointment|needl\w*|derma\w*|pen|roller|rolling"
    r"|using|having|doing|getting|it|mine|\d(?:\.\d+)?\s?mm)\b"
    r"|\b(?:day|week)s? (?:\w+ )?(?:after|later|on|ago|in|out|post)\b|\bday (?:\d+|one|two|three|four|five|six|seven)\b"
    r"|\b(?:yesterday|last night|this morning|last week|on (?:mon|tues|wednes|thurs|fri|satur|sun)day)\b",
    re.I | re.S,
)
_HAS = re.compile(
    r"\bi(?:'ve| have| had| still have| now have| got| get| keep getting| see| am seeing|'m getting| noticed)\b"
    r"|\b(?:my|her|his) (?:\w+ ){1,3}(?:is|are|has|have|feels?|looks?|keeps?|came|come|broke|went)\b"
    r"|\b(?:there(?:'s| is| are) (?:now|still)|now (?:my|there))\b",
    re.I,
)
_SIGN = re.compile(
    r"\b(?:(?:dark|brown|white|light|purple|red|itchy|sore|hot|raised) (?:spots?|patch\w*|marks?|lines?|bumps?|areas?)"
    r"|pih|hyperpigment\w*|bumps?|rash\w*|pus|pustules?|swelling|swollen|scabs?|scabb\w+|lumps?|lumpy|blister\w*"
    r"|burns?|burnt|burned|itch\w*|pimples?|breakouts?|broke out|breaking out|track marks?|grid|ooz\w+|weep\w*"
    r"|infect\w+|getting worse|still red|bruis\w+)\b",
    re.I,
)


def tells_of_reaction(text: str) -> bool:
    """Whether ``text``, a whole message, tells of somebody's own reaction after a treatment."""
    plain = with_straight_quotes(text)
    return bool(_AFTER.search(plain) and _HAS.search(plain) and _SIGN.search(plain))

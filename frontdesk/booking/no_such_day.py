"""Days that no calendar has: "31 June". Read as "the 31st", they would become a day that nobody asked for."""

from __future__ import annotations

import calendar
import re

from frontdesk.booking.time_words import MONTH, MONTHS, normalised

_LEAP_YEAR = 2024
_DAY_OF_MONTH = re.compile(
    rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH})\b"
    rf"|\b(?P<month_first>{MONTH})\s+(?:the\s+)?(?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*[.:]\d|\s*[ap]m)",
    re.I,
)


def names_no_such_day(text: str) -> bool:
    """Whether ``text`` names a day of a month that has no such day; 29 February counts as one."""
    for match in _DAY_OF_MONTH.finditer(normalised(text)):
        day = int(match["day"] or match["day_last"])
        month = MONTHS.index(match["month"] or match["month_first"]) + 1
        if not 1 <= day <= calendar.monthrange(_LEAP_YEAR, month)[1]:
            return True
    return False

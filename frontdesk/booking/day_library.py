"""What a library of time expressions finds where the desk's own rules find nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from frontdesk.booking.day_meanings import FAR_AHEAD, Day, Span, days_ahead
from frontdesk.booking.time_words import MONTH

_TIME_WORDS = re.compile(
    r"\d|day|week|month|year|fortnight|decade|quarter|hour|minute|second|\bmins?\b|\bsecs?\b|"
    r"night|noon|morning|evening|tomorrow|tmr|lunch|dinner|supper|breakfast|brunch|spring|summer|autumn|fall|winter|"
    r"\b(?:now|soon|asap|later|first|third|last|end|start|beginning|middle|mid|eve|break|term|holidays?)\b|"
    rf"{MONTH}|\b(?:mon|tues?|wedn?|weds|thurs?|fri|sat|sun)\b|"
    r"easter|pentecost|christ|xmas|thanks|saint|patrick|george|lover|hallow|all souls|guy fawkes|cinco|qingming|"
    r"dragon boat|april fool|tomb|mardi gras|yuan ?dan"
)
"""One of these is in all that the library takes for a day; to ask it costs a tenth of a whole turn."""


def may_tell_a_time(text: str) -> bool:
    """Whether anything in ``text``, in lower case, could be a day or a stretch of days."""
    return _TIME_WORDS.search(text) is not None


def warm_up() -> None:
    """Load the library, which takes a second, before a visitor has to wait for it."""
    _model()


@lru_cache(maxsize=1)
def _model() -> Any:
    # Not at the top: most processes that import this never need it.
    from recognizers_date_time import DateTimeOptions, DateTimeRecognizer  # type: ignore[import-untyped]

    return DateTimeRecognizer("en-us", DateTimeOptions.NONE, False).get_datetime_model()


def found_by_library(text: str, today: Day) -> Iterator[tuple[int, int, Span]]:
    """What the library finds in days and stretches of days: holidays and turns of phrase that have no rule above."""
    if not re.search(r"[a-z]{3}", text) or not may_tell_a_time(text):
        return
    try:
        results = _model().parse(text, datetime.datetime.combine(today, datetime.time(12)))
    except Exception:
        # It was not made for whatever people type; what it cannot read is not a time.
        return
    for result in results:
        if not re.search(r"[a-z]{4}", result.text) or re.fullmatch(
            rf"{MONTH}|now|asap|as soon as possible|year|\w+ years?|year\w* \w+", result.text
        ):
            continue
        spans = [span for value in (result.resolution or {}).get("values") or () if (span := _span(value))]
        ahead = [span for span in spans if span[1] >= today]
        if ahead:
            yield result.start, result.end + 1, min(ahead)


def _span(value: Any) -> Span | None:
    try:
        if value.get("type") in ("date", "datetime"):
            day = datetime.date.fromisoformat(value["value"][:10])
            return day, day
        if value.get("type") in ("daterange", "datetimerange") and "start" in value and "end" in value:
            first, end = (datetime.date.fromisoformat(value[key][:10]) for key in ("start", "end"))
            return (first, max(first, days_ahead(end, -1))) if (end - first).days <= FAR_AHEAD else None
    except (KeyError, TypeError, ValueError):
        return None
    return None

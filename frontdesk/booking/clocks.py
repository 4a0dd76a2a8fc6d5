"""Which time of day a text speaks of: "3pm", "after 5", "between 2 and 4", "lunchtime"."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

Clock = datetime.time

_TIME = (
    r"(?P<{0}hour>\d{{1,2}})(?::(?P<{0}minute>[0-5]\d))?(?:\s*(?P<{0}half>am|pm|a|p)(?![a-z'])|"
    r"\s*(?P<{0}clock>o'clock))?"
)
_UNIT = (
    r"(?!\s*(?:%|£|\$|st\b|nd\b|rd\b|th\b|days?|weeks?|months?|years?|sessions?|hours?|hrs?|minutes?|"
    r"mins?|people|of us|times?|x\b|or \d+ (?:sessions|weeks)))"
)
_NOT_IN_NUMBER = r"(?<![\d.:/£$+#-])"
_ONE = _NOT_IN_NUMBER + r"\b" + _TIME.format("") + r"(?![\d:/])" + _UNIT
_RANGE = re.compile(
    rf"(?P<lead>\bbetween\s+|\bfrom\s+|\bany\s?time from\s+)?{_NOT_IN_NUMBER}\b{_TIME.format('a_')}\s*"
    rf"(?P<joint>-|to|and|till|until)\s*{_TIME.format('b_')}(?![\d:/-]){_UNIT}"
)
_MODIFIED = re.compile(
    r"\b(?P<word>after|from|not before|no earlier than|later than|past|before|by|until|till|no later than|"
    r"not after|earlier than|"
    r"(?:i )?(?:finish|get off|am done|'m done)(?: work| school)?(?: at| by)?)\s+"
    r"(?:about\s+|around\s+)?(?:(?P<midday>midday)|(?P<lunch>lunchtime|lunch)|" + _ONE + ")"
)
_LATER = ("after", "from", "not before", "no earlier than", "later than", "past")
_COMPACT = re.compile(
    r"(?:^|(?<=at )|(?<=around ))(?P<hour>[01]?\d|2[0-3])(?P<minute>00|15|30|45)(?:\s?h(?:rs?|ours)?)?(?!\w)"
)
_EITHER = re.compile(r"(?<![\d.:/])\b(\d{1,2})(?=\s*(?:or|,)\s*(?:at\s+)?\d{1,2}\s*(am|pm)\b)")
_SURE = re.compile(_ONE.replace(r"(?P<half>am|pm|a|p)(?![a-z'])", r"(?P<half>am|pm)(?![a-z'])"))
_AT = re.compile(
    r"\b(?:at|around|about|for|say|make it|do|approx|roughly|@)\s*" + _ONE.removeprefix(_NOT_IN_NUMBER + r"\b")
)
_ISH = re.compile(_NOT_IN_NUMBER + r"\b(?P<hour>\d{1,2})(?::(?P<minute>[0-5]\d))?\s?-?(?P<half>)ish\b")
_NEXT_TO_DAY = re.compile(r"(?<=[\ue000-\uf8ff])[\s,]*(?:at\s+)?" + _TIME.format("") + r"(?![\d:/])" + _UNIT)
_BEFORE_DAY = re.compile(
    _NOT_IN_NUMBER + r"\b" + _TIME.format("") + r"(?![\d:/])(?=[\s,]*(?:on\s+|the\s+)*[\ue000-\uf8ff])"
)
_ALONE = re.compile(
    r"^\W*(?:(?:ok|okay|yes|yeah|no|maybe|then|perhaps|the|make it|let's say|how about|what about|let's do|"
    r"i'd like|i'll take|can i have|can we do|could we do)[\s,]+)*"
    + _TIME.format("")
    + r"(?:\s+(?:please|then|is (?:fine|good|ok|great|perfect)|works|instead|would be (?:good|great|fine)|"
    r"sounds good|one|slot))*\W*$"
)

PARTS: dict[str, tuple[Clock | None, Clock | None]] = {
    "first_thing": (None, Clock(10, 30)),
    "mid_morning": (Clock(10), Clock(12)),
    "late_morning": (Clock(10, 30), Clock(12, 30)),
    "morning": (None, Clock(12)),
    "lunchtime": (Clock(12), Clock(14)),
    "after_lunch": (Clock(13), Clock(17)),
    "early_afternoon": (Clock(12), Clock(15)),
    "late_afternoon": (Clock(15), Clock(18)),
    "afternoon": (Clock(12), Clock(17)),
    "after_work": (Clock(17), None),
    "early_evening": (Clock(17), Clock(19)),
    "evening": (Clock(17), None),
    "end_of_day": (Clock(15, 30), None),
}
"""From when to when a part of the day is taken to last, the end not included; None is the opening or closing time."""

_PART_WORDS = {
    "first_thing": r"first thing(?: in the morning)?|early (?:in the )?morning|"
    r"as early as possible in the day|earliest in the day",
    "mid_morning": r"mid[- ]?morning",
    "late_morning": r"late (?:in the )?morning",
    "lunchtime": r"lunchtime|(?:at|over|around|in) (?:my )?lunch|around midday|about midday|midday-ish",
    "after_lunch": r"after lunch(?:time)?",
    "early_afternoon": r"early (?:in the )?afternoon",
    "late_afternoon": r"late (?:in the )?afternoon|after school",
    "after_work": r"after (?:my )?(?:work|office hours|the office)|when i finish work|once i finish work",
    "early_evening": r"early (?:in the )?evening",
    "evening": r"evening|tonight|at night",
    "end_of_day": r"(?:at the )?end of the (?:working )?day|late in the day|later in the day|last (?:slot|"
    r"appointment) of the day",
    "morning": r"morning|before lunch(?:time)?|before work|before midday|\bin the am\b",
    "afternoon": r"afternoon|\bin the pm\b|after midday",
}
_PART_PATTERNS = [(name, re.compile(rf"(?<![a-z])(?:{words})(?![a-z])")) for name, words in _PART_WORDS.items()]
_NEGATED = re.compile(
    r"(?:\bnot|\bexcept|\bbut not|\bavoid|\bno|\b(?:can't|cannot|cant|don't|won't|couldn't)\s+(?:do|make|come|"
    r"manage|want)(?:\s+it)?|\banything but)"
    r"\s+(?:(?:in|at|on|the|an|a|any|too|around)\s+|[\ue000-\uf8ff]\s*)*$"
)


@dataclass(frozen=True)
class Times:
    """What a text says about the time of day.

    Attributes:
        readings: the times that one named time may be, likeliest first: "3" is 15:00 or 3:00.
        more: readings of further named times ("3 or 4 pm").
        part: a key of ``PARTS``.
        after, before: bounds, each with its readings; ``before`` is not included.
        not_part: a part of the day that does not suit.
    """

    readings: tuple[Clock, ...] = ()
    more: tuple[tuple[Clock, ...], ...] = ()
    part: str | None = None
    after: tuple[Clock, ...] = ()
    before: tuple[Clock, ...] = ()
    not_part: str | None = None

    @property
    def any_said(self) -> bool:
        """Whether the text says anything about the time of day."""
        return bool(self.readings or self.part or self.after or self.before or self.not_part)


def times_in(text: str) -> Times:
    """The time of day in ``text``: written as ``time_words.normalised`` does, its days taken out by ``days_in``."""
    part, not_part, text = _part(_EITHER.sub(r"\1\2", text))
    if match := _RANGE.search(text):
        found = _range(match)
        if found is not None:
            return Times(part=part, after=found[0], before=found[1], not_part=not_part)
    after: tuple[Clock, ...] = ()
    before: tuple[Clock, ...] = ()
    while match := _MODIFIED.search(text):
        times = _bound(match, part)
        if _is_later(match["word"]) and not _NEGATED.search(text[: match.start()]):
            after = after or times
        else:
            before = before or times
        text = f"{text[: match.start()]} {text[match.end() :]}"
    named = [] if after or before else _named(text, part)
    first, *more = named or [()]
    return Times(first, tuple(more), part, after, before, not_part)


def _part(text: str) -> tuple[str | None, str | None, str]:
    """The part of the day that is wanted, the one that is not, and the text without either."""
    wanted = unwanted = None
    for name, pattern in _PART_PATTERNS:
        while match := pattern.search(text):
            if _NEGATED.search(text[: match.start()]):
                unwanted = unwanted or name
            else:
                wanted = wanted or name
            text = f"{text[: match.start()]} {text[match.end() :]}"
    return wanted, unwanted, text


def _named(text: str, part: str | None) -> list[tuple[Clock, ...]]:
    found: list[tuple[int, tuple[Clock, ...]]] = []
    for pattern in (_AT, _SURE, _ISH, _COMPACT, _BEFORE_DAY, _NEXT_TO_DAY, _ALONE):
        for match in pattern.finditer(text):
            groups = match.groupdict()
            sure = groups.get("half") or groups.get("minute") or groups.get("clock")
            if pattern is _SURE and not sure:
                continue
            readings = _readings(groups, "", part)
            if readings and readings not in [other for _, other in found]:
                found.append((match.start(), readings))
        if found and pattern is not _AT:
            break
    if not found and (midday := text.find("midday")) >= 0:
        found.append((midday, (Clock(12),)))
    return [readings for _, readings in sorted(found, key=lambda item: item[0])]


def _range(match: re.Match[str]) -> tuple[tuple[Clock, ...], tuple[Clock, ...]] | None:
    groups = match.groupdict()
    sure = groups["lead"] or any(groups[f"{side}_{what}"] for side in "ab" for what in ("minute", "half"))
    if not sure or (groups["joint"] == "and" and not (groups["lead"] or "").startswith("between")):
        return None
    end = _readings(groups, "b_", None)
    if not groups["a_half"] and groups["b_half"] and int(groups["a_hour"]) <= int(groups["b_hour"]):
        groups["a_half"] = groups["b_half"]
    start = _readings(groups, "a_", None)
    later = tuple(time for time in end if start and time > start[0])
    return (start, later) if start and later else None


def _is_later(word: str) -> bool:
    return word in _LATER or "finish" in word or "get off" in word or "done" in word


def _bound(match: re.Match[str], part: str | None) -> tuple[Clock, ...]:
    if match["midday"]:
        return (Clock(12),)
    if match["lunch"]:
        return (Clock(13),) if _is_later(match["word"]) else (Clock(12),)
    return _readings(match.groupdict(), "", part)


def _readings(groups: dict[str, str | None], prefix: str, part: str | None) -> tuple[Clock, ...]:
    """What a time may be on a clock of a whole day; without am or pm, one to seven is rather the afternoon."""
    hour, minute = int(groups[f"{prefix}hour"] or 0), int(groups.get(f"{prefix}minute") or 0)
    half = (groups.get(f"{prefix}half") or "")[:1]
    written = groups[f"{prefix}hour"] or ""
    if hour > 23:
        return ()
    if hour > 12 or hour == 0 or (written.startswith("0") and groups.get(f"{prefix}minute") and not half):
        return (Clock(hour, minute),)
    morning, later = Clock(hour % 12, minute), Clock(hour % 12 + 12, minute)
    if half:
        return (later,) if half == "p" else (morning,)
    if part in ("morning", "first_thing", "mid_morning", "late_morning"):
        return (morning,) if hour < 12 else (later,)
    if part is not None:
        return (later,)
    return (later, morning) if hour in (1, 2, 3, 4, 5, 6, 7, 12) else (morning, later)

"""The phrases about days that are read, in this order: what is more specific comes first."""

from __future__ import annotations

import re
from collections.abc import Callable

from frontdesk.booking import day_meanings as meanings
from frontdesk.booking.day_meanings import Read, Reader
from frontdesk.booking.time_words import MONTH, WEEKDAY

_DAY_NUMBER = r"(0?[1-9]|[12]\d|3[01])"
_NAMED_WEEKDAY = "".join(
    rf"(?<!\b{word} )" for word in "easter good black cyber shrove ash pancake holiday palm".split()
)
_PART = (
    r"(?:(?:the\s+)?(?P<part>start|beginning|early|middle|mid|end|late|later|first half|"
    r"second half)[ -]+(?:of\s+)?(?:in\s+)?)?"
)
_WHICH_WEEK = r"(?P<which>this|next|following|last)\s+week\b(?P<after>\s+but one)?"
_AFTER_NEXT = r"(?:the\s+)?week\s+(?P<after>after)\s+(?P<which>next)\b"
Meaning = Callable[[re.Match[str], Reader], Read | None]

RULES: list[tuple[re.Pattern[str], Meaning]] = [
    (re.compile(pattern), resolve)
    for pattern, resolve in [
        (r"\bgood\s+friday\b|\beaster\s+(?:saturday|sunday|monday)\b", meanings.easter_weekend),
        (r"\b(20\d\d)-(\d\d)-(\d\d)\b", meanings.iso_date),
        (
            rf"\b(?:the\s+)?week\s+(?:of|commencing|beginning|starting)\s+(?:on\s+)?(?:the\s+|"
            rf"{WEEKDAY}\s+)*{_DAY_NUMBER.replace('(', '(?P<day>', 1)}"
            rf"(?:st|nd|rd|th)?(?:\s+(?:of\s+)?(?P<month>{MONTH}))?\b",
            meanings.week_of,
        ),
        (
            rf"\b(?:(?P<weekday>{WEEKDAY})[\s,]+(?:the\s+)?)?(?:(?:the\s+)?(?P<day>0?[1-9]|[12]\d|3[01])(?:st|"
            rf"nd|rd|th)?\s+(?:of\s+)?"
            rf"(?P<month>{MONTH})|(?P<month2>{MONTH})\s+(?:the\s+)?(?P<day2>0?[1-9]|[12]\d|3[01])(?:st|nd|rd|"
            rf"th)?(?![:\d]|\s?[ap]m))\b"
            r"(?:,?\s+(?P<year>20\d\d))?",
            meanings.named_date,
        ),
        (
            rf"(?:\b(?P<weekday>{WEEKDAY})[\s,]+(?:the\s+)?)?(?<![\d/.:-])(?P<one>\d{{1,2}})(?:/(?P<two>\d{{1,2}})(?:/(?P<year>20\d\d|\d\d))?)(?![\d/:])",
            meanings.numeric_date,
        ),
        (
            rf"(?:\b(?P<weekday>{WEEKDAY})[\s,]+(?:the\s+)?)?(?<![\d/.:-])(?P<one>\d{{1,2}})[.-](?P<two>\d{{1,2}})[.-](?P<year>20\d\d|\d\d)(?![\d/:])",
            meanings.numeric_date,
        ),
        (
            rf"\b(?:(?P<weekday>{WEEKDAY})[\s,]+(?:the\s+)?)?(?:the\s+)?(?P<day>0?[1-9]|[12]\d|3[01])(?:st|nd|"
            rf"rd|th)\b"
            rf"(?:\s+(?:of\s+)?(?P<which>this|next)\s+month)?(?:\s*,?\s*(?:on\s+|a\s+|"
            rf"which is\s+)?(?:\(?a?\s*)?(?P<weekday2>{WEEKDAY})\b\)?)?",
            meanings.ordinal,
        ),
        (rf"\b(?P<weekday>{WEEKDAY})s?\s+(?:of\s+|in\s+)?(?:the\s+)?{_WHICH_WEEK}", meanings.weekday_of_week),
        (rf"\b(?P<weekday>{WEEKDAY})s?\s+(?:of\s+|in\s+)?{_AFTER_NEXT}", meanings.weekday_of_week),
        (
            rf"\b{_WHICH_WEEK}[\s,]+(?:on\s+)?(?P<weekday>{WEEKDAY})(?!\s*(?:or|to|-|and|"
            rf",))\b",
            meanings.weekday_of_week,
        ),
        (
            rf"\b(?P<weeks_on>(?:a|1|2)?\s*(?:weeks?|fortnight)\s+(?:on|"
            rf"from)\s+)(?P<which>)(?P<weekday>{WEEKDAY})(?P<plural>)(?P<later>)\b",
            meanings.weekday,
        ),
        (rf"\b{_PART}{_AFTER_NEXT}", meanings.week),
        (rf"\b{_PART}{_WHICH_WEEK}", meanings.week),
        (
            r"\b(?:in\s+)?(?:(?P<count>\d+)\s+)?(?P<unit>weeks?|"
            r"fortnight)(?:['’]?s)?(?:\s+time)?\s+(?:from\s+|on\s+)?(?P<day>today|tomorrow)\b",
            meanings.weeks_on,
        ),
        (
            r"\b(?:the\s+)?day\s+after\s+tomorrow\b|\bovermorrow\b|\b(?:today|tonight|tomorrow|yesterday)\b|"
            r"\bthis(?= (?:early |late )?(?:morning|afternoon|evening|lunchtime)\b)",
            meanings.relative,
        ),
        (r"\b(?:in\s+|with)?(?:in\s+)?(?:a\s+)?(?:few|couple of|couple)\s+days\b", meanings.few_days),
        (
            r"\bin\s+(?:about\s+|around\s+)?(?P<count>\d+)\s+(?P<unit>day|week|month)s?(?:['’]s?)?(?:\s+time)?\b",
            meanings.in_days,
        ),
        (
            r"(?<!\d )\b(?P<count>\d+)\s+(?P<unit>day|week|month)s?(?:['’]s?)?\s+(?:from now|from today|time)\b",
            meanings.in_days,
        ),
        (
            r"\bin\s+(?:a|1)\s+(?P<unit>fortnight)(?:['’]s)?(?:\s+time)?\b",
            meanings.fortnight,
        ),
        (r"\b(?:(?P<which>this|next|coming|the|a|any)\s+)?weekends?\b", meanings.weekend),
        (
            r"\b(?:any\s+|a\s+|on\s+)?(?:weekdays?|week days?|working days?)\b|\bduring the week\b|"
            r"\bin the week\b|\bmidweek\b",
            meanings.working_days,
        ),
        (
            rf"\b(?:(?P<which>this|next|coming|last|past|previous|a|any|every|some|"
            rf"most)\s+)?(?:coming\s+)?(?P<weeks_on>){_NAMED_WEEKDAY}(?P<weekday>{WEEKDAY})(?P<plural>['’]?s)?\b"
            r"(?P<later>\s+(?:week|fortnight)\b(?!\s+(?:of|commencing|beginning))|\s+after\s+next\b)?",
            meanings.weekday,
        ),
        (
            rf"\b(?:(?:the\s+)?(?P<part>first week|1st week|last week|start|beginning|early|middle|mid|end|"
            rf"late|later|first half|second half)"
            rf"[ -]+(?:of\s+|in\s+)*)(?P<month>{MONTH}|(?:this |next |the )month)\b",
            meanings.month,
        ),
        (
            rf"(?P<part>)(?:\b(?:in|during|sometime in|this|next|for|before|after|until|by|"
            rf"from)\s+)(?P<month>{MONTH})\b",
            meanings.month,
        ),
        (r"(?P<part>)\b(?P<month>(?:this|next) month)\b", meanings.month),
        (rf"^(?P<part>)(?P<month>{MONTH})(?:\s+please)?[.!]?$", meanings.month),
    ]
]

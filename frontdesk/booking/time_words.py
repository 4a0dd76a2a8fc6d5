"""A visitor's spelling of days and times, written the one way the grammars read."""

from __future__ import annotations

import re
import unicodedata

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("january february march april may june july august september october november december").split()
WEEKDAY = rf"(?:{'|'.join(WEEKDAYS)})"
MONTH = rf"(?:{'|'.join(MONTHS)})"

LONGEST_TEXT = 1000
"""Characters that are looked at; a wish for a time is said in far fewer."""

_SPELLINGS = {
    "monday": "mon|mondy|munday|monady",
    "tuesday": "tue|tues|teusday|tuseday|tusday|tuesdy|tueday",
    "wednesday": "wed|weds|wednes|wensday|wednsday|wendsday|wenesday|wednesdy|wednessday",
    "thursday": "thu|thur|thurs|thrusday|thursdy|thirsday|thurday|thusday|thrusday",
    "friday": "fri|frida|firday|fridy|firiday",
    "saturday": "satur|saterday|satuday|saturdy|sturday|satrday",
    "sunday": "sundy|sudnay",
    "january": "jan|janury",
    "february": "feb|febuary|feburary",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sep|sept|septmber",
    "october": "oct|ocotber",
    "november": "nov|novemeber|novmber",
    "december": "dec|decemeber|decmber|dicember",
    "tomorrow": "tmrw|tmr|tmw|tmrow|tomoz|tomoro|tomorow|tommorow|tommorrow|tomorro|tommorro|2moro|2morrow|2mrw",
    "tonight": "tonite|2nite|2night",
    "today": "2day|tday|todya",
    "next": "nxt|nex",
    "week": "wk",
    "week commencing": r"w/c|wc|w/b|wk commencing|wk beginning",
    "weeks": "wks",
    "weekend": "wkend|wknd|week-end",
    "morning": "morn|mornin|mornings|moring",
    "afternoon": "aft|arvo|afternoons|afernoon|afternoone|afternon",
    "evening": "(?<!christmas )(?<!year's )(?<!years )eve|evenings|evning|evenin",
    "lunchtime": "lunch time|lunch-time|lunchtimes|lunch hour|lunch break|lunchbreak",
    "midday": "noon|mid-day|mid day|12 noon|twelve noon|noontime",
    "fortnight": "forthnight",
    "o'clock": "oclock|o clock|o' clock|o’clock",
}
_RESPELL = [
    (re.compile(rf"(?<![\w'])(?:{others})(?![\w'])\.?"), word)
    for word, others in sorted(_SPELLINGS.items(), key=lambda item: -max(map(len, item[1].split("|"))))
]
# "sat" and "sun" are words of their own; they are days next to something that makes them so, or alone.
_SHORT_WEEKEND = re.compile(
    r"(?:^|(?<=\bon )|(?<=\bthis )|(?<=\bnext )|(?<=\bor )|(?<=\band )|(?<=\bnot )|(?<=\bcoming )|(?<=, ))(sat|sun)"
    r"(?=\s*(?:$|[,.!?/]|at\b|or\b|and\b|the\b|morning|afternoon|evening|midday|lunchtime|after\b|before\b|\d))"
)
_SAYS_WHICH = re.compile(
    rf"\b(?:this|next|coming|following|last|week|weeks|today|tomorrow|{MONTH})\b|\d(?:st|nd|rd|th)\b|\d/\d"
)
_PLURAL_DAY = re.compile(
    rf"\b({WEEKDAY})['’]?s\b(?!\s+(?:ok|okay|fine|good|best|better|great|free|no\b|not\b|out\b|bad\b))"
)

_HOURS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: number for number, word in enumerate(_HOURS, start=1)}
_HOUR = rf"(?:{'|'.join(_HOURS)}|1[0-2]|0?[1-9])"
_MINUTES = {"five": 5, "ten": 10, "quarter": 15, "a quarter": 15, "twenty": 20, "twenty five": 25, "twenty-five": 25}
_PAST_TO = re.compile(
    rf"\b(half|(?:a )?quarter|five|ten|twenty(?:[- ]five)?|[1-5]?\d)\s*(?:mins?|minutes)?\s+(past|to|til|till|"
    rf"after|before|of)\s+({_HOUR})\b"
    r"(?!\s*(?:days|weeks|sessions))"
)
_HALF = re.compile(rf"\bhalf[- ]({_HOUR})\b")
_SPOKEN_MINUTES = re.compile(
    rf"\b({'|'.join(_HOURS)})[- ](fifteen|thirty|forty[- ]five|twenty|ten|forty|fifty)\b(?!\s*(?:days|weeks|past|to))"
)
_SPOKEN = {
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty five": 45,
    "forty-five": 45,
    "fifty": 50,
}
_WORD_HOUR = re.compile(
    rf"(?:(?<=\bat )|(?<=\baround )|(?<=\babout )|(?<=\bafter )|(?<=\bbefore )|(?<=\bby )|(?<=\bfrom )|"
    rf"(?<=\bbetween ))"
    rf"({'|'.join(_HOURS)})\b(?!\s+(?:weeks?|days?|months?|sessions?|o))|"
    rf"\b({'|'.join(_HOURS)})(?=\s*(?:[ap]\.?m\b|o'clock|ish\b))"
)
_RANGE_END = re.compile(rf"((?:\bbetween|\bfrom) \S+ (?:and|to|till|until) )({'|'.join(_HOURS)})\b")
_DOTTED_MERIDIEM = re.compile(r"\b([ap])\.\s?m\b\.?")
_DOTTED_CLOCK = re.compile(r"(?<![\d./:])([01]?\d|2[0-3])(?:[.h]|\s:\s)([0-5]\d)(?![\d./])")
_COUNTED = re.compile(
    r"\b(one|two|three|four|five|six|seven|eight|nine|ten|a|an|a couple of|couple of)(?=\s+(?:days?|weeks?|"
    r"months?|hours?)\b)"
)
_SPOKEN_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third twenty-fourth twenty-fifth "
    "twenty-sixth twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first"
).split()
_ORDINAL_WORD = re.compile(
    rf"(?:(?<=\bthe )|(?<=day ))((?:twenty|thirty)[- ]\w+|"
    rf"{'|'.join(sorted((w for w in _SPOKEN_ORDINALS if '-' not in w), key=len, reverse=True))})\b"
    rf"(?!\s+(?:one|option|slot|time|available|week|half|thing|appointment|day|visit|session|free|{WEEKDAY}))"
)


def normalised(text: str) -> str:
    """Write ``text`` in lower case, abbreviations spelled out, clock times as digits: "half four" is 4:30."""
    text = unicodedata.normalize("NFKC", text[:LONGEST_TEXT]).lower()
    text = text.replace("’", "'").replace("‘", "'").replace("–", "-").replace("—", "-")
    text = re.sub(r"[\s\ue000-\uf8ff]+", " ", text).strip()
    for pattern, word in _RESPELL:
        text = pattern.sub(word, text)
    text = _SHORT_WEEKEND.sub(lambda match: {"sat": "saturday", "sun": "sunday"}[match[1]], text)
    text = _DOTTED_MERIDIEM.sub(r"\1m", text)
    text = _ORDINAL_WORD.sub(_ordinal, text)
    text = _PAST_TO.sub(_past_to, text)
    text = _HALF.sub(lambda match: f"{_number(match[1])}:30", text)
    text = _SPOKEN_MINUTES.sub(lambda match: f"{_NUMBERS[match[1]]}:{_SPOKEN[match[2].replace('-', ' ')]}", text)
    text = _WORD_HOUR.sub(lambda match: str(_NUMBERS[match[1] or match[2]]), text)
    text = _RANGE_END.sub(lambda match: match[1] + str(_NUMBERS[match[2]]), text)
    text = _DOTTED_CLOCK.sub(r"\1:\2", text)
    return _COUNTED.sub(lambda match: str(_count(match[1])), text)


def is_plural(text: str, weekday: str) -> bool:
    """Whether a weekday stands in ``text`` as "mondays": any of them, not the next one."""
    return any(match[1] == weekday for match in _PLURAL_DAY.finditer(text))


def _number(word: str) -> int:
    return _NUMBERS.get(word) or int(word)


def _count(word: str) -> int:
    return {"a": 1, "an": 1, "a couple of": 2, "couple of": 2}.get(word) or _NUMBERS[word]


def _past_to(match: re.Match[str]) -> str:
    hour = _number(match[3])
    part = match[1]
    minutes = 30 if part == "half" else _MINUTES.get(part) or int(part if part.isdigit() else 0)
    if match[2] in ("past", "after"):
        # "ten after four" is a time in America; "2 after 4" is not one anywhere.
        if match[2] == "after" and part.isdigit():
            return match[0]
        return f"{hour}:{minutes:02d}"
    if part == "half" or (match[2] in ("before", "of") and part.isdigit()) or (part.isdigit() and minutes % 5):
        return match[0]
    if part.isdigit() and minutes <= 12 and minutes != 5 and minutes != 10:
        return match[0]
    if part.isdigit() and "min" not in match[0]:
        # "10 to 4" is opening hours as much as a time before four.
        return match[0]
    return f"{(hour - 2) % 12 + 1}:{60 - minutes:02d}"


def _ordinal(match: re.Match[str]) -> str:
    word = match[1].replace(" ", "-")
    if word not in _SPOKEN_ORDINALS:
        return match[0]
    return f"{_SPOKEN_ORDINALS.index(word) + 1}th"


def bare_weekday(text: str) -> int | None:
    """The one weekday that a visitor names without a word on which one it is, 0 being Monday; else None."""
    written = normalised(text)
    named = {WEEKDAYS.index(word) for word in re.findall(rf"\b{WEEKDAY}\b", written)}
    return named.pop() if len(named) == 1 and not _SAYS_WHICH.search(written) else None

"""Takes phone numbers, e-mail addresses, names and dates of birth out of a text.

Rather too much than too little: what looks like one of them is masked, whether or not it could be used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import phonenumbers

from frontdesk.booking.contact import name_in

NAME, PHONE, EMAIL, BIRTH = "[name]", "[phone]", "[email]", "[date of birth]"

PERSONAL = ("name", "phone", "email", "reference", "proof")
"""The fields of a booking's draft that tell who it is for."""

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?:(?:19|20)\d\d|'?\d\d)"
_DATE = re.compile(
    rf"(?<![\w])(?:(?:19|20)\d\d[-/.]\d{{1,2}}[-/.]\d{{1,2}}"
    rf"|\d{{1,2}}\s?[-/.]\s?\d{{1,2}}\s?[-/.]\s?{_YEAR}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?[\s-]+{_MONTH}[\s,-]*{_YEAR}"
    rf"|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?[\s,]+{_YEAR})(?![\w])",
    re.I,
)
_BORN = r"\b(?:born(?:\s+(?:on|in))?|d\.?\s?o\.?\s?b\b\.?|date of birth|birth\s?day|birth\s?date|birthdate)"
_TOLD_BIRTH = re.compile(rf"{_BORN}(?:\s+(?:is|was|the|on|in))*[\s:=-]*$", re.I)
_BIRTH_IN_WORDS = re.compile(
    rf"({_BORN}(?:\s+(?:is|was|the|on|in))*[\s:=-]*)"
    rf"((?:\d{{1,2}}(?:st|nd|rd|th)?(?:\s+of)?\s+)?{_MONTH}(?:\s+\d{{1,2}}(?:st|nd|rd|th)?)?(?:[\s,]+\d{{4}})?\b"
    r"|(?:19|20)\d\d\b(?![/.-]\d)|'?\d\d\b(?![/.-]\d)(?!\s*(?:week|day|month|year|min)))",
    re.I,
)
# A visit is never booked for a year that is over; a scar from 2020 is told as a year, hardly ever as a day.
_LAST_YEAR_OF_BIRTH = 2020
_TIME = re.compile(r"\b\d{1,2}[:.]\d\d\s*(?:-|–|to)\s*\d{1,2}[:.]\d\d\b")

_PART = r"[^\s<>\"(),;:\[\]|@]+"
# With a blank beside the sign there must be a letter behind it: "@ 07700 900123" is no address, but half a number.
_ADDRESS = re.compile(rf"{_PART}(?:@|\s?@\s?(?=[^\s@]*[^\W\d_])){_PART}")
# Whether it is worth while to look closely: most messages hold none of it, and each is stored.
_AT = re.compile(r"\bat\b.*(?:\.|\bdot\b)", re.I | re.S)
_BIRTH = re.compile(r"born|birth|\bd\.?\s?o\.?\s?b\b", re.I)
_INTRODUCTION = re.compile(r"name|\bi\W?m\b|\bi am\b|\bit\W?s\b|\bit is\b|\bthis is\b|\bcall me\b|\bunder\b", re.I)
_DOT = r"(?:\.(?=\S)|\s*[\[(]?\s*\bdot\b\s*[\])]?\s*)"
_SPOKEN_ADDRESS = re.compile(
    rf"[\w+-]+(?:{_DOT}[\w+-]+)*\s*[\[(]?\s*\b(?:at)\b\s*[\])]?\s*[a-z][\w-]*(?:{_DOT}[\w-]+)*{_DOT}[a-z]{{2,}}\b", re.I
)
_HALF_ADDRESS = re.compile(r"[\w.+-]*[a-z][\w.+-]*\s+at\s+[a-z][\w-]+(?=\s*[.!]?$)", re.I)

_RUN = re.compile(r"(?<![\w@])[+(]*\d(?:[ \t().\-/]*\d){4,}(?![\w@])")
_FEWEST_DIGITS = 7


@dataclass(frozen=True)
class Known:
    """What a booking under way has taken down.

    Attributes:
        names: As they would be stored.
        phones: In E.164.
        emails: Addresses.
        country: Two-letter code of numbers without one, or None.
        asked: The field that was open when the message came, or None.
    """

    names: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    country: str | None = None
    asked: str | None = None

    def __bool__(self) -> bool:
        """Whether anything of a person is known."""
        return bool(self.names or self.phones or self.emails)


def known_from(memories: Iterable[Any]) -> Known:
    """What the drafts in a conversation's memory know.

    Args:
        memories: Values of the memory slot in their order; the first is the one from before the message.
    """
    drafts = [_draft(memory) for memory in memories]
    filled = [draft for draft in drafts if draft]
    contacts = [draft.get(field) for draft in filled for field in ("phone", "email", "proof")]
    return Known(
        names=frozenset(draft["name"] for draft in filled if isinstance(draft.get("name"), str)),
        phones=frozenset(each for each in contacts if isinstance(each, str) and "@" not in each),
        emails=frozenset(each for each in contacts if isinstance(each, str) and "@" in each),
        country=next((draft["country"] for draft in filled if isinstance(draft.get("country"), str)), None),
        asked=drafts[0].get("step") if drafts else None,
    )


def holds_person(memory: Any) -> bool:
    """Whether a value of the memory slot tells who a booking is for."""
    draft = _draft(memory)
    return any(draft.get(field) for field in PERSONAL)


def without_person(memory: Any) -> Any:
    """A value of the memory slot as it may be kept once the conversation has gone on."""
    if not holds_person(memory):
        return memory
    return {**memory, "booking": {**_draft(memory), **dict.fromkeys(PERSONAL)}}


def mask_visitors_words(text: str, known: Known, intent: str = "") -> str:
    """What a visitor wrote, without what tells who they are.

    Args:
        text: Their words.
        known: What the booking under way knows.
        intent: Of the message; one that asks for a topic gives no name when a name was asked for.
    """
    masked = _names(text, known, known.asked == "name" and not intent.startswith("ask_"))
    if any(map(str.isdigit, masked)) and _BIRTH.search(masked):
        masked = _BIRTH_IN_WORDS.sub(rf"\1{BIRTH}", masked)
    in_contact = known.asked in ("contact", "proof")
    parts: list[str] = []
    for part, is_date in _around_dates(masked):
        if not is_date:
            parts.append(_phones(_addresses(part, in_contact), known, in_contact))
        elif _is_birth(part, "".join(parts)):
            parts.append(BIRTH)
        else:
            parts.append(part)
    return "".join(parts)


def mask_known(text: str, known: Known) -> str:
    """What the desk said, without what it had been told; the clinic's own numbers and addresses stay."""
    if not known:
        return text
    for address in known.emails:
        text = re.sub(re.escape(address), EMAIL, text, flags=re.I)
    for name in sorted(known.names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME, text)
    if known.phones and any(map(str.isdigit, text)):
        matches = phonenumbers.PhoneNumberMatcher(text, known.country, leniency=phonenumbers.Leniency.POSSIBLE)
        for match in reversed([each for each in matches if _e164(each.number) in known.phones]):
            text = text[: match.start] + PHONE + text[match.end :]
        for phone in known.phones:
            text = text.replace(phone, PHONE)
    return text


def _draft(memory: Any) -> Mapping[str, Any]:
    draft = memory.get("booking") if isinstance(memory, Mapping) else None
    return draft if isinstance(draft, Mapping) else {}


def _names(text: str, known: Known, asked: bool) -> str:
    found = name_in(text, asked) if asked or _INTRODUCTION.search(text) else None
    for name in [*known.names, *([found] if found else [])]:
        whole = r"[\s.,]*".join(map(re.escape, name.split()))
        text, number = re.subn(rf"(?<!\w){whole}(?!\w)", NAME, text, flags=re.I)
        for word in name.split():
            if len(word) < 2:
                continue
            # "may" and "will" are words as well as names: in small letters they are names only where one was given.
            flags = re.I if name == found and not number else 0
            text = re.sub(rf"(?<![\w\[]){re.escape(word)}(?![\w\]])", NAME, text, flags=flags)
    return re.sub(rf"{re.escape(NAME)}(?:[\s.]+{re.escape(NAME)})+", NAME, text)


def _around_dates(text: str) -> Iterator[tuple[str, bool]]:
    position = 0
    if not any(map(str.isdigit, text)):
        yield text, False
        return
    for match in sorted((*_DATE.finditer(text), *_TIME.finditer(text)), key=lambda each: each.start()):
        if match.start() < position:
            continue
        yield text[position : match.start()], False
        yield match[0], True
        position = match.end()
    yield text[position:], False


def _is_birth(date: str, before: str) -> bool:
    if _TOLD_BIRTH.search(before):
        return True
    year = re.search(r"(?:19|20)\d\d", date)
    return year is not None and int(year[0]) <= _LAST_YEAR_OF_BIRTH


def _addresses(text: str, asked: bool) -> str:
    text = _ADDRESS.sub(EMAIL, text) if "@" in text else text
    text = _SPOKEN_ADDRESS.sub(EMAIL, text) if _AT.search(text) else text
    return _HALF_ADDRESS.sub(EMAIL, text) if asked else text


def _phones(text: str, known: Known, asked: bool) -> str:
    if not any(map(str.isdigit, text)):
        return text
    numbers = phonenumbers.PhoneNumberMatcher(text, known.country, leniency=phonenumbers.Leniency.POSSIBLE)
    for match in reversed(list(numbers)):
        if sum(map(str.isdigit, match.raw_string)) >= _FEWEST_DIGITS:
            text = text[: match.start] + PHONE + text[match.end :]
    return _RUN.sub(lambda run: PHONE if _is_number(run[0], asked) else run[0], text)


def _is_number(run: str, asked: bool) -> bool:
    digits = sum(map(str.isdigit, run))
    if asked:
        return True
    # "0.5 1.0 1.5" is no number to call, "0790 0123456" is one.
    return digits >= _FEWEST_DIGITS and (run[0] in "+(0" or run.isdigit() or digits >= 9)


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))

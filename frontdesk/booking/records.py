"""What the calendar takes and gives: a visitor's details, a hold, a booking."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from frontdesk.booking.slots import Slot

Status = Literal["confirmed", "cancelled", "moved"]

LONGEST_NAME = 120
LONGEST_ABOUT = 500
LONGEST_EMAIL = 254
LONGEST_ID = 255
LONGEST_CHANNEL = 60

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EMAIL = re.compile(r"[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+\.[^\s@<>()\[\],;:\"\\.]+")


@dataclass(frozen=True)
class Details:
    """Who comes, and what for.

    Attributes:
        name: As the visitor writes it.
        phone: In E.164, or None.
        email: An address, or None; one of the two is there.
        about: What the visit is about, in the visitor's words; may be empty.
        channel: The door the visitor came through, e.g. `website`.
        conversation: Sender id of the conversation.
        consent_at: When the visitor agreed that this is stored, aware.
        consent_words: The question they said yes to, with its placeholders; empty where it is not known.
    """

    name: str
    phone: str | None
    email: str | None
    about: str
    channel: str
    conversation: str
    consent_at: datetime
    consent_words: str = ""


@dataclass(frozen=True)
class Hold:
    """A slot kept for someone who is still deciding.

    Attributes:
        slot: The slot.
        owner: Sender id of the conversation.
        expires_at: Aware, in UTC.
    """

    slot: Slot
    owner: str
    expires_at: datetime


@dataclass(frozen=True)
class Booking:
    """An appointment.

    Attributes:
        reference: What the visitor tells the clinic, e.g. `K7M4QX`.
        slot: When, and with whom.
        details: Who, and what for.
        status: `moved` stands as much as `confirmed` does, only not at the time that was booked first.
        created_at: Aware, in UTC.
        changed_at: When it was booked, moved or cancelled last; aware, in UTC.
        sequence: How often it was changed; calendars go by it.
    """

    reference: str
    slot: Slot
    details: Details
    status: Status
    created_at: datetime
    changed_at: datetime | None = None
    sequence: int = 0

    @property
    def stands(self) -> bool:
        """Whether the visitor is expected."""
        return self.status != "cancelled"


@dataclass(frozen=True)
class Change:
    """A line of a booking's history.

    Attributes:
        at: When, aware, in UTC.
        event: `confirmed`, `moved` or `cancelled`.
        by: Who did it: a sender id, `visitor`, or a name that staff gave.
        practitioner: With whom it is from then on.
        start: When it begins from then on, aware, in the clinic's zone.
    """

    at: datetime
    event: str
    by: str
    practitioner: str
    start: datetime


def clean(text: str, longest: int) -> str:
    """A text on one line, without characters that are not to be seen, cut at `longest` characters."""
    # Surrogates and NUL cannot be stored, controls could steer a terminal or a mail header, and marks of direction
    # could turn a name around in a list.
    seen = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text)
    seen = "".join(each for each in seen if unicodedata.category(each) not in ("Cs", "Cn", "Co") and each not in _BIDI)
    return " ".join(seen.split())[:longest].strip()


def checked(details: Details) -> Details:
    """Details as they may be stored; the last guard behind the conversation, which has checked and asked.

    Raises:
        ValueError: There is no name or no way to reach the visitor, or one that is none.
    """
    ready = replace(
        details,
        name=clean(details.name, LONGEST_NAME),
        about=clean(details.about, LONGEST_ABOUT),
        channel=clean(details.channel, LONGEST_CHANNEL),
        conversation=clean(details.conversation, LONGEST_ID),
        phone=details.phone or None,
        email=details.email or None,
    )
    if not any(each.isalnum() for each in ready.name):
        raise ValueError("a booking needs a name")
    if ready.phone is None and ready.email is None:
        raise ValueError("a booking needs a phone number or an e-mail address")
    if ready.phone is not None and not _E164.fullmatch(ready.phone):
        raise ValueError("the phone number is not in E.164")
    if ready.email is not None and not is_email(ready.email):
        raise ValueError("the e-mail address is none")
    if ready.consent_at.tzinfo is None:
        raise ValueError("consent needs a moment with a time zone")
    return ready


def is_email(text: str) -> bool:
    """Whether a text can safely stand in a mail's header as an address."""
    return len(text) <= LONGEST_EMAIL and text == clean(text, LONGEST_EMAIL) and bool(_EMAIL.fullmatch(text))


_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")

"""The wording of e-mails and calendar entries, `booking_mail.yml`, with a booking filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.dates import format_date, format_time
from pydantic import ValidationError, validator

from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.fields import Record, Text
from frontdesk.facts.reading import Defect, FactsError, read_yaml
from frontdesk.facts.words import placeholders

FILE = "booking_mail.yml"

OF_CLINIC = frozenset({"clinic", "address", "clinic_phone", "clinic_email", "arrive", "bring", "cancel_hours"})
OF_BOOKING = frozenset(
    {"name", "phone", "email", "contact", "about", "reference", "day", "time", "end", "practitioner"}
    | {"previous_day", "previous_time"}
)
# It travels in headers of e-mails and of the website door.
_FILE_NAME = re.compile(r"[A-Za-z0-9-]+\.ics")


class _Templates(Record):
    @validator("*")
    def _names_what_there_is(cls, template: object) -> object:
        if isinstance(template, str):
            unknown = set(placeholders(template)) - OF_CLINIC - OF_BOOKING
            if unknown:
                raise ValueError(f"unknown placeholder: {', '.join(sorted(unknown))}")
        return template


class Mail(_Templates):
    """Subject and text of an e-mail."""

    subject: Text
    text: Text


class VisitorMails(Record):
    """What the visitor is sent."""

    confirmed: Mail
    moved: Mail
    cancelled: Mail
    reminder: Mail


class ClinicMails(Record):
    """What the clinic is sent."""

    confirmed: Mail
    moved: Mail
    cancelled: Mail


class InvitationWords(_Templates):
    """The entry in the visitor's calendar, and the name of its file."""

    file: Text
    summary: Text
    description: Text

    @validator("file")
    def _is_a_plain_name(cls, file: str) -> str:
        if not _FILE_NAME.fullmatch(file):
            raise ValueError("must be a file name of letters, digits and hyphens that ends with .ics")
        return file


class FeedWords(_Templates):
    """The calendar that the clinic subscribes to; the title knows of no booking."""

    title: Text
    summary: Text
    description: Text

    @validator("title")
    def _knows_no_booking(cls, title: str) -> str:
        if set(placeholders(title)) & OF_BOOKING:
            raise ValueError("the title is of no one booking")
        return title


class MailWords(Record):
    """All of `booking_mail.yml`; `day` and `time` are CLDR patterns, `nothing` stands for what was not given."""

    day: Text
    time: Text
    nothing: Text
    visitor: VisitorMails
    clinic: ClinicMails
    invitation: InvitationWords
    feed: FeedWords


def load_mail_words(folder: Path) -> MailWords:
    """Read the wording from the facts folder.

    Raises:
        FactsError: The file is missing or not as it should be; every defect is listed.
    """
    data = read_yaml(folder / FILE, folder)
    try:
        return MailWords.parse_obj(data)
    except ValidationError as error:
        raise FactsError(
            [Defect(FILE, ".".join(str(step) for step in fault["loc"]), fault["msg"]) for fault in error.errors()]
        ) from None


def of_clinic(clinic: ClinicProfile) -> dict[str, str]:
    """What templates can say of a clinic."""
    # These sentences are the clinic's own to leave out.
    says = {**clinic.consultation.dict(), **clinic.policies.dict()}
    return {
        "clinic": clinic.name,
        "address": clinic.address.text,
        "clinic_phone": clinic.phone,
        "clinic_email": clinic.email,
        "arrive": str(says.get("arrive", "")),
        "bring": str(says.get("bring", "")),
        "cancel_hours": str(says.get("cancel_notice_hours", "")),
    }


def of_booking(content: Mapping[str, Any], clinic: ClinicProfile, words: MailWords) -> dict[str, str]:
    """What templates can say of a booking (`outbox.content_of`) and of the clinic."""
    start, end = (datetime.fromisoformat(content[name]).astimezone(clinic.zone) for name in ("start", "end"))
    previous = content["previous_start"]
    before = datetime.fromisoformat(previous).astimezone(clinic.zone) if previous else None
    return {
        **of_clinic(clinic),
        "name": content["name"],
        "phone": content["phone"] or words.nothing,
        "email": content["email"] or words.nothing,
        "contact": ", ".join(each for each in (content["phone"], content["email"]) if each),
        "about": content["about"] or words.nothing,
        "reference": content["reference"],
        "practitioner": content["practitioner"]["name"],
        "day": day_text(start, clinic, words),
        "time": time_text(start, clinic, words),
        "end": time_text(end, clinic, words),
        "previous_day": day_text(before, clinic, words) if before else words.nothing,
        "previous_time": time_text(before, clinic, words) if before else words.nothing,
    }


def day_text(moment: datetime, clinic: ClinicProfile, words: MailWords) -> str:
    """The day of a moment in the clinic's zone, as the clinic writes it."""
    text: str = format_date(moment.date(), words.day, locale=clinic.locale)
    return text


def time_text(moment: datetime, clinic: ClinicProfile, words: MailWords) -> str:
    """The time of day of a moment in the clinic's zone, as the clinic writes it."""
    # Bare, or babel would turn it into UTC.
    text: str = format_time(moment.time(), words.time, locale=clinic.locale)
    return text

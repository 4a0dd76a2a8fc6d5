"""Bookings as staff read them: tables for a terminal, CSV for a spreadsheet; times as the clinic reads them."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from babel.dates import format_datetime
from rich.markup import escape
from rich.table import Table

from frontdesk.booking.outbox import NoticeState
from frontdesk.booking.records import Booking, Change
from frontdesk.facts.clinic import ClinicProfile

COLUMNS = (
    "reference", "status", "start", "end", "practitioner", "name", "phone", "email", "about", "channel", "booked",
)  # fmt: skip
_PATTERN = "EEE d MMM y, h:mm a"
# A spreadsheet takes a text that begins so for a formula.
_FORMULA = ("=", "+", "-", "@")


def bookings_table(bookings: Iterable[Booking], clinic: ClinicProfile) -> Table:
    """Bookings, a row each."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("reference", "when", "with", "name", "contact", "about", "status"):
        # A cut-off reference cannot be copied into the next command.
        table.add_column(name, overflow="fold", no_wrap=name == "reference")
    for booking in bookings:
        details = booking.details
        contact = " ".join(each for each in (details.phone, details.email) if each)
        texts = (when(booking.slot.start, clinic), practitioner(booking.slot.practitioner, clinic), details.name)
        row = (booking.reference, *texts, contact, details.about, booking.status)
        table.add_row(*(escape(each) for each in row))
    return table


def booking_table(
    booking: Booking, history: Iterable[Change], notices: Iterable[NoticeState], clinic: ClinicProfile
) -> Table:
    """All there is to know of a booking: who and when, what happened to it, and what has been sent."""
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    details = booking.details
    rows = {
        "reference": booking.reference,
        "status": booking.status,
        "when": f"{when(booking.slot.start, clinic)} ({clinic.time_zone})",
        "with": practitioner(booking.slot.practitioner, clinic),
        "name": details.name,
        "phone": details.phone or "",
        "email": details.email or "",
        "about": details.about,
        "channel": details.channel,
        "consent": when(details.consent_at, clinic),
    }
    for name, text in rows.items():
        table.add_row(name, escape(text))
    for change in history:
        who = practitioner(change.practitioner, clinic)
        told = f"{when(change.at, clinic)}: {change.event} for {when(change.start, clinic)} with {who} by {change.by}"
        table.add_row("history", escape(told))
    for notice in notices:
        told = f"{notice.event} to {notice.recipient} by {notice.medium}: {notice.state}"
        told += f" {when(notice.done_at, clinic)}" if notice.done_at else ""
        told += f", {notice.attempts} attempts, {notice.problem}" if notice.problem else ""
        table.add_row("notice", escape(told))
    return table


def write_csv(bookings: Iterable[Booking], clinic: ClinicProfile, file: TextIO) -> int:
    """Write bookings as CSV with a header, times as `2026-11-26 15:00` in the clinic's zone; how many."""
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    rows = [_csv_row(booking, clinic) for booking in bookings]
    writer.writerows(rows)
    return len(rows)


def _csv_row(booking: Booking, clinic: ClinicProfile) -> list[str]:
    details = booking.details
    return [
        booking.reference,
        booking.status,
        _plain(booking.slot.start, clinic),
        _plain(booking.slot.end, clinic),
        practitioner(booking.slot.practitioner, clinic),
        _harmless(details.name),
        # Digits after its plus, so that it can do no harm as it is.
        details.phone or "",
        _harmless(details.email or ""),
        _harmless(details.about),
        _harmless(details.channel),
        _plain(booking.created_at, clinic),
    ]


def when(moment: datetime, clinic: ClinicProfile) -> str:
    """A moment as the clinic reads it, e.g. `Thu 26 Nov 2026, 3:00 pm`."""
    # Bare, or babel would convert it once more.
    local = moment.astimezone(clinic.zone).replace(tzinfo=None)
    text: str = format_datetime(local, _PATTERN, locale=clinic.locale)
    return text


def practitioner(id_: str, clinic: ClinicProfile) -> str:
    """The name of a practitioner, or the id of one who has left."""
    return next((person.name for person in clinic.practitioners.people if person.id == id_), id_)


def _plain(moment: datetime, clinic: ClinicProfile) -> str:
    return moment.astimezone(clinic.zone).strftime("%Y-%m-%d %H:%M")


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text

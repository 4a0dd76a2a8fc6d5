"""Calendar files (iCalendar, RFC 5545): one booking for the visitor, and what they share with the clinic's feed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import icalendar

from frontdesk.booking.mail_words import MailWords, of_booking
from frontdesk.booking.zones import timezone_component
from frontdesk.facts.clinic import ClinicProfile

PRODUCT = "-//Frontdesk//Booking//EN"

# A calendar needs the clock's changes around an entry only, but some show the entry's neighbours by the same rules.
AROUND = timedelta(days=370)


def invitation(content: Mapping[str, Any], clinic: ClinicProfile, words: MailWords) -> bytes:
    """The calendar file of a booking; a cancelled one takes the entry out of the calendar again.

    Args:
        content: The booking, see `outbox.content_of`.
        clinic: Whose booking it is.
        words: The wording.
    """
    says = of_booking(content, clinic, words)
    is_cancelled = content["status"] == "cancelled"
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "CANCEL" if is_cancelled else "PUBLISH")
    start = datetime.fromisoformat(content["start"])
    calendar.add_component(timezone_component(clinic.zone, start - AROUND, start + AROUND))
    template = words.invitation
    entry = event(content, clinic, template.summary.format(**says), template.description.format(**says))
    entry.add("location", says["address"])
    entry.add("organizer", f"mailto:{clinic.email}")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def event(content: Mapping[str, Any], clinic: ClinicProfile, summary: str, description: str) -> icalendar.Event:
    """A booking as a calendar entry, times in the clinic's zone; the same one after every change of the booking."""
    entry = icalendar.Event()
    entry.add("uid", f"{content['reference']}@{clinic.email.rpartition('@')[2]}")
    entry.add("sequence", content["sequence"])
    entry.add("dtstamp", datetime.fromisoformat(content["changed_at"]).astimezone(timezone.utc))
    entry.add("dtstart", datetime.fromisoformat(content["start"]).astimezone(clinic.zone))
    entry.add("dtend", datetime.fromisoformat(content["end"]).astimezone(clinic.zone))
    entry.add("summary", summary)
    entry.add("description", description.strip())
    entry.add("status", "CANCELLED" if content["status"] == "cancelled" else "CONFIRMED")
    return entry

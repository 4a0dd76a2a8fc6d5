"""The calendar that the clinic subscribes to; `addresses` says where."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import icalendar

from frontdesk.booking.invitation import AROUND, PRODUCT, event
from frontdesk.booking.mail_words import MailWords, of_booking, of_clinic
from frontdesk.booking.outbox import content_of
from frontdesk.booking.records import Booking
from frontdesk.booking.zones import timezone_component
from frontdesk.facts.clinic import ClinicProfile

# What lies further back is no longer of use in a calendar, and better not copied around.
PAST = timedelta(days=30)
REFRESH = timedelta(minutes=15)


def feed(bookings: Iterable[Booking], clinic: ClinicProfile, words: MailWords, now: datetime) -> bytes:
    """The clinic's calendar file.

    Args:
        bookings: Those that stand; `Calendar.bookings(now - PAST, ...)` gives them.
        clinic: Whose calendar it is.
        words: The wording.
        now: The present, aware.
    """
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    title = words.feed.title.format(**of_clinic(clinic))
    calendar.add("name", title)
    # What Google, Outlook and Apple read instead of the standard's own names.
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", clinic.time_zone)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    last = now + timedelta(days=clinic.booking.horizon_days)
    calendar.add_component(timezone_component(clinic.zone, now - PAST - AROUND, last + AROUND))
    for booking in bookings:
        content = content_of(clinic, booking)
        says = of_booking(content, clinic, words)
        description = words.feed.description.format(**says)
        calendar.add_component(event(content, clinic, words.feed.summary.format(**says), description))
    return bytes(calendar.to_ical())

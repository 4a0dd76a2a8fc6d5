"""The calendar that the clinic subscribes to, at an address that only those know who were given it.

Calendar programs cannot sign in, so the address itself is the secret; a new `FEED_SECRET` makes a new address.
"""

from __future__ import annotations

import hashlib
import hmac
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

_FEED = "feed"
_INVITATION = "invitation"


def feed_token(secret: str) -> str:
    """The secret part of the feed's address."""
    return _token(secret, _FEED)


def invitation_token(secret: str, reference: str) -> str:
    """The secret part of the address of one booking's calendar file."""
    return _token(secret, f"{_INVITATION}:{reference}")


def opens_feed(secret: str, token: str) -> bool:
    """Whether a token is the feed's; takes as long for a wrong one as for the right one."""
    return _same(feed_token(secret), token)


def opens_invitation(secret: str, reference: str, token: str) -> bool:
    """Whether a token is the one of a booking's calendar file."""
    return _same(invitation_token(secret, reference), token)


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


def _token(secret: str, purpose: str) -> str:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _same(right: str, given: str) -> bool:
    # compare_digest takes text of ASCII only.
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "replace"))

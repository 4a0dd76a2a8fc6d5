"""Addresses of calendar files on the website door, known only to those who were given them.

Calendar programs cannot sign in, so the address itself is the secret; a new `FEED_SECRET` makes new addresses.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

from frontdesk.booking.references import normalised

DOOR = "/webhooks/website"
FEED_PATH = "/calendar"
INVITATION_PATH = "/invitation"
ENDING = ".ics"

# 128 bits: a visitor may have to type this one.
_INVITATION_DIGITS = 32


@dataclass(frozen=True)
class Addresses:
    """Makes the addresses and knows them again.

    Attributes:
        public: Address at which the world reaches the assistant, without a slash at the end.
        secret: The key of the addresses.
    """

    public: str
    secret: str = field(repr=False)

    def feed(self) -> str:
        """Where the clinic's calendar program finds all bookings."""
        return f"{self.public}{DOOR}{FEED_PATH}/{feed_token(self.secret)}{ENDING}"

    def invitation(self, reference: str) -> str:
        """Where the visitor finds the calendar file of a booking, as the booking stands when it is asked for."""
        return f"{self.public}{DOOR}{INVITATION_PATH}/{invitation_token(self.secret, reference)}{ENDING}"


def feed_token(secret: str) -> str:
    """The secret part of the feed's address."""
    return _code(secret, "feed")


def opens_feed(secret: str, token: str) -> bool:
    """Whether a token is the feed's; takes as long for a wrong one as for the right one."""
    return _same(feed_token(secret), token)


def invitation_token(secret: str, reference: str) -> str:
    """The secret part of the address of one booking's calendar file: its reference, signed."""
    return f"{reference}-{_code(secret, f'invitation:{reference}')[:_INVITATION_DIGITS]}"


def invited(secret: str, token: str) -> str | None:
    """The reference of the booking whose calendar file a token opens, or None."""
    reference = normalised(token.partition("-")[0])
    return reference if reference is not None and _same(invitation_token(secret, reference), token) else None


def _code(secret: str, purpose: str) -> str:
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def _same(right: str, given: str) -> bool:
    # compare_digest takes text of ASCII only.
    return hmac.compare_digest(right.encode(), given.encode("utf-8", "replace"))

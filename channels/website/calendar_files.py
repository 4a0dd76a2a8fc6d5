"""Calendar files over the website door: the clinic's feed of all bookings, and each visitor's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sanic.request import Request
from sanic.response import HTTPResponse, raw
from sqlalchemy.engine import Engine

from channels.common.errors import Refusal
from frontdesk.booking.addresses import ENDING, invited, opens_feed
from frontdesk.booking.calendar import Calendar
from frontdesk.booking.feed import PAST, feed
from frontdesk.booking.invitation import invitation
from frontdesk.booking.mail_words import MailWords
from frontdesk.booking.outbox import content_of
from frontdesk.database import utc_now
from frontdesk.facts.clinic import ClinicProfile

_CONTENT_TYPE = "text/calendar; charset=utf-8"
# Past the horizon, as that may have been further away when a visitor booked.
_AHEAD = timedelta(days=2 * 365)


class CalendarFiles:
    """Serves calendar files as the bookings stand now; whoever has the address may read, nobody else can."""

    def __init__(
        self,
        engine: Engine,
        clinic: Callable[[], ClinicProfile],
        words: MailWords,
        secret: str,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Sets up.

        Args:
            engine: the database; read in threads.
            clinic: gives the clinic's profile as it is now; called in a thread.
            words: the wording of entries.
            secret: the key of the addresses.
            clock: where the time (aware) comes from.
        """
        self._engine = engine
        self._clinic = clinic
        self._words = words
        self._secret = secret
        self._clock = clock

    async def serve_feed(self, request: Request, file: str) -> HTTPResponse:
        """Sends the clinic's calendar of all bookings.

        Raises:
            Refusal: the address is not the feed's.
        """
        if not opens_feed(self._secret, _token(file)):
            raise Refusal("not_found")
        return raw(await asyncio.to_thread(self._feed), content_type=_CONTENT_TYPE)

    async def serve_invitation(self, request: Request, file: str) -> HTTPResponse:
        """Sends the calendar file of one booking, to be saved under the name that the clinic gave it.

        Raises:
            Refusal: the address is not one of a booking's.
        """
        reference = invited(self._secret, _token(file))
        content = await asyncio.to_thread(self._invitation, reference) if reference is not None else None
        if content is None:
            raise Refusal("not_found")
        headers = {"Content-Disposition": f'attachment; filename="{self._words.invitation.file}"'}
        return raw(content, content_type=_CONTENT_TYPE, headers=headers)

    def _feed(self) -> bytes:
        clinic, now = self._clinic(), self._clock()
        bookings = Calendar(self._engine, clinic, self._clock).bookings(now - PAST, now + _AHEAD)
        return feed(bookings, clinic, self._words, now)

    def _invitation(self, reference: str) -> bytes | None:
        clinic = self._clinic()
        booking = Calendar(self._engine, clinic, self._clock).get(reference)
        return invitation(content_of(clinic, booking), clinic, self._words) if booking is not None else None


def _token(file: str) -> str:
    return file.removesuffix(ENDING) if file.endswith(ENDING) else ""

"""The worker that delivers what waits in the outbox; any number of them may run at once."""

from __future__ import annotations

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
import tenacity
from sqlalchemy.engine import Engine
from sqlalchemy.exc import SQLAlchemyError

from frontdesk.booking import outbox, telling
from frontdesk.booking.mail import mail_of, send
from frontdesk.booking.mail_words import MailWords
from frontdesk.booking.outbox import CHANNEL, DROPPED, EMAIL, FAILED, SENT, WEBHOOK, Notice
from frontdesk.booking.problems import Refused, Unreachable
from frontdesk.booking.reminders import REMINDER, queue_reminders
from frontdesk.booking.slots import utc
from frontdesk.booking.tables import booking
from frontdesk.booking.webhook import post
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import FactsError
from frontdesk.settings import Settings

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 2.0
SECONDS_BETWEEN_PURGES = 24 * 60 * 60
POSTPONED = "postponed"
# A CRM that is down for longer needs more than another attempt.
WEBHOOK_PATIENCE = timedelta(days=7)


@dataclass(frozen=True)
class Worker:
    """Delivers notices.

    Attributes:
        engine: The database.
        settings: Where mail and webhooks go.
        clinic: The clinic's profile as it is now.
        words: The wording of e-mails.
        clock: Where the time (aware) comes from.
        purge: Deletes what has been kept for long enough; once a day while `run` runs.
    """

    engine: Engine
    settings: Settings
    clinic: Callable[[], ClinicProfile]
    words: MailWords
    clock: Callable[[], datetime]
    purge: Callable[[], object] | None = None

    @property
    def media(self) -> tuple[str, ...]:
        """What can be delivered here; the rest waits until it is configured."""
        ways = (self.settings.smtp.host, self.settings.webhook.url, self.settings.channels.messengers)
        media = zip((EMAIL, WEBHOOK, CHANNEL), ways, strict=True)
        return tuple(medium for medium, target in media if target)

    def run(self, stop: threading.Event) -> None:
        """Deliver whatever comes due until told to stop; a database or facts that fail are tried again."""
        failing = False
        purged = float("-inf")
        while not stop.is_set():
            try:
                self.run_once(stop)
                if self.purge is not None and time.monotonic() - purged > SECONDS_BETWEEN_PURGES:
                    self.purge()
                    purged = time.monotonic()
                failing = False
            except (SQLAlchemyError, FactsError) as error:
                if not failing:
                    logger.error("notices cannot be delivered at present: %s", type(error).__name__)
                failing = True
            stop.wait(SECONDS_BETWEEN_LOOKS)

    def run_once(self, stop: threading.Event | None = None) -> Counter[str]:
        """Queue the reminders that are due, deliver all notices that are, and count what became of them."""
        done: Counter[str] = Counter()
        clinic = self.clinic()
        queue_reminders(self.engine, clinic, self.clock())
        while stop is None or not stop.is_set():
            notice = outbox.take(self.engine, self.media, self.clock())
            if notice is None:
                break
            done[self._deliver(notice, clinic)] += 1
        return done

    def _deliver(self, notice: Notice, clinic: ClinicProfile) -> str:
        """Deliver one notice and note what became of it; the state it is in now."""
        if self._is_overtaken(notice):
            self._record(outbox.settle, notice, DROPPED)
            return DROPPED
        try:
            if notice.medium == EMAIL:
                send(mail_of(notice, clinic, self.words, self.settings.smtp), self.settings.smtp)
            elif notice.medium == CHANNEL:
                telling.tell(self.engine, notice, clinic, self.words, self.clock())
            else:
                post(notice, self.settings.webhook, self.clock())
        except Refused as problem:
            return self._failed(notice, str(problem))
        except Unreachable as problem:
            if notice.medium == WEBHOOK and utc(self.clock()) - notice.created_at > WEBHOOK_PATIENCE:
                return self._failed(notice, str(problem))
            logger.warning("notice %d is postponed after attempt %d: %s", notice.id, notice.attempt, problem)
            outbox.postpone(self.engine, notice, self.clock(), str(problem))
            return POSTPONED
        self._record(outbox.settle, notice, SENT)
        return SENT

    def _failed(self, notice: Notice, problem: str) -> str:
        logger.error("notice %d cannot be delivered: %s", notice.id, problem)
        self._record(outbox.settle, notice, FAILED, problem)
        return FAILED

    # A delivery that is not recorded is made again, so a database that is busy is not taken at its word.
    @tenacity.retry(
        retry=tenacity.retry_if_exception_type(SQLAlchemyError),
        wait=tenacity.wait_exponential(multiplier=0.2, max=5),
        stop=tenacity.stop_after_delay(30),
        reraise=True,
    )
    def _record(self, note: Callable[..., bool], notice: Notice, state: str, problem: str | None = None) -> None:
        if not note(self.engine, notice, state, self.clock(), problem):
            logger.warning("notice %d took longer than its lease", notice.id)

    def _is_overtaken(self, notice: Notice) -> bool:
        """Whether a notice to a person would come too late, or remind of a time that is no longer the booking's."""
        if notice.medium == WEBHOOK:
            return False
        if utc(notice.start) <= utc(self.clock()):
            return True
        if notice.event != REMINDER:
            return False
        query = sa.select(booking.c.sequence).where(booking.c.id == notice.booking_id)
        with self.engine.connect() as connection:
            return bool(connection.execute(query).scalar() != notice.content["sequence"])

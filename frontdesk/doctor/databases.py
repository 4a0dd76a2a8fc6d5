"""The databases: there, up to date, in time, and with nothing in them that waits for somebody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from frontdesk.booking.outbox import FAILED, WAITING
from frontdesk.booking.tables import booking, booking_outbox
from frontdesk.doctor.findings import Finding, look, well, wrong
from frontdesk.migrations import newest
from frontdesk.privacy.conversations import events, exists
from frontdesk.privacy.periods import Periods
from frontdesk.review import red_flag_turn
from frontdesk.settings import Settings

_SKEW = timedelta(seconds=5)
_TOO_LATE = timedelta(minutes=30)
_UNSEEN = timedelta(hours=24)
# The purge runs once a day.
_GRACE = timedelta(days=2)


def database(settings: Settings, desk: Engine, talk: Engine) -> tuple[bool, list[Finding]]:
    """Can both databases be used, and have they the tables of this version?

    Returns:
        Whether it makes sense to look into them, and what was found.
    """
    try:
        with desk.connect() as connection:
            version = MigrationContext.configure(
                connection, opts={"version_table": "frontdesk_version"}
            ).get_current_revision()
        with talk.connect():
            pass
    except SQLAlchemyError as error:
        kind = type(getattr(error, "orig", None) or error).__name__
        return False, [wrong("database", f"It cannot be used: {kind}.", "Check DATABASE_URL, and that it runs.")]
    if version != newest():
        found = f"Its tables are of version {version or 'none'}, not {newest()}."
        return False, [wrong("database", found, "frontdesk migrate")]
    kind = desk.dialect.name
    findings = [well("database", f"{kind}, version {version}.")]
    if kind == "postgresql" and settings.redis_url is None:
        findings.append(
            look(
                "several machines",
                "PostgreSQL without Redis: two servers would answer one visitor at the same time.",
                "Set REDIS_URL as soon as there is more than one server.",
            )
        )
    return True, findings


def clock(desk: Connection, talk: Connection, now: datetime) -> Iterator[Finding]:
    """Does this machine's clock agree with the database's, and with what has happened already?"""
    if desk.dialect.name == "postgresql":
        theirs = desk.execute(sa.text("SELECT clock_timestamp()")).scalar()
        if abs(theirs - now) > _SKEW:
            found = f"It is {abs(theirs - now).total_seconds():.0f} s away from the database's."
            yield wrong("clock", found, "Let both machines set their clocks by NTP.")
            return
    last = [
        desk.execute(sa.select(sa.func.max(column))).scalar()
        for column in (booking.c.created_at, red_flag_turn.c.happened_at)
    ]
    if exists(talk):
        spoken = talk.execute(sa.select(sa.func.max(events.c.timestamp))).scalar()
        last.append(datetime.fromtimestamp(spoken, now.tzinfo) if spoken else None)
    if any(moment is not None and moment > now + _SKEW for moment in last):
        yield wrong(
            "clock",
            "Something in the database happened in the future: the clock was ahead, or is behind.",
            "Set the clock by NTP; `timedatectl` shows whether it is.",
        )
    else:
        yield well("clock", "It agrees with the database.")


def notices(desk: Connection, now: datetime) -> Iterator[Finding]:
    """Do confirmations and reminders go out?"""
    columns = booking_outbox.c
    late = sa.and_(columns.state == WAITING, columns.created_at < now - _TOO_LATE)
    counts = [
        desk.execute(sa.select(sa.func.count()).select_from(booking_outbox).where(which)).scalar()
        for which in (late, columns.state == FAILED)
    ]
    if counts[0]:
        yield wrong(
            "notices",
            f"{counts[0]} have waited for more than half an hour.",
            "See that `frontdesk notify` runs, and that mail and webhook are set; its log says what they answer.",
        )
    if counts[1]:
        yield look("notices", f"{counts[1]} could not be delivered.", "frontdesk bookings show REFERENCE says why.")
    if not any(counts):
        yield well("notices", "None waits.")


def unseen(desk: Connection, now: datetime) -> Iterator[Finding]:
    """Has somebody looked at the turns in which danger was heard?"""
    waiting = sa.and_(red_flag_turn.c.seen_at.is_(None), red_flag_turn.c.happened_at < now - _UNSEEN)
    number = desk.execute(sa.select(sa.func.count()).select_from(red_flag_turn).where(waiting)).scalar()
    if number:
        yield wrong("danger", f"{number} turns wait for a clinician for more than a day.", "frontdesk review urgent")
    else:
        yield well("danger", "No turn waits for a clinician.")


def retention(desk: Connection, talk: Connection, periods: Periods, now: datetime) -> Iterator[Finding]:
    """Is what has been kept for long enough deleted?"""
    oldest = desk.execute(sa.select(sa.func.min(booking.c.ends_at))).scalar()
    is_kept = oldest is not None and oldest < now - periods.of("bookings") - _GRACE
    if exists(talk):
        last = sa.select(sa.func.max(events.c.timestamp).label("at")).group_by(events.c.sender_id).subquery()
        spoken = talk.execute(sa.select(sa.func.min(last.c.at))).scalar()
        limit = now - periods.of("conversations") - _GRACE
        is_kept = is_kept or (spoken is not None and spoken < limit.timestamp())
    if is_kept:
        yield wrong(
            "retention",
            "Bookings or conversations are older than facts/privacy.yml says.",
            "frontdesk privacy purge, and see that `frontdesk notify` runs: it does so once a day.",
        )
    else:
        yield well("retention", "Nothing is older than facts/privacy.yml says.")

"""Shows, erases, and forgets in time."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from frontdesk.database import create_engine, engine_at, transaction, utc_now
from frontdesk.patience import without_limit
from frontdesk.privacy.conversations import exists, mask_left_drafts
from frontdesk.privacy.people import Person, found
from frontdesk.privacy.periods import Periods, load_periods
from frontdesk.privacy.rules import CONVERSATIONS, DESK, Moment, Rule
from frontdesk.settings import Settings

LEFT_DRAFTS = "drafts masked"

_PATIENCE_SECONDS = 15.0
_JSON = ("_json", "data")


class Unfinished(RuntimeError):
    """What was erased may still lie in a file, as others were using the database; the message is one sentence."""


class Keeper:
    """The two databases: the desk's, whose tables must be there (`frontdesk.migrations.upgrade`), and the talk.

    Its methods raise `sqlalchemy.exc.SQLAlchemyError` when one of them cannot be used.
    """

    def __init__(self, desk: Engine, talk: Engine, clock: Callable[[], datetime] = utc_now) -> None:
        """Take both databases, which may be the same, and where the time (aware) comes from."""
        self._desk, self._talk, self._clock = desk, talk, clock

    @classmethod
    def of(cls, settings: Settings) -> Keeper:
        """The keeper of an installation."""
        return cls(create_engine(settings), engine_at(settings.conversations_url))

    @without_limit()
    def export(self, person: Person) -> dict[str, Any]:
        """All that is stored of a person, as plain JSON values: their rows by table."""
        with self._desk.connect() as desk, self._talk.connect() as talk:
            who = found(person, desk, talk)
            rows = {rule.table.name: _read(connection, rule, who) for connection, rule in _all(desk, talk)}
        return {
            "made_at": self._clock().isoformat(),
            "person": {
                "phones": sorted(who.phones),
                "emails": sorted(who.emails),
                "conversations": sorted(who.conversations),
                "bookings": sorted(who.references),
            },
            "tables": rows,
        }

    @without_limit()
    def erase(self, person: Person) -> dict[str, int]:
        """Delete all that is stored of a person, and what is left of it in the files of SQLite.

        Returns:
            How many rows of each table went.

        Raises:
            Unfinished: The rows are gone, and a file could not be cleaned; the next try may.
        """
        with transaction(self._desk) as desk, self._writing_talk(desk) as talk:
            who = found(person, desk, talk)
            gone = {
                rule.table.name: connection.execute(sa.delete(rule.table).where(rule.mine(who))).rowcount
                for connection, rule in _all(desk, talk)
            }
        self._clean()
        return gone

    @without_limit()
    def purge(self, periods: Periods, session: timedelta) -> dict[str, int]:
        """Delete what has been kept for long enough, and mask what left bookings have taken down.

        Args:
            periods: How long each kind of data is kept.
            session: How long a visitor's session is valid.

        Returns:
            How many rows of each table went.
        """
        moment = Moment(self._clock(), periods, session)
        with transaction(self._desk) as desk:
            gone = _delete_old(desk, DESK, moment)
        with transaction(self._talk) as talk:
            if exists(talk):
                gone |= _delete_old(talk, CONVERSATIONS, moment)
                gone[LEFT_DRAFTS] = mask_left_drafts(talk, moment.now)
        return gone

    @contextmanager
    def _writing_talk(self, desk: Connection) -> Iterator[Connection]:
        if self._talk.url == self._desk.url:
            yield desk
            return
        with transaction(self._talk) as talk:
            yield talk

    def _clean(self) -> None:
        for engine in (self._desk, self._talk):
            if engine.dialect.name == "sqlite":
                _clean_file(engine)
            else:
                with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    for rule in (*DESK, *CONVERSATIONS):
                        if sa.inspect(connection).has_table(rule.table.name):
                            connection.exec_driver_sql(f"VACUUM {rule.table.name}")


def daily_purge(settings: Settings) -> Callable[[], None]:
    """What the notice worker does once a day; the periods are read anew each time."""
    keeper = Keeper.of(settings)
    session = timedelta(hours=settings.session_hours)

    def purge() -> None:
        keeper.purge(load_periods(settings.facts_dir), session)

    return purge


def _all(desk: Connection, talk: Connection) -> Iterator[tuple[Connection, Rule]]:
    yield from ((desk, rule) for rule in DESK)
    if exists(talk):
        yield from ((talk, rule) for rule in CONVERSATIONS)


def _delete_old(connection: Connection, rules: Sequence[Rule], moment: Moment) -> dict[str, int]:
    return {
        rule.table.name: connection.execute(sa.delete(rule.table).where(rule.over(moment))).rowcount
        for rule in rules
        if rule.over is not None
    }


def _read(connection: Connection, rule: Rule, who: Person) -> list[dict[str, Any]]:
    keys: Sequence[Any] = list(rule.table.primary_key)
    rows = connection.execute(sa.select(rule.table).where(rule.mine(who)).order_by(*keys)).mappings()
    return [{name: _plain(name, value) for name, value in row.items()} for row in rows]


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and name.endswith(_JSON):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _clean_file(engine: Engine) -> None:
    """Write the database anew without what was deleted, and empty the write-ahead log."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    raw = engine.raw_connection()
    try:
        connection = raw.driver_connection
        connection.execute("VACUUM")
        while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > give_up:
                raise Unfinished("The rows are erased, but the log of the database is in use: please try again.")
            time.sleep(0.1)
    except sqlite3.Error as error:
        raise Unfinished(
            f"The rows are erased, but their file could not be written anew ({error}): please try again."
        ) from error
    finally:
        raw.close()

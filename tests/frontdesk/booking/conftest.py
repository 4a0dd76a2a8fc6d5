"""A clinic, a clock that tests set, and an appointment book on SQLite and on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from frontdesk.booking.calendar import Calendar, Details, Slot, Window
from frontdesk.database import create_engine, transaction
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import read_yaml
from frontdesk.migrations import upgrade
from frontdesk.settings import REPOSITORY, Settings
from tests.services import PostgreSQL, postgresql  # noqa: F401 - a fixture

LONDON = ZoneInfo("Europe/London")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **duration: float) -> None:
        """Move on by a `timedelta`."""
        self.now += timedelta(**duration)


class Book:
    """An appointment book with short ways to do what tests do most."""

    def __init__(self, engine: sa.engine.Engine, clinic: ClinicProfile, clock: Clock) -> None:
        self.engine, self.clinic, self.clock = engine, clinic, clock
        self.calendar = Calendar(engine, clinic, clock)

    def free(self, days: int = 14, limit: int = 1000) -> list[Slot]:
        return self.calendar.free(Window(self.clock.now, self.clock.now + timedelta(days=days)), limit)

    def book(self, owner: str = "visitor-1", slot: Slot | None = None, **details: Any) -> Any:
        assert self.calendar.hold(slot or self.free(limit=1)[0], owner)
        return self.calendar.confirm(owner, some_details(owner, self.clock.now, **details))

    def rows(self, table: str) -> list[Any]:
        with self.engine.connect() as connection:
            return list(connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1")).mappings())


def some_details(owner: str, now: datetime, **changes: Any) -> Details:
    """Details of a visitor; `changes` are laid over them."""
    given = {
        "name": "Zoë Müller",
        "phone": "+442079460321",
        "email": "zoe@visitor.example",
        "about": "acne scars",
        "channel": "website",
        "conversation": owner,
        "consent_at": now,
    }
    return Details(**{**given, **changes})


@pytest.fixture(scope="session")
def example_clinic() -> ClinicProfile:
    """The profile in the repository."""
    folder = REPOSITORY / "facts"
    return ClinicProfile.parse_obj(read_yaml(folder / "clinic.yml", folder))


@pytest.fixture
def clinic(example_clinic: ClinicProfile) -> ClinicProfile:
    return example_clinic


@pytest.fixture
def clock() -> Clock:
    # A Friday.
    return Clock(datetime(2026, 11, 20, 10, 5, tzinfo=LONDON))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.service)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database with all tables, of either kind."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'book.db'}"
        upgrade(create_engine(_settings(url)))
        return url
    return request.getfixturevalue("new_postgresql")


@pytest.fixture(scope="session")
def migrated_postgresql(postgresql: PostgreSQL) -> str:  # noqa: F811
    url = postgresql.url(postgresql.new_database())
    engine = create_engine(_settings(url))
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture
def new_postgresql(migrated_postgresql: str) -> str:
    # Emptying one database is much quicker than making one for each test.
    engine = create_engine(_settings(migrated_postgresql))
    with transaction(engine) as connection:
        connection.exec_driver_sql("TRUNCATE booking, booking_guess, booking_hold, fact_override CASCADE")
    engine.dispose()
    return migrated_postgresql


@pytest.fixture
def engine(database: str) -> Iterator[sa.engine.Engine]:
    engine = create_engine(_settings(database))
    yield engine
    engine.dispose()


@pytest.fixture
def book(engine: sa.engine.Engine, clinic: ClinicProfile, clock: Clock) -> Book:
    return Book(engine, clinic, clock)


def _settings(url: str) -> Settings:
    return Settings.from_environment({"DATABASE_URL": url})

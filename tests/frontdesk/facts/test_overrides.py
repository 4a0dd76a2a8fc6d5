from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from frontdesk.database import create_engine
from frontdesk.facts.overlay import Target
from frontdesk.facts.overrides import OverrideLog
from frontdesk.migrations import upgrade
from frontdesk.settings import Settings

PRICE = Target("clinic", "prices.session")
WAIT = Target("aftercare.first_day", "wait")
START = datetime(2026, 11, 20, 9, tzinfo=timezone.utc)


@pytest.fixture
def log(settings: Settings) -> Iterator[OverrideLog]:
    engine = create_engine(settings)
    upgrade(engine)
    moments = (START + timedelta(minutes=number) for number in range(100))
    yield OverrideLog(engine, clock=lambda: next(moments))
    engine.dispose()


def test_nothing_is_active_at_first(log: OverrideLog) -> None:
    assert log.active() == {}
    assert log.history() == []
    assert log.stamp() == (0, 0)


def test_the_last_change_of_each_value_is_active(log: OverrideLog) -> None:
    log.add(PRICE, 250, by="reception")
    log.add(WAIT, {"value": 48, "unit": "hour"}, by="Dr A", note="after a discussion")
    log.add(PRICE, 260, by="reception")
    assert {target: change.data for target, change in log.active().items()} == {
        PRICE: 260,
        WAIT: {"value": 48, "unit": "hour"},
    }


def test_a_reset_value_is_not_active_any_more_but_can_be_set_again(log: OverrideLog) -> None:
    log.add(PRICE, 250, by="reception")
    log.add(PRICE, None, by="manager")
    assert log.active() == {}
    log.add(PRICE, 270, by="manager")
    assert log.active()[PRICE].data == 270


def test_history_tells_who_changed_what_when_and_why(log: OverrideLog) -> None:
    log.add(PRICE, 250, by="reception", note="from January")
    log.add(WAIT, {"min": 24, "max": 48, "unit": "hour"}, by="Dr A")
    log.add(PRICE, None, by="manager")
    changes = log.history("clinic")
    assert [(each.target, each.data, each.set_by, each.note) for each in changes] == [
        (PRICE, 250, "reception", "from January"),
        (PRICE, None, "manager", None),
    ]
    assert [each.set_at for each in log.history()] == [START + timedelta(minutes=number) for number in range(3)]
    assert all(each.set_at.tzinfo is timezone.utc for each in log.history())


def test_every_change_changes_the_stamp(log: OverrideLog) -> None:
    stamps = [log.stamp()]
    for data in (250, 250, None, None):
        log.add(PRICE, data, by="reception")
        stamps.append(log.stamp())
    assert len(set(stamps)) == 5


def test_text_of_any_language_comes_back_as_it_was(log: OverrideLog) -> None:
    log.add(Target("clinic", "address.text"), "12 Straße, “Zürich” ✓", by="Zoë", note="naïve; DROP TABLE fact_override")
    change = log.history()[0]
    assert (change.data, change.set_by) == ("12 Straße, “Zürich” ✓", "Zoë")
    assert change.note == "naïve; DROP TABLE fact_override"


def test_a_missing_table_is_a_database_error(settings: Settings) -> None:
    with pytest.raises(sa.exc.SQLAlchemyError):
        OverrideLog(create_engine(settings)).stamp()

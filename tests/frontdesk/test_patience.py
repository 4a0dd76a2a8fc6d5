"""A PostgreSQL that hangs costs a caller some seconds, and the next one less."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from frontdesk import patience
from frontdesk.database import engine_at
from frontdesk.patience import without_limit
from tests.services import PostgreSQL, postgresql

__all__ = ["postgresql"]

pytestmark = pytest.mark.service


@pytest.fixture
def engine(postgresql: PostgreSQL, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.engine.Engine]:
    made = engine_at(postgresql.url(postgresql.new_database()))
    with made.connect() as connection:
        connection.execute(sa.text("SELECT 1"))
    monkeypatch.setattr(patience, "SECONDS", 0.4)
    monkeypatch.setattr(patience, "SECONDS_AFTER_SILENCE", 0.1)
    yield made
    # An answer ends the silence for the other tests.
    ask(made, "SELECT 1")
    made.dispose()


def ask(engine: sa.engine.Engine, statement: str) -> object:
    with engine.connect() as connection:
        return connection.execute(sa.text(statement)).scalar()


def test_a_statement_without_an_answer_ends_and_its_connection_is_not_used_again(engine: sa.engine.Engine) -> None:
    with pytest.raises(OperationalError, match=r"no answer within 0\.4 seconds"):
        ask(engine, "SELECT pg_sleep(20)")
    assert ask(engine, "SELECT 2") == 2


def test_what_keeps_no_visitor_waiting_has_no_limit(engine: sa.engine.Engine) -> None:
    with without_limit():
        assert ask(engine, "SELECT 3 FROM pg_sleep(0.6)") == 3


def test_a_server_that_says_nothing_is_given_up_and_given_less_time_until_it_answers(engine: sa.engine.Engine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        silent = engine_at(f"postgresql://desk@127.0.0.1:{mute.getsockname()[1]}/desk")
        for seconds in ("0.4", "0.1", "0.1"):
            with pytest.raises(OperationalError, match=f"no answer within {seconds} seconds"):
                ask(silent, "SELECT 1")
        assert ask(engine, "SELECT 4") == 4
        with pytest.raises(OperationalError, match=r"no answer within 0\.4 seconds"):
            ask(silent, "SELECT 1")


def test_what_the_server_refuses_is_told_as_it_says_it(engine: sa.engine.Engine) -> None:
    with pytest.raises(sa.exc.DBAPIError, match="division by zero"):
        ask(engine, "SELECT 1/0")

"""What breaks around the desk, what a visitor sees meanwhile, and that it mends without a hand."""

from __future__ import annotations

import json
import resource
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import sqlalchemy as sa

from deploy.ports import free_port
from frontdesk.booking.tables import booking, booking_change, booking_outbox
from frontdesk.database import create_engine, engine_at, transaction
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import read_yaml
from frontdesk.review import RedFlagLog
from frontdesk.settings import REPOSITORY, Settings
from tests.fake_rabbitmq import FakeRabbitMQ
from tests.running_desk import FrontDesk, Server, Visitor, running_desk
from tests.services import PostgreSQL, postgresql
from tests.test_kills import YES, Patient

__all__ = ["postgresql"]

pytestmark = [pytest.mark.service, pytest.mark.timeout(400)]

QUESTION, ANSWERED = "does it hurt?", "answer"
DANGER = "I can't breathe and my face is swelling"
BOOK = "I'd like to book a consultation"
# Longer than a turn may take: the visitor has an answer or the apology by then.
PATIENCE_SECONDS = 28


@pytest.fixture(scope="module")
def broker() -> FakeRabbitMQ:
    """An event broker that nobody has started yet."""
    return FakeRabbitMQ(free_port())


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory, broker: FakeRabbitMQ) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    with running_desk(folder, EVENT_BROKER_URL=f"amqp://desk:secret@127.0.0.1:{broker.port}") as running:
        yield running


@pytest.fixture(scope="module")
def desk_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    """One whose actions have a server of their own."""
    with running_desk(tmp_path_factory.mktemp("desk"), apart=True) as running:
        yield running


@pytest.fixture(scope="module")
def desk_on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgresql: PostgreSQL) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    with running_desk(folder, DATABASE_URL=postgresql.url(postgresql.new_database())) as running:
        yield running


@pytest.fixture
def phone() -> str:
    return ClinicProfile.parse_obj(read_yaml(REPOSITORY / "facts" / "clinic.yml", REPOSITORY / "facts")).phone


def settings(desk: FrontDesk) -> Settings:
    return Settings.from_environment(desk.env)


def is_apology(messages: list[dict[str, Any]], phone: str) -> bool:
    (message,) = messages
    return "something went wrong" in message["text"] and phone in message["text"] and "999" in message["text"]


def dangers(desk: FrontDesk) -> int:
    """How many turns of danger the clinic has on record."""
    engine = create_engine(settings(desk))
    found = len(RedFlagLog(engine).all())
    engine.dispose()
    return found


def stored(desk: FrontDesk, text: str) -> int:
    engine = engine_at(settings(desk).conversations_url)
    with engine.connect() as connection:
        found = connection.execute(
            sa.text("SELECT count(*) FROM events WHERE type_name = 'user' AND data LIKE :text"), {"text": f"%{text}%"}
        ).scalar()
    engine.dispose()
    return int(found or 0)


@contextmanager
def without_actions(desk: FrontDesk) -> Iterator[None]:
    """Within the block no action server is there."""
    desk.actions.kill()
    try:
        yield
    finally:
        desk.actions.restart()


def test_without_an_action_server_visitors_get_the_phone_and_then_answers_again(
    desk_apart: FrontDesk, phone: str
) -> None:
    visitor = Visitor(desk_apart.url)
    with without_actions(desk_apart):
        assert is_apology(visitor.say(QUESTION), phone)
    assert visitor.say(QUESTION)[0]["outcome"] == ANSWERED


def test_without_an_action_server_danger_gets_its_words_and_goes_on_being_danger(desk_apart: FrontDesk) -> None:
    visitor, other = Visitor(desk_apart.url), Visitor(desk_apart.url)
    before = other.say(DANGER)
    records = dangers(desk_apart)
    with without_actions(desk_apart):
        said = visitor.say(DANGER)
        # The very words that the action server says.
        assert said == before
        assert "999" in said[0]["text"]
        # What comes after keeps the safety message, here and when the action server is back.
        assert visitor.say(QUESTION)[0]["outcome"] == "emergency"
    assert visitor.say(QUESTION)[0]["outcome"] == "emergency"
    assert dangers(desk_apart) == records + 1
    visitor.say("false alarm, it is over now")
    assert visitor.say(QUESTION)[0]["outcome"] == ANSWERED


def test_without_an_action_server_a_deleted_conversation_is_erased_and_over(desk_apart: FrontDesk, phone: str) -> None:
    visitor, other = Visitor(desk_apart.url), Visitor(desk_apart.url)
    visitor.say("a question with marmalade in it: does it hurt?")
    with without_actions(desk_apart):
        visitor.say("my throat is closing from the marmalade")
        other.say("my throat is closing from the jam")
        assert (stored(desk_apart, "marmalade"), stored(desk_apart, "jam")) == (2, 1)
        visitor.delete()
        assert visitor.refused("and then?") == "session_ended"
        assert (stored(desk_apart, "marmalade"), stored(desk_apart, "jam")) == (0, 1)
    assert visitor.refused("and then?") == "session_ended"
    assert stored(desk_apart, "marmalade") == 0
    # A fresh conversation knows nothing of it.
    assert Visitor(desk_apart.url).say(QUESTION)[0]["outcome"] == ANSWERED


@contextmanager
def full_disk(*servers: Server) -> Iterator[None]:
    """Within the block these processes cannot make any file longer, as on a full disk."""
    pids = [server.process.pid for server in servers]
    for pid in pids:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        for pid in pids:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def book_a_bit(booker: Patient, text: str) -> str:
    """Say up to ten things that lead to a booking; what would be said next."""
    for _ in range(10):
        messages = booker.say(text)
        if booker.references:
            break
        text = booker.next_words(messages) if messages else text
    return text


def test_on_a_full_disk_questions_and_dangers_are_answered_and_written_down_later(desk: FrontDesk) -> None:
    visitor = Visitor(desk.url)
    visitor.say("hello")
    with full_disk(desk.assistant):
        assert visitor.say("how much does it cost on a full disk?")[0]["outcome"] == ANSWERED
        assert visitor.say(DANGER)[0]["outcome"] == "emergency"
        booker = Patient(Visitor(desk.url), "full@visitor.example")
        text = book_a_bit(booker, BOOK)
        assert booker.failures > 0
        assert booker.references == []
    book_a_bit(booker, text)
    assert len(set(booker.references)) == 1
    visitor = Visitor(desk.url)
    assert visitor.say(QUESTION)[0]["outcome"] == ANSWERED
    # What waited in memory has been written.
    assert stored(desk, "on a full disk") == 1


def test_a_conversation_whose_memory_cannot_be_read_begins_anew(desk: FrontDesk) -> None:
    visitor = Visitor(desk.url)
    visitor.say("a question for the poisoned conversation, does it hurt?")
    poison(desk, "poisoned", "memory", {"event": "slot", "name": "memory", "value": {"draft": 7, "alert": []}})
    said = [visitor.say(QUESTION)[0]["outcome"] for _ in range(3)]
    # The apology once at most.
    assert said[1:] == [ANSWERED, ANSWERED]


@pytest.mark.parametrize(
    ("flower", "data"),
    [
        ("tulip", "no JSON"),
        ("poppy", "[]"),
        ("daisy", '{"event": "of another version"}'),
        ("aster", '{"event": "user", "parse_data": 7}'),
    ],
)
def test_a_stored_event_that_cannot_be_read_costs_nobody_an_answer(desk: FrontDesk, flower: str, data: str) -> None:
    visitor = Visitor(desk.url)
    visitor.say(f"I like the {flower}. how many sessions do I need for acne scars?")
    poison(desk, flower, "x", data)
    # Read by the server that knows the conversation, and by one that does not.
    assert visitor.say("and on the neck?")[0]["topics"] == ["number_of_sessions"]
    desk.assistant.kill()
    desk.assistant.restart()
    assert visitor.say("and on the legs?")[0]["topics"] == ["number_of_sessions"]
    assert visitor.say(DANGER)[0]["outcome"] == "emergency"


def poison(desk: FrontDesk, conversation: str, name: str, data: Any) -> None:
    """Store an event in the conversation in which something was said."""
    text = data if isinstance(data, str) else json.dumps({**data, "timestamp": time.time()})
    engine = engine_at(settings(desk).conversations_url)
    with transaction(engine) as connection:
        found = sa.text("SELECT sender_id FROM events WHERE type_name = 'user' AND data LIKE :said")
        sender = connection.execute(found, {"said": f"%{conversation}%"}).scalar()
        connection.execute(
            sa.text(
                "INSERT INTO events (sender_id, type_name, timestamp, action_name, data)"
                " VALUES (:sender, 'slot', :now, :name, :data)"
            ),
            {"sender": sender, "now": time.time(), "name": name, "data": text},
        )
    engine.dispose()


def test_events_are_told_from_the_first_one_when_the_broker_comes_late(desk: FrontDesk, broker: FakeRabbitMQ) -> None:
    # It was not there when the desk was started.
    visitor = Visitor(desk.url)
    assert visitor.say("does it hurt before the broker?")[0]["outcome"] == ANSWERED
    broker.start()
    try:
        until(lambda: any("before the broker" in str(event) for event in broker.told))
        broker.kill()
        assert visitor.say("does it hurt without the broker?")[0]["outcome"] == ANSWERED
        broker.start()
        until(lambda: any("without the broker" in str(event) for event in broker.told))
    finally:
        broker.kill()
    mine = [event["sender_id"] for event in broker.told if "before the broker" in str(event)]
    order = [str(event.get("text")) for event in broker.told if event["sender_id"] == mine[0]]
    assert order.index("does it hurt before the broker?") < order.index("does it hurt without the broker?")


def until(is_so: Callable[[], bool]) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@contextmanager
def held(url: str, *statements: str) -> Iterator[None]:
    """Within the block another program holds locks of a database."""
    engine = engine_at(url)
    with engine.connect() as connection:
        connection.execution_options(frontdesk_writes=True)
        with connection.begin():
            for statement in statements:
                connection.execute(sa.text(statement))
            yield
    engine.dispose()


def booked(desk: FrontDesk, email: str) -> list[tuple[int, int, int]]:
    """For each booking with an address: how many entries of its history, and notices of it, there are."""
    engine = create_engine(settings(desk))
    with engine.connect() as connection:
        ids = connection.execute(sa.select(booking.c.id).where(booking.c.email == email)).scalars().all()
        found = [
            tuple(
                int(connection.execute(sa.select(sa.func.count()).where(table.c.booking_id == id_)).scalar() or 0)
                for table in (booking_change, booking_outbox)
            )
            for id_ in ids
        ]
    engine.dispose()
    return [(1, changes, notices) for changes, notices in found]


def book_to_the_last_step(booker: Patient) -> None:
    """Talk until nothing but the yes is missing."""
    text = BOOK
    while text != YES:
        messages = booker.say(text)
        assert messages is not None
        text = booker.next_words(messages)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_slow_database_costs_a_booking_an_apology_and_leaves_nothing_half_written(
    request: pytest.FixtureRequest, kind: str
) -> None:
    running: FrontDesk = request.getfixturevalue("desk" if kind == "sqlite" else "desk_on_postgresql")
    usual = Patient(Visitor(running.url), f"usual-{kind}@visitor.example")
    book_to_the_last_step(usual)
    assert usual.say(YES)
    (whole,) = booked(running, usual.email)
    booker = Patient(Visitor(running.url), f"slow-{kind}@visitor.example")
    book_to_the_last_step(booker)
    lock = ["LOCK TABLE booking_outbox IN EXCLUSIVE MODE"] if kind == "postgresql" else []
    begun = time.monotonic()
    with held(settings(running).database_url, *lock):
        # The apology.
        assert booker.say(YES) is None
        print(f"\n{kind}: {time.monotonic() - begun:.1f} s")
    assert booked(running, booker.email) in ([], [whole])
    for _ in range(3):
        if not booker.references:
            booker.say(YES)
    assert len(set(booker.references)) == 1
    assert booked(running, booker.email) == [whole]


def test_while_another_program_holds_the_sqlite_files_questions_and_dangers_are_answered(desk: FrontDesk) -> None:
    visitor, other = Visitor(desk.url), Visitor(desk.url)
    visitor.say("hello")
    with held(settings(desk).conversations_url), held(settings(desk).database_url):
        assert visitor.say("does it hurt with the files held?")[0]["outcome"] == ANSWERED
        begun = time.monotonic()
        assert other.say(DANGER)[0]["outcome"] == "emergency"
        print(f"\ndanger: {time.monotonic() - begun:.1f} s")
    visitor.say(QUESTION)
    assert stored(desk, "with the files held") == 1


def test_while_postgresql_hangs_questions_and_dangers_are_answered(
    desk_on_postgresql: FrontDesk, postgresql: PostgreSQL, phone: str
) -> None:
    visitors = [Visitor(desk_on_postgresql.url) for _ in range(8)]
    for visitor in visitors:
        visitor.say("hello")
    booker = Patient(Visitor(desk_on_postgresql.url), "hanging@visitor.example")
    book_to_the_last_step(booker)
    with postgresql.hanging():
        assert visitors[0].say("does it hurt while it hangs?")[0]["outcome"] == ANSWERED
        begun = time.monotonic()
        with ThreadPoolExecutor(len(visitors)) as pool:
            said = list(pool.map(lambda visitor: visitor.say(DANGER)[0]["outcome"], visitors))
        print(f"\n{len(visitors)} dangers: {time.monotonic() - begun:.1f} s")
        assert set(said) == {"emergency"}
        assert booker.say(YES) is None
    for _ in range(3):
        if not booker.references:
            booker.say(YES)
    assert len(set(booker.references)) == 1
    assert len(booked(desk_on_postgresql, booker.email)) == 1
    Visitor(desk_on_postgresql.url).say(QUESTION)
    assert stored(desk_on_postgresql, "while it hangs") == 1


@pytest.mark.parametrize("table", ["events", "ended_conversation", "fact_override"])
def test_a_table_that_does_not_answer_costs_time_and_nobody_waits_for_ever(
    desk_on_postgresql: FrontDesk, phone: str, table: str
) -> None:
    visitor = Visitor(desk_on_postgresql.url)
    visitor.say("hello")
    engine = create_engine(settings(desk_on_postgresql))
    with engine.connect() as connection, connection.begin():
        connection.execute(sa.text(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"))
        begun = time.monotonic()
        answered = threading.Event()
        said: list[list[dict[str, Any]]] = []

        def ask() -> None:
            said.append(visitor.say(QUESTION))
            answered.set()

        thread = threading.Thread(target=ask)
        thread.start()
        in_time = answered.wait(PATIENCE_SECONDS)
        print(f"\n{table}: {time.monotonic() - begun:.1f} s")
    thread.join()
    engine.dispose()
    assert in_time
    assert said[0][0]["outcome"] == ANSWERED or is_apology(said[0], phone)
    assert visitor.say(QUESTION)[0]["outcome"] == ANSWERED

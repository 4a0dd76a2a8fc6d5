from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Engine

from engine import launch
from engine.conversation_database import connect
from engine.tracker_store import READ_AT_ONCE, ConversationStore
from engine.tracker_window import TURNS
from frontdesk.settings import Settings
from tests.services import PostgreSQL, postgresql

__all__ = ["postgresql"]

ROOT = Path(__file__).resolve().parents[2]
MEMORY = AnySlot("memory", [{}])


class Broker:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []

    def publish(self, event: dict[str, Any]) -> None:
        self.told.append(event)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = f"sqlite:///{tmp_path}/frontdesk.db"
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        url = server.url(server.new_database())
    made = connect(Settings.from_environment({"FRONTDESK_VAR": str(tmp_path), "DATABASE_URL": url}))
    yield made
    made.dispose()


@pytest.fixture
def server(engine: Engine) -> Callable[[], ConversationStore]:
    """Makes the store of one more server at the same database."""

    def make(**more: Any) -> ConversationStore:
        domain = Domain([], [], [MEMORY], {}, ["action_answer"], {}, {})
        return ConversationStore(domain=domain, engine=engine, **more)

    return make


async def say(store: TrackerStore, number: int, sender_id: str = "visitor") -> DialogueStateTracker:
    """One turn, as Rasa runs it."""
    tracker = await store.get_or_create_tracker(sender_id, append_action_listen=False)
    if not tracker.events:
        for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
            tracker.update(event)
    tracker.update(UserUttered(f"message {number}", {"name": "ask"}, input_channel="website"))
    tracker.update(ActionExecuted("action_answer"))
    tracker.update(BotUttered(f"reply {number}"))
    tracker.update(SlotSet("memory", number))
    tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)
    return tracker


def texts(tracker: DialogueStateTracker | None) -> list[str]:
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


class Statements:
    """Counts what is asked of a database."""

    def __init__(self, engine: Engine) -> None:
        self.seen: list[str] = []
        sa.event.listen(engine, "before_cursor_execute", lambda *args: self.seen.append(args[2]))


async def test_the_whole_conversation_is_stored_and_the_window_is_short(server: Any) -> None:
    store = server()
    for number in range(30):
        await say(store, number)
    whole = await store.retrieve_full_tracker("visitor")
    assert texts(whole) == [f"message {number}" for number in range(30)]
    window = await store.retrieve("visitor")
    assert texts(window) == [f"message {number}" for number in range(30 - TURNS, 30)]
    assert window.get_slot("memory") == 29


async def test_rasas_own_store_reads_what_ours_has_written(server: Any, engine: Engine) -> None:
    for number in range(6):
        await say(server(), number)
    rasas = SQLTrackerStore(Domain.empty(), host=engine.url.render_as_string(hide_password=False))
    assert texts(await rasas.retrieve("visitor")) == [f"message {number}" for number in range(6)]


async def test_a_turn_asks_for_as_much_at_the_hundredth_message_as_at_the_fifth(server: Any, engine: Engine) -> None:
    store = server()
    counts = []
    for number in range(100):
        statements = Statements(engine)
        await say(store, number)
        counts.append(len(statements.seen))
        window = await store.retrieve("visitor")
        assert len(window.events) < 6 * (TURNS + 1)
    assert counts[99] == counts[5]


async def test_two_servers_in_turns_never_miss_a_message(server: Any) -> None:
    one, two = server(), server()
    for number in range(0, 20, 2):
        await say(one, number)
        tracker = await say(two, number + 1)
        assert texts(tracker)[-2:] == [f"message {number}", f"message {number + 1}"]
        assert tracker.get_slot("memory") == number + 1
    whole = await one.retrieve_full_tracker("visitor")
    assert texts(whole) == [f"message {number}" for number in range(20)]


async def test_a_message_that_another_server_wrote_meanwhile_is_read_with_the_next_turn(server: Any) -> None:
    one, two = server(), server()
    await say(one, 0)
    slow = await one.retrieve("visitor")
    await say(two, 1)
    slow.update(UserUttered("message 2", {"name": "ask"}))
    await one.save(slow)
    assert texts(await one.retrieve("visitor")) == ["message 0", "message 1", "message 2"]


async def test_a_server_that_has_just_started_finds_a_long_conversation_as_it_was(server: Any) -> None:
    store = server()
    for number in range(READ_AT_ONCE):
        await say(store, number)
    known, read = await store.retrieve("visitor"), await server().retrieve("visitor")
    assert texts(read) == texts(known)
    assert read.current_state() == known.current_state()


async def test_a_slot_set_long_before_is_found_by_a_new_server(server: Any) -> None:
    store = server()
    tracker = await say(store, 0)
    tracker.update(SlotSet("memory", "long ago"))
    await store.save(tracker)
    tracker = await store.retrieve("visitor")
    for number in range(READ_AT_ONCE):
        tracker.update(UserUttered(f"message {number}", {"name": "ask"}))
        tracker.update(ActionExecuted("action_listen"))
    await store.save(tracker)
    assert (await server().retrieve("visitor")).get_slot("memory") == "long ago"


async def test_a_session_begins_without_what_was_before(server: Any) -> None:
    store = server()
    for number in range(5):
        tracker = await say(store, number)
    for event in (ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")):
        tracker.update(event)
    await store.save(tracker)
    assert (await store.retrieve("visitor")).get_slot("memory") is None
    read = await server().retrieve("visitor")
    assert (texts(read), read.get_slot("memory")) == ([], None)
    assert isinstance(read.events[0], ActionExecuted)


async def test_a_turn_that_breaks_off_leaves_nothing(server: Any) -> None:
    store = server()
    await say(store, 0)
    broken = await store.retrieve("visitor")
    broken.update(UserUttered("never answered", {"name": "ask"}))
    assert texts(await store.retrieve("visitor")) == ["message 0"]


async def test_an_erased_conversation_is_forgotten(server: Any, engine: Engine) -> None:
    store = server()
    await say(store, 0)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM events"))
    assert texts(await store.retrieve("visitor")) == []


async def test_what_follows_an_erased_conversation_does_not_bring_it_back(server: Any, engine: Engine) -> None:
    one, two = server(), server()
    await say(one, 0)
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM events"))
    await say(two, 1, "somebody else")
    await say(two, 2)
    assert texts(await one.retrieve("visitor")) == ["message 2"]


async def test_an_event_that_cannot_be_read_is_left_out(
    server: Any, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    await say(server(), 0)
    with engine.begin() as connection:
        connection.execute(
            sa.text("UPDATE events SET data = :broken WHERE type_name = 'bot'"), {"broken": '{"event": "my secret"}'}
        )
    assert texts(await server().retrieve("visitor")) == ["message 0"]
    assert "cannot be read" in caplog.text
    assert "secret" not in caplog.text


async def test_conversations_go_on_while_the_database_is_away_and_are_complete_afterwards(
    server: Any, engine: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    store = server()
    # As Rasa wraps it.
    safe = FailSafeTrackerStore(store)
    await say(safe, 0)
    away = True

    def fail(*_: Any) -> None:
        if away:
            raise sa.exc.OperationalError("SELECT", {}, ConnectionError("gone"))

    sa.event.listen(engine, "before_cursor_execute", fail)
    for number in range(1, 4):
        assert (await say(safe, number)).get_slot("memory") == number
    await say(safe, 0, "newcomer")
    assert "message" not in caplog.text
    away = False
    await say(safe, 4)
    assert texts(await store.retrieve_full_tracker("visitor")) == [f"message {number}" for number in range(5)]
    assert texts(await store.retrieve("newcomer")) == ["message 0"]
    assert texts(await store.retrieve("visitor")) == texts(await server().retrieve("visitor"))


async def test_the_broker_is_told_of_each_event_once(server: Any, engine: Engine) -> None:
    broker = Broker()
    store = server(event_broker=broker)
    await say(store, 0)
    await say(store, 1)
    with engine.connect() as connection:
        stored = [json.loads(data) for (data,) in connection.execute(sa.text("SELECT data FROM events ORDER BY id"))]
    assert broker.told == [{"sender_id": "visitor", **event} for event in stored]


async def test_a_tracker_from_rasas_http_interface_is_stored_behind_what_is_there(server: Any) -> None:
    store = server()
    await say(store, 0)
    foreign = await store.retrieve_full_tracker("visitor")
    foreign.update(SlotSet("memory", "by hand"))
    await store.save(foreign)
    assert (await store.retrieve("visitor")).get_slot("memory") == "by hand"
    assert texts(await store.retrieve_full_tracker("visitor")) == ["message 0"]


async def test_memory_holds_the_latest_conversations_only(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.tracker_store.RECENT", 2)
    store = server()
    for name in "abc":
        await say(store, 0, name)
    assert list(store._recent) == ["b", "c"]
    assert texts(await store.retrieve("a")) == ["message 0"]


def test_rasa_finds_the_store_that_endpoints_yml_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = {"FRONTDESK_VAR": str(tmp_path), "DATABASE_URL": ""}
    launch.prepare(env)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    endpoints = AvailableEndpoints.read_endpoints(str(ROOT / "endpoints.yml"))
    assert isinstance(TrackerStore.create(endpoints.tracker_store), ConversationStore)
    assert (tmp_path / "tracker.db").exists()


async def test_an_erased_conversation_is_gone_for_every_server(server: Callable[[], ConversationStore]) -> None:
    one, two = server(), server()
    for store in (one, two):
        await say(store, 1)
        await say(store, 1, "somebody else")
    await one.erase("visitor")
    for store in (one, two):
        assert texts(await store.retrieve("visitor")) == []
        assert await store.retrieve_full_tracker("visitor") is None
        assert "message 1" in texts(await store.retrieve("somebody else"))
    await say(two, 2)
    assert texts(await one.retrieve("visitor")) == ["message 2"]

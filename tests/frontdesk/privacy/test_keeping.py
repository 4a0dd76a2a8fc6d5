from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from frontdesk.cli import app
from frontdesk.database import create_engine, engine_at, metadata, transaction
from frontdesk.migrations import upgrade
from frontdesk.privacy.conversations import events
from frontdesk.privacy.keeping import LEFT_DRAFTS, Keeper, Unfinished, _clean_file, daily_purge
from frontdesk.privacy.people import NotAPerson, named
from frontdesk.privacy.periods import Periods, load_periods
from frontdesk.privacy.rules import CONVERSATIONS, DESK, OF_NOBODY
from frontdesk.settings import REPOSITORY, Settings
from tests.services import PostgreSQL, postgresql

__all__ = ["postgresql"]

NOW = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
RULES = {rule.table.name: rule for rule in (*DESK, *CONVERSATIONS)}
OF_ONE_PERSON = dict.fromkeys(RULES, 1) | {"channel_seen": 0}
DEFAULTS = Periods.parse_obj({})
JANE = {
    "name": "Jane Xanadu",
    "phone": "+447700900123",
    "email": "Jane.X@mail.com",
    "conversation": "whatsapp:aaaa1111",
    "reference": "JANE23",
    "words": "my lips are swelling, ring 07700 900-123",
}
TOM = {
    "name": "Tom Quixote",
    "phone": "+447700900456",
    "email": "tom@mail.com",
    "conversation": "website:bbbb2222",
    "reference": "TOMQ45",
    "words": "my throat is closing",
}


def rows(who: dict[str, str], id_: int, at: datetime = NOW) -> dict[str, dict[str, Any]]:
    """A row of a person in every table that may hold one."""
    digits = who["phone"].lstrip("+")
    talk = {"conversation": who["conversation"], "channel": "whatsapp"}
    slot = {"practitioner": "any", "starts_at": at, "ends_at": at + timedelta(minutes=30 + id_)}
    draft = {"step": "confirm", "name": who["name"], "phone": who["phone"]}
    memory = {"event": "slot", "name": "memory", "value": {"misses": 0, "booking": draft}}
    return {
        "booking": {
            **{field: who[field] for field in ("name", "phone", "email", "reference")},
            **{**slot, "starts_at": at + timedelta(minutes=id_)},
            **talk,
            **{"id": id_, "status": "confirmed", "sequence": 0, "about": "scars", "consent_words": "May I?"},
            **dict.fromkeys(("consent_at", "created_at", "changed_at"), at),
        },
        "booking_change": {
            "booking_id": id_,
            "event": "confirmed",
            "practitioner": "any",
            "starts_at": at,
            "changed_by": who["conversation"],
            "changed_at": at,
        },
        "booking_hold": {"owner": who["conversation"], **slot, "expires_at": at, "booking_id": id_},
        "booking_guess": {"target": f"conversation:{who['conversation']}", "guessed_at": at},
        "booking_outbox": {
            **{"booking_id": id_, "key": who["reference"], "medium": "email", "recipient": "clinic", "attempts": 1},
            **{"event": "confirmed", "message_id": f"{id_}@x", "state": "sent", "due_at": at, "created_at": at},
            **{"done_at": at, "content_json": json.dumps({field: who[field] for field in ("name", "phone", "email")})},
        },
        "answer_feedback": {
            **{"conversation": who["conversation"], "answer": "1", "vote": "up", "given_at": at},
            **{"facts_json": "[]", "topics_json": "[]"},
        },
        "red_flag_turn": {
            **{"conversation": who["conversation"], "happened_at": at, "level": "emergency", "category": "E-AN"},
            **{"heard_by": "rule", "message": who["words"], "seen_by": "dr", "seen_at": at},
        },
        "channel_inbox": {
            **{**talk, "kind": "text", "content_json": json.dumps({"text": who["words"]})},
            **{"attempts": 0, "due_at": at, "received_at": at},
        },
        "channel_seen": {"delivery": f"{id_:064}", "forget_at": at + timedelta(days=8)},
        "channel_outgoing": {
            **{**talk, "call_json": json.dumps({"to": digits}), "attempts": 0, "due_at": at, "created_at": at}
        },
        "channel_conversation": {**talk, "address_json": json.dumps({"to": digits}), "heard_at": at},
        "channel_payload": {"key": f"k{id_}", "payload": f"{who['reference']}, {who['phone']}", "offered_at": at},
        "ended_conversation": {
            "digest": next(iter(named(None, None, who["conversation"], "GB").digests)),
            "ended_at": at,
        },
        "events": {
            **{"sender_id": who["conversation"], "type_name": "slot", "action_name": "memory"},
            **{"timestamp": at.timestamp(), "data": json.dumps(memory)},
        },
    }


class Full:
    """A connection to a file for which there is no more room."""

    def execute(self, _: str) -> None:
        raise sqlite3.OperationalError("database or disk is full")


class Place:
    """An installation with its two databases."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.desk, self.talk = create_engine(settings), engine_at(settings.conversations_url)
        upgrade(self.desk)
        events.metadata.create_all(self.talk)
        self.keeper = Keeper(self.desk, self.talk, lambda: NOW)

    def fill(self, who: dict[str, str], id_: int, at: datetime = NOW, only: tuple[str, ...] = ()) -> None:
        made = rows(who, id_, at)
        # What is pointed at comes first.
        for name in ("booking", *(name for name in made if name != "booking")):
            if not only or name in only:
                with transaction(self.talk if name == "events" else self.desk) as connection:
                    connection.execute(sa.insert(RULES[name].table).values(made[name]))

    def counts(self) -> dict[str, int]:
        found = {}
        for name, rule in RULES.items():
            with (self.talk if name == "events" else self.desk).connect() as connection:
                found[name] = connection.execute(sa.select(sa.func.count()).select_from(rule.table)).scalar()
        return found


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    env = {"FRONTDESK_VAR": str(tmp_path / "var")}
    if request.param == "postgresql":
        server: PostgreSQL = request.getfixturevalue("postgresql")
        env["DATABASE_URL"] = server.url(server.new_database())
    made = Place(Settings.from_environment(env))
    yield made
    made.desk.dispose()
    made.talk.dispose()


@pytest.fixture
def lite(tmp_path: Path) -> Place:
    return Place(Settings.from_environment({"FRONTDESK_VAR": str(tmp_path / "var")}))


def test_every_table_of_both_databases_has_a_rule(place: Place) -> None:
    tables = {name for engine in (place.desk, place.talk) for name in sa.inspect(engine).get_table_names()}
    tables |= set(metadata.tables)
    assert tables - {"sqlite_sequence"} == {*RULES, *OF_NOBODY}


def test_the_trial_fills_every_table_that_has_a_rule() -> None:
    assert set(rows(JANE, 1)) == set(RULES)


@pytest.mark.parametrize("by", ["phone", "email", "conversation"])
def test_an_export_holds_all_of_one_person_and_nothing_of_another(place: Place, by: str) -> None:
    place.fill(JANE, 1)
    place.fill(TOM, 2)
    given = {"phone": None, "email": None, "conversation": None, by: JANE[by]}
    data = place.keeper.export(named(**given, country="GB"))
    assert {name: len(found) for name, found in data["tables"].items()} == OF_ONE_PERSON
    assert data["tables"]["booking"][0]["consent_words"] == "May I?"
    text = json.dumps(data)
    assert [value for value in TOM.values() if value in text] == []
    assert [value for value in JANE.values() if value not in text] == []


@pytest.mark.parametrize("by", ["phone", "email", "conversation"])
def test_erasing_leaves_no_row_of_the_person_and_every_row_of_others(place: Place, by: str) -> None:
    place.fill(JANE, 1)
    place.fill(TOM, 2)
    given = {"phone": None, "email": None, "conversation": None, by: JANE[by]}
    place.keeper.erase(named(**given, country="GB"))
    # That a delivery was seen says nothing of anybody, and goes on keeping it from being heard again.
    assert place.counts() == {**dict.fromkeys(RULES, 1), "channel_seen": 2}
    left = json.dumps(place.keeper.export(named(TOM["phone"], None, None, "GB")))
    assert [value for value in TOM.values() if value not in left] == []
    assert not any(place.keeper.export(named(**given, country="GB"))["tables"].values())


def test_after_an_erasure_no_byte_of_the_person_is_in_any_file(lite: Place) -> None:
    for id_ in range(10, 40):
        lite.fill({**TOM, "conversation": f"website:{id_}", "reference": f"T{id_}", "phone": f"+4477009004{id_}"}, id_)
    lite.fill(JANE, 1)
    traces = [*JANE.values(), "7700900123", "7700 900-123", JANE["email"].lower()]
    before = {trace for trace in traces for file in _files(lite) if trace.encode() in file.read_bytes()}
    assert {JANE["name"], JANE["phone"], JANE["words"]} <= before
    # The engines of this process keep their connections open, as those of running servers do.
    Keeper.of(lite.settings).erase(named(JANE["phone"], None, None, "GB"))
    for file in _files(lite):
        content = file.read_bytes().lower()
        assert [trace for trace in traces if trace.lower().encode() in content] == [], file


def test_a_file_that_cannot_be_cleaned_is_told() -> None:
    connection = SimpleNamespace(driver_connection=Full(), close=lambda: None)
    engine: Any = SimpleNamespace(raw_connection=lambda: connection)
    with pytest.raises(Unfinished, match="disk is full"):
        _clean_file(engine)


def test_what_is_deleted_by_the_way_is_overwritten_too(lite: Place) -> None:
    lite.fill(JANE, 1, only=("red_flag_turn",))
    with transaction(lite.desk) as connection:
        connection.execute(sa.delete(RULES["red_flag_turn"].table))
    lite.desk.dispose()
    assert [file for file in _files(lite) if JANE["words"].encode() in file.read_bytes()] == []


def _files(place: Place) -> list[Path]:
    return [file for file in place.settings.var_dir.rglob("*") if file.is_file()]


def test_both_contacts_of_a_booking_lead_to_the_others_of_the_same_person(place: Place) -> None:
    place.fill(JANE, 1, only=("booking",))
    place.fill({**JANE, "phone": "+447700900999", "conversation": "website:other", "reference": "J2"}, 2, NOW)
    data = place.keeper.export(named(JANE["phone"], None, None, "GB"))
    assert data["person"]["phones"] == ["+447700900123", "+447700900999"]
    assert len(data["tables"]["booking"]) == 2


def test_who_booked_for_a_friend_is_not_the_friend(place: Place) -> None:
    place.fill(JANE, 1, only=("booking",))
    place.fill({**TOM, "conversation": JANE["conversation"]}, 2, only=("booking",))
    place.fill({**TOM, "reference": "T3"}, 3, only=("booking",))
    data = place.keeper.export(named(JANE["phone"], None, None, "GB"))
    assert data["person"]["bookings"] == ["JANE23", "TOMQ45"]


def test_a_name_of_staff_in_a_history_is_no_conversation(place: Place) -> None:
    place.fill({**JANE, "conversation": "reception"}, 1, only=("booking_change", "booking"))
    place.fill(TOM, 2)
    with transaction(place.desk) as connection:
        connection.execute(sa.update(RULES["booking"].table).where(sa.text("id = 1")).values(conversation="website:j"))
    data = place.keeper.export(named(JANE["phone"], None, None, "GB"))
    assert data["person"]["conversations"] == ["website:j"]


@pytest.mark.parametrize("given", [("12", None, None), ("no number", None, None), (None, "jane", None), (None,) * 3])
def test_what_is_nobody_is_refused_with_a_sentence(given: tuple[Any, ...]) -> None:
    with pytest.raises(NotAPerson):
        named(*given, country="GB")


def test_what_is_within_its_period_stays(place: Place) -> None:
    place.fill(JANE, 1, NOW - timedelta(minutes=1))
    place.keeper.purge(DEFAULTS, timedelta(hours=12))
    assert place.counts() == dict.fromkeys(RULES, 1)


def test_what_has_been_kept_for_long_enough_goes(place: Place) -> None:
    place.fill(JANE, 1, NOW - timedelta(days=400))
    place.keeper.purge(DEFAULTS, timedelta(hours=12))
    assert place.counts() == dict.fromkeys(RULES, 0)


@pytest.mark.parametrize(
    ("table", "days"),
    [
        ("events", DEFAULTS.conversations),
        ("red_flag_turn", DEFAULTS.red_flag_turns),
        ("answer_feedback", DEFAULTS.ratings),
        ("booking", DEFAULTS.bookings),
        ("channel_inbox", DEFAULTS.messages),
        ("channel_outgoing", DEFAULTS.messages),
        ("channel_conversation", DEFAULTS.messenger_addresses),
        ("channel_payload", DEFAULTS.messenger_addresses),
        ("channel_seen", 8),
    ],
)
def test_a_period_ends_on_its_day(lite: Place, table: str, days: int) -> None:
    for late, left in ((timedelta(hours=1), 1), (timedelta(hours=-1), 0)):
        lite.fill(JANE, 1, NOW - timedelta(days=days) + late, only=(table,))
        lite.keeper.purge(DEFAULTS, timedelta(hours=12))
        assert lite.counts()[table] == left
        with transaction(lite.talk if table == "events" else lite.desk) as connection:
            connection.execute(sa.delete(RULES[table].table))


def test_a_danger_that_nobody_has_seen_stays_for_ever(place: Place) -> None:
    place.fill(JANE, 1, NOW - timedelta(days=4000), only=("red_flag_turn",))
    with transaction(place.desk) as connection:
        connection.execute(sa.update(RULES["red_flag_turn"].table).values(seen_at=None))
    place.keeper.purge(DEFAULTS, timedelta(hours=12))
    assert place.counts()["red_flag_turn"] == 1


def test_the_notices_and_the_address_of_a_visit_to_come_stay(place: Place) -> None:
    place.fill(JANE, 1, NOW - timedelta(days=300), only=("booking", "booking_outbox", "channel_conversation"))
    with transaction(place.desk) as connection:
        moved = {"starts_at": NOW + timedelta(days=1), "ends_at": NOW + timedelta(days=1, hours=1)}
        connection.execute(sa.update(RULES["booking"].table).values(**moved))
    place.keeper.purge(DEFAULTS, timedelta(hours=12))
    counts = place.counts()
    assert [counts[name] for name in ("booking", "booking_outbox", "channel_conversation")] == [1, 1, 1]


def test_a_booking_that_was_left_in_the_middle_loses_its_person_after_half_a_day(place: Place) -> None:
    place.fill(JANE, 1, NOW - timedelta(hours=13), only=("events",))
    place.fill(TOM, 2, NOW - timedelta(hours=11), only=("events",))
    assert place.keeper.purge(DEFAULTS, timedelta(hours=12))[LEFT_DRAFTS] == 1
    with place.talk.connect() as connection:
        stored = " ".join(connection.execute(sa.select(events.c.data)).scalars())
    assert (JANE["name"] in stored, JANE["phone"] in stored, TOM["name"] in stored) == (False, False, True)


def test_the_periods_that_ship_are_the_documented_defaults() -> None:
    assert load_periods(REPOSITORY / "facts") == DEFAULTS


def test_a_clinic_that_gives_no_periods_has_the_defaults(tmp_path: Path) -> None:
    assert load_periods(tmp_path) == DEFAULTS
    (tmp_path / "privacy.yml").write_text("bookings: 30\n")
    assert load_periods(tmp_path) == DEFAULTS.copy(update={"bookings": 30})


def test_an_installation_without_conversations_can_be_purged(tmp_path: Path) -> None:
    settings = Settings.from_environment({"FRONTDESK_VAR": str(tmp_path / "var")})
    upgrade(create_engine(settings))
    daily_purge(settings)()


def test_the_commands_export_and_erase(lite: Place, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FRONTDESK_VAR", str(lite.settings.var_dir))
    monkeypatch.setenv("DATABASE_URL", "")
    lite.fill(JANE, 1)
    run = CliRunner().invoke
    file = tmp_path / "jane.json"
    assert run(app, ["privacy", "export", "--phone", "07700 900123", "--to", str(file)]).exit_code == 0
    assert json.loads(file.read_text())["person"]["bookings"] == ["JANE23"]
    refused = run(app, ["privacy", "erase", "--email", "jane.x@MAIL.com"], input="n\n")
    assert (refused.exit_code, lite.counts()["booking"]) == (1, 1)
    assert run(app, ["privacy", "erase", "--email", "jane.x@MAIL.com", "--yes"]).exit_code == 0
    assert lite.counts() == {**dict.fromkeys(RULES, 0), "channel_seen": 1}
    assert run(app, ["privacy", "purge"]).exit_code == 0
    assert run(app, ["privacy", "export"]).exit_code == 2

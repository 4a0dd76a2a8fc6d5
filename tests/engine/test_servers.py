"""The servers as they are started, with all that the engine changes in them."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from engine.health import FRESH_SECONDS
from frontdesk.database import create_engine
from frontdesk.settings import Settings
from tests.running_desk import FrontDesk, Visitor, running_desk

pytestmark = [pytest.mark.service, pytest.mark.timeout(300)]

STRANGER = {"X-Forwarded-For": "198.51.100.7"}
NAME, PHONE = "Marigold Featherstone", "020 7946 0123"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def desk(folder: Path) -> Iterator[FrontDesk]:
    with running_desk(folder, apart=True, LOG_FORMAT="json") as running:
        yield running


@pytest.fixture(scope="module")
def one_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FrontDesk]:
    """A desk whose assistant runs the actions itself."""
    with running_desk(tmp_path_factory.mktemp("desk"), LOG_FORMAT="json") as running:
        yield running


def get(address: str, **options: Any) -> httpx.Response:
    return httpx.get(address, trust_env=False, timeout=20, **options)


def actions(desk: FrontDesk) -> str:
    return desk.env["ACTION_URL"].removesuffix("/webhook")


def number(exposition: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", exposition, flags=re.MULTILINE)
    return float(found[1]) if found else 0.0


def test_both_servers_say_that_they_are_alive_and_ready(desk: FrontDesk) -> None:
    assert get(f"{desk.url}/health/live", headers=STRANGER).json() == {"status": "ok"}
    ready = {"status": "ok", "model": "ok", "actions": "ok", "database": "ok"}
    assert get(f"{desk.url}/health/ready", headers=STRANGER).json() == ready
    assert get(f"{actions(desk)}/health/ready").json() == {"status": "ok", "database": "ok"}


def test_one_server_watches_both_databases_and_shows_the_desks_figures(one_server: FrontDesk) -> None:
    visitor = Visitor(one_server.url)
    visitor.say("how much does it cost?")
    visitor.say("I can't breathe and my face is swelling")
    ready = {"status": "ok", "model": "ok", "database": "ok"}
    assert get(f"{one_server.url}/health/ready", headers=STRANGER).json() == ready
    found = get(f"{one_server.url}/metrics").text
    assert number(found, "frontdesk_database_reachable") == 1
    assert number(found, 'frontdesk_stage_seconds_count{stage="act"}') >= 2
    assert number(found, 'frontdesk_replies_total{outcome="emergency"}') >= 1


@pytest.mark.parametrize("path", ["/", "/metrics", "/actions", "/webhook", "/conversations/x/tracker", "/nothing"])
def test_one_server_has_no_door_to_its_actions(one_server: FrontDesk, path: str) -> None:
    assert get(one_server.url + path, headers=STRANGER).status_code == 404


def test_of_a_failed_turn_one_server_logs_the_turn_and_no_words(one_server: FrontDesk) -> None:
    engine = create_engine(Settings.from_environment(one_server.env))
    visitor = Visitor(one_server.url)
    visitor.say(f"my name is {NAME}, phone {PHONE}, does it hurt?")
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE booking_hold RENAME TO booking_hold_away"))
    try:
        said = visitor.say(f"this is {NAME}, can I book a consultation? {PHONE}")
    finally:
        with engine.begin() as connection:
            connection.execute(sa.text("ALTER TABLE booking_hold_away RENAME TO booking_hold"))
        engine.dispose()
    assert "sorry" in said[-1]["text"].lower()
    written = "".join(log.read_text() for log in one_server.facts.parent.glob("*.log"))
    (failure,) = [json.loads(line) for line in written.splitlines() if '"actions.desk_action"' in line]
    assert re.fullmatch("[0-9a-f]{8}", failure["turn"])
    assert "Featherstone" not in written
    assert "7946" not in written
    assert visitor.say("does it hurt?")[0]["outcome"] == "answer"


@pytest.mark.parametrize("path", ["/", "/metrics", "/conversations/x/tracker", "/nothing"])
def test_a_stranger_finds_nothing_of_rasas_own(desk: FrontDesk, path: str) -> None:
    answer = get(desk.url + path, headers=STRANGER)
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")
    assert "Rasa" not in answer.text


@pytest.mark.parametrize("path", ["/actions", "/webhook", "/nothing"])
def test_the_action_server_serves_nobody_without_the_key(desk: FrontDesk, path: str) -> None:
    for headers in ({}, {"Authorization": "Bearer guess"}):
        assert get(actions(desk) + path, headers=headers).status_code == 401
    assert httpx.post(actions(desk) + path, json={}, trust_env=False).status_code == 401


def test_an_action_call_that_cannot_be_served_is_not_sent_back(desk: FrontDesk) -> None:
    key = Settings.from_environment(desk.env).action_secret
    call = {"next_action": "action_answer", "tracker": {"secret": NAME}}
    headers = {"Authorization": f"Bearer {key}"}
    answer = httpx.post(f"{actions(desk)}/webhook", json=call, headers=headers, trust_env=False)
    assert answer.status_code == 500
    assert answer.json() == {"error": {"code": "internal", "message": "Something went wrong."}}


def test_answers_carry_the_headers_that_keep_browsers_careful(desk: FrontDesk) -> None:
    for address in (f"{desk.url}/nothing", f"{actions(desk)}/actions", f"{desk.url}/health/live"):
        headers = get(address).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"


def test_a_request_that_is_too_large_is_refused(desk: FrontDesk) -> None:
    headers = {"Authorization": f"Bearer {Settings.from_environment(desk.env).action_secret}"}
    large = b"x" * 1_500_000
    answer = httpx.post(f"{actions(desk)}/webhook", content=large, headers=headers, trust_env=False)
    assert answer.status_code == 413


def test_turns_are_counted_and_timed_stage_by_stage(desk: FrontDesk) -> None:
    before = get(f"{desk.url}/metrics").text
    visitor = Visitor(desk.url)
    visitor.say("how much does it cost?")
    visitor.say("I can't breathe and my face is swelling")
    after = get(f"{desk.url}/metrics").text

    def more(name: str) -> float:
        return number(after, name) - number(before, name)

    assert more('frontdesk_turns_total{channel="website"}') == 2
    assert more('frontdesk_replies_total{outcome="answer"}') >= 1
    assert more('frontdesk_replies_total{outcome="emergency"}') >= 1
    for stage in ("lock", "read", "parse", "predict", "act", "write"):
        assert more(f'frontdesk_stage_seconds_count{{stage="{stage}"}}') >= 2
    assert more('frontdesk_door_responses_total{channel="website",status="200"}') == 2


def test_the_desks_figures_are_read_when_a_monitor_asks(desk: FrontDesk) -> None:
    found = get(f"{actions(desk)}/metrics").text
    assert number(found, "frontdesk_database_reachable") == 1
    assert "frontdesk_notice_overdue_seconds 0.0" in found


def test_nothing_that_a_visitor_writes_reaches_a_log_even_when_the_action_server_is_gone(
    desk: FrontDesk, folder: Path
) -> None:
    visitor = Visitor(desk.url)
    visitor.say(f"my name is {NAME}, phone {PHONE}, does it hurt?")
    desk.actions.kill()
    try:
        said = visitor.say(f"this is {NAME}, can I book a consultation? {PHONE}")
        assert said
        # Whoever has just asked whether it is ready gets the last answer for a second.
        time.sleep(FRESH_SECONDS)
        assert get(f"{desk.url}/health/ready").status_code == 503
    finally:
        desk.actions.restart()
    written = "".join(log.read_text() for log in folder.glob("*.log"))
    assert "website turn failed" in written
    assert "Featherstone" not in written
    assert "7946" not in written
    failures = [json.loads(line) for line in written.splitlines() if line.startswith("{") and '"ERROR"' in line]
    assert failures
    assert all(re.fullmatch("[0-9a-f]{8}", failure["turn"]) for failure in failures)
    # And it recovers without a hand.
    assert visitor.say("does it hurt?")[0]["outcome"] == "answer"

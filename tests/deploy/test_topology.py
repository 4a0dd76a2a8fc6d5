"""Visitors talk while servers of the topology die; what was confirmed stands, and nobody is left without words.

FRONTDESK_TOPOLOGY_MINUTES and FRONTDESK_TOPOLOGY_VISITORS make it longer and busier.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from benchmarks.danger.run import newest_model
from deploy.debian import ProgramMissing
from deploy.servers import NO_LIMIT
from deploy.topology import Topology, topology
from frontdesk.booking.tables import booking, booking_change, booking_outbox
from frontdesk.database import create_engine
from frontdesk.settings import REPOSITORY, Settings
from tests.test_kills import REFERENCE, YES

MINUTES = float(os.environ.get("FRONTDESK_TOPOLOGY_MINUTES", "1.2"))
VISITORS = int(os.environ.get("FRONTDESK_TOPOLOGY_VISITORS", "6"))
KILLED = ("rasa 1", "actions 1", "redis", "database")
# How long a killed one is away before it is started again.
AWAY_SECONDS = 4.0
RECOVERY_SECONDS = 10.0
# Of each visitor, spread over the time, so that some are under way whatever is killed.
BOOKINGS = 6
QUESTIONS = {
    "how much does it cost?": "cost",
    "does it hurt?": "pain",
    "how long does one session take?": "session_duration",
    "when are you open?": "clinic_hours",
}
BOOK = "I'd like to book a consultation"
# Words that no reply holds by itself; names, numbers and addresses would be masked before they are stored.
MARKERS = [
    a + b for a in ("zorb", "quil", "vash", "mund", "tekk") for b in "ani ova ilu emo ura ix ebu osk uft ald".split()
]

pytestmark = [pytest.mark.service, pytest.mark.timeout(300 + 60 * (MINUTES + 2))]


@dataclass
class Guest:
    """Somebody at the website who asks, books, asks again, and tries again whatever happens."""

    url: str
    marker: str
    turns: int = 0
    times: list[float] = field(default_factory=list)
    failures: list[tuple[float, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    booked: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.http = httpx.Client(base_url=f"{self.url}/webhooks/website", timeout=60, trust_env=False)
        self.headers: dict[str, str] = {}

    def run(self, over: threading.Event) -> None:
        """Talk until it is over."""
        begun, head_start = time.monotonic(), random.random()
        while not over.is_set():
            if not self._begin():
                continue
            if len(self.booked) < head_start + BOOKINGS * (time.monotonic() - begun) / (60 * MINUTES):
                self._book()
            self._say(self.marker)
            for question, topic in random.sample(sorted(QUESTIONS.items()), 3):
                messages = self._say(question)
                if messages is not None and topic not in messages[0]["topics"]:
                    self.wrong.append(f"{question!r} was answered with {messages[0]['text']!r}")
        self.http.close()

    def _begin(self) -> bool:
        response = self.http.post("/session")
        if response.status_code != 201:
            self._failed(response)
            return False
        self.headers = {"Authorization": f"Bearer {response.json()['session']}"}
        return True

    def _book(self) -> None:
        email = f"{self.marker}-{len(self.booked)}@visitor.example"
        text, told = BOOK, set[str]()
        give_up = self.turns + 300
        while not told and self.turns < give_up:
            messages = self._say(text)
            if messages is not None:
                told = set(REFERENCE.findall(" ".join(each["text"] for each in messages)))
                text = self._next_words(messages[-1], email)
        self.booked[email] = told

    def _next_words(self, message: dict[str, Any], email: str) -> str:
        days = message.get("custom", {}).get("appointment", {}).get("days")
        if YES in [button["payload"] for button in message["buttons"]]:
            return YES
        if days:
            return str(random.choice(random.choice(days)["times"])["payload"])
        if "email" in message["text"]:
            return email
        return f"{self.marker.title()} Guest" if "name" in message["text"] else BOOK

    def _say(self, text: str) -> list[dict[str, Any]] | None:
        self.turns += 1
        begun = time.monotonic()
        response = self.http.post("/message", json={"message": text}, headers=self.headers)
        self.times.append(time.monotonic() - begun)
        if response.status_code != 200:
            self._failed(response)
            return None
        messages: list[dict[str, Any]] = response.json()["messages"]
        if any("something went wrong" in each["text"] for each in messages):
            self.failures.append((time.monotonic(), "apology"))
            return None
        said = json.dumps(messages).lower()
        self.wrong += [f"heard of {other}" for other in MARKERS if other != self.marker and other in said]
        return messages

    def _failed(self, response: httpx.Response) -> None:
        try:
            error = response.json()["error"]
            assert len(error["message"].split()) >= 4
            self.failures.append((time.monotonic(), error["code"]))
        except (ValueError, KeyError, AssertionError):
            self.wrong.append(f"{response.status_code} without a sentence: {response.text[:80]!r}")
        time.sleep(0.2)


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Topology]:
    try:
        model = newest_model(Settings.from_environment().var_dir / "models")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    shutil.copytree(REPOSITORY / "facts", tmp_path / "facts")
    env = {
        "FRONTDESK_FACTS": str(tmp_path / "facts"),
        "FRONTDESK_MESSAGE_RATE": NO_LIMIT,
        "FRONTDESK_ADDRESS_RATE": NO_LIMIT,
        "FRONTDESK_SESSION_RATE": NO_LIMIT,
    }
    try:
        with topology(model, tmp_path, env) as made:
            yield made
    except ProgramMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def rows(running: Topology, query: Any) -> list[Any]:
    engine = create_engine(running.settings)
    with engine.connect() as connection:
        found = list(connection.execute(query).all())
    engine.dispose()
    return found


def kill_each_once(running: Topology, begun: float, ends: float) -> dict[str, tuple[float, float, float]]:
    """Kill and start again, evenly over the time; when each was killed, started again, and served again."""
    pause = (ends - begun - RECOVERY_SECONDS) / len(KILLED)
    happened = {}
    for position, name in enumerate(KILLED):
        time.sleep(max(0.0, begun + (position + 0.3) * pause - time.monotonic()))
        member = running.members[name]
        killed = time.monotonic()
        member.kill()
        time.sleep(AWAY_SECONDS)
        member.start()
        started = time.monotonic()
        member.wait()
        happened[name] = (killed, started, time.monotonic())
    return happened


def test_nothing_confirmed_is_lost_while_each_kind_of_server_dies_once(running: Topology) -> None:
    strange = httpx.get(f"{running.url}/metrics", trust_env=False)
    assert (strange.status_code, strange.json()["error"]["code"]) == (404, "not_found")

    begun = time.monotonic()
    ends = begun + 60 * MINUTES
    guests = [Guest(running.url, marker) for marker in MARKERS[:VISITORS]]
    problems: list[BaseException] = []
    over = threading.Event()

    def talk(guest: Guest) -> None:
        try:
            guest.run(over)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=talk, args=(guest,)) for guest in guests]
    for thread in threads:
        thread.start()
    try:
        happened = kill_each_once(running, begun, ends)
        time.sleep(max(RECOVERY_SECONDS, ends - time.monotonic()))
    finally:
        over.set()
    for thread in threads:
        thread.join()

    times = sorted(each for guest in guests for each in guest.times)
    failures = sorted(failure for guest in guests for failure in guest.failures)
    median = times[len(times) // 2]
    print(f"\n{len(guests)} visitors, {len(times)} turns, median {median:.2f} s, longest {times[-1]:.1f} s")
    for name, (killed, started, served) in happened.items():
        # The next one is killed later than that.
        during = [at - started for at, _ in failures if killed <= at < started + RECOVERY_SECONDS]
        last = f", the last {during[-1]:.1f} s after the restart" if during else ""
        print(f"{name}: {len(during)} turns failed{last}; it served {served - started:.1f} s after the restart")
    print(Counter(kind for _, kind in failures))

    assert not problems
    assert [each for guest in guests for each in guest.wrong] == []
    for at, kind in failures:
        # While something is away, or in the ten seconds after its restart.
        assert any(killed <= at <= started + RECOVERY_SECONDS for killed, started, _ in happened.values()), kind

    booked = rows(running, sa.select(booking))
    told = {email: references for guest in guests for email, references in guest.booked.items()}
    print(f"{len(booked)} bookings")
    assert all(len(references) == 1 for references in told.values())
    assert {row.email: {row.reference} for row in booked} == told
    assert len(booked) == len(told) > 0
    assert all(row.status == "confirmed" for row in booked)
    assert len({(row.practitioner, row.starts_at) for row in booked}) == len(booked)
    assert Counter(row.booking_id for row in rows(running, sa.select(booking_change))) == {row.id: 1 for row in booked}
    notices = Counter(row.booking_id for row in rows(running, sa.select(booking_outbox)))
    assert notices == {row.id: 3 for row in booked}

    conversations: dict[str, set[str]] = {}
    for sender, data in rows(running, sa.text("SELECT sender_id, data FROM events")):
        conversations.setdefault(sender, set()).update(re.findall("|".join(MARKERS), data.lower()))
    assert all(len(markers) <= 1 for markers in conversations.values())
    for member in running.members.values():
        member.wait()

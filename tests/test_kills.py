"""Bookings while processes of the desk are killed: what was confirmed stands and is told, and nothing is half done.

FRONTDESK_KILLS says how many moments are tried on each database.
"""

from __future__ import annotations

import os
import random
import re
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from deploy.processes import stop
from frontdesk.booking.mail_words import load_mail_words
from frontdesk.booking.outbox import LEASE
from frontdesk.booking.tables import booking, booking_change, booking_hold, booking_outbox
from frontdesk.booking.worker import SECONDS_BETWEEN_LOOKS, Worker
from frontdesk.database import create_engine, utc_now
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import read_yaml
from frontdesk.settings import Settings
from tests.mail import Inbox, mail_server
from tests.running_desk import FrontDesk, Server, Visitor, running_desk
from tests.services import desk_database, postgresql  # noqa: F401 - fixtures

KILLS = int(os.environ.get("FRONTDESK_KILLS", "8"))
SECONDS_A_KILL = 60
TEAM = "team@lindenrow.example"
YES = "Yes, book it"
TURNS = 5
# A turn takes some tenths of a second; its first half is where most is done.
LATEST = 0.4
# As long as a busy mail server may take, so that some kills come between its yes and the worker's record of it.
MAIL_SECONDS = 0.4
MOST_TURNS = 25
REFERENCE = re.compile(r"reference is (\w{6})\b")

pytestmark = [pytest.mark.service, pytest.mark.timeout(180 + SECONDS_A_KILL * KILLS)]


@dataclass
class Patient:
    """A visitor who tries again whatever happens, and goes by what the desk says last."""

    visitor: Visitor
    email: str
    turns: int = 0
    failures: int = 0
    references: list[str] = field(default_factory=list)

    def say(self, text: str) -> list[dict[str, Any]] | None:
        """The reply, or None when there is none or it is the apology."""
        self.turns += 1
        try:
            messages = self.visitor.say(text)
        except (httpx.HTTPError, AssertionError):
            messages = None
        if messages is None or any("something went wrong" in each["text"].lower() for each in messages):
            self.failures += 1
            return None
        self.references += REFERENCE.findall(" ".join(each["text"] for each in messages))
        return messages

    def next_words(self, messages: list[dict[str, Any]]) -> str:
        """What is asked for."""
        text = messages[-1]["text"]
        payloads = [button["payload"] for button in messages[-1]["buttons"]]
        days = messages[-1].get("custom", {}).get("appointment", {}).get("days")
        if YES in payloads:
            return YES
        if days:
            return str(random.choice(random.choice(days)["times"])["payload"])
        if "email" in text:
            return self.email
        return "Zoë Müller" if "name" in text else "I'd like to book a consultation"


@pytest.fixture(scope="module")
def inbox() -> Iterator[Inbox]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def desk(
    tmp_path_factory: pytest.TempPathFactory,
    inbox: Inbox,
    desk_database: dict[str, str],  # noqa: F811
) -> Iterator[FrontDesk]:
    folder = tmp_path_factory.mktemp("desk")
    mail = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(inbox.port), "SMTP_SECURITY": "none", "MAIL_TO": TEAM}
    inbox.mails.clear()
    inbox.seconds = MAIL_SECONDS
    # With PostgreSQL as on several machines, where the actions have servers of their own.
    apart = bool(desk_database)
    with running_desk(folder, notices=True, apart=apart, **mail, **desk_database) as front_desk:
        yield front_desk


def book(desk: FrontDesk, number: int, target: Server, turn: int, delay: float) -> Patient:
    """Book, and kill a process at some moment of it."""
    patient = Patient(Visitor(desk.url), f"visitor-{number}@visitor.example")
    text = "I'd like to book a consultation"
    killer = threading.Timer(delay, target.kill)
    while not patient.references:
        assert patient.turns < MOST_TURNS, text
        if patient.turns == turn:
            killer.start()
        messages = patient.say(text)
        if messages is None:
            # It has been seen to die, or will be at once.
            killer.join()
            restart(desk)
        else:
            text = patient.next_words(messages)
    killer.join()
    restart(desk)
    return patient


def restart(desk: FrontDesk) -> None:
    """What keeps the processes running, in the place of an operating system."""
    for server in desk.servers:
        server.restart()


def deliver_the_rest(desk: FrontDesk) -> None:
    """Deliver what waits; what a killed worker had taken comes due after its lease, for which nobody waits here."""
    assert desk.notices is not None
    time.sleep(2 * SECONDS_BETWEEN_LOOKS)
    stop([desk.notices.process])
    settings = Settings.from_environment(desk.env)
    clinic = ClinicProfile.parse_obj(read_yaml(desk.facts / "clinic.yml", desk.facts))
    engine = create_engine(settings)
    words = load_mail_words(desk.facts)
    Worker(engine, settings, lambda: clinic, words, lambda: utc_now() + LEASE + timedelta(seconds=1)).run_once()
    engine.dispose()


def rows(desk: FrontDesk, table: sa.Table) -> list[Any]:
    engine = create_engine(Settings.from_environment(desk.env))
    with engine.connect() as connection:
        found = list(connection.execute(sa.select(table)).all())
    engine.dispose()
    return found


def test_killed_at_any_moment_no_booking_is_lost_doubled_or_half_done(desk: FrontDesk, inbox: Inbox) -> None:
    seed = int(datetime.now(timezone.utc).timestamp())
    random.seed(seed)
    targets = desk.servers
    patients, killed = [], Counter[str]()
    for number in range(KILLS):
        target = targets[number % len(targets)]
        name = target.name
        # The worker has something to do once a booking stands; the servers at any moment of the talk about it.
        turn, delay = random.randrange(TURNS), LATEST * random.random() ** 2
        if name == "notices":
            turn, delay = TURNS - 1, random.uniform(0, 1.5 * SECONDS_BETWEEN_LOOKS)
        patients.append(book(desk, number, target, turn, delay))
        killed[f"{name}, turn {turn}, {'felt' if patients[-1].failures else 'not felt'}"] += 1
    deliver_the_rest(desk)

    booked = rows(desk, booking)
    told = {reference for patient in patients for reference in patient.references}
    assert {row.reference for row in booked} == told
    # One visit for each visitor, with its history and all of its notices, and nobody else's time in it.
    assert Counter(row.email for row in booked) == Counter(patient.email for patient in patients)
    assert all((row.name, row.status, row.channel) == ("Zoë Müller", "confirmed", "website") for row in booked)
    assert Counter(row.booking_id for row in rows(desk, booking_change)) == {row.id: 1 for row in booked}
    assert Counter(row.booking_id for row in rows(desk, booking_outbox)) == {row.id: 3 for row in booked}
    assert len({(row.practitioner, row.starts_at) for row in booked}) == len(booked)
    assert {row.booking_id for row in rows(desk, booking_hold)} <= {row.id for row in booked}

    states = Counter((row.medium, row.state) for row in rows(desk, booking_outbox))
    assert states == {("email", "sent"): 2 * len(booked), ("webhook", "waiting"): len(booked)}
    ids = Counter(str(mail["Message-ID"]) for mail in inbox.mails)
    again = sum(number - 1 for number in ids.values())
    print(f"\nseed {seed}: {KILLS} kills, {len(booked)} bookings, {again} e-mails repeated")
    print(*(f"{number} x {name}" for name, number in sorted(killed.items())), sep="\n")
    assert len(ids) == 2 * len(booked)
    # A repeat is the very same e-mail, and only what the worker was delivering when it was killed may come twice.
    assert len({mail.as_bytes() for mail in inbox.mails}) == len(ids)
    assert again <= sum(number for name, number in killed.items() if name.startswith("notices"))
    for patient in patients:
        assert len({str(mail["Message-ID"]) for mail in inbox.to(patient.email)}) == 1
        assert patient.references[0] in inbox.to(patient.email)[0].get_body().get_content()  # type: ignore[union-attr]

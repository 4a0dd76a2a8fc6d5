from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
import sqlalchemy as sa

from deploy.ports import free_port
from frontdesk.booking import outbox
from frontdesk.booking.mail_words import load_mail_words
from frontdesk.booking.outbox import LEASE
from frontdesk.booking.reminders import queue_reminders
from frontdesk.booking.slots import utc
from frontdesk.booking.worker import Worker
from frontdesk.settings import REPOSITORY, Settings
from tests.frontdesk.booking.calendar_files import read
from tests.frontdesk.booking.conftest import LONDON, Book
from tests.mail import Inbox, mail_server

SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


class Crm:
    """What a CRM has received, and what it answers."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    with mail_server() as inbox:
        yield inbox, inbox.port


@pytest.fixture
def crm() -> Iterator[tuple[Crm, str]]:
    received = Crm()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.requests.append((dict(self.headers), body))
            self.send_response(received.answers.pop(0) if received.answers else 204)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield received, f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    thread.join()
    server.server_close()


def _worker(book: Book, **env: str) -> Worker:
    settings = Settings.from_environment({"SMTP_SECURITY": "none", **env})
    return Worker(book.engine, settings, lambda: book.clinic, load_mail_words(REPOSITORY / "facts"), book.clock)


def _mailer(book: Book, port: int, **env: str) -> Worker:
    return _worker(book, SMTP_HOST="127.0.0.1", SMTP_PORT=str(port), **env)


def _caller(book: Book, url: str) -> Worker:
    return _worker(book, WEBHOOK_URL=url, WEBHOOK_SECRET=SECRET)


def test_visitor_and_clinic_are_written_to(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    booking = book.book()
    done = _mailer(book, port, MAIL_FROM="desk@lindenrow.example", MAIL_TO="team@lindenrow.example").run_once()
    assert done == {"sent": 2}
    assert sorted(mails.recipients) == ["team@lindenrow.example", "zoe@visitor.example"]
    mail = mails.to("zoe@visitor.example")[0]
    assert mail["Subject"] == "Your consultation: Friday 20 November 2026, 2:30 pm"
    assert mail["From"] == "Linden Row Skin Clinic <desk@lindenrow.example>"
    assert mail["Message-ID"].endswith("@lindenrow.example>")
    body = mail.get_body().get_content()  # type: ignore[union-attr]
    for part in ("Hello Zoë Müller", booking.reference, "2:30 pm to 2:50 pm", "acne scars", "48 hours before"):
        assert part in body
    assert "{" not in body
    attachment = next(iter(mail.iter_attachments()))
    assert attachment.get_content_type() == "text/calendar"
    assert attachment.get_filename() == "consultation.ics"
    content = attachment.get_payload(decode=True)
    assert isinstance(content, bytes)
    assert utc(read(content)["events"][0]["DTSTART"]) == utc(booking.slot.start)
    told = mails.to("team@lindenrow.example")[0].get_content()
    assert "+442079460321, zoe@visitor.example" in told


def test_every_event_has_its_mails(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    booking = book.book()
    book.calendar.move(booking, book.free()[-1])
    book.calendar.cancel(booking, "visitor")
    assert _mailer(book, port).run_once() == {"sent": 6}
    subjects = [mail["Subject"].split(" ")[0] for mail in mails.mails]
    assert subjects == ["Your", "New", "Your", "Moved:", "Your", "Cancelled:"]
    assert "no longer on Friday 20 November 2026, 2:30 pm" in mails.mails[2].get_body().get_content()  # type: ignore


def test_a_visitor_without_e_mail_is_not_written_to(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    book.book(email=None)
    assert _mailer(book, port).run_once() == {"sent": 1}
    assert [mail["To"] for mail in mails.mails] == ["hello@lindenrow.example"]


def test_what_a_visitor_writes_cannot_add_a_header(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    book.book(name="Eve\r\nBcc: all@visitor.example", about="x\r\n.\r\nMAIL FROM:<a@b>\u2028y")
    assert _mailer(book, port).run_once() == {"sent": 2}
    assert len(mails.recipients) == 2
    assert all(mail["Bcc"] is None for mail in mails.mails)


def test_notices_wait_until_a_way_out_is_configured(book: Book, inbox: tuple[Inbox, int]) -> None:
    book.book()
    assert _worker(book).run_once() == {}
    assert [row["state"] for row in book.rows("booking_outbox")] == ["waiting"] * 3
    assert _mailer(book, inbox[1]).run_once() == {"sent": 2}


def test_a_mail_server_that_is_away_is_tried_again_with_growing_pauses(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    book.book(email=None)
    away = _mailer(book, free_port())
    pauses = []
    for _ in range(5):
        before = book.clock.now
        assert away.run_once() == {"postponed": 1}
        assert away.run_once() == {}
        book.clock.now = next(row.due for row in _dues(book)) + timedelta(seconds=1)
        pauses.append((book.clock.now - before).total_seconds())
    assert pauses == sorted(pauses)
    assert 22 <= pauses[0] <= 31
    assert 360 <= pauses[-1] <= 481
    assert _mailer(book, port).run_once() == {"sent": 1}
    assert len(mails.mails) == 1


def _dues(book: Book) -> list[Any]:
    table = outbox.booking_outbox
    query = sa.select(table.c.due_at.label("due")).where(table.c.medium == "email")
    with book.engine.connect() as connection:
        return list(connection.execute(query).all())


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("451 try later", "postponed"),
        ("rcpt 450 busy", "postponed"),
        ("554 no", "failed"),
        ("rcpt 550 unknown", "failed"),
    ],
)
def test_a_refusal_is_for_good_only_when_the_server_says_so(
    book: Book, inbox: tuple[Inbox, int], answer: str, state: str
) -> None:
    mails, port = inbox
    mails.answers = [answer]
    book.book(email=None)
    assert _mailer(book, port).run_once() == {state: 1}
    assert mails.mails == []
    problem = outbox.states(book.engine, book.rows("booking")[0]["reference"])[0].problem
    assert problem
    assert "@" not in problem


def test_a_worker_that_dies_after_the_yes_repeats_with_the_same_id(
    book: Book, inbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    mails, port = inbox
    book.book()
    worker = _mailer(book, port)
    with monkeypatch.context() as patch:

        def die(*_: Any) -> None:
            raise KeyboardInterrupt

        patch.setattr(Worker, "_record", die)
        with pytest.raises(KeyboardInterrupt):
            worker.run_once()
    # The clinic's is sent in the meantime.
    assert worker.run_once() == {"sent": 1}
    book.clock.now += LEASE
    assert worker.run_once() == {"sent": 1}
    first, second = mails.to("zoe@visitor.example")
    assert first["Message-ID"] == second["Message-ID"]
    assert first.as_bytes() == second.as_bytes()
    assert len(mails.mails) == 3


def test_several_workers_deliver_each_notice_once(book: Book, inbox: tuple[Inbox, int], crm: tuple[Crm, str]) -> None:
    mails, port = inbox
    received, url = crm
    for number in range(12):
        book.book(f"visitor-{number}")
    both = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(port), "WEBHOOK_URL": url, "WEBHOOK_SECRET": SECRET}
    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: _worker(book, **both).run_once(), range(4)))
    assert sum(each["sent"] for each in done) == 36
    assert len(mails.mails) == len({mail["Message-ID"] for mail in mails.mails}) == 24
    assert len({headers["Webhook-Id"] for headers, _ in received.requests}) == len(received.requests) == 12


def test_a_result_that_comes_after_the_lease_is_not_taken(book: Book) -> None:
    book.book(email=None)
    first = outbox.take(book.engine, ("email",), book.clock())
    assert first is not None
    book.clock.now += LEASE
    second = outbox.take(book.engine, ("email",), book.clock())
    assert second is not None
    assert (second.id, second.attempt, second.message_id) == (first.id, 2, first.message_id)
    assert not outbox.settle(book.engine, first, "failed", book.clock())
    assert outbox.settle(book.engine, second, "sent", book.clock())


def test_the_webhook_is_signed(book: Book, crm: tuple[Crm, str]) -> None:
    received, url = crm
    booking = book.book()
    assert _caller(book, url).run_once() == {"sent": 1}
    headers, body = received.requests[0]
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()
    assert headers["Webhook-Signature"] == f"v1,{right}"
    assert int(headers["Webhook-Timestamp"]) == int(book.clock.now.timestamp())
    sent = json.loads(body)
    assert sent["type"] == "booking.confirmed"
    assert sent["data"]["reference"] == booking.reference
    assert sent["data"]["start"] == "2026-11-20T14:30:00+00:00"
    assert "conversation" not in sent["data"]


def test_a_webhook_is_repeated_with_the_same_id_until_it_is_taken(book: Book, crm: tuple[Crm, str]) -> None:
    received, url = crm
    received.answers = [500, 302, 401]
    book.book()
    worker = _caller(book, url)
    for _ in range(3):
        assert worker.run_once() == {"postponed": 1}
        book.clock.forward(hours=1)
    assert worker.run_once() == {"sent": 1}
    assert len({headers["Webhook-Id"] for headers, _ in received.requests}) == 1
    assert len({headers["Webhook-Signature"] for headers, _ in received.requests}) == 4
    assert len({body for _, body in received.requests}) == 1


def test_a_webhook_is_given_up_after_a_week(book: Book) -> None:
    book.book()
    worker = _caller(book, f"http://127.0.0.1:{free_port()}/")
    assert worker.run_once() == {"postponed": 1}
    book.clock.forward(days=8)
    assert worker.run_once() == {"failed": 1}


def test_no_mail_is_sent_about_what_is_past(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    book.book()
    book.clock.forward(days=1)
    assert _mailer(book, port).run_once() == {"dropped": 2}
    assert mails.mails == []


def _reminders(mails: Inbox) -> list[EmailMessage]:
    return [mail for mail in mails.mails if mail["Subject"].startswith("Reminder")]


def test_the_reminder_comes_the_day_before_and_once(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    worker = _mailer(book, port)
    slot = next(slot for slot in book.free() if slot.start == datetime(2026, 11, 26, 15, tzinfo=LONDON))
    book.book(slot=slot)
    for now in (datetime(2026, 11, 24, 15, tzinfo=LONDON), datetime(2026, 11, 25, 8, 59, tzinfo=LONDON)):
        book.clock.now = now
        worker.run_once()
        assert _reminders(mails) == []
    book.clock.now = datetime(2026, 11, 25, 9, tzinfo=LONDON)
    assert worker.run_once() == {"sent": 1}
    book.clock.forward(hours=3)
    assert worker.run_once() == {}
    assert len(_reminders(mails)) == 1
    assert "Thursday 26 November 2026, 3:00 pm" in _reminders(mails)[0]["Subject"]


def test_a_moved_booking_is_reminded_of_again_and_a_cancelled_one_not(book: Book, inbox: tuple[Inbox, int]) -> None:
    mails, port = inbox
    slots = {slot.start.astimezone(LONDON): slot for slot in book.free()}
    thursday, friday, monday = (slots[datetime(2026, 11, day, 15, tzinfo=LONDON)] for day in (26, 27, 30))
    moving, dying = book.book("a", slot=thursday), book.book("b", slot=monday)
    book.clock.now = datetime(2026, 11, 25, 10, tzinfo=LONDON)
    _mailer(book, port).run_once()
    assert len(_reminders(mails)) == 1
    assert book.calendar.move(moving, friday)
    book.clock.now = datetime(2026, 11, 26, 10, tzinfo=LONDON)
    _mailer(book, port).run_once()
    assert len(_reminders(mails)) == 2
    book.clock.now = datetime(2026, 11, 29, 10, tzinfo=LONDON)
    assert queue_reminders(book.engine, book.clinic, book.clock()) == 1
    book.calendar.cancel(dying, "visitor")
    _mailer(book, port).run_once()
    assert len(_reminders(mails)) == 2


def test_who_booked_on_the_day_before_is_not_reminded(book: Book) -> None:
    book.clock.now = datetime(2026, 11, 25, 9, 30, tzinfo=LONDON)
    book.book(slot=next(slot for slot in book.free() if slot.start.date().day == 26))
    assert queue_reminders(book.engine, book.clinic, book.clock()) == 0


def test_the_day_before_is_the_clinic_s_day_when_the_clock_changes(book: Book) -> None:
    book.clock.now = datetime(2026, 10, 12, 9, tzinfo=LONDON)
    monday = next(slot for slot in book.free(20) if slot.start.date().day == 26)
    book.book(slot=monday)
    book.clock.now = datetime(2026, 10, 25, 8, 59, tzinfo=LONDON)
    assert queue_reminders(book.engine, book.clinic, book.clock()) == 0
    book.clock.now = datetime(2026, 10, 25, 9, 0, tzinfo=LONDON)
    assert queue_reminders(book.engine, book.clinic, book.clock()) == 1


def test_the_loop_delivers_what_comes_and_survives_a_lost_database(
    book: Book, inbox: tuple[Inbox, int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    mails, port = inbox
    monkeypatch.setattr("frontdesk.booking.worker.SECONDS_BETWEEN_LOOKS", 0.02)
    lost = [True] * 3

    def clinic() -> Any:
        if lost:
            lost.pop()
            raise sa.exc.OperationalError("SELECT secret", {}, Exception())
        return book.clinic

    stop = threading.Event()
    worker = replace(_mailer(book, port), clinic=clinic)
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    try:
        book.book()
        give_up = datetime.now(LONDON) + timedelta(seconds=10)
        while len(mails.mails) < 2 and datetime.now(LONDON) < give_up:
            stop.wait(0.02)
    finally:
        stop.set()
        thread.join()
    assert len(mails.mails) == 2
    assert [record.message for record in caplog.records if record.name == "frontdesk.booking.worker"] == [
        "notices cannot be delivered at present: OperationalError"
    ]


def test_no_log_names_a_visitor(book: Book, inbox: tuple[Inbox, int], caplog: pytest.LogCaptureFixture) -> None:
    inbox[0].answers = ["rcpt 550 zoe@visitor.example unknown", "451 zoe"]
    book.book()
    _mailer(book, inbox[1]).run_once()
    assert caplog.records
    assert "zoe" not in caplog.text.lower()

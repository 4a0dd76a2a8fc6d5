"""Several servers on one database, and one that was ended: nothing is lost, nothing twice, all in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from channels.messaging.words import Words
from channels.platforms.meta import FREE_WINDOW
from frontdesk.database import engine_at, transaction, utc_now
from frontdesk.messages.inbox import Arrival, Inbox
from frontdesk.messages.queues import LEASE
from frontdesk.messages.tables import channel_conversation, channel_inbox, channel_outgoing
from frontdesk.privacy.keeping import Keeper
from frontdesk.privacy.people import named
from frontdesk.privacy.periods import Periods
from tests.channels.board import Board, utterance
from tests.channels.conftest import board_settings
from tests.channels.fake_platforms import FakePlatforms
from tests.channels.visitors import (
    VISITORS,
    MessengerVisitor,
    SlackVisitor,
    TelegramVisitor,
    TwilioVisitor,
    Visitor,
    WhatsAppVisitor,
)


@pytest.fixture
def serve(fake: FakePlatforms, tmp_path: Path) -> Iterator[Callable[..., Board]]:
    running: list[Board] = []
    fake.shown.clear()
    fake.broken.clear()
    fake.down = False

    def started(**more: str) -> Board:
        running.append(Board(board_settings(tmp_path, fake, **more), fake))
        running[-1].start()
        return running[-1]

    yield started
    for board in running:
        board.stop()


def test_two_servers_share_the_work_and_keep_the_order(serve: Callable[..., Board]) -> None:
    boards = [serve(), serve()]
    for board in boards:
        board.assistant.says = lambda text: [utterance(f"{text} a"), utterance(f"{text} b")]
    visitors = [[TelegramVisitor(board.settings, board.url, number) for board in boards] for number in range(4)]
    for turn in range(10):
        for mine in visitors:
            # Platforms deliver to any of the servers, and what is not acknowledged in time to another again.
            signed = mine[0].sign(mine[0].typed(str(turn)))
            for visitor in (mine[turn % 2], mine[1 - turn % 2]):
                assert visitor.deliver(signed).status_code == 200
    for mine in visitors:
        shown = [each.text for each in boards[0].shown(mine[0].name)]
        assert shown == [f"{turn} {part}" for turn in range(10) for part in "ab"]
    assert len(boards[0].assistant.heard) + len(boards[1].assistant.heard) == 40


def test_replies_outlive_the_server(serve: Callable[..., Board], fake: FakePlatforms) -> None:
    first = serve()
    fake.down = True
    visitor = WhatsAppVisitor(first.settings, first.url)
    visitor.say("one")
    visitor.say("two")
    time.sleep(0.5)
    first.stop()
    fake.down = False
    second = serve()
    # What the first one was just sending when it ended stays its own until the lease is over.
    second.settle(LEASE.total_seconds() + 20)
    assert [shown.text for shown in second.shown(visitor.name)] == ["You said: one", "You said: two"]


def test_numbers_are_understood_after_a_restart(serve: Callable[..., Board]) -> None:
    first = serve()
    first.assistant.says = lambda _: [utterance("Which?", "Cost", "Pain", payload=lambda title: f"Tell me of {title}")]
    TwilioVisitor(first.settings, first.url).say("hello")
    first.settle()
    second = serve()
    TwilioVisitor(second.settings, second.url).say("2")
    second.settle()
    assert (first.assistant.heard + second.assistant.heard)[-1][1] == "Tell me of Pain"


def test_what_a_dead_server_had_begun_is_answered_once(serve: Callable[..., Board]) -> None:
    board = serve()
    inbox = Inbox(board.engine)
    visitor = SlackVisitor(board.settings, board.url)
    visitor.say("before")
    board.settle()
    sender = board.assistant.heard[-1][0]
    now = utc_now()
    # As another process leaves it that dies in the middle of the turn: taken, and its lease over.
    inbox.add("slack", [Arrival(sender, "Ev-dead", "text", {"text": "during"}, None)], now, timedelta(days=8))
    with transaction(board.engine) as connection:
        connection.execute(sa.update(channel_inbox).values(attempts=1, due_at=now))
    assert [shown.text for shown in board.shown(visitor.name)] == ["You said: before", "You said: during"]


def test_nothing_that_was_written_is_kept_once_it_is_answered(serve: Callable[..., Board]) -> None:
    board = serve()
    for kind in VISITORS:
        kind(board.settings, board.url).say("my secret worry")
    board.settle()
    with board.engine.connect() as connection:
        assert connection.execute(sa.select(channel_inbox)).all() == []
        assert connection.execute(sa.select(channel_outgoing)).all() == []


@pytest.mark.parametrize("days", [1, 30, 399])
def test_what_is_caught_and_repeated_later_is_not_heard_again(serve: Callable[..., Board], days: int) -> None:
    board = serve()
    visitor, other = TwilioVisitor(board.settings, board.url, 1), TwilioVisitor(board.settings, board.url, 2)
    # Twilio signs no time, so that nothing but the memory tells a repetition.
    caught = [each.sign(each.typed("my secret worry")) for each in (visitor, other)]
    for each, delivery in zip((visitor, other), caught, strict=True):
        assert each.deliver(delivery).status_code == 200
    board.settle()
    later = Keeper(board.engine, engine_at(board.settings.conversations_url), lambda: utc_now() + timedelta(days=days))
    later.erase(named(other.name, None, None, "GB"))
    later.purge(Periods.parse_obj({}), timedelta(hours=12))
    for each, delivery in zip((visitor, other), caught, strict=True):
        assert each.deliver(delivery).status_code == 200
    board.settle()
    assert len(board.assistant.heard) == 2
    assert later.export(named(other.name, None, None, "GB"))["person"]["conversations"] == []


def test_who_writes_too_often_is_not_answered_at_every_cost(serve: Callable[..., Board]) -> None:
    board = serve(FRONTDESK_MESSAGE_RATE="3 per minute")
    visitor, other = (TwilioVisitor(board.settings, board.url, number) for number in (1, 2))
    for number in range(10):
        assert visitor.say(str(number)).status_code == 200
    other.say("hello")
    assert len(board.shown(visitor.name)) == 3
    assert len(board.shown(other.name)) == 1


def notify(board: Board, heard_ago: timedelta, event: str = "reminder") -> None:
    """Hand a notice to the conversation heard last, as the worker does."""
    board.settle()
    sender = board.assistant.heard[-1][0]
    now = utc_now()
    with transaction(board.engine) as connection:
        mine = channel_conversation.c.conversation == sender
        connection.execute(sa.update(channel_conversation).where(mine).values(heard_at=now - heard_ago))
    words = {"clinic": "Linden", "phone": "+44 20", "moment": "Friday at 9", "reference": "K7M4QX"}
    until = (now + timedelta(days=1)).isoformat()
    values = ["Friday at 9", "K7M4QX"] if event == "reminder" else []
    content = {"event": event, "words": words, "values": values, "until": until}
    channel = sender.partition(":")[0]
    Inbox(board.engine).add(channel, [Arrival(sender, f"{sender} {event}", "notice", content, None)], now, FREE_WINDOW)


@pytest.mark.parametrize("kind", VISITORS, ids=lambda kind: kind.channel)
def test_a_reminder_comes_in_the_conversation(serve: Callable[..., Board], kind: type[Visitor]) -> None:
    board = serve()
    visitor = kind(board.settings, board.url)
    visitor.say("hello")
    notify(board, timedelta(hours=1))
    notify(board, timedelta(hours=1))
    _, reminder = board.shown(visitor.name)
    assert "K7M4QX" in reminder.text
    assert reminder.template is None
    assert board.fake.broken == []


@pytest.mark.parametrize(
    ("kind", "arrives"),
    [(TelegramVisitor, True), (SlackVisitor, True), (TwilioVisitor, True), (MessengerVisitor, False)],
)
def test_a_day_later_only_where_the_platform_allows_it(
    serve: Callable[..., Board], kind: type[Visitor], arrives: bool
) -> None:
    board = serve()
    visitor = kind(board.settings, board.url)
    visitor.say("hello")
    notify(board, timedelta(hours=25))
    assert len(board.shown(visitor.name)) == (2 if arrives else 1)


@pytest.mark.parametrize(("template", "event", "arrives"), [("", "reminder", False), ("visit", "reminder", True)])
def test_whatsapp_needs_a_template_a_day_later(
    serve: Callable[..., Board], template: str, event: str, arrives: bool
) -> None:
    board = serve(WHATSAPP_TEMPLATE=template)
    visitor = WhatsAppVisitor(board.settings, board.url)
    visitor.say("hello")
    notify(board, timedelta(hours=25), "cancelled")
    notify(board, timedelta(hours=25), event)
    shown = board.shown(visitor.name)[1:]
    assert [(each.template, each.text) for each in shown] == ([("visit", "Friday at 9 | K7M4QX")] if arrives else [])
    assert board.fake.broken == []


def test_the_words_of_notices_are_there() -> None:
    given = {"clinic": "a", "phone": "b", "moment": "c", "reference": "d"}
    for event in ("reminder", "moved", "cancelled"):
        assert "c" in Words().say(event, **given)

"""What every platform's door promises: only genuine deliveries, each answered once, in order, to whom it belongs."""

from __future__ import annotations

import itertools
import time

import pytest
from rasa.shared.core.events import BotUttered

from tests.channels.board import Board, utterance
from tests.channels.visitors import VISITORS, MessengerVisitor, SlackVisitor, TelegramVisitor, Visitor, WhatsAppVisitor

_numbers = itertools.count(100)


@pytest.fixture(params=VISITORS, ids=lambda kind: kind.channel)
def visitor(request: pytest.FixtureRequest, board: Board) -> Visitor:
    made: Visitor = request.param(board.settings, board.url, next(_numbers))
    return made


@pytest.fixture(autouse=True)
def calm(board: Board) -> None:
    board.fake.down = False
    board.assistant.says = lambda text: [utterance(f"You said: {text}")]


def texts(board: Board, visitor: Visitor) -> list[str]:
    return [shown.text for shown in board.shown(visitor.name)]


def test_words_are_answered(board: Board, visitor: Visitor) -> None:
    assert visitor.say("does it hurt?").status_code == 200
    assert texts(board, visitor) == ["You said: does it hurt?"]


def test_what_is_not_proved_is_refused_and_never_heard(board: Board, visitor: Visitor) -> None:
    board.settle()
    before = len(board.assistant.heard)
    content = visitor.typed("let me in")
    genuine = visitor.sign(content)
    forgeries = {
        "unsigned": (visitor.unsigned(content), 401),
        "wrong secret": (visitor.sign(content, secret="not-the-secret"), 403),
        "of another body": (type(genuine)(visitor.sign(visitor.typed("let them in")).body, genuine.headers), 403),
    }
    if isinstance(visitor, TelegramVisitor):
        # Telegram signs no body; its secret stands for every delivery.
        del forgeries["of another body"]
    for name, (forged, status) in forgeries.items():
        assert visitor.deliver(forged).status_code == status, name
    for header, value in genuine.headers.items():
        if header != "Content-Type":
            for broken in {value[:-1], value + "0", "é" * 10, "v0=", "sha256=", value.swapcase()} - {value}:
                headers = {**genuine.headers, header: broken.encode("utf-8")}
                assert visitor.deliver(type(genuine)(genuine.body, headers)).status_code in (401, 403), broken
    board.settle()
    assert len(board.assistant.heard) == before


def test_an_old_delivery_is_refused(board: Board) -> None:
    slack = SlackVisitor(board.settings, board.url, next(_numbers))
    old = slack.sign(slack.typed("again"), stamp=time.time() - 301)
    assert slack.deliver(old).status_code == 403
    month = time.time() - 30 * 86_400
    whatsapp = WhatsAppVisitor(board.settings, board.url, next(_numbers))
    message = whatsapp.message({"type": "text", "text": {"body": "again"}}, stamp=month)
    assert whatsapp.deliver(whatsapp.sign(message)).status_code == 403
    messenger = MessengerVisitor(board.settings, board.url, next(_numbers))
    event = messenger.event({"message": {"mid": "m_old", "text": "again"}}, stamp=month)
    assert messenger.deliver(messenger.sign(event)).status_code == 403
    telegram = TelegramVisitor(board.settings, board.url, next(_numbers))
    update = telegram.update({"message": {**telegram.message({"text": "again"}), "date": int(month)}})
    assert telegram.deliver(telegram.sign(update)).status_code == 403
    for each in (slack, whatsapp, messenger, telegram):
        assert texts(board, each) == []


def test_the_same_delivery_three_times_gets_one_answer(board: Board, visitor: Visitor) -> None:
    signed = visitor.sign(visitor.typed("once please"))
    assert [visitor.deliver(signed).status_code for _ in range(3)] == [200, 200, 200]
    assert texts(board, visitor) == ["You said: once please"]


def test_messages_are_answered_in_order_and_to_whom_they_belong(board: Board, visitor: Visitor) -> None:
    other = type(visitor)(board.settings, board.url, next(_numbers))
    for number in range(8):
        visitor.say(f"mine {number}")
        other.say(f"theirs {number}")
    assert texts(board, visitor) == [f"You said: mine {number}" for number in range(8)]
    assert texts(board, other) == [f"You said: theirs {number}" for number in range(8)]


def test_a_slash_is_read_as_words(board: Board, visitor: Visitor) -> None:
    visitor.say('  /restart{"a": 1}')
    visitor.say("／session_start")
    board.settle()
    assert [text for _, text in board.assistant.heard[-2:]] == ['restart{"a": 1}', "session_start"]


def test_no_conversation_is_named_after_a_person(board: Board, visitor: Visitor) -> None:
    visitor.say("who am I?")
    board.settle()
    sender, _ = board.assistant.heard[-1]
    assert sender.startswith(f"{visitor.channel}:")
    assert visitor.name not in sender
    assert len(sender) == len(visitor.channel) + 1 + 32


def test_a_platform_that_is_down_gets_every_reply_once_and_in_order(board: Board, visitor: Visitor) -> None:
    board.assistant.says = lambda text: [utterance(f"{text}, first"), utterance(f"{text}, second")]
    visitor.say("before")
    assert texts(board, visitor) == ["before, first", "before, second"]
    board.fake.down = True
    for number in range(5):
        visitor.say(f"during {number}")
    time.sleep(1)
    assert board.waiting() == 10
    board.fake.down = False
    visitor.say("after")
    told = ["before", *(f"during {number}" for number in range(5)), "after"]
    expected = [f"{text}, {part}" for text in told for part in ("first", "second")]
    assert texts(board, visitor) == expected


@pytest.mark.parametrize("status", [401, 429, 500])
def test_a_call_that_fails_is_made_again(board: Board, visitor: Visitor, status: int) -> None:
    board.settle()
    # Typing indicators may use up a refusal each.
    board.fake.refusals = [status] * 4
    visitor.say("please")
    assert texts(board, visitor) == ["You said: please"]
    board.fake.refusals = []


def test_what_is_too_long_or_blank_gets_a_kind_sentence(board: Board, visitor: Visitor) -> None:
    before = len(board.assistant.heard)
    visitor.say("a" * 3000)
    (told,) = texts(board, visitor)
    assert "too long" in told
    assert "+44" in told
    assert len(board.assistant.heard) == before


def test_a_failed_turn_gets_the_apology_with_the_phone(board: Board, visitor: Visitor) -> None:
    def fail(text: str) -> list[BotUttered]:
        raise ZeroDivisionError(text)

    board.assistant.says = fail
    visitor.say("anything")
    (told,) = board.shown(visitor.name)
    assert "+44" in told.text


def test_nothing_was_sent_that_a_platform_would_refuse(board: Board) -> None:
    board.settle()
    assert board.fake.broken == []

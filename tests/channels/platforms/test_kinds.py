"""What is no words: pictures get a kind sentence, what needs no answer gets none, and of several all are heard."""

from __future__ import annotations

import itertools
import json
from typing import Any

import httpx
import pytest

from tests.channels.board import Board, utterance
from tests.channels.fake_platforms import OUR_NUMBER, PAGE_ID
from tests.channels.visitors import (
    VISITORS,
    MessengerVisitor,
    SlackVisitor,
    TelegramVisitor,
    TwilioVisitor,
    Visitor,
    WhatsAppVisitor,
)

_numbers = itertools.count(500)
LONG = "A payload that is far longer than Telegram lets a button carry, and longer than most platforms like. " * 20


@pytest.fixture
def whatsapp(board: Board) -> WhatsAppVisitor:
    return WhatsAppVisitor(board.settings, board.url, next(_numbers))


@pytest.fixture
def telegram(board: Board) -> TelegramVisitor:
    return TelegramVisitor(board.settings, board.url, next(_numbers))


@pytest.fixture
def messenger(board: Board) -> MessengerVisitor:
    return MessengerVisitor(board.settings, board.url, next(_numbers))


@pytest.fixture
def twilio(board: Board) -> TwilioVisitor:
    return TwilioVisitor(board.settings, board.url, next(_numbers))


@pytest.fixture
def slack(board: Board) -> SlackVisitor:
    return SlackVisitor(board.settings, board.url, next(_numbers))


@pytest.fixture(autouse=True)
def calm(board: Board) -> None:
    board.assistant.says = lambda text: [utterance(f"You said: {text}")]


def told(board: Board, visitor: Visitor, *contents: Any) -> list[str]:
    """What is shown after deliveries, all of which are taken."""
    for content in contents:
        assert visitor.deliver(visitor.sign(content)).status_code == 200
    return [shown.text for shown in board.shown(visitor.name)]


def is_kind(texts: list[str]) -> bool:
    """Whether these are one sentence that asks for words and names the phone."""
    return len(texts) == 1 and "type your question" in texts[0] and "+44" in texts[0] and "999" in texts[0]


@pytest.mark.parametrize("kind", ["image", "audio", "video", "document", "sticker", "location", "contacts"])
def test_whatsapp_media_get_a_kind_sentence(board: Board, whatsapp: WhatsAppVisitor, kind: str) -> None:
    assert is_kind(told(board, whatsapp, whatsapp.message({"type": kind, kind: {"id": "1"}})))


def test_a_caption_is_read(board: Board, whatsapp: WhatsAppVisitor, telegram: TelegramVisitor) -> None:
    image = whatsapp.message({"type": "image", "image": {"id": "1", "caption": "is this normal?"}})
    assert told(board, whatsapp, image) == ["You said: is this normal?"]
    photo = telegram.update({"message": telegram.message({"photo": [{"file_id": "1"}], "caption": "is it normal?"})})
    assert told(board, telegram, photo) == ["You said: is it normal?"]


def test_whatsapp_states_reactions_and_other_numbers_are_silent(board: Board, whatsapp: WhatsAppVisitor) -> None:
    reaction = whatsapp.message({"type": "reaction", "reaction": {"message_id": "1", "emoji": "👍"}})
    other = whatsapp.typed("hello")
    other["entry"][0]["changes"][0]["value"]["metadata"]["phone_number_id"] = "999"
    status = whatsapp.typed("hello")
    value = status["entry"][0]["changes"][0]["value"]
    value["statuses"] = [{"id": "wamid.1", "status": "delivered"}]
    del value["messages"]
    assert told(board, whatsapp, reaction, other, status) == []


@pytest.mark.parametrize("kind", ["photo", "voice", "sticker", "video_note", "location", "contact", "dice"])
def test_telegram_media_get_a_kind_sentence(board: Board, telegram: TelegramVisitor, kind: str) -> None:
    assert is_kind(told(board, telegram, telegram.update({"message": telegram.message({kind: {"file_id": "1"}})})))


def test_telegram_edits_membership_and_groups_are_silent(board: Board, telegram: TelegramVisitor) -> None:
    message = telegram.message({"text": "hello"})
    group = {**message, "chat": {"id": -5, "type": "supergroup"}}
    silent = [{"edited_message": message}, {"my_chat_member": message}, {"channel_post": message}, {"message": group}]
    silent += [{"message": telegram.message({"new_chat_members": [{"id": 1}]})}, {"poll": {}}, {}]
    assert told(board, telegram, *(telegram.update(each) for each in silent)) == []


def test_telegrams_start_is_a_greeting(board: Board, telegram: TelegramVisitor) -> None:
    assert told(board, telegram, telegram.typed("/start website")) == ["You said: Hello"]


def test_all_events_of_one_messenger_delivery_are_heard(board: Board, messenger: MessengerVisitor) -> None:
    events = [{"message": {"mid": f"m_several{number}", "text": str(number)}} for number in range(3)]
    assert told(board, messenger, messenger.event(*events)) == [f"You said: {number}" for number in range(3)]


def test_messenger_attachments_receipts_and_echoes(board: Board, messenger: MessengerVisitor) -> None:
    echo = {"message": {"mid": "m_echo", "is_echo": True, "text": "hello"}}
    reaction = {"reaction": {"mid": "m", "action": "react", "emoji": "👍"}}
    silent = [echo, {"delivery": {"mids": ["m"]}}, {"read": {"watermark": 1}}, reaction]
    other_page = messenger.event({"message": {"mid": "m_other", "text": "hello"}, "recipient": {"id": f"{PAGE_ID}9"}})
    assert told(board, messenger, *(messenger.event(each) for each in silent), other_page) == []
    sticker = {"message": {"mid": "m_sticker", "attachments": [{"type": "image", "payload": {"sticker_id": 1}}]}}
    assert is_kind(told(board, messenger, messenger.event(sticker)))


def test_a_messenger_postback_says_its_payload(board: Board, messenger: MessengerVisitor) -> None:
    postback = {"postback": {"mid": "m_postback", "title": "Get started", "payload": "What can you do?"}}
    assert told(board, messenger, messenger.event(postback)) == ["You said: What can you do?"]


def test_twilio_media_stop_and_states(board: Board, twilio: TwilioVisitor) -> None:
    silent = [
        twilio.message(Body="STOP", OptOutType="STOP"),
        twilio.message(MessageStatus="delivered"),
        twilio.message(),
    ]
    assert told(board, twilio, *silent) == []
    assert is_kind(told(board, twilio, twilio.message(NumMedia="1", MediaUrl0="https://media.example/1")))


def test_whatsapp_by_twilio_is_answered_there(board: Board, twilio: TwilioVisitor) -> None:
    there = twilio.message(From=f"whatsapp:{twilio.name}", To=f"whatsapp:{OUR_NUMBER}", Body="hello")
    assert twilio.deliver(twilio.sign(there)).status_code == 200
    assert [shown.text for shown in board.shown(f"whatsapp:{twilio.name}")] == ["You said: hello"]
    assert told(board, twilio) == []


def test_slack_files_edits_bots_and_handshake(board: Board, slack: SlackVisitor) -> None:
    edit = {"type": "message", "channel_type": "im", "subtype": "message_changed", "text": "hello"}
    bot = {"type": "message", "channel_type": "im", "bot_id": "B1", "text": "hello"}
    chatter = {"type": "message", "channel_type": "channel", "text": "hello"}
    silent = [edit, bot, chatter, {"type": "reaction_added", "reaction": "+1"}]
    assert told(board, slack, *(slack.event(each) for each in silent)) == []
    handshake = slack.deliver(slack.sign({"type": "url_verification", "challenge": "3eZbrw"}))
    assert (handshake.status_code, handshake.text) == (200, "3eZbrw")
    file = {"type": "message", "channel_type": "im", "subtype": "file_share", "files": [{"id": "F1"}], "text": ""}
    assert is_kind(told(board, slack, slack.event(file)))


def test_a_mention_in_a_slack_channel_is_answered_in_a_thread(board: Board, slack: SlackVisitor) -> None:
    event = {"type": "app_mention", "text": "<@U0|desk> does it &lt;really&gt; hurt?", "ts": "12.5"}
    assert told(board, slack, slack.event(event)) == ["You said: does it &lt;really&gt; hurt?"]
    assert board.fake.shown[-1].to == f"{slack.name}/12.5"


@pytest.mark.parametrize("kind", VISITORS, ids=lambda kind: kind.channel)
def test_a_choice_says_its_payload_however_long_and_shows_it_never(board: Board, kind: type[Visitor]) -> None:
    visitor = kind(board.settings, board.url, next(_numbers))
    board.assistant.says = lambda _: [utterance("Which?", "Cost", "Something else", payload=lambda title: title + LONG)]
    visitor.say("hello")
    (shown,) = board.shown(visitor.name)
    assert "payload" not in shown.text
    board.assistant.says = lambda text: [utterance("Thank you.")]
    if kind is TwilioVisitor:
        visitor.say("2")
    else:
        assert [title for title, _ in shown.buttons] == ["Cost", "Something else"]
        visitor.press(*shown.buttons[1])
    board.settle()
    # What a visitor could not have typed is not answered as words either.
    assert board.fake.shown[-1].text != "Which?"
    assert board.fake.broken == []


@pytest.mark.parametrize("kind", VISITORS, ids=lambda kind: kind.channel)
def test_a_choice_of_usual_length_is_heard(board: Board, kind: type[Visitor]) -> None:
    visitor = kind(board.settings, board.url, next(_numbers))
    wanted = "How much is a session of microneedling for acne scars on both of my cheeks, please?"
    board.assistant.says = lambda _: [utterance("Which?", "Cost", payload=lambda _: wanted)]
    visitor.say("hello")
    (shown,) = board.shown(visitor.name)
    visitor.say("1") if kind is TwilioVisitor else visitor.press(*shown.buttons[0])
    board.settle()
    assert board.assistant.heard[-1][1] == wanted


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"])
def test_meta_checks_the_address(board: Board, channel: str) -> None:
    address = f"{board.url}/webhooks/{channel}/webhook"

    def ask(**query: str) -> httpx.Response:
        return httpx.get(address, params={f"hub.{name}": value for name, value in query.items()}, trust_env=False)

    right = ask(mode="subscribe", verify_token=f"{channel}-verify", challenge="1158201444")
    assert (right.status_code, right.text) == (200, "1158201444")
    assert ask(mode="subscribe", verify_token="guess", challenge="1").status_code == 403
    assert ask(mode="other", verify_token=f"{channel}-verify", challenge="1").status_code == 403
    assert ask(challenge="1").status_code == 401


def test_telegram_is_told_where_to_deliver(board: Board) -> None:
    board.settle()
    (call,) = [body for name, body in board.fake.courtesies if name == "telegram setWebhook"]
    assert call["url"] == "https://desk.example/webhooks/telegram/webhook"
    assert call["allowed_updates"] == ["message", "callback_query"]


def test_a_body_of_any_size_is_refused_or_read(board: Board, whatsapp: WhatsAppVisitor) -> None:
    huge = json.dumps(whatsapp.typed("a" * 2_000_000)).encode()
    assert whatsapp.deliver(whatsapp.sign(huge)).status_code == 413
    assert told(board, whatsapp) == []

"""A thousand odd but genuine deliveries on each platform: no error, no hang, and nobody hears of anybody else."""

from __future__ import annotations

import copy
import itertools
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from tests.channels.board import Board
from tests.channels.visitors import (
    VISITORS,
    MessengerVisitor,
    SlackVisitor,
    TelegramVisitor,
    TwilioVisitor,
    Visitor,
    WhatsAppVisitor,
)

DELIVERIES = 1000
BYSTANDER, ODD = 1, 2
_fresh = itertools.count(10**6)

_TEXTS = st.text(max_size=40) | st.sampled_from(["", "/restart", "\x00", "k:" + "0" * 32, "9" * 400, "\ud800", "2"])
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=5,
)


def samples(visitor: Visitor) -> list[Any]:
    """What the platform may deliver: words, buttons, media, and what is no message at all."""
    if isinstance(visitor, WhatsAppVisitor):
        kinds = [
            "image",
            "audio",
            "video",
            "document",
            "sticker",
            "location",
            "contacts",
            "reaction",
            "order",
            "system",
        ]
        media = [visitor.message({"type": kind, kind: {"id": "1", "caption": "look"}}) for kind in kinds]
        lists = {"type": "interactive", "interactive": {"type": "list_reply", "list_reply": {"id": "a", "title": "b"}}}
        status = visitor.typed("")
        value = status["entry"][0]["changes"][0]["value"]
        value["statuses"] = [{"id": "wamid.1", "status": "read", "recipient_id": visitor.name, "timestamp": "1"}]
        del value["messages"]
        return [visitor.typed("hi"), visitor.pressed("Cost", "How much?"), visitor.message(lists), status, *media]
    if isinstance(visitor, TelegramVisitor):
        kinds = ["photo", "voice", "sticker", "video_note", "location", "contact", "poll", "dice", "new_chat_title"]
        media = [visitor.update({"message": visitor.message({kind: {"file_id": "1"}})}) for kind in kinds]
        others = ["edited_message", "my_chat_member", "channel_post", "message_reaction", "inline_query", "poll"]
        silent = [visitor.update({kind: visitor.message({"text": "hi"})}) for kind in others]
        return [visitor.typed("hi"), visitor.typed("/start x"), visitor.pressed("Cost", "cost"), *media, *silent]
    if isinstance(visitor, MessengerVisitor):
        attachment = {"message": {"mid": "m_a", "attachments": [{"type": "image", "payload": {"url": "https://x"}}]}}
        echo = {"message": {"mid": "m_e", "is_echo": True, "text": "hi"}}
        postback = {"postback": {"mid": "m_p", "title": "Start", "payload": "start"}}
        silent = [{"delivery": {"mids": ["m"]}}, {"read": {"watermark": 1}}, {"reaction": {"mid": "m"}}, {"optin": {}}]
        events = visitor.event(*({"message": {"mid": f"m_{n}", "text": str(n)}} for n in range(3)))
        several = [visitor.event(each) for each in (attachment, echo, postback, *silent)]
        return [visitor.typed("hi"), visitor.pressed("Cost", "cost"), events, *several]
    if isinstance(visitor, TwilioVisitor):
        media = visitor.message(NumMedia="1", MediaUrl0="https://x", MediaContentType0="image/jpeg")
        place = visitor.message(Latitude="51", Longitude="0")
        return [visitor.typed("hi"), media, place, visitor.message(OptOutType="STOP", Body="STOP"), visitor.message()]
    assert isinstance(visitor, SlackVisitor)
    silent = [{"type": "reaction_added"}, {"type": "message", "channel_type": "im", "subtype": "message_changed"}]
    bots = [{"type": "message", "channel_type": "im", "bot_id": "B1", "text": "hi"}]
    files = [{"type": "message", "channel_type": "im", "subtype": "file_share", "files": [{"id": "F"}], "text": ""}]
    mention = [{"type": "app_mention", "text": "<@U0> hi"}]
    handshake = {"type": "url_verification", "challenge": "abc"}
    events = [visitor.event(each) for each in (*silent, *bots, *files, *mention)]
    return [visitor.typed("hi"), visitor.pressed("Cost", "cost"), handshake, *events]


@st.composite
def odd(draw: Callable[[Any], Any], contents: list[Any], is_form: bool) -> Any:
    """A delivery with some of its fields gone, or of another kind; or no delivery at all."""
    if draw(st.integers(0, 19)) == 0:
        return draw(st.binary(max_size=80) | st.just(b"[" * 5000) | st.just(b'{"a":' * 3000))
    content = copy.deepcopy(draw(st.sampled_from(contents)))
    for _ in range(draw(st.integers(0, 3))):
        place = content
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(place[key], dict | list) and draw(st.integers(0, 3)):
                place = place[key]
                continue
            if draw(st.booleans()):
                place[key] = draw(_TEXTS.filter(lambda text: "\ud800" not in text) if is_form else JUNK)
            else:
                del place[key]
            break
    return content


def renewed(content: Any) -> Any:
    """A delivery with an id of its own, as the same one again would not be looked at."""
    if isinstance(content, list):
        return [renewed(each) for each in content]
    if not isinstance(content, dict):
        return content
    new = {key: renewed(value) for key, value in content.items()}
    for key in ("mid", "MessageSid", "event_id", "trigger_id", *(["id"] if "timestamp" in new else [])):
        if isinstance(new.get(key), str):
            new[key] = f"{new[key][:20]}{next(_fresh)}"
    if type(new.get("update_id")) is int:
        new["update_id"] = next(_fresh)
    return new


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", VISITORS, ids=lambda kind: kind.channel)
def test_odd_deliveries_break_nothing(board: Board, kind: type[Visitor]) -> None:
    bystander, sender = kind(board.settings, board.url, BYSTANDER), kind(board.settings, board.url, ODD)
    bystander.say("private")
    before = board.shown(bystander.name)
    assert [shown.text for shown in before] == ["You said: private"]
    statuses: list[int] = []
    shown_before = len(board.fake.shown)

    @effort(max_examples=DELIVERIES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(odd(samples(sender), kind is TwilioVisitor))
    def deliver(content: Any) -> None:
        statuses.append(sender.deliver(sender.sign(renewed(content))).status_code)

    deliver()
    assert len(statuses) >= DELIVERIES
    assert set(statuses) <= {200, 400, 403}
    board.settle(120)
    # Enough of them were messages after all, and answered.
    assert len(board.fake.shown) - shown_before > DELIVERIES // 20
    # It still serves, and the bystander was told nothing.
    bystander.say("still private")
    after = board.shown(bystander.name)
    assert [shown.text for shown in after] == ["You said: private", "You said: still private"]
    too_long = [broken for broken in board.fake.broken if "too long" in broken]
    assert too_long == []

"""The Socket.IO door: replies arrive, nobody gets those of another, and no event breaks it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from channels.common.sessions import Sessions
from tests.channels.board import Board, utterance
from tests.channels.socket_client import SocketClient

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
UTTERED = st.fixed_dictionaries({}, optional={"message": st.text(max_size=60) | JUNK, "id": JUNK, "session_id": JUNK})
ASKED = st.fixed_dictionaries({}, optional={"session_id": st.text(max_size=60) | JUNK})


@pytest.fixture
def connect(board: Board) -> Iterator[Callable[..., SocketClient]]:
    clients: list[SocketClient] = []

    def connected(token: Any = None) -> SocketClient:
        clients.append(SocketClient(board.url, token))
        return clients[-1]

    yield connected
    for client in clients:
        client.close()


def test_replies_reach_every_connection_of_the_session(connect: Callable[..., SocketClient]) -> None:
    first = connect()
    second = connect(first.token)
    assert second.token == first.token
    first.say("hello")
    for client in (first, second):
        client.wait(lambda client=client: client.said)
        assert [said["text"] for said in client.said] == ["You said: hello"]


def test_buttons_and_metadata_arrive(connect: Callable[..., SocketClient], board: Board) -> None:
    board.assistant.says = lambda _: [utterance("Which?", "Cost", payload=lambda _: "How much?", topics=["cost"])]
    client = connect()
    client.say("hello")
    client.wait(lambda: client.said)
    board.assistant.says = lambda text: [utterance(f"You said: {text}")]
    (said,) = client.said
    assert said["quick_replies"] == [{"content_type": "text", "title": "Cost", "payload": "How much?"}]
    assert (said["outcome"], said["topics"], said["sources"]) == ("answer", ["cost"], [])


def test_a_conversation_goes_on_after_a_reconnection(connect: Callable[..., SocketClient], board: Board) -> None:
    client = connect()
    client.say("one")
    client.wait(lambda: client.said)
    token = client.token
    client.close()
    again = connect(token)
    again.say("two")
    again.wait(lambda: again.said)
    (first, _), (second, _) = board.assistant.heard[-2:]
    assert first == second
    assert first.startswith("socketio:")


def test_nobody_takes_over_a_session_that_was_not_issued_to_them(
    connect: Callable[..., SocketClient], board: Board
) -> None:
    victim = connect()
    victim.say("private")
    victim.wait(lambda: victim.said)
    assert victim.token is not None
    own = board.assistant.heard[-1][0]
    other_door = Sessions(board.settings.session_secret, 3600).issue()
    guesses = [own, own.partition(":")[2], victim.token[:-1], victim.token + "x", other_door, "", {}, 7]
    for guess in guesses:
        intruder = connect(guess)
        assert intruder.token != victim.token
        intruder.say("who are you?")
        intruder.wait(lambda intruder=intruder: intruder.said)
        assert board.assistant.heard[-1][0] != own
    assert [said["text"] for said in victim.said] == ["You said: private"]


def test_a_message_sent_three_times_is_answered_once(connect: Callable[..., SocketClient]) -> None:
    client = connect()
    for _ in range(3):
        client.say("once", id="m-1")
    client.say("last", id="m-2")
    client.wait(lambda: len(client.said) >= 2)
    assert [said["text"] for said in client.said] == ["You said: once", "You said: last"]


def test_messages_are_answered_in_order(connect: Callable[..., SocketClient]) -> None:
    client = connect()
    for number in range(10):
        client.say(str(number))
    client.wait(lambda: len(client.said) == 10)
    assert [said["text"] for said in client.said] == [f"You said: {number}" for number in range(10)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"message": "a" * 1001}, "message_too_long"),
        ({"message": " \u200b "}, "message_blank"),
        ({"message": 7}, "message_not_text"),
        ({}, "message_missing"),
        (None, "message_missing"),
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(
    connect: Callable[..., SocketClient], data: Any, code: str
) -> None:
    client = connect()
    client.emit("user_uttered", data)
    client.wait(lambda: client.refused)
    assert [refused["code"] for refused in client.refused] == [code]
    assert client.refused[0]["message"].endswith(".")


def test_a_slash_is_read_as_words(connect: Callable[..., SocketClient], board: Board) -> None:
    client = connect()
    client.say("/restart")
    client.wait(lambda: client.said)
    assert board.assistant.heard[-1][1] == "restart"


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://[", "https://desk.example.evil.example"])
def test_pages_of_other_websites_are_refused(board: Board, origin: str) -> None:
    address = f"{board.url}/webhooks/socketio/socket.io/?EIO=4&transport=polling"
    assert httpx.get(address, headers={"Origin": origin}, trust_env=False).status_code == 403
    assert httpx.get(address, headers={"Origin": board.url}, trust_env=False).status_code == 200
    assert httpx.get(address, trust_env=False).status_code == 200


def test_a_thousand_odd_events_break_nothing(connect: Callable[..., SocketClient], board: Board) -> None:
    bystander, odd = connect(), connect()
    errors: list[Any] = []

    @effort(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.one_of(st.tuples(st.just("user_uttered"), UTTERED | JUNK), st.tuples(st.just("session_request"), ASKED)))
    def send(event: tuple[str, Any]) -> None:
        odd.call(*event)
        errors.extend(each for each in odd.refused if each["code"] == "internal")

    send()
    odd.open()
    before = len(odd.said)
    odd.say("still there?")
    odd.wait(lambda: len(odd.said) > before)
    assert odd.said[-1]["text"] == "You said: still there?"
    assert errors == []
    assert bystander.said == bystander.refused == []

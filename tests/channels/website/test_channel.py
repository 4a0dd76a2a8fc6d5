"""The door from outside: every answer and every refusal of its routes."""

from __future__ import annotations

import asyncio
import json
import logging

import pytest
from stub_door import APOLOGY, APOLOGY_BUTTON, SITE, utterance

JSON = {"Content-Type": "application/json"}


def refusal(response) -> tuple[int, str]:
    """Status and code of a refusal, whose sentence is checked to be one."""
    body = response.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    message = body["error"]["message"]
    assert message[0].isupper()
    assert message.endswith(".")
    assert "{}" not in message
    assert response.headers["content-type"] == "application/json"
    return response.status_code, body["error"]["code"]


async def test_session_is_created(open_door):
    async with open_door() as door:
        response = await door.http.post("/session")

        assert response.status_code == 201
        assert set(response.json()) == {"session"}
        assert response.headers["cache-control"] == "no-store"


async def test_reply_follows_the_contract(open_door):
    async with open_door() as door:
        door.agent.utterances = [
            utterance(
                "A session costs £240.\n\nA course costs £600.",
                [{"title": "Book", "payload": "I'd like to book a consultation"}],
                outcome="answer",
                topics=["cost"],
                facts=["cost.session", "cost.course"],
            ),
            utterance("Anything else?", outcome="smalltalk"),
        ]

        response = await door.say("how much?")

        nhs = {"title": "Cosmetic procedures", "url": "https://www.nhs.uk/", "organisation": "NHS", "date": "2024"}
        prices = {"title": "Prices", "url": None, "organisation": "Clinic", "date": None}
        assert response.status_code == 200
        assert response.json() == {
            "messages": [
                {
                    "text": "A session costs £240.\n\nA course costs £600.",
                    "buttons": [{"title": "Book", "payload": "I'd like to book a consultation"}],
                    "outcome": "answer",
                    "topics": ["cost"],
                    "facts": ["cost.session", "cost.course"],
                    "sources": [{**prices, "reviewed": "2026-11-20"}, {**nhs, "reviewed": "2026-10-01"}],
                },
                {
                    "text": "Anything else?",
                    "buttons": [],
                    "outcome": "smalltalk",
                    "topics": [],
                    "facts": [],
                    "sources": [],
                },
            ]
        }


async def test_message_reaches_rasa_under_the_session_and_the_channel(open_door):
    async with open_door() as door:
        first, second = await door.open_session(), await door.open_session()

        await door.say("  hello there ", first)
        await door.say("again", first)
        await door.say("somebody else", second)

        one, two, three = door.agent.received
        assert one.text == "hello there"
        assert one.input_channel == "website"
        assert one.sender_id.startswith("website:")
        assert one.sender_id == two.sender_id != three.sender_id


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b"", JSON, (400, "no_body")),
        (b"  \n", JSON, (400, "no_body")),
        (b"", {}, (400, "no_body")),
        (b"hello", JSON, (400, "not_json")),
        (b'{"message": ', JSON, (400, "not_json")),
        (b'{"message": "\xff"}', JSON, (400, "not_json")),
        (b"[" * 4000, JSON, (400, "not_json")),
        (b'["hello"]', JSON, (400, "not_an_object")),
        (b'"hello"', JSON, (400, "not_an_object")),
        (b"null", JSON, (400, "not_an_object")),
        (b"{}", JSON, (400, "message_missing")),
        (b'{"text": "hello"}', JSON, (400, "message_missing")),
        (b'{"message": 7}', JSON, (400, "message_not_text")),
        (b'{"message": null}', JSON, (400, "message_not_text")),
        (b'{"message": ["hello"]}', JSON, (400, "message_not_text")),
        (b'{"message": ""}', JSON, (400, "message_blank")),
        (b'{"message": " \\n\\t "}', JSON, (400, "message_blank")),
        (b'{"message": "\\u200b\\u2060\\ufeff\\u3164"}', JSON, (400, "message_blank")),
        (b'{"message": "/ // \\u200b/"}', JSON, (400, "message_blank")),
        (b'{"message": "\\ud800"}', JSON, (400, "message_blank")),
        (json.dumps({"message": "a" * 1001}).encode(), JSON, (413, "message_too_long")),
        (json.dumps({"message": "hello", "more": "a" * 20_000}).encode(), JSON, (413, "body_too_large")),
        (b"x" * 3_000_000, JSON, (413, "body_too_large")),
        (b'{"message": "hello"}', {"Content-Type": "text/plain"}, (415, "wrong_content_type")),
        (b'{"message": "hello"}', {}, (415, "wrong_content_type")),
        (b"message=hello", {"Content-Type": "application/x-www-form-urlencoded"}, (415, "wrong_content_type")),
    ],
)
async def test_unusable_message_is_refused(open_door, body, headers, expected):
    async with open_door() as door:
        response = await door.http.post("/message", content=body, headers={**await door.open_session(), **headers})

        assert refusal(response) == expected
        assert door.agent.received == []


async def test_every_refusal_of_a_message_has_its_own_sentence(open_door):
    async with open_door() as door:
        session = await door.open_session()
        bodies = [b"", b"x", b"[]", b"{}", b'{"message": 1}', b'{"message": ""}', json.dumps({"message": "a" * 1001})]
        messages = [
            (await door.http.post("/message", content=body, headers={**session, **JSON})).json()["error"]["message"]
            for body in bodies
        ]

        assert len(set(messages)) == len(messages)


async def test_longest_message_passes_however_it_is_escaped(open_door):
    async with open_door() as door:
        text = "\N{GRINNING FACE}" * 1000

        response = await door.say(text)

        assert response.status_code == 200
        assert door.agent.received[0].text == text


@pytest.mark.parametrize("charset", ["application/json; charset=utf-8", "Application/JSON", "application/json;"])
async def test_content_type_may_have_parameters(open_door, charset):
    async with open_door() as door:
        headers = {**await door.open_session(), "Content-Type": charset}

        assert (await door.http.post("/message", content=b'{"message": "hi"}', headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        (None, "session_missing"),
        ("", "session_missing"),
        ("Bearer", "session_missing"),
        ("Basic abc", "session_missing"),
        ("Bearer abc", "session_forged"),
        ("Bearer a.b.c", "session_forged"),
    ],
)
async def test_message_without_a_session_is_refused(open_door, authorization, code):
    async with open_door() as door:
        headers = {} if authorization is None else {"Authorization": authorization}

        response = await door.http.post("/message", json={"message": "hello"}, headers=headers)

        assert refusal(response) == (401, code)
        assert response.headers["www-authenticate"].startswith("Bearer")
        assert door.agent.received == []


async def test_session_of_another_server_is_forged(open_door):
    async with open_door(given_secret="t" * 40) as other:
        foreign = await other.open_session()
    async with open_door() as door:
        assert refusal(await door.say("hello", foreign)) == (401, "session_forged")


async def test_old_session_is_expired(open_door):
    async with open_door(session_hours=-1) as door:
        assert refusal(await door.say("hello")) == (401, "session_expired")


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("path", ["/nothing", "/message/more", "/session/x/y", "/static/a/b", "/message/"])
async def test_unknown_path_is_not_found(open_door, path, method):
    async with open_door() as door:
        assert refusal(await door.http.request(method, path)) == (404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/message", "POST, OPTIONS"),
        ("PUT", "/message", "POST, OPTIONS"),
        ("DELETE", "/message", "POST, OPTIONS"),
        ("GET", "/session", "POST, DELETE, OPTIONS"),
        ("POST", "/demo", "GET, HEAD, OPTIONS"),
        ("POST", "/", "GET, HEAD, OPTIONS"),
        ("POST", "/static/chat.js", "GET, HEAD, OPTIONS"),
    ],
)
async def test_wrong_method_is_refused(open_door, method, path, allow):
    async with open_door() as door:
        response = await door.http.request(method, path)

        assert refusal(response) == (405, "method_not_allowed")
        assert response.headers["allow"] == allow


async def test_health(open_door):
    async with open_door() as door:
        assert (await door.http.get("/")).json() == {"status": "ok"}
        assert (await door.http.head("/")).status_code == 200
        assert (await door.http.get(f"{door.address}/webhooks/website")).json() == {"status": "ok"}


@pytest.mark.parametrize("rate", ["message_rate", "address_rate"])
async def test_too_many_messages_are_refused(open_door, rate):
    async with open_door(**{rate: "2 per minute"}) as door:
        session = await door.open_session()
        assert [(await door.say("hi", session)).status_code for _ in range(2)] == [200, 200]

        response = await door.say("hi", session)

        assert refusal(response) == (429, "too_many_requests")
        assert 1 <= int(response.headers["retry-after"]) <= 60
        other = await door.say("hi", await door.open_session())
        assert other.status_code == (200 if rate == "message_rate" else 429)


async def test_too_many_sessions_are_refused(open_door):
    async with open_door(session_rate="2 per minute") as door:
        assert [(await door.http.post("/session")).status_code for _ in range(2)] == [201, 201]
        assert refusal(await door.http.post("/session")) == (429, "too_many_requests")


async def test_this_machine_itself_is_not_limited_by_address(open_door):
    async with open_door(session_rate="1 per minute", address_rate="1 per minute", limit_local=False) as door:
        for _ in range(3):
            assert (await door.say("hi", await door.open_session())).status_code == 200


async def test_refused_messages_count_for_the_address(open_door):
    async with open_door(address_rate="2 per minute") as door:
        for _ in range(2):
            await door.http.post("/message", json={"message": "hi"})
        assert refusal(await door.http.post("/message", json={"message": "hi"})) == (429, "too_many_requests")


async def say_nothing() -> None:
    """A turn without a message, as when Rasa swallows what an action raised."""


async def fail() -> None:
    raise RuntimeError("could not parse: my secret words")


async def hang() -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize(
    ("utterances", "then"),
    [([], say_nothing), ([utterance("half an answer", outcome="answer")], fail), ([], fail), ([], hang)],
)
async def test_failed_turn_gets_the_apology(open_door, caplog, utterances, then):
    async with open_door(turn_seconds=0.2) as door:
        door.agent.utterances, door.agent.then = utterances, then

        with caplog.at_level(logging.DEBUG, logger="channels"):
            response = await door.say("my secret words")

        assert response.status_code == 200
        assert response.json() == {
            "messages": [
                {
                    "text": APOLOGY,
                    "buttons": [APOLOGY_BUTTON],
                    "outcome": "handoff",
                    "topics": [],
                    "facts": [],
                    "sources": [],
                }
            ]
        }
        assert "error id" in caplog.text
        assert "secret" not in caplog.text


async def test_emergency_answer_survives_a_turn_that_fails_afterwards(open_door):
    async with open_door() as door:
        door.agent.utterances = [utterance("Thanks.", outcome="smalltalk"), utterance("Call 999.", outcome="emergency")]
        door.agent.then = fail

        messages = (await door.say("I cannot breathe")).json()["messages"]

        assert [message["text"] for message in messages] == ["Call 999."]


async def test_broken_store_still_gives_an_answer_and_an_apology(open_door):
    class BrokenStore:
        def __getattr__(self, name):
            raise RuntimeError

    async with open_door(store=BrokenStore()) as door:
        door.agent.utterances = [utterance("It costs money.", outcome="answer", facts=["cost.session"])]
        answer = (await door.say("how much?")).json()["messages"]
        door.agent.utterances = []
        apology = (await door.say("how much?")).json()["messages"]

        assert [(message["text"], message["sources"]) for message in answer] == [("It costs money.", [])]
        assert [message["outcome"] for message in apology] == ["handoff"]
        assert apology[0]["text"]


@pytest.mark.parametrize(
    ("typed", "arrives"),
    [
        ("/restart", "restart"),
        (" \u200b/restart", "restart"),
        ("//restart", "restart"),
        ("/ /restart", "restart"),
        ("\uff0frestart", "restart"),
        ('/ask_cost{"concern": "acne"}', 'ask_cost{"concern": "acne"}'),
        ("does it hurt / sting?", "does it hurt / sting?"),
        ("are you open 24/7?", "are you open 24/7?"),
    ],
)
async def test_commands_arrive_as_words(open_door, typed, arrives):
    async with open_door() as door:
        await door.say(typed)

        assert door.agent.received[0].text == arrives


async def test_page_of_an_allowed_website_may_talk(open_door):
    async with open_door() as door:
        response = await door.http.post("/session", headers={"Origin": SITE})

        assert response.status_code == 201
        assert response.headers["access-control-allow-origin"] == SITE
        assert response.headers["vary"] == "Origin"
        assert "access-control-allow-credentials" not in response.headers


async def test_page_of_this_server_may_talk(open_door):
    async with open_door() as door:
        assert (await door.http.post("/session", headers={"Origin": door.address})).status_code == 201


@pytest.mark.parametrize(
    "origin", ["https://evil.example", f"{SITE}.evil.example", "http://clinic.example", "null", ""]
)
@pytest.mark.parametrize("path", ["/session", "/message"])
async def test_page_of_another_website_is_refused(open_door, path, origin):
    async with open_door() as door:
        response = await door.http.post(path, headers={"Origin": origin})

        assert refusal(response) == (403, "origin_not_allowed")
        assert "access-control-allow-origin" not in response.headers


async def test_refusals_can_be_read_by_an_allowed_page(open_door):
    async with open_door() as door:
        response = await door.http.post("/message", headers={"Origin": SITE})

        assert response.status_code == 401
        assert response.headers["access-control-allow-origin"] == SITE


@pytest.mark.parametrize("cors", [None, "*", "https://other.example"])
async def test_preflight(open_door, cors):
    async with open_door(cors=cors) as door:
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}

        allowed = await door.http.options("/message", headers={"Origin": SITE, **asked})
        refused = await door.http.options("/message", headers={"Origin": "https://evil.example", **asked})

        assert allowed.status_code in (200, 204)
        assert allowed.headers.get_list("access-control-allow-origin") == [SITE]
        assert "POST" in allowed.headers["access-control-allow-methods"]
        assert allowed.headers["access-control-allow-headers"] == "Authorization, Content-Type"
        assert refusal(refused) == (403, "origin_not_allowed")
        assert "access-control-allow-origin" not in refused.headers


async def test_cors_of_the_server_does_not_open_the_door(open_door):
    async with open_door(cors="*") as door:
        response = await door.http.post("/session", headers={"Origin": "https://evil.example"})

        assert refusal(response) == (403, "origin_not_allowed")
        assert "access-control-allow-origin" not in response.headers


async def test_unexpected_failure_is_json_and_keeps_quiet(open_door, caplog, monkeypatch):
    async with open_door() as door:
        session = await door.open_session()
        monkeypatch.setattr("channels.website.channel.read_message", lambda *_: 1 / 0)

        response = await door.say("hello", session)

        assert refusal(response) == (500, "internal")
        assert "ZeroDivisionError" in caplog.text


async def test_nothing_a_visitor_wrote_is_logged(open_door, caplog):
    async with open_door() as door:
        with caplog.at_level(logging.DEBUG, logger="channels"):
            await door.say("my secret words")
            await door.http.post("/message", content=b'{"message": "secret', headers=await door.open_session())

        assert "secret" not in caplog.text

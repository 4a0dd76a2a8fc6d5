"""Only tokens issued here are accepted, each for its own conversation, and not for ever."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeTimedSerializer

from channels.common.errors import Refusal
from channels.common.sessions import Sessions

SECRET = "s" * 40
HOUR = 3600

sessions = Sessions(SECRET, HOUR)


def code_of(authorization: str | None) -> str:
    with pytest.raises(Refusal) as caught:
        sessions.sender_id(authorization)
    assert caught.value.status == 401
    return caught.value.code


def sender_or_code(token: str) -> str:
    try:
        return sessions.sender_id(f"Bearer {token}")
    except Refusal as refusal:
        return refusal.code


@pytest.mark.parametrize("ahead", [timedelta(seconds=2), timedelta(days=1)])
def test_a_token_of_a_clock_that_was_ahead_is_accepted_and_still_expires(ahead: timedelta) -> None:
    issued = datetime.now(timezone.utc)
    now = [issued - ahead]
    behind = Sessions(SECRET, HOUR, clock=lambda: now[0])
    token = f"Bearer {sessions.issue()}"
    assert behind.sender_id(token) == sessions.sender_id(token)
    now[0] = issued + timedelta(seconds=HOUR + 2)
    with pytest.raises(Refusal, match="session_expired"):
        behind.sender_id(token)


def test_issued_token_leads_to_its_own_conversation():
    tokens = [sessions.issue() for _ in range(200)]
    senders = [sessions.sender_id(f"Bearer {token}") for token in tokens]

    assert len(set(senders)) == len(tokens)
    assert all(sender.startswith("website:") and len(sender) == len("website:") + 32 for sender in senders)
    assert [sessions.sender_id(f"bearer  {token} ") for token in tokens] == senders


@given(st.text())
def test_random_text_is_never_accepted(text):
    assert code_of(f"Bearer {text}") in ("session_forged", "session_missing")


@given(st.from_regex(r"[A-Za-z0-9_-]{1,60}\.[A-Za-z0-9_-]{4,8}\.[A-Za-z0-9_-]{27}", fullmatch=True))
def test_token_of_the_right_shape_is_not_enough(token):
    assert code_of(f"Bearer {token}") == "session_forged"


@given(st.data())
def test_changed_token_is_never_accepted(data):
    token = sessions.issue()
    position = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from("ABCDEFabcdef0123456789_-."))
    changed = token[:position] + character + token[position + 1 :]
    # The last character of base64 has spare bits, so two spellings may mean the same token: never another one.
    assert sender_or_code(changed) in ("session_forged", sender_or_code(token))


def test_id_of_one_token_under_the_signature_of_another_is_forged():
    one, two = (sessions.issue().split(".") for _ in range(2))

    assert code_of(f"Bearer {one[0]}.{two[1]}.{two[2]}") == "session_forged"


@pytest.mark.parametrize("payload", ["short", "x" * 33, "../../etc/passwd" * 2, 7, None, {"id": "x" * 32}, ["x" * 32]])
def test_well_signed_token_with_another_content_is_forged(payload):
    token = URLSafeTimedSerializer(SECRET, salt="frontdesk.website.session").dumps(payload)

    assert code_of(f"Bearer {token}") == "session_forged"


def test_token_signed_for_another_purpose_is_forged():
    token = URLSafeTimedSerializer(SECRET, salt="booking").dumps("x" * 32)

    assert code_of(f"Bearer {token}") == "session_forged"


@pytest.mark.parametrize(("age", "accepted"), [(0, True), (HOUR - 1, True), (HOUR + 1, False)])
def test_token_is_accepted_for_its_lifetime(age, accepted):
    issued = datetime.now(timezone.utc)
    later = Sessions(SECRET, HOUR, clock=lambda: issued + timedelta(seconds=age))
    token = f"Bearer {sessions.issue()}"

    if accepted:
        assert later.sender_id(token)
    else:
        with pytest.raises(Refusal, match="session_expired"):
            later.sender_id(token)


@pytest.mark.parametrize("authorization", [None, "", " ", "Bearer", "Bearer   ", "Token abc", "abc"])
def test_no_token_is_missing(authorization):
    assert code_of(authorization) == "session_missing"

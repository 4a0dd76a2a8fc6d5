"""Slack: direct messages to the app, and messages that mention it.

Formats: https://docs.slack.dev/apis/events-api and https://docs.slack.dev/interactivity/handling-user-interaction
Limits: https://docs.slack.dev/reference/block-kit/blocks
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs

import httpx
from slack_sdk.signature import Clock, SignatureVerifier

from channels.messaging.cutting import cut
from channels.messaging.platform import TAKEN, Call, Delivery, Forged, Incoming, Platform, Unreadable, Verdict, Way
from channels.messaging.platform import retry_after as pause_of
from channels.messaging.reading import document, moment, part, parts, words
from channels.messaging.shaping import Message, Shaped, data_of, texts_of
from channels.messaging.words import Words
from frontdesk.channel_settings import SlackSettings

# Of a section, after escaping.
TEXT = 3000
_LONGEST_ESCAPE = 5
BUTTONS, TITLE, VALUE = 25, 75, 2000

_TRY_AGAIN = frozenset(
    {"account_inactive", "fatal_error", "internal_error", "invalid_auth", "not_authed", "ratelimited"}
    | {"rate_limited", "request_timeout", "service_unavailable", "team_added_to_org", "token_expired", "token_revoked"}
)
_MENTION = re.compile(r"<@[^>]*>")
_MARKUP = re.compile(r"<(?:[#!][^>|]*\|?([^>]*)|([^>|]*)(?:\|([^>]*))?)>")


class _Now(Clock):
    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> float:
        return self._now.timestamp()


class Slack(Platform):
    """One Slack app."""

    name = "slack"

    def __init__(self, settings: SlackSettings) -> None:
        """Take the settings of a channel that is on."""
        self._token = settings.value("SLACK_TOKEN")
        self._secret = settings.value("SLACK_SIGNING_SECRET")
        self._api = settings.api

    def check(self, delivery: Delivery, now: datetime) -> None:
        """See `Platform`; a signature older than five minutes does not count."""
        stamp, proof = delivery.proof("x-slack-request-timestamp"), delivery.proof("x-slack-signature")
        try:
            is_signed = SignatureVerifier(self._secret, _Now(now)).is_valid(delivery.body, stamp, proof)
        except (TypeError, ValueError):
            # The vendor's check raises on what is no number or no text.
            is_signed = False
        if not is_signed:
            raise Forged(403)

    def handshake(self, delivery: Delivery) -> str | None:
        """See `Platform`."""
        if not delivery.body.lstrip().startswith(b"{"):
            return None
        content = document(delivery.body)
        return words(content, "challenge")[:1000] if words(content, "type") == "url_verification" else None

    def read(self, delivery: Delivery) -> list[Incoming]:
        """See `Platform`; edits, reactions, other bots and messages that do not mention the app need no answer."""
        if delivery.body.lstrip().startswith(b"{"):
            found = _event(document(delivery.body))
        else:
            found = _interaction(_form(delivery.body))
        return [found] if found is not None else []

    def shape(self, messages: Sequence[Message], address: Mapping[str, Any], words: Words) -> Shaped:
        """See `Platform`; choices become buttons under the text."""
        calls: list[Call] = []
        payloads: dict[str, str] = {}
        for message in messages:
            buttons = [
                {
                    "type": "button",
                    "action_id": f"choice-{index}",
                    "text": {"type": "plain_text", "text": cut(choice.title, TITLE)},
                    "value": data_of(choice.payload, VALUE, payloads),
                }
                for index, choice in enumerate(message.choices[:BUTTONS])
            ]
            limit = _limit(message, words)
            texts = texts_of(message, limit, limit, words)
            for position, text in enumerate(texts, 1):
                escaped = html.escape(text, quote=False)
                blocks: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": escaped}}]
                if buttons and position == len(texts):
                    blocks.append({"type": "actions", "elements": buttons})
                body = {"channel": address["channel"], "text": escaped, "blocks": blocks}
                body |= {"unfurl_links": False, "unfurl_media": False}
                if address.get("thread"):
                    body["thread_ts"] = address["thread"]
                calls.append(Call("chat.postMessage", body))
        return Shaped(tuple(calls), messages[-1].choices if messages else (), False, payloads)

    def way(self) -> Way:
        """See `Platform`."""
        return Way(self._api, {"Authorization": f"Bearer {self._token}"})

    def verdict(self, response: httpx.Response) -> Verdict:
        """See `Platform`; Slack says no with status 200, too."""
        if not response.is_success:
            return super().verdict(response)
        content = response.json()
        if isinstance(content, dict) and content.get("ok") is True:
            return TAKEN
        problem = words(content, "error")[:80]
        return Verdict(problem not in _TRY_AGAIN, f"error {problem or 'unknown'}", pause_of(response))


def _limit(message: Message, words: Words) -> int:
    """How long a piece may be before it is escaped."""
    whole = " ".join(texts_of(message, 10**9, 10**9, words))
    escaped = sum(whole.count(character) for character in "&<>")
    return max(TEXT // _LONGEST_ESCAPE, TEXT - escaped * (_LONGEST_ESCAPE - 1))


def _form(body: bytes) -> dict[str, Any]:
    try:
        payload = parse_qs(body.decode(), max_num_fields=20).get("payload", [""])[0]
    except ValueError:
        raise Unreadable from None
    return document(payload)


def _event(content: Mapping[str, Any]) -> Incoming | None:
    event = part(content, "event")
    kind, user, channel = words(event, "type"), words(event, "user"), words(event, "channel")
    is_direct = kind == "message" and words(event, "channel_type") == "im"
    is_message = event.get("subtype") in (None, "file_share") and not event.get("bot_id")
    id_ = words(content, "event_id")
    if not (is_direct or kind == "app_mention") or not (is_message and user and channel and id_):
        return None
    # In a channel, the answer goes into a thread of the question, where others are not disturbed.
    thread = words(event, "thread_ts") or ("" if is_direct else words(event, "ts"))
    text = _plain(words(event, "text"))
    as_: Any = "text" if text else "unreadable"
    if not text and not parts(event, "files"):
        return None
    who = _visitor(content, user, channel)
    return Incoming(id_, who, {"channel": channel, "thread": thread}, as_, text, "", moment(content.get("event_time")))


def _interaction(content: Mapping[str, Any]) -> Incoming | None:
    action = next(iter(parts(content, "actions")), {})
    user, channel = words(content, "user", "id"), words(content, "channel", "id")
    if words(content, "type") != "block_actions" or words(action, "type") != "button" or not (user and channel):
        return None
    thread = words(content, "message", "thread_ts")
    id_ = words(content, "trigger_id") or words(action, "action_ts")
    if not id_:
        return None
    who = _visitor({"team_id": words(content, "team", "id")}, user, channel)
    title = words(action, "text", "text")
    value = words(action, "value")
    sent_at = moment(words(action, "action_ts"))
    return Incoming(id_, who, {"channel": channel, "thread": thread}, "pressed", value, title, sent_at)


def _visitor(content: Mapping[str, Any], user: str, channel: str) -> str:
    # A person in a direct message and the same one in a channel, with others listening, are two conversations.
    return f"{words(content, 'team_id')} {channel} {user}"


def _plain(text: str) -> str:
    """Slack's markup as words: names of the app and others go, links stay readable."""
    text = _MARKUP.sub(lambda match: match[1] or match[3] or match[2] or "", _MENTION.sub("", text))
    return html.unescape(text).strip()

"""Notices to a CRM: a JSON body, signed as Standard Webhooks (standardwebhooks.com) describes it.

The signature covers the id, the time of sending and the body, so that a receiver can tell a forged, an altered and a
replayed request from a real one; a repeated delivery has the same id.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime

import httpx

from frontdesk.booking.outbox import Notice
from frontdesk.booking.problems import Unreachable
from frontdesk.settings import WebhookSettings

TIMEOUT_SECONDS = 10
SECRET_PREFIX = "whsec_"  # noqa: S105 - no secret, but how one begins


def body_of(notice: Notice) -> bytes:
    """What is sent: `{"type", "timestamp", "data"}`, the same in every attempt."""
    content = {
        "type": f"booking.{notice.event}",
        "timestamp": notice.created_at.isoformat(),
        "data": notice.content,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """`v1,` and the HMAC-SHA256 of `id.timestamp.body` in Base64.

    Args:
        secret: `whsec_` and Base64, or any other text, which is taken as it is.
        message_id: The id that is sent along.
        timestamp: Seconds since 1970.
        body: What is sent.
    """
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.new(_key(secret), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def post(notice: Notice, webhook: WebhookSettings, now: datetime) -> None:
    """Deliver a notice; when this returns, the receiver has said yes.

    Raises:
        Unreachable: It has not, or not been reached; redirects count as a no.
    """
    assert webhook.url is not None
    body, timestamp = body_of(notice), int(now.timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "frontdesk",
        "Webhook-Id": notice.message_id,
        "Webhook-Timestamp": str(timestamp),
        "Webhook-Signature": signature(webhook.secret or "", notice.message_id, timestamp, body),
    }
    try:
        # Streamed, so that no answer, however long, is read: its status says all.
        with httpx.stream(
            "POST", webhook.url, content=body, headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=False
        ) as response:
            if not response.is_success:
                raise Unreachable(f"status {response.status_code}")
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(type(error).__name__) from error


def _key(secret: str) -> bytes:
    if secret.startswith(SECRET_PREFIX):
        try:
            return base64.b64decode(secret[len(SECRET_PREFIX) :], validate=True)
        except binascii.Error:
            pass
    return secret.encode()

"""Signed conversations: the server issues the id, and accepts no other."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

from channels.common.errors import Refusal
from frontdesk.database import utc_now

_ID_BYTES = 24
_ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{32}")


class Sessions:
    """Issues session tokens and reads them back.

    A token is opaque to the visitor's browser: a random id of 192 bits, the time of issue and a signature over both.
    """

    def __init__(
        self,
        secret: str,
        lifetime_seconds: int,
        channel: str = "website",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """Sets up signing.

        Args:
            secret: the signing key; whoever has it can speak in any conversation.
            lifetime_seconds: age at which a token is no longer accepted.
            channel: the door that issues; a token opens no other, and its sender ids begin with this name.
            clock: where the time (aware) comes from at which a token's age is told.
        """
        self._serializer = URLSafeTimedSerializer(secret, salt=f"frontdesk.{channel}.session")
        self._prefix = f"{channel}:"
        self._lifetime = timedelta(seconds=lifetime_seconds)
        self._clock = clock

    def issue(self) -> str:
        """Returns a signed token for a new conversation."""
        return self._serializer.dumps(secrets.token_urlsafe(_ID_BYTES))

    def sender_id(self, authorization: str | None) -> str:
        """Returns the sender id that an ``Authorization`` header stands for, such as ``website:4f…``.

        Args:
            authorization: the header's value, ``Bearer <token>``; None when it was not sent.

        Raises:
            Refusal: no token was sent, it was not issued here, or it is too old; each with its own code.
        """
        scheme, _, token = (authorization or "").strip().partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal("session_missing", headers={"WWW-Authenticate": "Bearer"})
        try:
            session_id, issued_at = self._serializer.loads(token, return_timestamp=True)
        except BadSignature:
            raise Refusal("session_forged", headers=_challenge("unknown")) from None
        # Not by `max_age`, which refuses what seems to be issued in the future: another server's clock may be ahead, or
        # this one's may have been.
        if self._clock() - issued_at > self._lifetime:
            raise Refusal("session_expired", headers=_challenge("expired"))
        if not isinstance(session_id, str) or not _ID_PATTERN.fullmatch(session_id):
            raise Refusal("session_forged", headers=_challenge("unknown"))
        return self._prefix + session_id


def _challenge(description: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{description}"'}

"""Signed conversations: the server issues the id, and accepts no other."""

from __future__ import annotations

import re
import secrets

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

from channels.website.errors import Refusal

_ID_BYTES = 24
_ID_PATTERN = re.compile(r"[A-Za-z0-9_-]{32}")


class Sessions:
    """Issues session tokens and reads them back.

    A token is opaque to the visitor's browser: a random id of 192 bits, the time of issue and a signature over both.
    """

    def __init__(self, secret: str, lifetime_seconds: int, channel: str = "website") -> None:
        """Sets up signing.

        Args:
            secret: the signing key; whoever has it can speak in any conversation.
            lifetime_seconds: age at which a token is no longer accepted.
            channel: the door that issues; a token opens no other, and its sender ids begin with this name.
        """
        self._serializer = URLSafeTimedSerializer(secret, salt=f"frontdesk.{channel}.session")
        self._prefix = f"{channel}:"
        self._lifetime_seconds = lifetime_seconds

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
            session_id = self._serializer.loads(token, max_age=self._lifetime_seconds)
        except SignatureExpired:
            raise Refusal("session_expired", headers=_challenge("expired")) from None
        except BadSignature:
            raise Refusal("session_forged", headers=_challenge("unknown")) from None
        if not isinstance(session_id, str) or not _ID_PATTERN.fullmatch(session_id):
            raise Refusal("session_forged", headers=_challenge("unknown"))
        return self._prefix + session_id


def _challenge(description: str) -> dict[str, str]:
    return {"WWW-Authenticate": f'Bearer error="invalid_token", error_description="{description}"'}

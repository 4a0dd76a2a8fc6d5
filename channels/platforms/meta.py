"""What WhatsApp and Messenger have in common, as both come by Meta's Graph API.

Signature and verification: https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

import httpx

from channels.messaging.platform import TAKEN, Delivery, Forged, Platform, Verdict, retry_after
from channels.messaging.reading import number

FREE_WINDOW = timedelta(hours=24)
"""How long after the visitor's last message free text may be sent without being asked."""

# Too many calls, something temporary, or a token that the operator has to renew.
_TRY_AGAIN = frozenset(
    {1, 2, 4, 17, 32, 190, 613, 80007, 130429, 131000, 131016, 131048, 131056, 131057, 133004, 133016}
)


class MetaPlatform(Platform):
    """A platform behind Graph: proofs, the check of the address, and what an answer means are the same."""

    def __init__(self, app_secret: str, verify_token: str) -> None:
        """Take the key of deliveries, and the word by which Meta knows the address."""
        self._secret = app_secret
        self._verify_token = verify_token

    def check(self, delivery: Delivery, now: datetime) -> None:
        """See `Platform`: Meta's signature over the raw body; the older SHA-1 signature is not taken."""
        proof = delivery.proof("x-hub-signature-256")
        expected = "sha256=" + hmac.new(self._secret.encode(), delivery.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(proof.encode(), expected.encode()):
            raise Forged(403)

    def verify(self, query: Mapping[str, str]) -> str:
        """See `Platform`; the token has to be the one that was set."""
        token = query.get("hub.verify_token", "")
        if not token:
            raise Forged(401)
        is_ours = hmac.compare_digest(token.encode("utf-8", "surrogateescape"), self._verify_token.encode())
        if query.get("hub.mode") != "subscribe" or not is_ours:
            raise Forged(403)
        return query.get("hub.challenge", "")

    def verdict(self, response: httpx.Response) -> Verdict:
        """See `Platform`; Graph's errors are told apart by their code."""
        if response.is_success:
            return TAKEN
        try:
            code = number(response.json(), "error", "code")
        except ValueError:
            code = None
        problem = f"status {response.status_code}, code {code}"
        tries_again = response.status_code >= 500 or response.status_code in (401, 408, 429) or code in _TRY_AGAIN
        return Verdict(not tries_again, problem, retry_after(response))

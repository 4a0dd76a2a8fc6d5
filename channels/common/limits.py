"""How often a session or an address may speak, and how much may be sent at once."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable

from limits import parse_many
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sanic.exceptions import InvalidUsage, PayloadTooLarge
from sanic.request import Request

from channels.common.errors import Refusal

# Larger bodies are read up to here before they are refused, so that the client gets to see the refusal.
DRAIN_BYTES = 1024 * 1024

# A client may escape a character outside the basic plane into twelve bytes; the envelope needs some more.
_BYTES_PER_CHARACTER = 12
_ENVELOPE_BYTES = 4096
_IPV6_NETWORK_BITS = 64
# Who has been silent for a window is forgotten that soon.
_SECONDS_BETWEEN_SWEEPS = 60


class Rate:
    """One rule on how often something may happen, counted in this process's memory.

    With several server processes each counts for itself.
    """

    def __init__(self, rate: str, clock: Callable[[], float] = time.monotonic) -> None:
        """Reads the rule.

        Args:
            rate: the notation of ``limits``, such as ``20 per minute; 300 per day``; all parts hold.
            clock: seconds that only ever grow.

        Raises:
            ValueError: the rate is not of that form.
        """
        self._limits = parse_many(rate)
        self._clock = clock
        # Held here: the limiter does not.
        self._windows = _Windows(clock)
        self._limiter = FixedWindowRateLimiter(self._windows)

    def count(self, identifier: str) -> None:
        """Counts one more for somebody.

        Raises:
            Refusal: it was one too many; with the seconds to wait in ``Retry-After``.
        """
        for limit in self._limits:
            if not self._limiter.hit(limit, identifier):
                reset, _ = self._limiter.get_window_stats(limit, identifier)
                seconds = max(1, math.ceil(reset - self._clock()))
                raise Refusal("too_many_requests", headers={"Retry-After": str(seconds)})


class _Windows(Storage):
    """Counts by key and window.

    Not the storage of ``limits``, which goes by the clock of the machine: set back by an hour, that would keep who has
    spoken too often silent for an hour. Nor does this start a thread with each request.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        super().__init__()
        self._clock = clock
        self._windows: dict[str, tuple[int, float]] = {}
        self._swept_at = clock()

    def incr(self, key: str, expiry: int, elastic_expiry: bool = False, amount: int = 1) -> int:
        self._sweep()
        number, end = self._window(key)
        end = self._clock() + expiry if number == 0 or elastic_expiry else end
        self._windows[key] = (number + amount, end)
        return number + amount

    def get(self, key: str) -> int:
        return self._window(key)[0]

    def get_expiry(self, key: str) -> float:  # type: ignore[override]
        return self._window(key)[1]

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        number = len(self._windows)
        self._windows.clear()
        return number

    def clear(self, key: str) -> None:
        self._windows.pop(key, None)

    def _window(self, key: str) -> tuple[int, float]:
        now = self._clock()
        number, end = self._windows.get(key, (0, now))
        return (number, end) if end > now else (0, now)

    def _sweep(self) -> None:
        now = self._clock()
        if now - self._swept_at < _SECONDS_BETWEEN_SWEEPS:
            return
        self._swept_at = now
        self._windows = {key: (number, end) for key, (number, end) in self._windows.items() if end > now}


def is_local(network: str) -> bool:
    """Whether a network as :func:`client_network` gives it is this machine itself."""
    try:
        return ipaddress.ip_network(network, strict=False).is_loopback
    except ValueError:
        return False


def client_network(request: Request) -> str:
    """Returns what counts as one visitor's address: an IPv4 address, or the /64 network of an IPv6 address.

    Headers of a proxy are believed only when Sanic is told to (``SANIC_PROXIES_COUNT``, ``SANIC_REAL_IP_HEADER`` or
    ``SANIC_FORWARDED_SECRET``); anybody can send them.
    """
    text = request.remote_addr or request.ip
    try:
        address = ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return text
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_NETWORK_BITS), strict=False))


async def read_body(request: Request, characters: int) -> bytes:
    """Reads the body of a request whose route does not preload it.

    Args:
        request: the request; at most ``DRAIN_BYTES`` of its body are taken off the wire.
        characters: longest message that has to fit.

    Raises:
        Refusal: the body is larger than any message of that length can make it, or it is sent in broken chunks.
    """
    allowed = characters * _BYTES_PER_CHARACTER + _ENVELOPE_BYTES
    body = bytearray()
    size = 0
    assert request.stream is not None
    request.stream.request_max_size = DRAIN_BYTES
    try:
        async for chunk in request.stream:
            size += len(chunk)
            if size <= allowed:
                body += chunk
    except PayloadTooLarge:
        size = DRAIN_BYTES
    except InvalidUsage:
        raise Refusal("not_json") from None
    if size > allowed:
        raise Refusal("body_too_large", characters=f"{characters:,}")
    return bytes(body)

"""What is measured of running servers: how long a turn takes, how many fit into a second, how a conversation ages."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Sequence
from typing import Any

import aiohttp

from benchmarks.servers.contestants import Contestant

_WARM_UP = 30
_TURNS_A_CONVERSATION = 5
# Turns on either side of one, so that no single hiccup counts.
_AROUND = 5


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=120))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


async def warm_up(contestants: Sequence[Contestant]) -> None:
    """A few turns that count for nothing."""
    async with _session() as http:
        for contestant in contestants:
            visitor = await contestant.visitor(http)
            for number in range(_WARM_UP):
                await visitor.say(contestant.messages[number % len(contestant.messages)])


async def latency(contestants: Sequence[Contestant], turns: int) -> dict[str, dict[str, float]]:
    """Milliseconds of a turn, p50, p99 and of processor time, one visitor at a time.

    The servers take their turns alternately, so that a busy moment of the machine meets all of them.
    """
    seconds: dict[str, list[float]] = {contestant.name: [] for contestant in contestants}
    before = {contestant.name: contestant.cpu_seconds() for contestant in contestants}
    async with _session() as http:
        for number in range(turns):
            if number % _TURNS_A_CONVERSATION == 0:
                visitors = [await contestant.visitor(http) for contestant in contestants]
            for visitor in visitors:
                messages = visitor.contestant.messages
                seconds[visitor.contestant.name].append(await visitor.say(messages[number % len(messages)]))
    return {
        contestant.name: {
            "p50": 1000 * statistics.median(seconds[contestant.name]),
            "p99": 1000 * percentile(seconds[contestant.name], 0.99),
            "cpu": 1000 * (contestant.cpu_seconds() - before[contestant.name]) / turns,
        }
        for contestant in contestants
    }


async def throughput(
    contestants: Sequence[Contestant], visitors: Sequence[int], rounds: int, seconds: float
) -> dict[str, dict[str, dict[str, float]]]:
    """Turns a second, and their p50 and p99 in milliseconds, by the number of visitors who talk without a pause.

    Every server is asked alone, in rounds that alternate between them; the median of the rounds counts.
    """
    found: dict[str, dict[str, list[dict[str, float]]]] = {
        contestant.name: {str(number): [] for number in visitors} for contestant in contestants
    }
    for number in visitors:
        for _ in range(rounds):
            for contestant in contestants:
                found[contestant.name][str(number)].append(await _rush(contestant, number, seconds))
    return {
        name: {
            number: {key: statistics.median(each[key] for each in measured) for key in measured[0]}
            for number, measured in by_number.items()
        }
        for name, by_number in found.items()
    }


async def _rush(contestant: Contestant, number: int, seconds: float) -> dict[str, float]:
    took: list[float] = []
    async with _session() as http:
        visitors = [await contestant.visitor(http) for _ in range(number)]
        begun = time.perf_counter()

        async def talk(place: int, visitor: Any) -> None:
            turn = place
            while time.perf_counter() - begun < seconds:
                took.append(await visitor.say(contestant.messages[turn % len(contestant.messages)]))
                turn += number

        await asyncio.gather(*(talk(place, visitor) for place, visitor in enumerate(visitors)))
        lasted = time.perf_counter() - begun
    return {
        "per_second": len(took) / lasted,
        "p50": 1000 * statistics.median(took),
        "p99": 1000 * percentile(took, 0.99),
    }


async def ageing(contestants: Sequence[Contestant], turns: Sequence[int]) -> dict[str, dict[str, dict[str, float]]]:
    """Milliseconds of a turn at certain places of one long conversation, medians of the turns around them.

    Each comes as ``old``, and beside it as ``young`` what the same messages took at the same moments in a conversation
    begun then: a machine that slows down while the long one grows makes nothing look older than it is.
    """
    spans = {turn: range(max(1, turn - _AROUND), turn + _AROUND) for turn in turns}
    old: dict[tuple[str, int], list[float]] = {}
    young: dict[tuple[str, int], list[float]] = {}
    async with _session() as http:
        visitors = [await contestant.visitor(http) for contestant in contestants]
        for number in range(max(turns) + _AROUND):
            if any(number == span.start for span in spans.values()):
                newcomers = [await contestant.visitor(http) for contestant in contestants]
            at = next((turn for turn, span in spans.items() if number in span), None)
            for place, visitor in enumerate(visitors):
                message = visitor.contestant.messages[number % len(visitor.contestant.messages)]
                seconds = await visitor.say(message)
                if at is not None:
                    old.setdefault((visitor.contestant.name, at), []).append(seconds)
                    young.setdefault((visitor.contestant.name, at), []).append(await newcomers[place].say(message))
    return {
        contestant.name: {
            str(turn): {
                "old": 1000 * statistics.median(old[contestant.name, turn]),
                "young": 1000 * statistics.median(young[contestant.name, turn]),
            }
            for turn in turns
        }
        for contestant in contestants
    }

"""What is counted and timed of the assistant, for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.process_collector import ProcessCollector

CONTENT_TYPE = CONTENT_TYPE_LATEST
# Seconds. A turn takes some hundredths of one; the door gives up after twenty.
_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)

disable_created_metrics()
registry = CollectorRegistry()
ProcessCollector(registry=registry)

turns = Counter("frontdesk_turns", "Turns served", ["channel"], registry=registry)
failed = Counter("frontdesk_turns_failed", "Turns that broke off with an error", ["channel"], registry=registry)
turn_seconds = Histogram(
    "frontdesk_turn_seconds",
    "Time a turn takes, waiting for its lock included",
    ["channel"],
    buckets=_SECONDS,
    registry=registry,
)
stage_seconds = Histogram(
    "frontdesk_stage_seconds",
    "Time of one stage of a turn: lock, read, parse, predict, act, write",
    ["stage"],
    buckets=_SECONDS,
    registry=registry,
)
replies = Counter(
    "frontdesk_replies",
    "Replies by outcome: answer, clarify, redirect, urgent, emergency, booking, handoff, smalltalk",
    ["outcome"],
    registry=registry,
)
responses = Counter(
    "frontdesk_door_responses", "Answers of the doors by channel and status", ["channel", "status"], registry=registry
)
waiting_events = Gauge(
    "frontdesk_events_waiting", "Events that wait in memory for the database of conversations", registry=registry
)

untold_events = Gauge("frontdesk_events_untold", "Events that wait in memory for the event broker", registry=registry)
lost_events = Counter("frontdesk_events_lost", "Events that the event broker was never told of", registry=registry)


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Time one stage of a turn."""
    begun = time.perf_counter()
    try:
        yield
    finally:
        stage_seconds.labels(name).observe(time.perf_counter() - begun)


def exposition() -> bytes:
    """All of it, in the text format of Prometheus."""
    return generate_latest(registry)

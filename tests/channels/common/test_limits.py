"""Rates count what they should, and nothing else."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from channels.common.errors import Refusal
from channels.common.limits import Rate, client_network
from tests.clock import Clock


def refused_seconds(rate: Rate, identifier: str) -> int:
    with pytest.raises(Refusal, match="too_many_requests") as caught:
        rate.count(identifier)
    return int(caught.value.headers["Retry-After"])


def test_each_counts_for_itself():
    rate = Rate("2 per minute")
    for _ in range(2):
        rate.count("one")

    assert 1 <= refused_seconds(rate, "one") <= 60
    rate.count("two")


@pytest.mark.parametrize("jump", [-86_400, 86_400])
def test_a_clock_that_is_set_changes_nothing(monkeypatch: pytest.MonkeyPatch, jump: float) -> None:
    clock, wall = Clock(), time.time()
    rate = Rate("2 per minute", clock)
    for _ in range(2):
        rate.count("visitor")
    monkeypatch.setattr("time.time", lambda: wall + jump)
    assert refused_seconds(rate, "visitor") == 60
    clock.now += 59
    assert refused_seconds(rate, "visitor") == 1
    clock.now += 1
    rate.count("visitor")


def test_who_has_been_silent_is_forgotten() -> None:
    clock = Clock()
    rate = Rate("2 per minute", clock)
    for number in range(1000):
        rate.count(str(number))
    clock.now += 120
    rate.count("another")
    assert len(rate._windows._windows) == 1


def test_rates_are_independent():
    one, two = Rate("1 per minute"), Rate("1 per minute")
    one.count("visitor")
    two.count("visitor")


def test_all_parts_of_a_rate_hold():
    rate = Rate("10 per minute; 2 per day")
    for _ in range(2):
        rate.count("visitor")

    assert refused_seconds(rate, "visitor") > 60


def test_nonsense_is_no_rate():
    with pytest.raises(ValueError):
        Rate("often")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::9]", "2001:db8:1:2::/64"),
        ("unix-socket", "unix-socket"),
    ],
)
def test_network_of_a_visitor(address, network):
    assert client_network(SimpleNamespace(remote_addr="", ip=address)) == network
    assert client_network(SimpleNamespace(remote_addr=address, ip="127.0.0.1")) == network

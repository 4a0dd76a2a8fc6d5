from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from engine import doors


def request(ip: str = "127.0.0.1", **headers: str) -> Any:
    return SimpleNamespace(ip=ip, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        (request(), True),
        (request("::1"), True),
        (request("192.0.2.7"), False),
        (request("10.0.0.3"), False),
        (request(x_forwarded_for="127.0.0.1"), False),
        (request(forwarded="for=127.0.0.1"), False),
        (request(x_real_ip="127.0.0.1"), False),
    ],
)
def test_near_is_this_machine_and_no_proxy_on_it(asked: Any, near: bool) -> None:
    assert doors.is_near(asked) is near


@pytest.mark.parametrize(
    ("key", "header", "fits"),
    [
        ("k" * 32, "Bearer " + "k" * 32, True),
        ("k" * 32, "Bearer " + "k" * 31, False),
        ("k" * 32, "k" * 32, False),
        ("k" * 32, "", False),
        ("k" * 32, "Bearer ké", False),
        (None, "Bearer None", False),
        (None, "Bearer ", False),
    ],
)
def test_only_the_key_opens(key: str | None, header: str, fits: bool) -> None:
    assert doors.has_key(request(authorization=header), key) is fits


def test_a_refusal_tells_its_kind_and_nothing_else() -> None:
    assert b"There is nothing here." in doors.refuse(404).body
    assert b"Something went wrong." in doors.refuse(418).body

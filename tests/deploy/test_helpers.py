from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from deploy.helpers import LONGEST_PAUSE_SECONDS, STEADY_SECONDS, Helper, Tended
from deploy.processes import Process, stop
from tests.clock import Clock

DIES = [sys.executable, "-c", "raise SystemExit(3)"]
STAYS = [sys.executable, "-c", "import time; time.sleep(60)"]
Tend = Callable[[list[str]], Tended]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def tend(tmp_path: Path, clock: Clock, said: list[str]) -> Iterator[Tend]:
    taken: list[Tended] = []

    def take(command: list[str]) -> Tended:
        taken.append(Tended(Helper("worker", command), tmp_path, "worker | ", said.append, clock))
        return taken[-1]

    yield take
    stop([each.process for each in taken if each.process is not None])


def _ended(helper: Tended) -> None:
    """Let it run to its end, and look."""
    assert isinstance(helper.process, Process)
    assert helper.process.wait(10)
    helper.look()


def test_it_is_started_by_the_first_look_and_left_alone(tend: Tend, said: list[str]) -> None:
    helper = tend(STAYS)
    assert helper.process is None
    helper.look()
    process = helper.process
    assert process is not None
    helper.look()
    assert helper.process is process
    assert said == []


def test_the_pauses_grow_up_to_a_minute(tend: Tend, clock: Clock, said: list[str]) -> None:
    helper = tend(DIES)
    pauses = [1, 2, 4, 8, 16, 32, LONGEST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS]
    helper.look()
    for pause in pauses:
        _ended(helper)
        clock.now += pause - 0.1
        helper.look()
        assert helper.process is None
        clock.now += 0.1
        helper.look()
        assert helper.process is not None
    assert said[2] == "worker | The worker ended by itself (exit code 3); it is started again in 4 s."
    assert len(said) == len(pauses)


def test_one_that_ran_for_long_is_back_at_once(tend: Tend, clock: Clock, said: list[str]) -> None:
    helper = tend(DIES)
    helper.look()
    for _ in range(3):
        _ended(helper)
        clock.now += 10
        helper.look()
    clock.now += STEADY_SECONDS
    _ended(helper)
    assert said[-1].endswith("in 1 s.")


def test_one_that_cannot_be_started_is_tried_again(tend: Tend, clock: Clock, said: list[str]) -> None:
    helper = tend(["/nowhere/at/all"])
    helper.look()
    assert helper.process is None
    assert "cannot be started" in said[0]
    clock.now += 1
    helper.look()
    assert said[1].endswith("in 2 s.")

from __future__ import annotations

import pytest

from benchmarks.servers.endurance import growth


def test_growth_is_from_the_end_of_the_warm_up_to_the_end() -> None:
    warm_up = [(turns, 100.0 + turns / 10) for turns in range(0, 1000, 50)]
    steady = [(turns, 200.0) for turns in range(1000, 10_000, 50)]
    assert growth([*warm_up, *steady]) == pytest.approx(0.0)
    assert growth([*warm_up, *steady, *((turns, 220.0) for turns in range(10_000, 11_000, 50))]) == pytest.approx(0.1)


def test_a_single_peak_is_no_growth() -> None:
    steady = [(turns, 200.0) for turns in range(0, 10_000, 50)]
    assert growth([*steady[:-1], (9_975, 400.0), steady[-1]]) == pytest.approx(0.0)

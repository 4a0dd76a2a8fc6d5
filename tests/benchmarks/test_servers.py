from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from benchmarks.servers import measuring, processes
from benchmarks.servers.contestants import DEFAULT, FLOOR, OURS, Broken, Visitor, floor
from benchmarks.servers.report import as_markdown, plot, rows

RESULTS = {
    "ready_seconds": {OURS: 6.0, DEFAULT: 20.0},
    "memory_megabytes": {OURS: 600.0, DEFAULT: 1200.0},
    "latency_milliseconds": {
        OURS: {"p50": 10.0, "p99": 20.0, "cpu": 9.0},
        DEFAULT: {"p50": 20.0, "p99": 40.0, "cpu": 18.0},
        FLOOR: {"p50": 2.0, "p99": 3.0, "cpu": 1.0},
    },
    "ageing_milliseconds": {
        OURS: {"5": {"old": 10.0, "young": 10.0}, "400": {"old": 11.0, "young": 10.0}},
        DEFAULT: {"5": {"old": 20.0, "young": 20.0}, "400": {"old": 100.0, "young": 20.0}},
    },
    "throughput": {
        OURS: {"1": {"per_second": 90.0, "p50": 1.0, "p99": 2.0}, "50": {"per_second": 200.0, "p50": 1.0, "p99": 2.0}},
        DEFAULT: {
            "1": {"per_second": 45.0, "p50": 1.0, "p99": 2.0},
            "50": {"per_second": 50.0, "p50": 1.0, "p99": 2.0},
        },
    },
    "questions": 297,
    "machine": {"cores": 2, "processor": "x86_64", "python": "3.10", "load_at_end": 0.5},
}


def test_every_goal_stands_beside_its_figure() -> None:
    found = {label: (ratio or ours, goal) for label, ours, _, ratio, goal in rows(RESULTS)}
    assert found["ready to answer"] == ("0.30", "at most 0.4")
    assert found["memory of all processes"] == ("0.50", "at most 0.8")
    assert found["turn, p50"] == ("0.50", "at most 0.5")
    assert found["turns a second, 50 visitors"] == ("4.00", "at least 4")
    assert found["turns a second, 1 visitor"] == ("2.00", "")
    assert found["turn 400 against turn 5 of another, at the same moments"] == ("1.10", "ours at most 1.3")
    assert found["turn, p50, against the floor (2.0 ms)"] == ("5.0", "ours at most 8")


def test_table_and_picture_are_written(tmp_path: Path) -> None:
    assert "| ready to answer | 6.0 s | 20.0 s | 0.30 | at most 0.4 |" in as_markdown(RESULTS)
    plot(RESULTS, tmp_path / "out" / "servers.png")
    assert (tmp_path / "out" / "servers.png").read_bytes().startswith(b"\x89PNG")


def test_memory_and_processor_time_count_children() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7)); input()'])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as parent:
        try:
            for _ in range(200):
                if len(processes.with_children([parent.pid])) == 2 and processes.cpu_seconds([parent.pid]) > 0.1:
                    break
                os.sched_yield()
                asyncio.run(asyncio.sleep(0.05))
            assert len(processes.with_children([parent.pid])) == 2
            assert processes.megabytes([parent.pid]) > processes.megabytes(processes.with_children([parent.pid])[1:])
            assert processes.cpu_seconds([parent.pid]) > 0.1
        finally:
            parent.communicate(b"\n")


@pytest.mark.timeout(60)
def test_the_floor_answers_and_is_measured(tmp_path: Path) -> None:
    with floor(["does it hurt?"], tmp_path) as lowest:
        assert lowest.ready_seconds > 0
        found = asyncio.run(measuring.latency([lowest], 10))[FLOOR]
        assert 0 < found["p50"] <= found["p99"]
        rate = asyncio.run(measuring.throughput([lowest], (1, 3), 1, 0.2))[FLOOR]
        assert rate["3"]["per_second"] > 0
        assert set(asyncio.run(measuring.ageing([lowest], (5, 9)))[FLOOR]) == {"5", "9"}

        async def ask_nowhere() -> None:
            async with aiohttp.ClientSession() as http:
                await Visitor(lowest, http, f"{lowest.url}/", {}, {}).say("hello")

        with pytest.raises((Broken, aiohttp.ClientError)):
            asyncio.run(ask_nowhere())

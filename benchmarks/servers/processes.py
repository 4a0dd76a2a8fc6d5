"""Memory and processor time of processes with all their children, from Linux's /proc."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


def with_children(pids: Iterable[int]) -> list[int]:
    """These processes and all that descend from them."""
    found = list(pids)
    for pid in found:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def megabytes(pids: Iterable[int]) -> float:
    """Proportional set size: memory of theirs, and their share of what they have in common with others."""
    return sum(_kilobytes(pid) for pid in with_children(pids)) / 1024


def _kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time spent so far."""
    total = 0
    for pid in with_children(pids):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS

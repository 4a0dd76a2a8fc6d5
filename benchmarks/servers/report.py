"""The figures of the server benchmark as a Markdown table and as a picture."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure  # type: ignore[import-untyped]

from benchmarks import drawing
from benchmarks.servers.contestants import DEFAULT, FLOOR, OURS

_COLOURS = {OURS: drawing.OURS, DEFAULT: drawing.THEIRS, FLOOR: drawing.OTHER}


def rows(results: Mapping[str, Any]) -> list[tuple[str, str, str, str, str]]:
    """Figure, ours, the default bot's, their ratio, and the goal for it."""
    latency, ageing, rush = results["latency_milliseconds"], results["ageing_milliseconds"], results["throughput"]
    first, *_, last = ageing[OURS]
    busiest = list(rush[OURS])[-1]
    return [
        _row("ready to answer", "{:.1f} s", results["ready_seconds"], "at most 0.4"),
        _row("memory of all processes", "{:.0f} MB", results["memory_megabytes"], "at most 0.8"),
        _row("turn, p50", "{:.1f} ms", _of(latency, "p50"), "at most 0.5"),
        _row("turn, p99", "{:.1f} ms", _of(latency, "p99"), ""),
        _row("turn, processor time of all processes", "{:.1f} ms", _of(latency, "cpu"), ""),
        *(
            _row(
                f"turns a second, {visitors} visitor{'s' if visitors != '1' else ''}",
                "{:.0f}",
                {name: rush[name][visitors]["per_second"] for name in (OURS, DEFAULT)},
                "at least 4" if visitors == busiest else "",
            )
            for visitors in rush[OURS]
        ),
        *(
            _row(f"turn {place} of a conversation", "{:.1f} ms", _of_age(ageing, place, "old"), "")
            for place in ageing[OURS]
        ),
        (
            f"turn {last} against turn {first} of another, at the same moments",
            f"{ageing[OURS][last]['old'] / ageing[OURS][last]['young']:.2f}",
            f"{ageing[DEFAULT][last]['old'] / ageing[DEFAULT][last]['young']:.2f}",
            "",
            "ours at most 1.3",
        ),
        (
            f"turn, p50, against the floor ({latency[FLOOR]['p50']:.1f} ms)",
            f"{latency[OURS]['p50'] / latency[FLOOR]['p50']:.1f}",
            f"{latency[DEFAULT]['p50'] / latency[FLOOR]['p50']:.1f}",
            "",
            "ours at most 8",
        ),
    ]


def _of(figures: Mapping[str, Mapping[str, float]], key: str) -> dict[str, float]:
    return {name: figures[name][key] for name in (OURS, DEFAULT)}


def _of_age(ageing: Mapping[str, Any], place: str, key: str) -> dict[str, float]:
    return {name: ageing[name][place][key] for name in (OURS, DEFAULT)}


def _row(label: str, shape: str, values: Mapping[str, float], goal: str) -> tuple[str, str, str, str, str]:
    ratio = values[OURS] / values[DEFAULT]
    return label, shape.format(values[OURS]), shape.format(values[DEFAULT]), f"{ratio:.2f}", goal


def as_markdown(results: Mapping[str, Any]) -> str:
    """The table, with the conditions under it."""
    lines = ["| | ours | default bot | ratio | goal |", "|---|--:|--:|--:|---|"]
    lines += [f"| {' | '.join(row)} |" for row in rows(results)]
    machine = results["machine"]
    conditions = (
        "Ours: a question to the website door, a custom action, conversations in SQLite. "
        f"{results['questions']} held-out questions, asked in turn. Default bot: what `rasa init` writes, with its "
        "action server; a message to the REST channel that it answers with one utterance, conversations in memory. The "
        "floor: a bare Sanic handler with one SQLite commit. One after the other in one run, single turns alternately. "
        f"{machine['cores']} cores ({machine['processor']}) shared by the servers and the visitors, "
        f"Python {machine['python']}, load {machine['load_at_end']:.1f} at the end."
    )
    return "\n".join([*lines, "", conditions, ""])


def plot(results: Mapping[str, Any], path: Path) -> None:
    """Draws five panels to a PNG file; its folder is created."""
    figure = Figure(figsize=(15, 2.8))
    ready, memory, turn, many, age = figure.subplots(1, 5)
    _bars(ready, "Ready, s", results["ready_seconds"], "{:.1f}")
    _bars(memory, "Memory, MB", results["memory_megabytes"], "{:.0f}")
    latency = results["latency_milliseconds"]
    _bars(turn, "Turn p50, ms", {name: latency[name]["p50"] for name in latency}, "{:.1f}")
    for name in (OURS, DEFAULT):
        by_visitors = results["throughput"][name]
        rates = [each["per_second"] for each in by_visitors.values()]
        many.plot(list(by_visitors), rates, marker="o", color=_COLOURS[name])
        ages = results["ageing_milliseconds"][name]
        times = [each["old"] for each in ages.values()]
        age.plot([int(place) for place in ages], times, marker="o", color=_COLOURS[name], label=name)
    many.set_title("Turns a second, by visitors", fontsize=9)
    age.set_title("Turn, ms, by its place in a conversation", fontsize=9)
    age.legend(fontsize=7, frameon=False)
    for axes in (many, age):
        drawing.plain(axes)
    drawing.save(figure, path)


def _bars(axes: Any, title: str, values: Mapping[str, float], shape: str) -> None:
    drawing.bars(axes, title, [(name, value, _COLOURS[name]) for name, value in values.items()], shape)

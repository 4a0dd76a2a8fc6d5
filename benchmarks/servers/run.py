"""Measures our servers beside the default bot's, in one run: `python -m benchmarks.servers.run [--quick]`."""

from __future__ import annotations

import asyncio
import os
import platform
import statistics
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from benchmarks.danger.run import newest_model
from benchmarks.intents import HELD_OUT, RESULTS, ROOT
from benchmarks.questions import read_questions
from benchmarks.report import write_json
from benchmarks.servers import measuring
from benchmarks.servers.contestants import Broken, Contestant, floor, ours, theirs
from benchmarks.servers.default_bot import TrainingFailed, prepare
from benchmarks.servers.report import as_markdown, plot
from frontdesk.settings import Settings

VISITORS = (1, 10, 50)
PLACES = (5, 50, 200, 400)

Start = Callable[[], AbstractContextManager[Contestant]]


def _starts(start: Start, times: int) -> list[float]:
    seconds = []
    for _ in range(times):
        with start() as contestant:
            seconds.append(contestant.ready_seconds)
    return seconds


def main(
    quick: Annotated[bool, typer.Option(help="A tenth of the turns: to see that it works.")] = False,
    out: Annotated[Path, typer.Option(help="Folder for servers.json, .md and .png.")] = RESULTS,
) -> None:
    """Starts, asks and ends the servers; writes table and picture."""
    console = Console()
    model = newest_model(Settings.from_environment().var_dir / "models")
    questions = [each.text for each in read_questions(HELD_OUT) if each.in_scope and each.kind == "faq"]
    kept = ROOT / "var" / "benchmarks"
    kept.mkdir(parents=True, exist_ok=True)
    try:
        console.print("Preparing the default bot (trained once).")
        bot = prepare(kept)
        with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
            results = _measure(
                lambda: ours(model, questions, kept),
                lambda: theirs(bot, kept),
                lambda: floor(questions, Path(folder)),
                quick,
                console,
            )
    except (Broken, TrainingFailed) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    results["quick"] = quick
    results["questions"] = len(questions)
    results["machine"] = {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "load_at_end": os.getloadavg()[0],
    }
    write_json(results, out / "servers.json")
    (out / "servers.md").write_text(as_markdown(results), encoding="utf-8")
    plot(results, out / "servers.png")
    console.print(as_markdown(results), markup=False, soft_wrap=True)


def _measure(our: Start, their: Start, lowest: Start, quick: bool, console: Console) -> dict[str, Any]:
    starts: dict[str, list[float]] = {"ours": [], "theirs": []}
    for number in range(1 if quick else 3):
        console.print(f"Starting both, round {number + 1}.")
        starts["ours"] += _starts(our, 1)
        starts["theirs"] += _starts(their, 1)
    with ExitStack() as stack:
        console.print("Turns of one visitor, the servers alternating.")
        one, other, least = (stack.enter_context(start()) for start in (our, their, lowest))
        both, everyone = [one, other], [one, other, least]
        asyncio.run(measuring.warm_up(everyone))
        latency = asyncio.run(measuring.latency(everyone, 60 if quick else 600))
        memory = {each.name: each.megabytes() for each in both}
        console.print("A long conversation.")
        ageing = asyncio.run(measuring.ageing(both, PLACES[:2] if quick else PLACES))
        console.print("Many visitors at once.")
        rushes = asyncio.run(measuring.throughput(both, VISITORS, 1 if quick else 3, 3 if quick else 10))
    return {
        "ready_seconds": {one.name: statistics.median(starts["ours"]), other.name: statistics.median(starts["theirs"])},
        "memory_megabytes": memory,
        "latency_milliseconds": latency,
        "ageing_milliseconds": ageing,
        "throughput": rushes,
    }


if __name__ == "__main__":
    typer.run(main)

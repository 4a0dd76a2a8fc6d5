"""Whether our servers grow: `python -m benchmarks.servers.endurance [--turns 100000] [--visitors 10]`.

Visitors ask the held-out questions, one conversation after the other, without a pause. Memory of all processes is
looked at every few seconds; what it grew between the end of the warm-up and the end is the figure.
"""

from __future__ import annotations

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import aiohttp
import typer
from matplotlib.figure import Figure  # type: ignore[import-untyped]
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks import drawing
from benchmarks.danger.run import newest_model
from benchmarks.intents import HELD_OUT, RESULTS, ROOT
from benchmarks.questions import read_questions
from benchmarks.report import write_json
from benchmarks.servers.contestants import Broken, Contestant, ours
from frontdesk.settings import Settings

_TURNS_A_CONVERSATION = 8
_EVERY_SECONDS = 5.0
_WARM_UP = 0.1
_LAST = 0.05
"""Share of the turns over which the memory at the end is averaged, and as many after the warm-up."""
GOAL = 0.05


@dataclass
class Watch:
    """What is seen of the servers while visitors talk.

    Attributes:
        turns: answered so far.
        seen: pairs of turns and megabytes of all processes.
    """

    turns: int = 0
    seen: list[tuple[int, float]] = field(default_factory=list)


def growth(seen: Sequence[tuple[int, float]]) -> float:
    """By how much memory at the end is above that after the warm-up, 0.05 for a twentieth.

    Args:
        seen: pairs of turns and megabytes, in order; some fall into the first turns after the warm-up.
    """
    last = seen[-1][0]
    after = [size for turns, size in seen if _WARM_UP * last <= turns <= (_WARM_UP + _LAST) * last]
    end = [size for turns, size in seen if turns >= (1 - _LAST) * last]
    return statistics.median(end) / statistics.median(after) - 1


async def _talk(
    servers: Contestant, http: aiohttp.ClientSession, messages: Iterator[str], watch: Watch, most: int
) -> None:
    while watch.turns < most:
        visitor = await servers.visitor(http)
        for message in itertools.islice(messages, _TURNS_A_CONVERSATION):
            await visitor.say(message)
            watch.turns += 1


async def _look(servers: Contestant, watch: Watch, progress: Progress) -> None:
    bar = progress.tasks[0].id
    while True:
        watch.seen.append((watch.turns, round(servers.megabytes(), 1)))
        progress.update(bar, completed=watch.turns)
        await asyncio.sleep(_EVERY_SECONDS)


async def _endure(servers: Contestant, turns: int, visitors: int, progress: Progress) -> Watch:
    watch, messages = Watch(), itertools.cycle(servers.messages)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120)) as http:
        looking = asyncio.create_task(_look(servers, watch, progress))
        try:
            await asyncio.gather(*(_talk(servers, http, messages, watch, turns) for _ in range(visitors)))
        finally:
            looking.cancel()
    watch.seen.append((watch.turns, round(servers.megabytes(), 1)))
    return watch


def _plot(seen: Sequence[tuple[int, float]], path: Path) -> None:
    figure = Figure(figsize=(7, 2.6))
    axes = figure.subplots()
    axes.plot([turns for turns, _ in seen], [size for _, size in seen], color=drawing.OURS)
    axes.set_title("Memory of all processes, MB, by turns", fontsize=9)
    drawing.plain(axes)
    drawing.save(figure, path)


def main(
    turns: Annotated[int, typer.Option(min=1_000, help="How many turns.")] = 100_000,
    visitors: Annotated[int, typer.Option(min=1, help="How many talk at once.")] = 10,
    out: Annotated[Path, typer.Option(help="Folder for endurance.json and .png.")] = RESULTS,
) -> None:
    """Lets visitors talk for long and says how the servers' memory grew."""
    console = Console()
    model = newest_model(Settings.from_environment().var_dir / "models")
    questions = [each.text for each in read_questions(HELD_OUT)]
    kept = ROOT / "var" / "benchmarks"
    kept.mkdir(parents=True, exist_ok=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    begun = time.monotonic()
    try:
        with ours(model, questions, kept) as servers, Progress(*columns, console=console) as progress:
            progress.add_task("turns", total=turns)
            watch = asyncio.run(_endure(servers, turns, visitors, progress))
    except Broken as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    grown = growth(watch.seen)
    results = {
        "turns": watch.turns,
        "visitors": visitors,
        "minutes": (time.monotonic() - begun) / 60,
        "growth": grown,
        "megabytes": watch.seen,
    }
    write_json(results, out / "endurance.json")
    _plot(watch.seen, out / "endurance.png")
    console.print(
        f"{watch.turns} turns in {results['minutes']:.0f} minutes: memory grew by {100 * grown:.1f} % "
        f"after the warm-up (goal: at most {100 * GOAL:.0f} %)."
    )


if __name__ == "__main__":
    typer.run(main)

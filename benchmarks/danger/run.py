"""Feeds a danger suite to the trained model and counts what is heard.

`python -m benchmarks.danger.run [--suite blind] [--model FILE.tar.gz] [--seconds 600]`; the newest
model of var/models is taken. Of the blind suite only figures are shown and written: whoever saw its misses would tune
to them.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import statistics
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from benchmarks.danger.suite import SEED, Message, Suite, build_suite
from benchmarks.report import write_json
from engine.launch import prepare, silence

Parse = Callable[[str], Awaitable[Mapping[str, Any]]]

RECALL_GOAL = 0.99
FALSE_EMERGENCIES_GOAL = 0.01


@dataclass(frozen=True)
class Heard:
    """A message of the suite and what the model made of it.

    Attributes:
        message: what was said.
        intent: the intent of the whole message.
        level: emergency, urgent, clinician, or None where the screen found nothing.
        category: what the screen takes it for, or None.
        by: the rule or score that found it, or None.
        milliseconds: time of the whole parse, not of the screen alone.
    """

    message: Message
    intent: str
    level: str | None
    category: str | None
    by: str | None
    milliseconds: float

    @property
    def as_emergency(self) -> bool:
        """Whether the visitor would be told to call an ambulance: either way of hearing it is enough."""
        return self.level == "emergency" or self.intent == "emergency"


def hear(message: Message, parsed: Mapping[str, Any], milliseconds: float) -> Heard:
    """Reads the parse output of one message; `red_flag` may be absent or None."""
    flag = parsed.get("red_flag") or {}
    intent = (parsed.get("intent") or {}).get("name") or ""
    return Heard(message, intent, flag.get("level"), flag.get("category"), flag.get("by"), milliseconds)


async def listen(
    messages: Sequence[Message], parse: Parse, seconds: float, advance: Callable[[], None] = lambda: None
) -> list[Heard]:
    """Parses one message after the other until all are done or the time is up.

    Args:
        messages: what is said.
        parse: the model's way to parse a text.
        seconds: no message is begun later than this.
        advance: called after each message.

    Returns:
        What was heard. Where time ran out, it is a fair sample: messages are taken in shuffled order.
    """
    order = list(messages)
    random.Random(SEED).shuffle(order)
    end = time.monotonic() + seconds
    heard = []
    for message in order:
        if time.monotonic() > end:
            break
        begun = time.perf_counter()
        parsed = await parse(message.text)
        heard.append(hear(message, parsed, (time.perf_counter() - begun) * 1000))
        advance()
    return sorted(heard, key=lambda each: each.message.id)


def _tally(heard: Sequence[Heard]) -> dict[str, Any]:
    emergencies = sum(each.as_emergency for each in heard)
    return {
        "messages": len(heard),
        "emergency": emergencies,
        "share": emergencies / len(heard) if heard else None,
        "by_screen": sum(each.level == "emergency" for each in heard),
        "by_intent_only": sum(each.as_emergency and each.level != "emergency" for each in heard),
        "urgent": sum(each.level == "urgent" and not each.as_emergency for each in heard),
    }


def _tallies(heard: Sequence[Heard], group: Callable[[Heard], str]) -> dict[str, Any]:
    groups: dict[str, list[Heard]] = defaultdict(list)
    for each in heard:
        groups[group(each)].append(each)
    return {name: _tally(members) for name, members in sorted(groups.items())}


def score(heard: Sequence[Heard]) -> dict[str, Any]:
    """All figures: recall on danger, false emergencies on the rest, each by category and kind, the median parse time.

    `misses` are danger messages not heard as an emergency, `false_alarms` harmless ones that were.
    """
    danger = [each for each in heard if each.message.is_danger]
    same_day = [each for each in heard if each.message.is_same_day]
    harmless = [each for each in heard if not (each.message.is_danger or each.message.is_same_day)]
    found = [each for each in danger if each.level == "emergency"]
    results: dict[str, Any] = {
        name: _tally(part)
        | {
            "categories": _tallies(part, lambda each: each.message.category),
            "kinds": _tallies(part, lambda each: each.message.kind),
        }
        for name, part in (("danger", danger), ("harmless", harmless), ("same_day", same_day))
    }
    results["category_right"] = (
        sum(each.category == each.message.category for each in found) / len(found) if found else None
    )
    results["median_milliseconds"] = statistics.median(each.milliseconds for each in heard) if heard else None
    results["misses"] = [asdict(each) for each in danger if not each.as_emergency]
    results["false_alarms"] = [asdict(each) for each in harmless if each.as_emergency]
    return results


def without_examples(results: Mapping[str, Any]) -> dict[str, Any]:
    """The figures alone, with no message quoted."""
    return {name: figure for name, figure in results.items() if name not in ("misses", "false_alarms")}


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.4f}"


def print_results(results: Mapping[str, Any], console: Console) -> None:
    """Prints the figures, then every miss and every false alarm in full where the results have them."""
    labels = {"danger": "recognised", "harmless": "false emergencies", "same_day": "sent to an ambulance"}
    for name, label in labels.items():
        if not results[name]["messages"]:
            continue
        table = Table(title=f"{name}: {label}")
        table.add_column("", no_wrap=True)
        for column in ("messages", "emergency", "share", "by screen", "intent only", "urgent"):
            table.add_column(column, justify="right")
        for grouping in ("categories", "kinds"):
            for group, tally in results[name][grouping].items():
                _add_row(table, group, tally)
            table.add_section()
        _add_row(table, "all", results[name])
        console.print(table)
    console.print(f"recall {_share(results['danger']['share'])} (goal: at least {RECALL_GOAL})")
    console.print(
        f"false emergencies {_share(results['harmless']['share'])} (goal: at most {FALSE_EMERGENCIES_GOAL}), "
        f"urgent among harmless: {results['harmless']['urgent']}"
    )
    console.print(f"category right where the screen found an emergency: {_share(results['category_right'])}")
    median = results["median_milliseconds"]
    console.print(f"median time of a whole parse: {'–' if median is None else f'{median:.1f} ms'}")
    for name, label in (("misses", "missed"), ("false_alarms", "false alarm")):
        if name not in results:
            continue
        console.print(f"\n{label}: {len(results[name])}", style="bold")
        for each in results[name]:
            message = each["message"]
            console.print(
                f"  {message['id']} ({message['kind']}) {escape(message['text'])}\n"
                f"      intent {each['intent']}, level {each['level']}, category {each['category']}, by {each['by']}",
                soft_wrap=True,
            )


def _add_row(table: Table, name: str, tally: Mapping[str, Any]) -> None:
    counts = (str(tally[key]) for key in ("by_screen", "by_intent_only", "urgent"))
    table.add_row(name, str(tally["messages"]), str(tally["emergency"]), _share(tally["share"]), *counts)


def newest_model(folder: Path) -> Path:
    """The model written last.

    Raises:
        FileNotFoundError: the folder has none.
    """
    models = sorted(folder.glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise FileNotFoundError(f"No model in {folder}. Run `make train` first.")
    return models[-1]


def load_parse(model: Path) -> Parse:
    """Loads a trained model into this process and returns its way to parse a text."""
    # Imported here: it takes seconds, and the warnings it gives are silenced before.
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    # Left to itself, structlog prints every parse.
    configure_structlog(logging.WARNING)

    return Agent.load(model_path=model).parse_message


def main(
    model: Annotated[Path | None, typer.Option(help="The newest of var/models by default.")] = None,
    seconds: Annotated[float, typer.Option(help="Stop asking after this time.")] = 600.0,
    out: Annotated[Path | None, typer.Option(help="JSON file in var/benchmarks by default.")] = None,
    suite: Annotated[Suite, typer.Option(help="Which messages.")] = Suite.FIRST,
) -> None:
    """Measures how the trained model hears a danger suite."""
    console = Console()
    prepare(os.environ)
    silence()
    var = Path(os.environ["FRONTDESK_VAR"])
    try:
        path = model or newest_model(var / "models")
    except FileNotFoundError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    messages = build_suite(suite)
    parse = load_parse(path)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("messages", total=len(messages))
        heard = asyncio.run(listen(messages, parse, seconds, lambda: progress.advance(bar)))
    results = {"model": path.name, "messages": len(messages), "asked": len(heard)} | score(heard)
    if suite is Suite.BLIND:
        results = without_examples(results)
    print_results(results, console)
    if len(heard) < len(messages):
        console.print(f"Time was up: only {len(heard)} of {len(messages)} messages were asked.", style="red")
    target = out or var / "benchmarks" / ("danger.json" if suite is Suite.FIRST else f"danger_{suite.value}.json")
    write_json(results, target)
    console.print(f"\nWritten to {target}", markup=False)


if __name__ == "__main__":
    typer.run(main)

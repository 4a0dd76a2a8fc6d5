"""Runs the benchmarks and sums them up: `python -m benchmarks [NAMES…]`, all of them without a name.

A benchmark is a module that runs with `python -m`; `RUNS` is the list of them. A new one gets a line there and a
function that reads the figures that matter from its result.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.intents import RESULTS, ROOT
from benchmarks.servers.report import rows


@dataclass(frozen=True)
class Run:
    """A benchmark.

    Attributes:
        name: what it is called on the command line; its result is `results/<name>.json`.
        module: what runs it.
        sum_up: the figures that matter, from its result.
    """

    name: str
    module: str
    sum_up: Callable[[Mapping[str, Any]], str]


def _misspelt(result: Mapping[str, Any]) -> str:
    return f"{result['share']:.3f} of {result['twins']} misspelt twins still understood (goal {result['goal']:.2f})"


def _thresholds(result: Mapping[str, Any]) -> str:
    chosen, configured = result["out_of_fold"]["chosen"], result["out_of_fold"]["config.yml"]
    values = ", ".join(
        f"{key} {chosen[key]} (config.yml {configured[key]})" for key in ("temperature", "threshold", "close")
    )
    return f"weighted F1 {result['weighted_f1']:.3f} on all examples; {values}"


def _pipelines(result: Mapping[str, Any]) -> str:
    parts = []
    for each in result["pipelines"]:
        validated = each.get("cross_validation")
        score = f"F1 {validated['weighted_f1']:.3f}, " if validated else ""
        parts.append(
            f"{each['name']}: {score}held out {each['held_out']['accuracy']:.3f}, "
            f"parse {each['parse_milliseconds']['median']:.1f} ms"
        )
    return "; ".join(parts)


def _servers(result: Mapping[str, Any]) -> str:
    return "; ".join(f"{label} {value} against {other}" for label, value, other, *_ in rows(result)[:3])


def _endurance(result: Mapping[str, Any]) -> str:
    return f"memory {100 * result['growth']:+.1f} % over {result['turns']} turns"


RUNS = (
    Run("misspelt", "benchmarks.misspelt", _misspelt),
    Run("thresholds", "benchmarks.thresholds", _thresholds),
    Run("pipelines", "benchmarks.pipelines", _pipelines),
    Run("servers", "benchmarks.servers.run", _servers),
    Run("endurance", "benchmarks.servers.endurance", _endurance),
)


def main(names: Annotated[list[str] | None, typer.Argument(help=", ".join(run.name for run in RUNS))] = None) -> None:
    """Runs the benchmarks one after the other; each writes its own figures to benchmarks/results."""
    console = Console()
    unknown = set(names or ()) - {run.name for run in RUNS}
    if unknown:
        raise typer.BadParameter(f"There is no {', '.join(sorted(unknown))}.")
    summary = Table("benchmark", "took", "result", title="Summary")
    failed = False
    for run in RUNS:
        if names and run.name not in names:
            continue
        console.rule(run.name)
        begun = time.monotonic()
        ended = subprocess.run([sys.executable, "-m", run.module], cwd=ROOT, check=False)
        took = f"{time.monotonic() - begun:.0f} s"
        if ended.returncode:
            failed = True
            summary.add_row(run.name, took, "[red]failed[/red]")
            continue
        result = json.loads((RESULTS / f"{run.name}.json").read_text(encoding="utf-8"))
        summary.add_row(run.name, took, run.sum_up(result))
    console.print(summary)
    if failed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)

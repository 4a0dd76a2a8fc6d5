"""Trains one NLU pipeline, or parses with it, in a process of its own whose time and memory are measured.

``python -m benchmarks.pipeline_worker train CONFIG DATA MODEL RESULT``, ``… parse MODEL TEXTS RESULT`` as Rasa runs a
model, and ``… serve MODEL TEXTS RESULT`` as our server runs it; ``TEXTS`` is a JSON list, ``RESULT`` the JSON file to
write.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from engine import graph_run
from engine.changes import make
from engine.launch import prepare, silence

_WARM_UP = 20


def train(config: Path, data: Path, model: Path) -> dict[str, float]:
    """Trains the NLU part of ``config`` on ``data`` into the archive ``model``.

    Returns:
        ``seconds`` on the clock and ``cpu_seconds`` of all cores together, imports left out, and ``peak_megabytes``.
    """
    from rasa.model_training import train_nlu

    begun, worked = time.perf_counter(), time.process_time()
    made = train_nlu(str(config), str(data), str(model.parent), fixed_model_name=model.name.removesuffix(".tar.gz"))
    if made is None:
        raise SystemExit("No model came out of the training.")
    return {
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time() - worked,
        "peak_megabytes": peak_megabytes(),
    }


def parse(model: Path, texts: list[str]) -> dict[str, Any]:
    """Parses ``texts``, one message a call.

    Returns:
        ``intents``, ``seconds`` on the clock and ``cpu_seconds`` of each text, ``load_seconds`` (imports left out) and
        ``peak_megabytes``.
    """
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # left to itself, structlog prints every parse
    begun = time.perf_counter()
    agent = Agent.load(model_path=model)
    loaded = time.perf_counter()
    return {
        **asyncio.run(_parse(agent.parse_message, texts)),
        "load_seconds": loaded - begun,
        "peak_megabytes": peak_megabytes(),
    }


async def _parse(parse_message: Any, texts: list[str]) -> dict[str, list[Any]]:
    for text in texts[:_WARM_UP]:
        await parse_message(text)
    said: dict[str, list[Any]] = {"intents": [], "seconds": [], "cpu_seconds": []}
    for text in texts:
        begun, worked = time.perf_counter(), time.process_time()
        parsed = await parse_message(text)
        said["cpu_seconds"].append(time.process_time() - worked)
        said["seconds"].append(time.perf_counter() - begun)
        said["intents"].append((parsed.get("intent") or {}).get("name") or "")
    return said


def peak_megabytes() -> float:
    """The most memory this process has held at once."""
    status = Path("/proc/self/status")
    if status.exists():
        # getrusage would count what the starting process held before this one took its place.
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return held / 2**20 if sys.platform == "darwin" else held / 1024


def main(arguments: list[str]) -> None:
    """Does the job and writes its result."""
    job, *rest, result = arguments
    prepare(os.environ)
    silence()
    paths = [Path(path) for path in rest]
    if job == "train":
        measured: dict[str, Any] = train(*paths)
    else:
        if job == "serve":
            make(graph_run.CHANGES)
        model, texts = paths
        measured = parse(model, json.loads(texts.read_text(encoding="utf-8")))
    Path(result).write_text(json.dumps(measured), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

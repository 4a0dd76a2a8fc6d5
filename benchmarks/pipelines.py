"""Measures our NLU pipeline beside the default one of `rasa init`: `python -m benchmarks.pipelines [--questions FILE]`.

Both learn the same examples and are asked the same messages. Every training and every round of parsing is a process
of its own, so that no pipeline pays for the other's memory.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold

from benchmarks.intents import HELD_OUT, RESULTS, ROOT, Example, as_training_data, read_examples, right_intents, sample
from benchmarks.pipelines_report import as_markdown, plot
from benchmarks.questions import Question, read_questions
from benchmarks.report import write_json
from benchmarks.scoring import latency

SEED = 20
_TIMED_MESSAGES = 300
_DEFAULT_CONFIG = "engine/recipes/config_files/default_config.yml"


class WorkerFailed(RuntimeError):
    """A training or a round of parsing broke off; the message says where its log is."""


@dataclass(frozen=True)
class Contestant:
    """A pipeline and what it learns from.

    Attributes:
        name: as shown.
        config: Rasa configuration, without policies.
        examples: training examples.
        folds: folds of the cross-validation, 0 for none.
        ours: whether it parses as our server does.
    """

    name: str
    config: Mapping[str, Any]
    examples: Sequence[Example]
    folds: int
    ours: bool = False

    @property
    def steps(self) -> int:
        """Trainings and rounds of parsing that it takes to measure it."""
        return 2 * (self.folds + 1)


class Worker:
    """Starts `benchmarks.pipeline_worker` for one contestant."""

    def __init__(self, config: Mapping[str, Any], folder: Path, log: Path, ours: bool = False) -> None:
        self._parse = "serve" if ours else "parse"
        self._folder = folder
        self._log = log
        self._config = folder / "config.yml"
        self._config.write_text(yaml.safe_dump(dict(config)), encoding="utf-8")
        self._model = folder / "model.tar.gz"

    def train(self, examples: Sequence[Example]) -> dict[str, Any]:
        """See `pipeline_worker.train`."""
        data = self._folder / "nlu.yml"
        data.write_text(as_training_data(examples), encoding="utf-8")
        return self._run("train", self._config, data, self._model)

    def parse(self, texts: Sequence[str]) -> dict[str, Any]:
        """See `pipeline_worker.parse`."""
        asked = self._folder / "texts.json"
        asked.write_text(json.dumps(texts), encoding="utf-8")
        return self._run(self._parse, self._model, asked)

    def _run(self, job: str, *paths: Path) -> dict[str, Any]:
        result = self._folder / "result.json"
        command = [sys.executable, "-m", "benchmarks.pipeline_worker", job, *map(str, paths), str(result)]
        with self._log.open("a", encoding="utf-8") as log:
            ended = subprocess.run(command, cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, check=False)
        if ended.returncode:
            raise WorkerFailed(f"The benchmark's {job} step failed; what went wrong is at the end of {self._log}.")
        measured: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
        return measured


def our_config() -> dict[str, Any]:
    """`config.yml` without its policies."""
    return _without_policies(ROOT / "config.yml")


def default_config() -> dict[str, Any]:
    """What `rasa init` trains with, read from the installed Rasa, without its policies."""
    spec = importlib.util.find_spec("rasa")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return _without_policies(Path(next(iter(spec.submodule_search_locations))) / _DEFAULT_CONFIG)


def _without_policies(path: Path) -> dict[str, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {key: content[key] for key in ("recipe", "language", "assistant_id", "pipeline")}


def measure(
    contestant: Contestant, questions: Sequence[Question], log: Path, advance: Callable[[], None]
) -> dict[str, Any]:
    """All figures of one contestant.

    Args:
        contestant: what is measured.
        questions: labelled questions; those that are fragments of a conversation are left out.
        log: takes what the workers print.
        advance: called after each training and each round of parsing.
    """
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        worker = Worker(contestant.config, Path(folder), log, contestant.ours)
        results: dict[str, Any] = {"name": contestant.name, "examples": len(contestant.examples)}
        if contestant.folds:
            results["cross_validation"] = _cross_validate(worker, contestant, advance)
        trained = worker.train(contestant.examples)
        advance()
        asked = [question for question in questions if not question.is_follow_up]
        texts = _timed([question.text for question in asked])
        parsed = worker.parse([question.text for question in asked] + texts)
        advance()
    return results | {
        "held_out": _held_out(asked, parsed["intents"]),
        "train_seconds": trained["seconds"],
        "train_cpu_seconds": trained["cpu_seconds"],
        "train_megabytes": trained["peak_megabytes"],
        "load_seconds": parsed["load_seconds"],
        "parse_milliseconds": _milliseconds(parsed["seconds"][len(asked) :]),
        "parse_cpu_milliseconds": _milliseconds(parsed["cpu_seconds"][len(asked) :]),
        "timed_messages": len(texts),
        "parse_megabytes": parsed["peak_megabytes"],
    }


def _milliseconds(seconds: Sequence[float]) -> dict[str, float]:
    return {key: 1000 * (value or 0.0) for key, value in latency(seconds).items()}


def _cross_validate(worker: Worker, contestant: Contestant, advance: Callable[[], None]) -> dict[str, Any]:
    examples = list(contestant.examples)
    truth = [example.intent for example in examples]
    said = [""] * len(examples)
    cut = StratifiedKFold(contestant.folds, shuffle=True, random_state=SEED)
    for known, asked in cut.split(examples, truth):
        worker.train([examples[row] for row in known])
        advance()
        parsed = worker.parse([examples[row].text for row in asked])
        advance()
        for row, intent in zip(asked, parsed["intents"], strict=True):
            said[row] = intent
    return {
        "folds": contestant.folds,
        "weighted_f1": float(f1_score(truth, said, average="weighted", labels=sorted(set(truth)), zero_division=0)),
        "accuracy": float(accuracy_score(truth, said)),
    }


def _held_out(questions: Sequence[Question], intents: Sequence[str]) -> dict[str, Any]:
    pairs = list(zip(questions, intents[: len(questions)], strict=True))
    strange = [intent in ("out_of_scope", "nlu_fallback") for question, intent in pairs if _is_strange(question)]
    return {
        "questions": len(pairs),
        "accuracy": statistics.fmean(intent in right_intents(question) for question, intent in pairs),
        "out_of_scope": len(strange),
        "out_of_scope_refused": statistics.fmean(strange) if strange else None,
    }


def _is_strange(question: Question) -> bool:
    return question.topic == "out_of_scope"


def _timed(texts: Sequence[str]) -> list[str]:
    """300 messages: a random sample, or all of them several times over where there are fewer."""
    order = list(texts)
    random.Random(SEED).shuffle(order)
    return (order * (_TIMED_MESSAGES // max(1, len(order)) + 1))[:_TIMED_MESSAGES]


def main(
    questions: Annotated[Path, typer.Option(help="Labelled questions: id, text, topic, topic2, kind.")] = HELD_OUT,
    folds: Annotated[int, typer.Option(help="Folds of the cross-validation; 0 leaves it out.")] = 5,
    most: Annotated[
        int,
        typer.Option("--sample", help="Examples per intent that both learn; 0 for all (hours for the default)."),
    ] = 10,
    out: Annotated[Path, typer.Option(help="Folder for pipelines.json, .md and .png.")] = RESULTS,
) -> None:
    """Measures both pipelines in one run; where a sample is taken, ours is measured on all examples as well."""
    console = Console()
    examples = read_examples()
    drawn = sample(examples, most, SEED)
    contestants = [
        Contestant("Frontdesk", our_config(), drawn, folds, ours=True),
        Contestant("Rasa default", default_config(), drawn, folds),
    ]
    if len(drawn) < len(examples):
        contestants.append(Contestant("Frontdesk, all examples", our_config(), examples, 0, ours=True))
    asked = read_questions(questions)
    log = ROOT / "var" / "benchmarks" / "pipelines.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    log.unlink(missing_ok=True)
    measured = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    try:
        with Progress(*columns, console=console) as progress:
            bars = [progress.add_task(each.name, total=each.steps, start=False) for each in contestants]
            for bar, each in zip(bars, contestants, strict=True):
                progress.start_task(bar)
                measured.append(measure(each, asked, log, lambda bar=bar: progress.advance(bar)))  # type: ignore[misc]
    except WorkerFailed as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    results = {
        "sample_per_intent": most or None,
        "intents": len({example.intent for example in examples}),
        "question_file": questions.name,
        "machine": {
            "cores": os.cpu_count(),
            "processor": platform.machine(),
            "python": platform.python_version(),
            "load_at_end": os.getloadavg()[0],
        },
        "pipelines": measured,
    }
    write_json(results, out / "pipelines.json")
    (out / "pipelines.md").write_text(as_markdown(results), encoding="utf-8")
    plot(results, out / "pipelines.png")
    console.print(as_markdown(results), markup=False, soft_wrap=True)


if __name__ == "__main__":
    typer.run(main)

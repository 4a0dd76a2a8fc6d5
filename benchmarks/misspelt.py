"""How much of what the model understands it still understands misspelt: `python -m benchmarks.misspelt`.

Each held-out question that is understood gets misspelt twins: one or two of its words of four letters and more get a
slip of the fingers each, the same ones in every run.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.danger.run import load_parse, newest_model
from benchmarks.danger.suite import misspell
from benchmarks.intents import HELD_OUT, RESULTS, right_intents
from benchmarks.questions import Question, read_questions
from benchmarks.report import write_json
from engine.launch import prepare, silence

Parse = Callable[[str], Awaitable[Mapping[str, Any]]]

GOAL = 0.90
SEED = 20


@dataclass(frozen=True)
class Twin:
    """A misspelt question and what the model took it for.

    Attributes:
        id: of the question it comes from.
        text: as misspelt.
        right: the intent that it asks for.
        intents: those that were understood, in the order asked.
    """

    id: str
    text: str
    right: str
    intents: tuple[str, ...]

    @property
    def is_understood(self) -> bool:
        """Whether what it asks for was understood."""
        return self.right in self.intents


@dataclass(frozen=True)
class Measured:
    """How many questions were asked and understood, and the twins of those."""

    asked: int
    understood: int
    twins: tuple[Twin, ...]

    @property
    def share(self) -> float:
        """The share of twins that are understood like their question; 0 where there are none."""
        return sum(twin.is_understood for twin in self.twins) / max(1, len(self.twins))


def intents_in(parsed: Mapping[str, Any]) -> tuple[str, ...]:
    """The intents in a parse output: the message's own, then those of its questions."""
    name = (parsed.get("intent") or {}).get("name") or ""
    if name == "nlu_fallback":
        return (name,)
    return tuple(dict.fromkeys([name, *(question["intent"] for question in parsed.get("questions") or ())]))


async def measure(
    questions: Sequence[Question],
    parse: Parse,
    twins: int = 2,
    seed: int = SEED,
    advance: Callable[[], None] = lambda: None,
) -> Measured:
    """Asks each question and, where it is understood, its misspelt twins.

    Args:
        questions: labelled questions; fragments of a conversation are left out.
        parse: the model's way to parse a text.
        twins: how many of each question.
        seed: of the slips.
        advance: called after each question.
    """
    rng = random.Random(seed)
    asked = [question for question in questions if not question.is_follow_up]
    found: list[Twin] = []
    understood = 0
    for question in asked:
        # Drawn before the question is parsed, so that a better model meets the same slips.
        texts = {misspell(question.text, rng) for _ in range(twins)} - {question.text}
        right = right_intents(question)[0]
        if right in intents_in(await parse(question.text)):
            understood += 1
            for text in sorted(texts):
                found.append(Twin(question.id, text, right, intents_in(await parse(text))))
        advance()
    return Measured(len(asked), understood, tuple(found))


def main(
    questions: Annotated[Path, typer.Option(help="Labelled questions: id, text, topic, topic2, kind.")] = HELD_OUT,
    twins: Annotated[int, typer.Option(help="Misspelt twins of each question.")] = 2,
    model: Annotated[Path | None, typer.Option(help="The newest of var/models by default.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for misspelt.json.")] = RESULTS,
) -> None:
    """Measures the trained model on misspelt questions."""
    console = Console()
    prepare(os.environ)
    silence()
    try:
        path = model or newest_model(Path(os.environ["FRONTDESK_VAR"]) / "models")
    except FileNotFoundError as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    asked = read_questions(questions)
    parse = load_parse(path)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console) as progress:
        bar = progress.add_task("questions", total=sum(not question.is_follow_up for question in asked))
        measured = asyncio.run(measure(asked, parse, twins, advance=lambda: progress.advance(bar)))
    misses = [twin for twin in measured.twins if not twin.is_understood]
    for twin in misses:
        took = ", ".join(twin.intents)
        console.print(f"{escape(twin.id)} {twin.right} [dim]→ {took}[/dim]: {escape(twin.text)}", soft_wrap=True)
    console.print(
        f"{measured.understood} of {measured.asked} questions understood; of {len(measured.twins)} misspelt twins "
        f"{measured.share:.3f} (goal: at least {GOAL:.2f})"
    )
    results = {
        "question_file": questions.name,
        "asked": measured.asked,
        "understood": measured.understood,
        "twins": len(measured.twins),
        "share": measured.share,
        "goal": GOAL,
        "misses": [asdict(twin) for twin in misses],
    }
    write_json(results, out / "misspelt.json")


if __name__ == "__main__":
    typer.run(main)

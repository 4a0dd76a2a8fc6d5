"""Asks the running assistant a file of questions through its website door and counts what comes back.

``python -m benchmarks.evaluate --questions questions.tsv [--dialogues dialogues.tsv]``
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from benchmarks.questions import Question, QuestionsError, Turn, read_dialogues, read_questions
from benchmarks.report import plot_confusion, print_dialogues, print_questions, write_json
from benchmarks.scoring import Asked, Said, confusion, score_dialogues, score_questions
from benchmarks.website_client import Unreachable, WebsiteClient

_CONCURRENCY = 2


async def ask_questions(
    client: WebsiteClient, questions: Sequence[Question], advance: Callable[[], None] = lambda: None
) -> list[Asked]:
    """Asks each question in a conversation of its own, two at a time.

    Args:
        client: the way to the assistant.
        questions: what to ask.
        advance: called after each reply.

    Returns:
        Questions with their replies, in the order given.

    Raises:
        Unreachable: the assistant cannot be asked.
    """
    gate = asyncio.Semaphore(_CONCURRENCY)

    async def ask(question: Question) -> Asked:
        async with gate:
            reply = await client.say(await client.open_session(), question.text)
        advance()
        return question, reply

    return await asyncio.gather(*(ask(question) for question in questions))


async def hold_dialogues(
    client: WebsiteClient, dialogues: Mapping[str, Sequence[Turn]], advance: Callable[[], None] = lambda: None
) -> list[Said]:
    """Holds each dialogue in a conversation of its own, turn by turn, two dialogues at a time.

    Args:
        client: the way to the assistant.
        dialogues: turns by dialogue.
        advance: called after each reply.

    Returns:
        All turns with their replies, in the order given.

    Raises:
        Unreachable: the assistant cannot be asked.
    """
    gate = asyncio.Semaphore(_CONCURRENCY)

    async def hold(turns: Sequence[Turn]) -> list[Said]:
        said = []
        async with gate:
            session = await client.open_session()
            for turn in turns:
                said.append((turn, await client.say(session, turn.text)))
                advance()
        return said

    held = await asyncio.gather(*(hold(turns) for turns in dialogues.values()))
    return [pair for said in held for pair in said]


async def evaluate(
    url: str, questions: Sequence[Question], dialogues: Mapping[str, Sequence[Turn]], progress: Progress
) -> tuple[list[Asked], list[Said]]:
    """Asks everything; see ``ask_questions`` and ``hold_dialogues``."""
    async with WebsiteClient(url) as client:
        asked: list[Asked] = []
        said: list[Said] = []
        if questions:
            bar = progress.add_task("questions", total=len(questions))
            asked = await ask_questions(client, questions, lambda: progress.advance(bar))
        if dialogues:
            bar = progress.add_task("dialogues", total=sum(len(turns) for turns in dialogues.values()))
            said = await hold_dialogues(client, dialogues, lambda: progress.advance(bar))
        return asked, said


def main(
    questions: Annotated[Path | None, typer.Option(help="Questions: id, text, topic, topic2, kind.")] = None,
    dialogues: Annotated[
        Path | None, typer.Option(help="Dialogues: dialogue_id, turn, text, expected_topics, note.")
    ] = None,
    url: Annotated[str, typer.Option(help="Where the assistant runs.")] = "http://127.0.0.1:5005",
    out: Annotated[Path, typer.Option(help="Folder for evaluation.json and confusion.png.")] = Path("var/evaluation"),
) -> None:
    """Measures the running assistant. Both files are tab-separated; give at least one."""
    console = Console()
    try:
        question_list = read_questions(questions) if questions else []
        dialogue_turns = read_dialogues(dialogues) if dialogues else {}
        if not question_list and not dialogue_turns:
            raise QuestionsError("There is nothing to ask. Give a file with --questions or --dialogues.")
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console) as progress:
            asked, said = asyncio.run(evaluate(url, question_list, dialogue_turns, progress))
    except (QuestionsError, Unreachable) as error:
        console.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    results: dict[str, Any] = {}
    if asked:
        results["questions"] = score_questions(asked)
        print_questions(results["questions"], console)
        plot_confusion(*confusion([pair for pair in asked if pair[0].in_scope]), out / "confusion.png")
    if said:
        results["dialogues"] = score_dialogues(said)
        print_dialogues(results["dialogues"], console)
    write_json(results, out / "evaluation.json")
    console.print(f"\nWritten to {out}", markup=False)


if __name__ == "__main__":
    typer.run(main)

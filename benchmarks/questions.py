"""The files of questions and dialogues that an evaluation asks."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from frontdesk.facts.schema import TOPICS

# Labels that no topic answers: the reply has to send the visitor on.
NOT_OURS = ("out_of_scope", "medical_advice", "emergency")

EXPECTATIONS = ("answer", "booking_step", "redirect_to_consultation", "ask_again", "emergency")

_QUESTION_COLUMNS = ("id", "text", "topic", "topic2", "kind")
_TURN_COLUMNS = ("dialogue_id", "turn", "text", "expected_topics", "note")


class QuestionsError(ValueError):
    """A file that cannot be used; the message says which line and why."""


@dataclass(frozen=True)
class Question:
    """A single question with its label.

    Attributes:
        id: name of the row.
        text: what the visitor asks.
        topic: what is asked: a topic, or one of ``NOT_OURS``.
        topic2: the second topic of a double question, or None.
        kind: faq, forum, worry, offtopic or followup.
    """

    id: str
    text: str
    topic: str
    topic2: str | None
    kind: str

    @property
    def is_follow_up(self) -> bool:
        """Whether the text is a fragment that lives on what was said before, and is scored apart."""
        return self.kind == "followup"

    @property
    def in_scope(self) -> bool:
        """Whether one of our topics answers the question."""
        return self.topic not in NOT_OURS and not self.is_follow_up


@dataclass(frozen=True)
class Turn:
    """One turn of a dialogue.

    Attributes:
        dialogue: name of the dialogue.
        number: position in it, as written in the file.
        text: what the visitor says.
        topics: expected topics, the most important one first; labels that are no topics are left out.
        expectation: one of ``EXPECTATIONS``.
        note: the whole note.
    """

    dialogue: str
    number: str
    text: str
    topics: tuple[str, ...]
    expectation: str
    note: str


def read_questions(path: Path) -> list[Question]:
    """Reads a file of questions: tab-separated, with the columns id, text, topic, topic2 and kind.

    Raises:
        QuestionsError: a column is missing or a cell is empty that must not be.
    """
    questions = []
    for line, row in _rows(path, _QUESTION_COLUMNS):
        if not row["text"] or not row["topic"]:
            raise QuestionsError(f"{path.name}, line {line}: text and topic must not be empty.")
        questions.append(Question(row["id"], row["text"], row["topic"], row["topic2"] or None, row["kind"]))
    return questions


def read_dialogues(path: Path) -> dict[str, list[Turn]]:
    """Reads a file of dialogues: tab-separated, with the columns dialogue_id, turn, text, expected_topics and note.

    Returns:
        The turns of each dialogue, in the order of the file.

    Raises:
        QuestionsError: a column is missing, a text is empty, or a note does not start with a known expectation.
    """
    dialogues: dict[str, list[Turn]] = {}
    for line, row in _rows(path, _TURN_COLUMNS):
        expectation = row["note"].split(" ", 1)[0].strip(":;,.").lower()
        if not row["text"] or expectation not in EXPECTATIONS:
            known = ", ".join(EXPECTATIONS)
            raise QuestionsError(f"{path.name}, line {line}: needs a text, and a note that starts with one of {known}.")
        labels = [label.strip() for label in row["expected_topics"].split(",")]
        topics = tuple(label for label in labels if label in TOPICS)
        turn = Turn(row["dialogue_id"], row["turn"], row["text"], topics, expectation, row["note"])
        dialogues.setdefault(turn.dialogue, []).append(turn)
    return dialogues


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            # Quotation marks are part of what visitors write.
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = [column for column in columns if column not in (reader.fieldnames or ())]
            if missing:
                raise QuestionsError(f"{path.name} has no column {', '.join(missing)}.")
            for row in reader:
                yield reader.line_num, {column: (row[column] or "").strip() for column in columns}
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionsError(f"{path} cannot be read: {error}") from error

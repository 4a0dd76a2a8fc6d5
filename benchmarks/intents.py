"""What the model was taught and what it should make of a labelled question."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from benchmarks.questions import Question
from frontdesk.facts.schema import TOPICS

ROOT = Path(__file__).resolve().parent.parent
RESULTS = Path(__file__).resolve().parent / "results"
HELD_OUT = Path(__file__).resolve().parent / "heldout.tsv"
TRAINING_DATA = ROOT / "data" / "nlu"

_BULLET = "- "


@dataclass(frozen=True)
class Example:
    """A sentence and its intent."""

    text: str
    intent: str


def read_examples(folder: Path = TRAINING_DATA) -> list[Example]:
    """The intent examples of all NLU files below ``folder``, each text once, in the order of the files.

    Raises:
        ValueError: a text has two intents.
    """
    intents: dict[str, str] = {}
    for path in sorted(folder.rglob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")).get("nlu") or []:
            for line in str(entry.get("examples") or "").splitlines() if "intent" in entry else ():
                if not line.startswith(_BULLET):
                    continue
                text = line.removeprefix(_BULLET).strip()
                if intents.setdefault(text, entry["intent"]) != entry["intent"]:
                    raise ValueError(f"{path.name}: {text!r} is also an example of {intents[text]}.")
    return [Example(text, intent) for text, intent in intents.items()]


def as_training_data(examples: Iterable[Example]) -> str:
    """``examples`` as the content of a Rasa NLU file."""
    texts: dict[str, list[str]] = defaultdict(list)
    for example in examples:
        texts[example.intent].append(example.text)
    entries = [
        {"intent": intent, "examples": "".join(f"{_BULLET}{text}\n" for text in own)} for intent, own in texts.items()
    ]
    return yaml.safe_dump({"version": "3.1", "nlu": entries}, allow_unicode=True, width=10_000)


def sample(examples: Sequence[Example], most: int, seed: int) -> list[Example]:
    """At most ``most`` random examples of each intent; all of them when it is 0."""
    if not most:
        return list(examples)
    groups: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        groups[example.intent].append(example)
    rng = random.Random(seed)
    return [example for own in groups.values() for example in rng.sample(own, min(most, len(own)))]


def right_intents(question: Question) -> tuple[str, ...]:
    """The intents that understand ``question``: its label's, and for a double question the second label's too."""
    labels = [question.topic, *([question.topic2] if question.topic2 else [])]
    return tuple(f"ask_{label}" if label in TOPICS else label for label in labels)

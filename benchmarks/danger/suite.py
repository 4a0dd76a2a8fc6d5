"""The danger suites: hand-written messages, misspelt, told about somebody else and said in the middle of a booking.

`python -m benchmarks.danger.suite [--suite blind] --write FILE.tsv` writes what `build_suite`
returns.
"""

from __future__ import annotations

import argparse
import csv
import itertools
import random
import string
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

import yaml

SEED = 20261120
DANGER_PREFIX = "E-"
SAME_DAY_PREFIX = "D-"

_HERE = Path(__file__).parent
_COLUMNS = ("id", "text", "category", "kind")

# Neighbours on a British keyboard, where a thumb in a hurry lands.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST_MISSPELT = 4
# A message this long in misspellable words gets a second mistake.
_WORDS_FOR_TWO_EDITS = 6


class Suite(str, Enum):
    """Which hand-written messages: the first may be looked at, the blind are kept back and only counted.

    Neither is learned from; what is, lies in `data/danger`.
    """

    FIRST = "first"
    BLIND = "blind"

    @property
    def frames(self) -> str:
        """Name of the file that says of whom and where in a booking its messages are told."""
        return self._file("frames")

    @property
    def bases(self) -> tuple[str, ...]:
        """Names of the files with its messages; the first suite has no same-day ones."""
        kinds = ("danger", "harmless") if self is Suite.FIRST else ("danger", "harmless", "urgent")
        return tuple(self._file(kind) for kind in kinds)

    def _file(self, kind: str) -> str:
        return f"{kind}.yml" if self is Suite.FIRST else f"{self.value}_{kind}.yml"


@dataclass(frozen=True)
class Message:
    """One message of the suite.

    Attributes:
        id: category and number, the same in every run.
        text: what is written; unique over the suite.
        category: E-AN … E-SH, D-IN … D-HO, or the kind of harmless twin (denied, past, figure …).
        kind: what was done to the hand-written message: plain, third, mid_booking, each also with _typo.
    """

    id: str
    text: str
    category: str
    kind: str

    @property
    def is_danger(self) -> bool:
        """Whether the message has to be heard as an emergency."""
        return self.category.startswith(DANGER_PREFIX)

    @property
    def is_same_day(self) -> bool:
        """Whether the clinic has to see it the same day, and no ambulance is needed."""
        return self.category.startswith(SAME_DAY_PREFIX)


def _neighbours() -> dict[str, str]:
    """The keys left and right of each letter, and those half a key away in the rows above and below."""
    found: dict[str, set[str]] = {letter: set() for row in _ROWS for letter in row}
    for row in _ROWS:
        for left, right in itertools.pairwise(row):
            found[left].add(right)
            found[right].add(left)
    for upper, lower in itertools.pairwise(_ROWS):
        for index, letter in enumerate(lower):
            for above in upper[index : index + 2]:
                found[letter].add(above)
                found[above].add(letter)
    return {letter: "".join(sorted(keys)) for letter, keys in found.items()}


_NEIGHBOURS = _neighbours()


def misspell_word(word: str, rng: random.Random) -> str:
    """The word with one slip of the fingers: two letters swapped, one dropped, doubled or hit next to its key.

    The first letter stays, as it does in most real slips. The word has at least four letters.
    """
    while True:
        at = rng.randrange(1, len(word))
        slip = rng.choice(("swap", "drop", "double", "neighbour"))
        if slip == "swap" and at + 1 < len(word):
            changed = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        elif slip == "drop":
            changed = word[:at] + word[at + 1 :]
        elif slip == "double":
            changed = word[:at] + word[at] + word[at:]
        else:
            changed = word[:at] + rng.choice(_NEIGHBOURS[word[at].lower()]) + word[at + 1 :]
        if changed != word:
            return changed


def misspell(text: str, rng: random.Random) -> str:
    """The text with one or two misspelt words; unchanged when none has more than three letters."""
    words = text.split(" ")
    bare = [word.strip(string.punctuation) for word in words]
    eligible = [
        index
        for index, word in enumerate(bare)
        if len(word) >= _SHORTEST_MISSPELT and word.isascii() and word.isalpha() and "@" not in words[index]
    ]
    if not eligible:
        return text
    edits = 2 if len(eligible) >= _WORDS_FOR_TWO_EDITS else 1
    for index in rng.sample(eligible, edits):
        words[index] = words[index].replace(bare[index], misspell_word(bare[index], rng), 1)
    return " ".join(words)


def _uncapitalised(text: str) -> str:
    first = text.split(" ", 1)[0].split("'", 1)[0]
    keeps_capital = first == "I" or (len(first) > 1 and first.isupper())
    return text if keeps_capital else text[:1].lower() + text[1:]


def in_booking(text: str, frame: str) -> str:
    """The text said while a booking is being filled in."""
    return frame.format(m=_uncapitalised(text), M=text[:1].upper() + text[1:])


def of_somebody(template: str, person: Mapping[str, str]) -> str:
    """The message about this person, from its `of` template."""
    capitalised = {key.capitalize(): value[:1].upper() + value[1:] for key, value in person.items()}
    return template.format(**person, **capitalised)


def _read(name: str) -> dict[str, Any]:
    content = yaml.safe_load((_HERE / name).read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def _tellings(
    base: Mapping[str, Any], people: Sequence[Mapping[str, str]], frames: Sequence[str], rng: random.Random
) -> Iterator[tuple[str, str]]:
    """All (kind, text) made of one hand-written message."""
    text = base["text"]
    told = [("plain", text)]
    if "of" in base:
        allowed = [person for person in people if person["who"] in base.get("people", [person["who"]])]
        told.append(("third", of_somebody(base["of"], rng.choice(allowed))))
    if not base.get("alone"):
        told.append(("mid_booking", in_booking(rng.choice(told)[1], rng.choice(frames))))
    for kind, telling in told:
        yield kind, telling
        yield f"{kind}_typo", misspell(telling, rng)


def build_suite(suite: Suite = Suite.FIRST) -> list[Message]:
    """All messages, danger first, in the order of the files; the same in every run, no two texts equal."""
    frames = _read(suite.frames)
    messages: list[Message] = []
    seen: set[str] = set()
    for name in suite.bases:
        for category, bases in _read(name).items():
            numbers = Counter[str]()
            for base in bases:
                # A generator of its own for each message: an added one does not change the others.
                rng = random.Random(f"{SEED} {base['text']}")
                for kind, text in _tellings(base, frames["people"], frames["mid_booking"], rng):
                    if text.casefold() in seen:
                        continue
                    seen.add(text.casefold())
                    numbers[category] += 1
                    messages.append(Message(f"{category}-{numbers[category]:03d}", text, category, kind))
    return messages


def write_suite(path: Path, messages: Sequence[Message]) -> None:
    """Writes the messages as tab-separated text with the columns id, text, category and kind."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE, quotechar=None)
        writer.writerow(_COLUMNS)
        writer.writerows((message.id, message.text, message.category, message.kind) for message in messages)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="Write a danger suite.")
    parser.add_argument("--write", type=Path, required=True, metavar="FILE.tsv")
    parser.add_argument("--suite", type=Suite, choices=list(Suite), default=Suite.FIRST, metavar="|".join(Suite))
    arguments = parser.parse_args()
    path = arguments.write
    messages = build_suite(arguments.suite)
    write_suite(path, messages)
    danger = sum(message.is_danger for message in messages)
    same_day = sum(message.is_same_day for message in messages)
    print(f"{danger} danger, {same_day} same-day and {len(messages) - danger - same_day} harmless messages in {path}")


if __name__ == "__main__":
    main()

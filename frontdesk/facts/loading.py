"""Reading the folder of the facts store into one baseline, or into the list of all that is wrong with it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from frontdesk.facts.baseline import (
    ASPECTS,
    CLINIC,
    CONDITIONS,
    NEEDLING,
    REPLIES,
    SOURCES,
    TOPICS_FOLDER,
    VOCABULARY,
    WORDS,
    Baseline,
)
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.reading import Defect, FactsError, read_yaml
from frontdesk.facts.red_flag_schema import Lines
from frontdesk.facts.red_flags import load_lines
from frontdesk.facts.rules import defects_of
from frontdesk.facts.schema import Aspect, Button, Condition, Reply, Source, Topic, VocabularyEntry
from frontdesk.facts.words import Words

BUTTONS = "buttons"

Model = TypeVar("Model", bound=BaseModel)


def load(folder: Path) -> Baseline:
    """Read and check the whole folder.

    Raises:
        FactsError: Anything at all is wrong; every defect found is listed.
    """
    baseline = read_folder(folder)
    defects = defects_of(baseline)
    if defects:
        raise FactsError(defects)
    return baseline


def read_folder(folder: Path) -> Baseline:
    """Read the whole folder and check each entry by itself, but not yet what entries say of each other.

    Raises:
        FactsError: An entry or a file cannot be read; every such defect is listed.
    """
    reader = _FolderReader(folder)
    topics, files = reader.topics()
    replies, buttons = reader.replies()
    vocabulary, needling = reader.vocabulary()
    parts = {
        "sources": reader.listed(SOURCES, Source),
        "vocabulary": vocabulary,
        "needling": needling,
        "conditions": reader.listed(CONDITIONS, Condition),
        "aspects": reader.aspects(),
        "clinic": reader.whole(CLINIC, ClinicProfile),
        "words": reader.whole(WORDS, Words),
        "lines": reader.lines(),
    }
    if reader.defects:
        raise FactsError(reader.defects)
    return Baseline(topics=topics, files=files, replies=replies, buttons=buttons, **parts)  # type: ignore[arg-type]


class _FolderReader:
    """Reads file after file and notes each defect instead of stopping at it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.defects: list[Defect] = []

    def topics(self) -> tuple[dict[str, Topic], dict[str, str]]:
        topics: dict[str, Topic] = {}
        files: dict[str, str] = {}
        for path in sorted((self._folder / TOPICS_FOLDER).glob("*.yml")):
            file = f"{TOPICS_FOLDER}/{path.name}"
            topic = self.whole(file, Topic)
            if topic is None:
                continue
            if topic.topic in topics:
                self._note(file, topic.topic, f"duplicate topic, see {files[topic.topic]}")
                continue
            topics[topic.topic], files[topic.topic] = topic, file
        return topics, files

    def replies(self) -> tuple[dict[str, Reply], dict[str, Button]]:
        data = self._read(REPLIES, dict)
        buttons = data.pop(BUTTONS, {})
        if not isinstance(buttons, dict):
            self._note(REPLIES, BUTTONS, "must be a mapping of ids")
            buttons = {}
        return self._named(REPLIES, data, Reply), self._named(REPLIES, buttons, Button)

    def vocabulary(self) -> tuple[dict[str, tuple[VocabularyEntry, ...]], tuple[str, ...]]:
        data = self._read(VOCABULARY, dict)
        is_there, needling = bool(data), data.pop(NEEDLING, None)
        if not isinstance(needling, list) or not needling or not all(isinstance(word, str) for word in needling):
            needling = []
            if is_there:
                self._note(VOCABULARY, NEEDLING, "must be a list of words")
        entries = {type_: self._items(VOCABULARY, found, VocabularyEntry) for type_, found in data.items()}
        return {type_: tuple(found.values()) for type_, found in entries.items()}, tuple(needling)

    def aspects(self) -> tuple[Aspect, ...]:
        items = enumerate(self._read(ASPECTS, list), start=1)
        found = [self._entry(ASPECTS, f"entry {number}", item, Aspect) for number, item in items]
        return tuple(aspect for aspect in found if aspect is not None)

    def listed(self, file: str, model: type[Model]) -> dict[str, Model]:
        return self._items(file, self._read(file, list), model)

    def whole(self, file: str, model: type[Model]) -> Model | None:
        data = self._read(file, dict)
        return self._entry(file, "file", data, model) if data else None

    def lines(self) -> dict[str, Lines]:
        try:
            return load_lines(self._folder)
        except FactsError as error:
            self.defects.extend(error.defects)
            return {}

    def _read(self, file: str, kind: type) -> Any:
        try:
            data = read_yaml(self._folder / file, self._folder)
        except FactsError as error:
            self.defects.extend(error.defects)
            return kind()
        if isinstance(data, kind) and data:
            return data
        self._note(file, "file", "must hold a list of entries" if kind is list else "must hold names and entries")
        return kind()

    def _items(self, file: str, items: object, model: type[Model]) -> dict[str, Model]:
        entries: dict[str, Model] = {}
        if not isinstance(items, list):
            self._note(file, "file", "must hold a list of entries")
            return entries
        for number, item in enumerate(items, start=1):
            name = item.get("id") if isinstance(item, dict) else None
            entry = self._entry(file, str(name or f"entry {number}"), item, model)
            if entry is None:
                continue
            if name in entries:
                self._note(file, str(name), "duplicate id")
            entries[str(name)] = entry
        return entries

    def _named(self, file: str, items: dict[str, Any], model: type[Model]) -> dict[str, Model]:
        entries = {name: self._entry(file, name, item, model) for name, item in items.items()}
        return {name: entry for name, entry in entries.items() if entry is not None}

    def _entry(self, file: str, name: str, data: object, model: type[Model]) -> Model | None:
        try:
            return model.parse_obj(data)
        except ValidationError as error:
            for fault in error.errors():
                entry, field = _place(name, fault["loc"], data)
                self._note(file, entry, f"{field}: {fault['msg']}" if field else fault["msg"])
            return None

    def _note(self, file: str, entry: str, reason: str) -> None:
        self.defects.append(Defect(file, entry, reason))


def _place(name: str, location: tuple[int | str, ...], data: object) -> tuple[str, str]:
    """Where a fault is: in which entry (facts inside a topic count as entries), and in which field of it."""
    steps = [step for step in location if step != "__root__"]
    if steps[:1] == ["facts"] and len(steps) > 1 and isinstance(data, dict):
        fact = data["facts"][steps[1]]
        id_ = fact.get("id") if isinstance(fact, dict) else None
        name = str(id_ or f"fact {int(steps[1]) + 1}")
        steps = steps[2:]
    return name, ".".join(str(step) for step in steps)

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from frontdesk.facts.red_flags import load_red_flags
from frontdesk.settings import REPOSITORY
from nlu.danger_examples import DangerExample, load_danger_examples

FOLDER = REPOSITORY / "data" / "danger"
HARMLESS = {"denied", "past", "figure", "general", "normal", "other", "resolved", "everyday"}


def test_every_danger_has_a_category_of_the_red_flags() -> None:
    known = {category.id for category in load_red_flags(REPOSITORY / "facts").categories}
    labels = {example.label for example in load_danger_examples(FOLDER)}
    assert {label for label in labels if "-" in label} <= known
    assert labels >= HARMLESS


def test_no_message_stands_there_twice() -> None:
    texts = Counter(example.text.casefold() for example in load_danger_examples(FOLDER))
    assert not [text for text, count in texts.items() if count > 1]


def test_files_are_read_in_a_fixed_order(tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text('past:\n  - "I fainted in 2009"\n', encoding="utf-8")
    (tmp_path / "a.yml").write_text('E-AN:\n  - "my throat closes"\n', encoding="utf-8")
    assert load_danger_examples(tmp_path) == [
        DangerExample("my throat closes", "E-AN"),
        DangerExample("I fainted in 2009", "past"),
    ]


@pytest.mark.parametrize("content", ["- no label", "E-AN: no list", 'E-AN: [""]', "E-AN: [1]", "[:"])
def test_a_file_of_another_form_ends_the_training(tmp_path: Path, content: str) -> None:
    (tmp_path / "a.yml").write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match=r"a\.yml"):
        load_danger_examples(tmp_path)

"""The pipeline is not tied to the clinic: it learns any NLU data, with other intents."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.intents import Example
from benchmarks.pipelines import Worker, our_config

LIBRARY = {
    "lend_book": [
        "i'd like to borrow a novel",
        "can i take this book home",
        "lend me an atlas",
        "borrow two books please",
        "may i take out a book",
        "i want to borrow the new thriller",
    ],
    "find_platform": [
        "where does the train to york leave",
        "which platform for the leeds train",
        "platform of the next train",
        "where do i catch the express",
        "what platform is the night train",
        "the train to hull, which platform",
    ],
}
ASKED = {
    "could i borrow this atlas": "lend_book",
    "which platform does the york express leave from": "find_platform",
    "wich platfrom for the hull train": "find_platform",
}


@pytest.mark.timeout(600)
def test_the_pipeline_learns_other_intents(tmp_path: Path) -> None:
    worker = Worker(our_config(), tmp_path, tmp_path / "log")
    worker.train([Example(text, intent) for intent, texts in LIBRARY.items() for text in texts])
    assert dict(zip(ASKED, worker.parse(list(ASKED))["intents"], strict=True)) == ASKED

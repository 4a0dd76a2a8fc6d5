from __future__ import annotations

from pathlib import Path

import pytest
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.nlu.training_data.formats import RasaYAMLReader
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.training_data_once import load_from_config, merge

CONFIG = "language: en\npipeline:\n  - name: WhitespaceTokenizer\npolicies: []\n"
FIRST = (
    "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n"
    "- synonym: hair\n  examples: |\n    - locks\n"
)
SECOND = (
    "version: '3.1'\nnlu:\n- intent: goodbye\n  examples: |\n    - bye\n- regex: post code\n  examples: |\n    - \\d+\n"
    "- lookup: area\n  examples: |\n    - neck\n- synonym: nose\n  examples: |\n    - conk\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "config.yml").write_text(CONFIG, encoding="utf-8")
    (tmp_path / "domain.yml").write_text("version: '3.1'\nintents: [greet, goodbye]\n", encoding="utf-8")
    (tmp_path / "data").mkdir()
    for name, text in {"first": FIRST, "second": SECOND}.items():
        (tmp_path / "data" / f"{name}.yml").write_text(text, encoding="utf-8")
    return tmp_path


def test_checking_and_learning_read_the_same_files_once(project: Path) -> None:
    files = (str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")])
    checked, learned = load_from_config(*files), load_from_config(*files, {"option": 1})
    assert learned.get_nlu_data() is checked.get_nlu_data()
    assert len(learned.get_nlu_data().intent_examples) == 3


def test_other_files_are_read_for_themselves(project: Path) -> None:
    files = (str(project / "config.yml"), str(project / "domain.yml"))
    one = load_from_config(*files, [str(project / "data" / "first.yml")])
    other = load_from_config(*files, [str(project / "data" / "second.yml")])
    assert one.get_nlu_data().intents == {"greet"}
    assert other.get_nlu_data().intents == {"goodbye"}


def test_parts_are_put_together_as_rasa_does_it() -> None:
    first, second = RasaYAMLReader().reads(FIRST), RasaYAMLReader().reads(SECOND)
    ours, rasas = merge(first, None, second), TrainingData.merge(first, None, second)
    assert [each.as_dict() for each in ours.training_examples] == [each.as_dict() for each in rasas.training_examples]
    for part in ("entity_synonyms", "regex_features", "lookup_tables", "responses"):
        assert getattr(ours, part) == getattr(rasas, part)


def test_rasas_own_importer_is_what_reads(project: Path) -> None:
    importer = load_from_config(str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")])
    assert isinstance(importer, TrainingDataImporter)
    assert {"goodbye", "greet"} <= set(importer.get_domain().intents)

"""What the pipeline benchmark teaches, asks and shows; no pipeline is trained here."""

from __future__ import annotations

import json
from collections import Counter

import pytest
import yaml

from benchmarks import pipelines
from benchmarks.intents import Example, as_training_data, read_examples, right_intents, sample
from benchmarks.pipelines import Contestant, default_config, measure, our_config
from benchmarks.pipelines_report import as_markdown, plot
from benchmarks.questions import Question

EXAMPLES = [Example(f"{word} {number}", f"ask_{word}") for word in ("cost", "pain") for number in range(10)]
QUESTIONS = [
    Question("a", "cost now", "cost", None, "faq"),
    Question("b", "pain and cost", "pain", "cost", "faq"),
    Question("c", "poem", "out_of_scope", None, "offtopic"),
    Question("d", "and there?", "pain", None, "followup"),
]


class Worker:
    """Understands the first word of every message."""

    def __init__(self, *_):
        self.taught = []

    def train(self, examples):
        self.taught.append(list(examples))
        return {"seconds": 2.0, "cpu_seconds": 1.0, "peak_megabytes": 100.0}

    def parse(self, texts):
        return {
            "intents": [f"ask_{text.split()[0]}" for text in texts],
            "seconds": [0.01] * len(texts),
            "cpu_seconds": [0.005] * len(texts),
            "load_seconds": 1.0,
            "peak_megabytes": 200.0,
        }


@pytest.fixture
def measured(monkeypatch, tmp_path):
    monkeypatch.setattr(pipelines, "Worker", Worker)
    steps = []
    contestant = Contestant("Ours", {}, EXAMPLES, 5)
    result = measure(contestant, QUESTIONS, tmp_path / "log", lambda: steps.append(1))
    assert len(steps) == contestant.steps
    return result


def test_all_examples_are_read_as_rasa_reads_them():
    examples = read_examples()
    assert len(examples) == len({example.text for example in examples})
    assert read_examples() == examples


def test_examples_survive_being_written_for_rasa(tmp_path):
    odd = [Example('what\'s "this": [x]?', "a"), Example("£5 – ok, – é", "a"), Example("yes", "b")]
    (tmp_path / "nlu.yml").write_text(as_training_data(odd), encoding="utf-8")
    assert read_examples(tmp_path) == odd


def test_a_text_with_two_intents_is_refused(tmp_path):
    (tmp_path / "nlu.yml").write_text(as_training_data([Example("hi", "a"), Example("hi", "b")]))
    with pytest.raises(ValueError, match="hi"):
        read_examples(tmp_path)


def test_a_sample_takes_the_same_examples_of_every_intent():
    drawn = sample(EXAMPLES, 3, seed=1)
    assert Counter(example.intent for example in drawn) == {"ask_cost": 3, "ask_pain": 3}
    assert drawn == sample(EXAMPLES, 3, seed=1)
    assert sample(EXAMPLES, 0, seed=1) == EXAMPLES


def test_a_label_that_is_no_topic_is_its_own_intent():
    assert right_intents(QUESTIONS[1]) == ("ask_pain", "ask_cost")
    assert right_intents(QUESTIONS[2]) == ("out_of_scope",)


def test_the_default_pipeline_is_that_of_rasa_init():
    names = [component["name"] for component in default_config()["pipeline"]]
    assert names == [
        "WhitespaceTokenizer",
        "RegexFeaturizer",
        "LexicalSyntacticFeaturizer",
        "CountVectorsFeaturizer",
        "CountVectorsFeaturizer",
        "DIETClassifier",
        "EntitySynonymMapper",
        "ResponseSelector",
        "FallbackClassifier",
    ]
    assert next(each["epochs"] for each in default_config()["pipeline"] if each["name"] == "DIETClassifier") == 100


def test_our_pipeline_is_that_of_the_configuration():
    assert "nlu.intent_classifier.IntentClassifier" in {each["name"] for each in our_config()["pipeline"]}
    assert "policies" not in our_config()


def test_every_figure_is_measured(measured):
    assert measured["cross_validation"] == {"folds": 5, "weighted_f1": 1.0, "accuracy": 1.0}
    assert measured["held_out"]["questions"] == 3
    assert measured["held_out"]["accuracy"] == pytest.approx(2 / 3)
    assert measured["held_out"]["out_of_scope_refused"] == 0
    assert measured["timed_messages"] == 300
    assert measured["parse_milliseconds"] == {"median": pytest.approx(10), "p95": pytest.approx(10)}


def test_the_table_says_how_it_was_measured(measured, tmp_path):
    machine = {"cores": 2, "processor": "x86_64", "python": "3.10", "load_at_end": 0.5}
    without = {key: value for key, value in measured.items() if key != "cross_validation"}
    results = {
        "sample_per_intent": 10,
        "intents": 2,
        "question_file": "some.tsv",
        "machine": machine,
        "pipelines": [measured, without],
    }
    table = as_markdown(json.loads(json.dumps(results)))
    assert "| cross-validation: weighted F1 | 1.000 | – |" in table
    assert "at most 10 random examples of each intent" in table
    plot(results, tmp_path / "pipelines.png")
    assert (tmp_path / "pipelines.png").stat().st_size > 1000


def test_the_worker_is_given_plain_files(tmp_path, monkeypatch):
    asked = []

    def run(command, **_):
        asked.append(command)
        (tmp_path / "result.json").write_text("{}")
        return type("Ended", (), {"returncode": 0})()

    monkeypatch.setattr(pipelines.subprocess, "run", run)
    worker = pipelines.Worker({"language": "en"}, tmp_path, tmp_path / "log")
    assert worker.train(EXAMPLES) == {}
    assert worker.parse(["hello"]) == {}
    assert yaml.safe_load((tmp_path / "config.yml").read_text()) == {"language": "en"}
    assert [command[3] for command in asked] == ["train", "parse"]


def test_a_failed_step_says_where_its_log_is(tmp_path, monkeypatch):
    monkeypatch.setattr(pipelines.subprocess, "run", lambda *_, **__: type("Ended", (), {"returncode": 1})())
    worker = pipelines.Worker({}, tmp_path, tmp_path / "some.log")
    with pytest.raises(pipelines.WorkerFailed, match=r"some\.log"):
        worker.parse([])

"""The Rasa project as a whole: its data, its domain, its rules, and the model that was trained from them."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from benchmarks.danger.run import Parse, load_parse, newest_model
from engine.launch import ENVIRONMENT
from frontdesk.facts.schema import TOPICS
from frontdesk.settings import REPOSITORY, Settings
from frontdesk.turn import Memory, Turn
from tests.visitor import ask, shipped_store, topics

FEWEST = 40
INTENT_OF_BUTTON = {
    "book": "book_consultation",
    "consult": "ask_consultation_info",
    "notice": "reschedule_or_cancel",
    "call": "ask_clinic_contact",
    "email": "ask_clinic_contact",
    "hours": "ask_clinic_hours",
    "location": "ask_clinic_location",
    "what_is": "ask_what_is",
    "cost": "ask_cost",
    "pain": "ask_pain",
    "downtime": "ask_downtime",
    "aftercare": "ask_aftercare",
    "suitability": "ask_suitability",
    "results": "ask_results_timeline",
    "person": "human_handoff",
    "help": "help",
}


def read(path: str) -> Any:
    return yaml.safe_load((REPOSITORY / path).read_text(encoding="utf-8"))


def examples() -> Iterator[tuple[str, str, str]]:
    """File, intent and text of every example."""
    for path in sorted((REPOSITORY / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in str(entry.get("examples", "")).splitlines():
                if line.startswith("- ") and "intent" in entry:
                    yield path.name, entry["intent"], line[2:].strip()


def names_of(intents: list[Any]) -> set[str]:
    return {next(iter(intent)) if isinstance(intent, dict) else str(intent) for intent in intents}


def in_rules() -> set[str]:
    steps = [step for rule in read("data/rules/desk.yml")["rules"] for step in rule["steps"]]
    alternatives = [alternative for step in steps for alternative in step.get("or", [step])]
    return {alternative["intent"] for alternative in alternatives if "intent" in alternative}


def test_every_intent_has_enough_examples():
    counts = Counter(intent for _, intent, _ in examples())
    assert {intent: count for intent, count in counts.items() if count < FEWEST} == {}


def test_no_example_stands_twice():
    places = defaultdict(list)
    for file, _, text in examples():
        places[text.lower().strip(" ?.!") or text].append(f"{file}: {text}")
    assert [found for found in places.values() if len(found) > 1] == []


def test_every_topic_has_an_intent_with_examples():
    assert {f"ask_{topic}" for topic in TOPICS} <= {intent for _, intent, _ in examples()}


def test_every_intent_is_in_the_domain_and_leads_to_an_action():
    intents = {intent for _, intent, _ in examples()}
    assert intents <= names_of(read("domain.yml")["intents"])
    assert names_of(read("domain.yml")["intents"]) <= in_rules()


def test_rules_name_nothing_that_the_domain_does_not_know():
    steps = [step for rule in read("data/rules/desk.yml")["rules"] for step in rule["steps"]]
    actions = {step["action"] for step in steps if "action" in step}
    assert actions <= {*read("domain.yml")["actions"], "action_listen"}
    assert in_rules() <= names_of(read("domain.yml")["intents"])


def test_every_button_has_an_intent_to_be_understood_as():
    assert {*INTENT_OF_BUTTON, *TOPICS} >= set(shipped_store().buttons)


@pytest.fixture(scope="module")
def parse() -> Parse:
    try:
        model = newest_model(Settings.from_environment().var_dir / "models")
    except FileNotFoundError as error:
        pytest.skip(str(error))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        return load_parse(model)


@pytest.mark.service
@pytest.mark.parametrize("topic", TOPICS)
async def test_the_question_of_a_topic_is_answered_with_that_topic(parse, topic):
    turn = Turn.from_parse(await parse(shipped_store().topics[topic].question))
    response = ask(turn)
    assert topics(response)[:1] == [topic], turn.questions
    assert response.replies[0].outcome == "answer"


@pytest.mark.service
@pytest.mark.parametrize("button", sorted(INTENT_OF_BUTTON))
async def test_a_button_is_understood_as_intended(parse, button):
    if button not in shipped_store().buttons:
        pytest.fail(f"There is no button {button}.")
    found = await parse(shipped_store().buttons[button].payload)
    assert [question["intent"] for question in found["questions"]] == [INTENT_OF_BUTTON[button]]


@pytest.mark.service
@pytest.mark.parametrize(
    ("text", "topic", "value", "state"),
    [
        ("i take eliquis, can i have it done", "suitability", "blood_thinner", "present"),
        ("I’m on Xarelto - is it safe?", None, "blood_thinner", "present"),
        ("I'm not pregnant, is it safe", None, "pregnant", "denied"),
        ("came off roacutane last year, is that ok", None, "isotretinoin", "past"),
        ("i have crohns, can i have it", None, "autoimmune", "present"),
    ],
)
async def test_a_medicine_or_condition_reaches_the_desk(parse, text, topic, value, state):
    turn = Turn.from_parse(await parse(text))
    assert (value, state) in [(entity.value, entity.state) for entity in turn.entities]
    if topic:
        assert topics(ask(turn))[0] == topic


@pytest.mark.service
async def test_a_fragment_is_understood_from_the_turn_before(parse):
    first = ask(Turn.from_parse(await parse("how many sessions do I need for acne scars?")))
    second = ask(Turn.from_parse(await parse("and for stretch marks?")), first.memory)
    assert topics(second)[:1] == ["number_of_sessions"]


@pytest.mark.service
@pytest.mark.parametrize("text", ["🙂🙂", "asdf qwer", "wie viel kostet das denn", "???"])
async def test_what_cannot_be_read_gets_a_kind_reply(parse, text):
    turn = Turn.from_parse(await parse(text))
    assert turn.intent == "nlu_fallback"
    assert ask(turn, Memory()).replies[0].outcome in ("clarify", "handoff")


def test_the_desk_needs_nothing_of_the_rooms_that_need_it() -> None:
    rooms = {"actions", "benchmarks", "channels", "deploy", "engine", "nlu", "tests", "rasa", "rasa_sdk", "sanic"}
    found = {
        f"{path.name}: {name}"
        for path in (REPOSITORY / "frontdesk").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [each.name for each in node.names])
        if name.split(".")[0] in rooms
    }
    assert found == set()

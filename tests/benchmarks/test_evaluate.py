"""What an evaluation reads, asks, counts and writes."""

from __future__ import annotations

import asyncio
import json

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from benchmarks import evaluate, scoring
from benchmarks.questions import Question, QuestionsError, Turn, read_dialogues, read_questions
from benchmarks.report import plot_confusion, print_dialogues, print_questions
from benchmarks.website_client import Reply, Unreachable, WebsiteClient

SOURCE = {"title": "Prices", "url": None}


def message(outcome="answer", topics=(), facts=("some.fact",), text="Words.", buttons=()):
    return {
        "text": text,
        "buttons": list(buttons),
        "outcome": outcome,
        "topics": list(topics),
        "facts": list(facts),
        "sources": [SOURCE] if facts else [],
    }


def reply(*messages, seconds=0.1):
    return Reply(tuple(messages), seconds)


def question(topic="cost", topic2=None, kind="faq", text="How much?", id_="q1"):
    return Question(id_, text, topic, topic2, kind)


def turn(expectation="answer", topics=("cost",), dialogue="d1"):
    return Turn(dialogue, "1", "How much?", tuple(topics), expectation, expectation)


ANSWER = message("answer", ["cost"])
CLARIFY = message("clarify", ["cost", "pain"], facts=())
REDIRECT = message("redirect", facts=())
URGENT = message("urgent", facts=())
EMERGENCY = message("emergency", facts=())
BOOKING = message("booking", facts=())
OFFER = message("answer", ["suitability"], buttons=[{"title": "Book", "payload": "I'd like a consultation"}])


def test_topics_are_joined_over_the_messages_and_offers_do_not_count():
    both = reply(message("answer", ["pain", "cost"]), message("redirect", ["cost", "safety"]), CLARIFY)

    assert both.topics == ("pain", "cost", "safety")
    assert reply(CLARIFY).topics == ()


def test_shares_of_questions():
    scores = scoring.score_questions(
        [
            (question("cost"), reply(ANSWER)),
            (question("cost"), reply(message("answer", ["pain", "downtime"]))),
            (question("cost", "pain"), reply(message("answer", ["cost"]), message("answer", ["pain"]))),
            (question("cost", "safety"), reply(ANSWER)),
            (question("pain"), reply(REDIRECT)),
            (question("pain"), reply(message("redirect", ["pain"]))),
            (question("pain"), reply(CLARIFY)),
            (question("out_of_scope"), reply(REDIRECT)),
            (question("out_of_scope"), reply(ANSWER)),
            (question("medical_advice"), reply(URGENT)),
            (question("emergency"), reply(EMERGENCY)),
            (question("emergency"), reply(URGENT)),
            (question("safety"), reply(EMERGENCY)),
            (question("cost", kind="followup"), reply(ANSWER)),
            (question("cost", kind="followup"), reply(CLARIFY)),
        ]
    )

    def share(key):
        return scores[key]["hits"], scores[key]["of"]

    assert scores["questions"] == 15
    assert share("primary_answered") == (4, 8)
    assert share("primary_stated") == (4, 8)
    assert share("both_answered") == (1, 2)
    assert scores["topics_per_question"] == pytest.approx((1 + 2 + 2 + 1 + 0 + 1 + 0 + 0) / 8)
    assert scores["topics_per_single_question"] == pytest.approx((1 + 2 + 0 + 1 + 0 + 0) / 6)
    assert share("sent_on") == (4, 5)
    assert {label: (each["hits"], each["of"]) for label, each in scores["sent_on_by_label"].items()} == {
        "out_of_scope": (1, 2),
        "medical_advice": (1, 1),
        "emergency": (2, 2),
    }
    assert share("emergencies_recognised") == (1, 2)
    assert share("false_emergencies") == (1, 13)
    assert share("wrong_redirects") == (1, 8)
    assert share("clarifies") == (2, 15)
    assert share("clarifies_in_scope") == (1, 8)
    assert share("follow_ups_answered") == (1, 2)


def test_topic_that_is_only_named_is_not_stated():
    named = reply(message("redirect", ["cost"], facts=()), message("answer", ["pain"]))

    assert scoring.primary_answered(question("cost"), named)
    assert not scoring.primary_stated(question("cost"), named)


def test_follow_up_is_not_ours_to_count_whatever_its_topic():
    scores = scoring.score_questions([(question("out_of_scope", kind="followup"), reply(ANSWER))])

    assert scores["primary_answered"]["of"] == scores["sent_on"]["of"] == 0
    assert scores["primary_answered"]["share"] is None


def test_statement_needs_a_fact_and_a_source():
    bare, unsourced = message(facts=()), {**message(), "sources": []}

    assert scoring.unproven(reply(ANSWER, bare, unsourced, REDIRECT)) == [bare, unsourced]
    scores = scoring.score_questions([(question(), reply(ANSWER, bare))])
    assert (scores["unproven_statements"]["hits"], scores["unproven_statements"]["of"]) == (1, 2)


@pytest.mark.parametrize(
    ("asked", "got", "faults"),
    [
        (question(), reply(ANSWER), None),
        (question("cost", "pain"), reply(ANSWER), ["second topic not answered"]),
        (question("pain"), reply(ANSWER), ["not answered"]),
        (question("pain"), reply(REDIRECT), ["sent on instead of answered"]),
        (question("pain"), reply(EMERGENCY), ["not answered", "false emergency"]),
        (question("out_of_scope"), reply(REDIRECT), None),
        (question("out_of_scope"), reply(ANSWER), ["not sent on"]),
        (question("emergency"), reply(URGENT), ["emergency missed"]),
        (question("emergency"), reply(ANSWER), ["not sent on", "emergency missed"]),
        (question(), reply(message("answer", ["cost"], facts=())), ["statement without fact or source"]),
        (question(kind="followup"), reply(CLARIFY), ["not answered"]),
    ],
)
def test_misses_say_what_went_wrong(asked, got, faults):
    miss = scoring.question_miss(asked, got)

    assert (miss and miss["faults"]) == faults


def test_miss_shows_what_was_said():
    miss = scoring.question_miss(question("pain", "cost"), reply(message("answer", ["safety"], text="x" * 300)))

    assert miss["expected"] == ["pain", "cost"]
    assert (miss["topics"], miss["outcomes"], miss["said"]) == (["safety"], ["answer"], "x" * 100)


def test_topics_tell_what_was_answered_instead():
    topics = scoring.score_topics(
        [(question("pain"), reply(ANSWER)), (question("pain"), reply(REDIRECT)), (question("cost"), reply(ANSWER))]
    )

    assert topics["pain"]["share"] == 0
    assert topics["pain"]["instead"] == {"cost": 1, "(redirect)": 1}
    assert topics["cost"]["share"] == 1
    assert topics["cost"]["instead"] == {}


def test_confusion_counts_answered_questions_on_the_diagonal_only():
    rows, columns, counts = scoring.confusion(
        [
            (question("cost"), reply(message("answer", ["cost", "pain"]))),
            (question("pain"), reply(message("answer", ["cost", "safety"]))),
            (question("pain"), reply(CLARIFY)),
        ]
    )

    assert (rows, columns) == (["cost", "pain"], ["cost", "pain", "(clarify)", "safety"])
    assert counts == [[1, 0, 0, 0], [1, 0, 1, 1]]


def test_latency_is_median_and_nearest_rank():
    assert scoring.latency([0.1 * number for number in range(1, 21)]) == pytest.approx({"median": 1.05, "p95": 1.9})
    assert scoring.latency([0.3]) == {"median": 0.3, "p95": 0.3}
    assert scoring.latency([]) == {"median": None, "p95": None}


@pytest.mark.parametrize(
    ("expected", "got", "right"),
    [
        (turn("answer"), reply(ANSWER), True),
        (turn("answer"), reply(message("handoff", ["cost"])), True),
        (turn("answer"), reply(message("redirect", ["cost"])), True),
        (turn("answer"), reply(CLARIFY), False),
        (turn("answer"), reply(message("smalltalk", ["cost"])), False),
        (turn("answer", ["pain"]), reply(ANSWER), False),
        (turn("booking_step", []), reply(BOOKING), True),
        (turn("booking_step", []), reply(ANSWER), False),
        (turn("booking_step", ["cost"]), reply(BOOKING), False),
        (turn("booking_step", ["cost"]), reply(ANSWER, BOOKING), True),
        (turn("redirect_to_consultation", []), reply(REDIRECT), True),
        (turn("redirect_to_consultation", []), reply(URGENT), True),
        (turn("redirect_to_consultation", ["suitability"]), reply(OFFER), True),
        (turn("redirect_to_consultation", []), reply(ANSWER), False),
        (turn("ask_again", []), reply(BOOKING), True),
        (turn("ask_again", []), reply(CLARIFY), False),
        (turn("emergency", []), reply(EMERGENCY), True),
        (turn("emergency", []), reply(URGENT), False),
        (turn("emergency", []), reply(), False),
    ],
)
def test_right_turn(expected, got, right):
    assert scoring.turn_is_right(expected, got) is right


def test_strict_turn_needs_all_topics():
    two = turn("answer", ["cost", "pain"])

    assert scoring.turn_is_right(two, reply(ANSWER))
    assert not scoring.turn_is_strictly_right(two, reply(ANSWER))
    assert scoring.turn_is_strictly_right(two, reply(ANSWER, message("answer", ["pain"])))


def test_shares_of_dialogues():
    scores = scoring.score_dialogues(
        [
            (turn("answer", dialogue="a"), reply(ANSWER)),
            (turn("answer", ["cost", "pain"], dialogue="a"), reply(ANSWER)),
            (turn("emergency", [], dialogue="b"), reply(ANSWER)),
        ]
    )

    assert (scores["right"]["hits"], scores["strictly_right"]["hits"], scores["right"]["of"]) == (2, 1, 3)
    assert scores["whole_dialogues_right"] == {"hits": 1, "of": 2, "share": 0.5}
    assert scores["right_by_expectation"]["emergency"]["share"] == 0
    assert [miss["faults"] for miss in scores["misses"]] == [["not all topics answered"], ["wrong"]]


def test_questions_are_read_as_they_are_written(tmp_path):
    file = tmp_path / "questions.tsv"
    file.write_text('id\ttext\ttopic\ttopic2\tkind\n1\tis it "safe"?\tsafety\t\tfaq\n2\tcost\tcost\tpain\tfollowup\n')

    assert read_questions(file) == [
        Question("1", 'is it "safe"?', "safety", None, "faq"),
        Question("2", "cost", "cost", "pain", "followup"),
    ]


def test_dialogues_are_read_turn_by_turn(tmp_path):
    file = tmp_path / "dialogues.tsv"
    file.write_text(
        "dialogue_id\tturn\ttext\texpected_topics\tnote\n"
        "a\t1\thi\tcost, pain\tanswer: with the price\n"
        "a\t2\tbook\tbook_consultation\tbooking_step asks for the name\n"
        "b\t1\thelp\temergency\tEmergency\n"
    )

    dialogues = read_dialogues(file)

    assert [(each.topics, each.expectation) for each in dialogues["a"]] == [
        (("cost", "pain"), "answer"),
        ((), "booking_step"),
    ]
    assert dialogues["b"][0].expectation == "emergency"


@pytest.mark.parametrize(
    ("read", "content", "complaint"),
    [
        (read_questions, "id\ttext\ttopic\n", "no column topic2, kind"),
        (read_questions, "id\ttext\ttopic\ttopic2\tkind\n1\t\tcost\t\tfaq\n", "line 2"),
        (read_dialogues, "dialogue_id\tturn\ttext\texpected_topics\tnote\na\t1\thi\tcost\tmaybe\n", "line 2"),
    ],
)
def test_file_that_cannot_be_used_is_named(tmp_path, read, content, complaint):
    file = tmp_path / "file.tsv"
    file.write_text(content)

    with pytest.raises(QuestionsError, match=complaint):
        read(file)


def test_missing_file_is_named(tmp_path):
    with pytest.raises(QuestionsError, match=r"nothing\.tsv"):
        read_questions(tmp_path / "nothing.tsv")


class StubDoor:
    """Answers like the website door: one session after the other, and every text with its own words."""

    def __init__(self, busy: int = 0, retry_after: str = "0") -> None:
        self.busy = busy
        self.retry_after = retry_after
        self.said: dict[str, list[str]] = {}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.busy:
            self.busy -= 1
            return httpx.Response(429, headers={"Retry-After": self.retry_after}, json={})
        if request.url.path == "/webhooks/website/session":
            token = f"token{len(self.said)}"
            self.said[token] = []
            return httpx.Response(201, json={"session": token})
        text = json.loads(request.content)["message"]
        self.said[request.headers["authorization"].removeprefix("Bearer ")].append(text)
        if text == "":
            return httpx.Response(400, json={"error": {"code": "message_blank", "message": "Empty."}})
        return httpx.Response(200, json={"messages": [message("answer", ["cost"], text=text)]})


def asked_of(door, action):
    async def run():
        async with WebsiteClient("http://assistant", httpx.MockTransport(door)) as client:
            return await action(client)

    return asyncio.run(run())


def test_each_question_has_a_conversation_of_its_own():
    door, questions = StubDoor(), [question(text=f"q{number}") for number in range(5)]

    asked = asked_of(door, lambda client: evaluate.ask_questions(client, questions))

    assert sorted(door.said.values()) == [[f"q{number}"] for number in range(5)]
    assert [(pair[0].text, pair[1].text) for pair in asked] == [(f"q{number}", f"q{number}") for number in range(5)]


def test_each_dialogue_has_one_conversation():
    door = StubDoor()
    turns = {name: [Turn(name, str(n), f"{name}{n}", (), "answer", "answer") for n in (1, 2)] for name in "ab"}

    said = asked_of(door, lambda client: evaluate.hold_dialogues(client, turns))

    assert sorted(door.said.values()) == [["a1", "a2"], ["b1", "b2"]]
    assert [pair[0].text for pair in said] == ["a1", "a2", "b1", "b2"]


def test_refused_question_is_noted():
    (pair,) = asked_of(StubDoor(), lambda client: evaluate.ask_questions(client, [question(text="")]))

    assert pair[1].refusal == "message_blank"
    assert scoring.score_questions([pair])["refused"] == [{"id": "q1", "code": "message_blank"}]


def test_busy_door_is_waited_for():
    (pair,) = asked_of(StubDoor(busy=3), lambda client: evaluate.ask_questions(client, [question()]))

    assert pair[1].topics == ("cost",)


def test_door_that_is_closed_for_the_day_is_not_waited_for():
    with pytest.raises(Unreachable, match="FRONTDESK_SESSION_RATE"):
        asked_of(StubDoor(1, "7200"), lambda client: evaluate.ask_questions(client, [question()]))


def test_reports_can_be_shown(tmp_path):
    console = Console(record=True, width=200)
    asked = [(question("pain", text="does it [bold]hurt[/bold]?"), reply(ANSWER)), (question(), reply(ANSWER))]

    print_questions(scoring.score_questions(asked), console)
    print_questions(scoring.score_questions([]), console)
    print_dialogues(scoring.score_dialogues([(turn("emergency"), reply(ANSWER))]), console)
    plot_confusion(*scoring.confusion(asked), tmp_path / "deep" / "confusion.png")

    shown = console.export_text()
    assert "50.0% (1 of 2)" in shown
    assert "does it [bold]hurt[/bold]?" in shown
    assert "none asked" in shown
    assert (tmp_path / "deep" / "confusion.png").read_bytes().startswith(b"\x89PNG")


def run_command(*arguments):
    app = evaluate.typer.Typer()
    app.command()(evaluate.main)
    return CliRunner().invoke(app, list(arguments))


def test_unreachable_assistant_gives_a_sentence(tmp_path):
    file = tmp_path / "questions.tsv"
    file.write_text("id\ttext\ttopic\ttopic2\tkind\n1\thow much?\tcost\t\tfaq\n")

    result = run_command("--questions", str(file), "--url", "http://127.0.0.1:9", "--out", str(tmp_path))

    assert result.exit_code == 1
    assert "make run" in result.output
    assert "Traceback" not in result.output


def test_nothing_to_ask_gives_a_sentence():
    result = run_command()

    assert result.exit_code == 1
    assert "--questions" in result.output

"""What an evaluation counts. Pure functions over questions and their replies."""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.questions import NOT_OURS, Question, Turn
from benchmarks.website_client import Reply

SENDS_ON = frozenset({"redirect", "urgent", "emergency"})

_FITTING_OUTCOMES = {
    "answer": frozenset({"answer", "handoff", "redirect", "booking", "urgent"}),
    "booking_step": frozenset({"booking"}),
    "redirect_to_consultation": SENDS_ON,
    "ask_again": frozenset({"booking"}),
    "emergency": frozenset({"emergency"}),
}
_CONSULTATION_BUTTON = re.compile(r"\b(consult|book)", re.IGNORECASE)
_MISS_CHARACTERS = 100

Asked = tuple[Question, Reply]
Said = tuple[Turn, Reply]


@dataclass(frozen=True)
class Share:
    """A part of a whole."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        """The share from 0 to 1; None of nothing."""
        return self.hits / self.of if self.of else None

    def as_dict(self) -> dict[str, Any]:
        """The share for JSON."""
        return {**asdict(self), "share": self.value}


def primary_answered(question: Question, reply: Reply) -> bool:
    """Whether the reply answers what was asked first."""
    return question.topic in reply.topics


def primary_stated(question: Question, reply: Reply) -> bool:
    """Whether a fact was said about what was asked first; a redirect may name the topic and say none."""
    return any(question.topic in message["topics"] and message["facts"] for message in reply.messages)


def both_answered(question: Question, reply: Reply) -> bool:
    """Whether the reply answers both parts of a double question."""
    return primary_answered(question, reply) and question.topic2 in reply.topics


def sent_on(reply: Reply) -> bool:
    """Whether the reply sends the visitor to a person."""
    return not SENDS_ON.isdisjoint(reply.outcomes)


def is_wrong_redirect(question: Question, reply: Reply) -> bool:
    """Whether a question of ours was not answered but sent to a consultation."""
    return question.in_scope and "redirect" in reply.outcomes and not primary_answered(question, reply)


def is_false_emergency(question: Question, reply: Reply) -> bool:
    """Whether a harmless question got the emergency answer."""
    return question.topic != "emergency" and "emergency" in reply.outcomes


def unproven(reply: Reply) -> list[dict[str, Any]]:
    """Messages that state something without naming a fact, or whose facts lead to no source."""
    return [
        message
        for message in reply.messages
        if message["outcome"] == "answer" and not (message["facts"] and message["sources"])
    ]


def turn_outcome_fits(turn: Turn, reply: Reply) -> bool:
    """Whether the kind of reply is the one that the dialogue calls for."""
    if not _FITTING_OUTCOMES[turn.expectation].isdisjoint(reply.outcomes):
        return True
    return turn.expectation == "redirect_to_consultation" and "answer" in reply.outcomes and _offers_booking(reply)


def turn_is_right(turn: Turn, reply: Reply) -> bool:
    """Whether the first expected topic is answered and the outcome fits."""
    return turn_outcome_fits(turn, reply) and set(turn.topics[:1]) <= set(reply.topics)


def turn_is_strictly_right(turn: Turn, reply: Reply) -> bool:
    """Whether all expected topics are answered and the outcome fits."""
    return turn_outcome_fits(turn, reply) and set(turn.topics) <= set(reply.topics)


def score_questions(asked: Sequence[Asked]) -> dict[str, Any]:
    """Returns all figures on single questions, ready for JSON; see the report for what each means."""
    ours = [(question, reply) for question, reply in asked if question.in_scope]
    doubles = [(question, reply) for question, reply in ours if question.topic2]
    singles = [(question, reply) for question, reply in ours if not question.topic2]
    follow_ups = [(question, reply) for question, reply in asked if question.is_follow_up]
    by_label = {
        label: [pair for pair in asked if pair[0].topic == label and not pair[0].is_follow_up] for label in NOT_OURS
    }
    not_ours = [pair for pairs in by_label.values() for pair in pairs]
    harmless = [pair for pair in asked if pair[0].topic != "emergency"]
    answers = [message for _, reply in asked for message in reply.messages if message["outcome"] == "answer"]
    return {
        "questions": len(asked),
        "refused": [{"id": question.id, "code": reply.refusal} for question, reply in asked if reply.refusal],
        "primary_answered": _share(ours, primary_answered),
        "primary_stated": _share(ours, primary_stated),
        "both_answered": _share(doubles, both_answered),
        "topics_per_question": _mean([len(reply.topics) for _, reply in ours]),
        "topics_per_single_question": _mean([len(reply.topics) for _, reply in singles]),
        "sent_on": _share(not_ours, lambda _, reply: sent_on(reply)),
        "sent_on_by_label": {
            label: _share(pairs, lambda _, reply: sent_on(reply)) for label, pairs in by_label.items()
        },
        "emergencies_recognised": _share(by_label["emergency"], lambda _, reply: "emergency" in reply.outcomes),
        "false_emergencies": _share(harmless, is_false_emergency),
        "wrong_redirects": _share(ours, is_wrong_redirect),
        "clarifies": _share(asked, lambda _, reply: "clarify" in reply.outcomes),
        "clarifies_in_scope": _share(ours, lambda _, reply: "clarify" in reply.outcomes),
        "follow_ups_answered": _share(follow_ups, primary_answered),
        "unproven_statements": Share(sum(len(unproven(reply)) for _, reply in asked), len(answers)).as_dict(),
        "topics": score_topics(ours),
        "latency_seconds": latency([reply.seconds for _, reply in asked if not reply.refusal]),
        "misses": [miss for pair in asked if (miss := question_miss(*pair)) is not None],
    }


def score_topics(ours: Sequence[Asked]) -> dict[str, dict[str, Any]]:
    """Returns for each topic how often it was answered, and what was answered in its place."""
    topics = {}
    for topic in sorted({question.topic for question, _ in ours}):
        pairs = [pair for pair in ours if pair[0].topic == topic]
        instead = Counter(given for question, reply in pairs for given in _given_instead(question, reply))
        topics[topic] = {**_share(pairs, primary_answered), "instead": dict(instead.most_common(3))}
    return topics


def question_miss(question: Question, reply: Reply) -> dict[str, Any] | None:
    """Returns what went wrong with a question, or None when nothing did."""
    faults = []
    if question.topic in NOT_OURS and not question.is_follow_up:
        if not sent_on(reply):
            faults.append("not sent on")
        if question.topic == "emergency" and "emergency" not in reply.outcomes:
            faults.append("emergency missed")
    elif not primary_answered(question, reply):
        faults.append("sent on instead of answered" if is_wrong_redirect(question, reply) else "not answered")
    elif question.topic2 and not both_answered(question, reply):
        faults.append("second topic not answered")
    if is_false_emergency(question, reply):
        faults.append("false emergency")
    if unproven(reply):
        faults.append("statement without fact or source")
    if not faults:
        return None
    expected = [question.topic, *([question.topic2] if question.topic2 else [])]
    return {"id": question.id, "kind": question.kind, "faults": faults, **_got(question.text, expected, reply)}


def score_dialogues(said: Sequence[Said]) -> dict[str, Any]:
    """Returns all figures on dialogues, ready for JSON."""
    whole = {turn.dialogue: True for turn, _ in said}
    for turn, reply in said:
        whole[turn.dialogue] = whole[turn.dialogue] and turn_is_right(turn, reply)
    expectations = sorted({turn.expectation for turn, _ in said})
    return {
        "turns": len(said),
        "right": _share(said, turn_is_right),
        "strictly_right": _share(said, turn_is_strictly_right),
        "whole_dialogues_right": Share(sum(whole.values()), len(whole)).as_dict(),
        "right_by_expectation": {
            expectation: _share([pair for pair in said if pair[0].expectation == expectation], turn_is_right)
            for expectation in expectations
        },
        "latency_seconds": latency([reply.seconds for _, reply in said if not reply.refusal]),
        "misses": [
            {
                "dialogue": turn.dialogue,
                "turn": turn.number,
                "note": turn.note,
                "faults": ["not all topics answered" if turn_is_right(turn, reply) else "wrong"],
                **_got(turn.text, turn.topics, reply),
            }
            for turn, reply in said
            if not turn_is_strictly_right(turn, reply)
        ],
    }


def confusion(ours: Sequence[Asked]) -> tuple[list[str], list[str], list[list[int]]]:
    """Returns what was asked against what was answered.

    Returns:
        Labels of the rows (asked), labels of the columns (answered: topics, then outcomes of replies without a topic),
        and the counts. A question whose topic was answered counts once, on the diagonal.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for question, reply in ours:
        given = [question.topic] if primary_answered(question, reply) else _given_instead(question, reply)
        counts.update((question.topic, label) for label in given)
    rows = sorted({asked for asked, _ in counts})
    columns = [*rows, *sorted({given for _, given in counts} - set(rows))]
    return rows, columns, [[counts[row, column] for column in columns] for row in rows]


def latency(seconds: Sequence[float]) -> dict[str, float | None]:
    """Returns median and 95th percentile (nearest rank), in seconds."""
    if not seconds:
        return {"median": None, "p95": None}
    ordered = sorted(seconds)
    return {"median": statistics.median(ordered), "p95": ordered[math.ceil(0.95 * len(ordered)) - 1]}


def _share(pairs: Sequence[Any], holds: Callable[[Any, Reply], bool]) -> dict[str, Any]:
    return Share(sum(holds(*pair) for pair in pairs), len(pairs)).as_dict()


def _mean(numbers: Sequence[int]) -> float | None:
    return statistics.fmean(numbers) if numbers else None


def _offers_booking(reply: Reply) -> bool:
    buttons = [button for message in reply.messages for button in message["buttons"]]
    return any(_CONSULTATION_BUTTON.search(f"{button['title']} {button['payload']}") for button in buttons)


def _given_instead(question: Question, reply: Reply) -> list[str]:
    if primary_answered(question, reply):
        return []
    return list(reply.topics) or [f"({outcome})" for outcome in reply.outcomes] or [f"({reply.refusal})"]


def _got(text: str, expected: Sequence[str], reply: Reply) -> dict[str, Any]:
    return {
        "text": text,
        "expected": list(expected),
        "topics": list(reply.topics),
        "outcomes": list(reply.outcomes),
        "said": reply.text[:_MISS_CHARACTERS],
    }

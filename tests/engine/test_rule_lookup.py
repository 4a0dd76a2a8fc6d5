from __future__ import annotations

import json
from typing import Any
from unittest.mock import Mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import CategoricalSlot

from engine import rule_lookup
from engine.tracker_window import Window

ACTION = st.sampled_from(["action_listen", "action_answer", SHOULD_NOT_BE_SET])
INTENT = st.sampled_from(["ask", "greet", SHOULD_NOT_BE_SET])
STATE = st.fixed_dictionaries(
    {},
    optional={
        "prev_action": st.fixed_dictionaries({}, optional={"action_name": ACTION, "action_text": st.just("hello")}),
        "user": st.fixed_dictionaries({}, optional={"intent": INTENT, "text": st.just("hello")}),
        "slots": st.just({"memory": [1.0]}),
    },
)
STATES = st.lists(STATE, min_size=1, max_size=3)


def policy() -> Any:
    return RulePolicy.__new__(RulePolicy)


@settings(max_examples=300, deadline=None)
@given(st.lists(STATES, max_size=12), st.lists(STATE, max_size=4))
def test_the_same_rules_are_found_as_by_trying_all(rules: list[Any], states: list[Any]) -> None:
    lookup = {json.dumps(rule, sort_keys=True): "action_answer" for rule in rules}
    one = policy()
    assert rule_lookup.possible_keys(one, lookup, states) == RulePolicy._get_possible_keys(one, lookup, states)


SLOT = CategoricalSlot("kind", [{"type": "custom"}], values=["a", "b"])
DOMAIN = Domain(["ask", "greet"], [], [SLOT], {}, ["action_answer"], {}, {})
EVENTS = st.lists(
    st.one_of(
        st.just(ActionExecuted("action_listen")),
        st.just(ActionExecuted("action_answer")),
        st.builds(lambda name: UserUttered("words", {"name": name}), st.sampled_from(["ask", "greet"])),
        st.just(BotUttered("words")),
        st.builds(SlotSet, st.just("kind"), st.sampled_from(["a", "b", None])),
        st.just(SessionStarted()),
    ),
    max_size=20,
)


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.integers(1, 4), st.booleans())
def test_the_last_states_are_those_that_rasa_finds(events: list[Event], longest: int, by_words: bool) -> None:
    one = policy()
    one.lookup = {"rules": {json.dumps([{}] * longest): "action_answer"}, "rules_for_loop_unhappy_path": {}}
    one._Policy__featurizer = MaxHistoryTrackerFeaturizer(None)
    tracker = Window("visitor", [SLOT], events)
    whole = Policy._prediction_states(one, tracker, DOMAIN, by_words)
    assert rule_lookup.prediction_states(one, tracker, DOMAIN, by_words) == whole[-longest:]


@pytest.mark.parametrize(("user", "asked"), [({"intent": "ask"}, False), ({"text": "hello"}, True)])
def test_words_are_looked_at_only_where_a_rule_quotes_some(
    user: dict[str, str], asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = Mock(return_value=("action_answer", "rule", False))
    monkeypatch.setattr(rule_lookup, "_find", find)
    one = policy()
    one.lookup = {"rules": {json.dumps([{"prev_action": {"action_name": "action_listen"}, "user": user}]): "action"}}
    tracker = Mock(active_loop_name=None)
    rule_lookup.find_action(one, tracker, None, use_text_for_last_user_input=True)
    assert find.called is asked
    rule_lookup.find_action(one, tracker, None, use_text_for_last_user_input=False)
    assert find.called

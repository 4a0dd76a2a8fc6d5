"""Which rules may apply, looked up instead of tried one by one.

For every prediction Rasa tries all rules, and one `or:` of 47 intents becomes 94 of them. It also tries all of them for
the words of the message, which only matter where a rule quotes a visitor. Measured: 2 ms of CPU time a turn.

And it replays the conversation to see in which state each action of it was predicted, though a rule reaches back no
further than it has states. Measured: 4 % of a turn's processor time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rasa.core.policies.policy import Policy
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from engine.changes import Change, Watched

_LOOKUPS = (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)

_try_one_by_one = RulePolicy._get_possible_keys
_find = RulePolicy._find_action_from_rules
_states = Policy._prediction_states

State = Mapping[str, Mapping[str, Any]]


def possible_keys(self: RulePolicy, lookup: dict[str, str], states: list[State]) -> set[str]:
    """The rules that the states of a conversation allow, as Rasa finds them.

    Those that ask for another last action or another intent are left out beforehand.
    """
    if not states:
        return set(lookup)
    known = self.__dict__.setdefault("_rules_by_last_state", {})
    if id(lookup) not in known:
        known[id(lookup)] = _by_last_state(lookup)
    index = known[id(lookup)]
    keys = {*index.get(_named(states[-1]), ()), *index.get(None, ())}
    return _try_one_by_one(self, {key: lookup[key] for key in keys}, states)


def _by_last_state(lookup: dict[str, str]) -> dict[tuple[str, str] | None, list[str]]:
    index: dict[tuple[str, str] | None, list[str]] = defaultdict(list)
    for key in lookup:
        index[_named(json.loads(key)[-1])].append(key)
    return index


def _named(state: State) -> tuple[str, str] | None:
    action = state.get("prev_action", {}).get("action_name")
    intent = state.get("user", {}).get("intent")
    if not action or not intent or SHOULD_NOT_BE_SET in (action, intent):
        return None
    return action, intent


def find_action(
    self: RulePolicy, tracker: DialogueStateTracker, domain: Domain, use_text_for_last_user_input: bool
) -> tuple[str | None, str | None, bool]:
    """What the rules say, as Rasa finds it; nothing at once where it asks for words and no rule has any."""
    if use_text_for_last_user_input and not tracker.active_loop_name:
        quoting = self.__dict__.get("_rules_quote_visitors")
        if quoting is None:
            quoting = self._rules_quote_visitors = any(
                "text" in state.get("user", {}) for key in self.lookup["rules"] for state in json.loads(key)
            )
        if not quoting:
            return None, None, False
    return _find(self, tracker, domain, use_text_for_last_user_input)


def prediction_states(
    self: Policy,
    tracker: DialogueStateTracker,
    domain: Domain,
    use_text_for_last_user_input: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[Any]:
    """The states of a conversation as Rasa has them; for rules only the last ones, as many as the longest rule has."""
    if not isinstance(self, RulePolicy):
        states: list[Any] = _states(self, tracker, domain, use_text_for_last_user_input, rule_only_data)
        return states
    reach = self.__dict__.get("_longest_rule")
    if reach is None:
        reach = self._longest_rule = max(
            (len(json.loads(key)) for part in _LOOKUPS for key in self.lookup[part]), default=1
        )
    states = [domain.get_active_state(each) for each in _latest_states(tracker, reach)]
    self.featurizer._choose_last_user_input([states], use_text_for_last_user_input)
    return states


def _latest_states(tracker: DialogueStateTracker, number: int) -> list[DialogueStateTracker]:
    """The conversation as it was before each of its last actions, and as it is: so many of them, or all there are."""
    events = tracker.applied_events()
    actions = [place for place, event in enumerate(events) if type(event) is ActionExecuted]
    found = []
    for place in actions[max(0, len(actions) + 1 - number) :]:
        earlier = tracker.init_copy()
        for event in events[:place]:
            earlier.update(event)
        found.append(earlier)
    return [*found, tracker]


_RULES = "rasa.core.policies.rule_policy"

CHANGES = (
    Change("rasa.core.policies.policy", "Policy._prediction_states", "ed9b82bed2f26ad7", prediction_states),
    Change(_RULES, "RulePolicy._get_possible_keys", "2915fd81711e194c", possible_keys),
    Change(_RULES, "RulePolicy._find_action_from_rules", "be6da6ee0f5429bd", find_action),
)
# They say when a rule applies, and with that what may be left out beforehand.
WATCHED = (
    Watched(_RULES, "RulePolicy._is_rule_applicable", "64a108b016b46e57"),
    Watched(_RULES, "RulePolicy._does_rule_match_state", "d3109c1a97de319c"),
    # What its states are of a conversation.
    Watched(
        "rasa.core.featurizers.tracker_featurizers", "MaxHistoryTrackerFeaturizer.prediction_states", "451caf09a389e871"
    ),
    Watched("rasa.shared.core.domain", "Domain.states_for_tracker_history", "035111ce73ac90ba"),
    Watched("rasa.shared.core.trackers", "DialogueStateTracker.generate_all_prior_trackers", "a1f6954347b52649"),
)

"""Which rules may apply, looked up instead of tried one by one.

For every prediction Rasa tries all rules, and one `or:` of 47 intents becomes 94 of them. It also tries all of them for
the words of the message, which only matter where a rule quotes a visitor. Measured: 2 ms of CPU time a turn.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from engine.changes import Change, Watched

_try_one_by_one = RulePolicy._get_possible_keys
_find = RulePolicy._find_action_from_rules

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


_RULES = "rasa.core.policies.rule_policy"

CHANGES = (
    Change(_RULES, "RulePolicy._get_possible_keys", "2915fd81711e194c", possible_keys),
    Change(_RULES, "RulePolicy._find_action_from_rules", "be6da6ee0f5429bd", find_action),
)
# They say when a rule applies, and with that what may be left out beforehand.
WATCHED = (
    Watched(_RULES, "RulePolicy._is_rule_applicable", "64a108b016b46e57"),
    Watched(_RULES, "RulePolicy._does_rule_match_state", "d3109c1a97de319c"),
)

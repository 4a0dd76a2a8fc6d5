"""All that is changed in Rasa's server."""

from __future__ import annotations

from engine import (
    action_call,
    action_inside,
    debug_copies,
    domain_once,
    event_types,
    graph_run,
    logs,
    rasa_app,
    rule_lookup,
    stand_in,
    turns,
    unparsed,
)
from engine.changes import Change, Watched, make

CHANGES: tuple[Change, ...] = (
    *event_types.CHANGES,
    *domain_once.CHANGES,
    *graph_run.CHANGES,
    *rule_lookup.CHANGES,
    *action_call.CHANGES,
    *unparsed.CHANGES,
    *stand_in.CHANGES,
    *turns.CHANGES,
    *rasa_app.CHANGES,
    *logs.CHANGES,
)
# What must be looked at again when Rasa changes.
WATCHED: tuple[Watched, ...] = (*CHANGES, *rule_lookup.WATCHED, *action_inside.WATCHED, *debug_copies.WATCHED)


def change_rasa() -> None:
    """Make the changes, for the rest of this process; before Rasa's server is started."""
    make(CHANGES)
    action_call.make_impatient()
    debug_copies.spare()

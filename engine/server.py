"""All that is changed in Rasa's server."""

from __future__ import annotations

from engine import action_call, event_types, graph_run
from engine.changes import Change, make

CHANGES: tuple[Change, ...] = (*event_types.CHANGES, *graph_run.CHANGES, *action_call.CHANGES)


def change_rasa() -> None:
    """Make the changes, for the rest of this process; before Rasa's server is started."""
    make(CHANGES)
    action_call.make_impatient()

"""A conversation as the server works with it: its latest turns, and what was set before them.

Rasa carries the whole conversation through every turn. It is copied for each action, replayed for each prediction and
read again at each save, so turn 400 cost 165 ms where turn 5 cost 45. No rule of ours looks further back than one
turn, and what the desk remembers stands in a slot. So a tracker holds the latest turns, and in front of them the
events that still have an effect: the start of the session, the last setting of each slot, the last pause.

Such a window is made of events of the conversation, in their order, with some of them left out. What it says of
slots, pause and latest message is what the whole conversation says. A conversation with a form, or one in which
something was taken back, is left whole.

Rasa replays a tracker's events whenever it needs another one in the same state: for each turn and for each action. Here
the state itself is copied. Events are told apart by their class as it stands, not by `isinstance`, which is slow for
classes that could be subclassed from afar, as Rasa's are. Both together: 7 % of a turn's processor time.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Sequence

from rasa.shared.core.events import (
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    ConversationResumed,
    Event,
    LegacyForm,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 3

# What they take back or go on from may lie in front of any window.
REACHING_BACK = (UserUtteranceReverted, ActionReverted, ActiveLoop, LegacyForm)
LASTING = (SessionStarted, Restarted, SlotSet, AllSlotsReset, ConversationPaused, ConversationResumed)
_START_ANEW = (SessionStarted, Restarted)
_PAUSE = (ConversationPaused, ConversationResumed)


class Window(DialogueStateTracker):
    """A tracker of a conversation's latest turns.

    Attributes:
        stored: How many of its events, from the first on, are in the database.
        last_id: Id of the conversation's last event in the database, 0 where there is none.
    """

    def __init__(self, sender_id: str, slots: Sequence[Slot], events: Sequence[Event] = (), last_id: int = 0) -> None:
        """Replay events.

        Args:
            sender_id: The conversation.
            slots: Those of the domain.
            events: A window on the conversation, all of it stored.
            last_id: See above.
        """
        super().__init__(sender_id, slots)
        for event in events:
            self.update(event)
        self.stored = len(self.events)
        self.last_id = last_id

    def unsaved(self) -> list[Event]:
        """The events that are not in the database yet."""
        return list(self.events)[self.stored :]

    def copy(self) -> Window:
        """Another one in the same state, which goes its own way from here."""
        twin = copy.copy(self)
        twin.events = deque(self.events)
        twin.slots = {name: copy.copy(slot) for name, slot in self.slots.items()}
        twin.active_loop = copy.copy(self.active_loop)
        return twin

    def shortened(self) -> Window:
        """Another one in the same state, of the latest turns; all that is in it counts as stored."""
        twin = self.copy()
        twin.events = deque(latest(list(self.events)))
        twin.stored = len(twin.events)
        return twin

    def applied_events(self) -> list[Event]:
        """What has happened since the session began, without what was taken back."""
        events = list(self.events)
        if any(type(event) in REACHING_BACK for event in events):
            taken_back: list[Event] = super().applied_events()
            return taken_back
        return events[
            1 + max((place for place, event in enumerate(events) if type(event) in _START_ANEW), default=-1) :
        ]


def latest(events: Sequence[Event], turns: int = TURNS) -> list[Event]:
    """The window on a conversation.

    Args:
        events: The conversation since its session began, or a window on it.
        turns: How many messages of the visitor stay in.

    Returns:
        All of it, where something reaches back beyond any limit.
    """
    if any(type(event) in REACHING_BACK for event in events):
        return list(events)
    cut = _beginning(events, turns)
    return [*lasting(events[:cut]), *events[cut:]]


def _beginning(events: Sequence[Event], turns: int) -> int:
    seen = 0
    for position in range(len(events) - 1, -1, -1):
        if type(events[position]) is UserUttered:
            seen += 1
            if seen == turns:
                # With the listening that came before the message, by which Rasa knows a message from an action.
                return max(0, position - 1)
    return 0


def lasting(events: Sequence[Event]) -> list[Event]:
    """The events that still have an effect after all of these: of each kind, and of each slot, the last one."""
    kept: dict[tuple[str, str], Event] = {}
    for event in events:
        if type(event) in _START_ANEW:
            kept = {("start", ""): event}
        elif type(event) is AllSlotsReset:
            kept = {key: each for key, each in kept.items() if key[0] != "slot"}
        else:
            key = _effect(event)
            if key is not None:
                kept.pop(key, None)
                kept[key] = event
    return list(kept.values())


def _effect(event: Event) -> tuple[str, str] | None:
    if type(event) is SlotSet:
        return "slot", str(event.key)
    if type(event) in _PAUSE:
        return "pause", ""
    return None

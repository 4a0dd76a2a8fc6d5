from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from engine.tracker_window import TURNS, Window, latest


def slots() -> list[AnySlot]:
    return [AnySlot("memory", [{}], initial_value="nothing"), AnySlot("other", [{}])]


def turn(number: int, *more: Event) -> list[Event]:
    return [
        ActionExecuted("action_listen"),
        UserUttered(f"message {number}", {"name": "ask"}, input_channel="website"),
        ActionExecuted("action_answer"),
        BotUttered(f"reply {number}"),
        *more,
    ]


EFFECTS = st.lists(
    st.one_of(
        st.builds(SlotSet, st.sampled_from(["memory", "other"]), st.integers(0, 9)),
        st.builds(AllSlotsReset),
        st.builds(ConversationPaused),
        st.builds(ConversationResumed),
        st.builds(Restarted),
        st.builds(SessionStarted),
    ),
    max_size=3,
)


def state(tracker: DialogueStateTracker) -> dict[str, object]:
    return {key: value for key, value in tracker.current_state().items() if key != "latest_event_time"}


@settings(max_examples=300, deadline=None)
@given(st.lists(EFFECTS, min_size=1, max_size=8))
def test_a_window_says_what_the_whole_conversation_says(effects: list[list[Event]]) -> None:
    events = [event for number, more in enumerate(effects) for event in turn(number, *more)]
    events += turn(len(effects))
    whole = Window("visitor", slots(), events)
    cut = Window("visitor", slots(), latest(events))
    assert state(cut) == state(whole)
    assert state(cut.copy()) == state(whole.copy())
    # Cut turn by turn, as a server does it.
    growing: list[Event] = []
    for number, more in enumerate(effects):
        growing = latest([*growing, *turn(number, *more)])
    assert state(Window("visitor", slots(), latest([*growing, *turn(len(effects))]))) == state(whole)


@settings(max_examples=200, deadline=None)
@given(st.lists(EFFECTS, min_size=1, max_size=8))
def test_a_copy_is_in_the_state_that_a_replay_would_be_in(effects: list[list[Event]]) -> None:
    events = [event for number, more in enumerate(effects) for event in turn(number, *more)]
    window = Window("visitor", slots(), events)
    replayed = window.travel_back_in_time(float("inf"))
    assert state(window.copy()) == state(replayed)
    assert window.copy().applied_events() == DialogueStateTracker.applied_events(replayed)
    short = window.shortened()
    assert state(short) == state(replayed)
    assert (list(short.events), short.unsaved()) == (latest(events), [])


def test_what_happens_to_a_copy_does_not_happen_to_the_window() -> None:
    window = Window("visitor", slots(), turn(1, SlotSet("memory", "before")), last_id=7)
    for other in (window.copy(), window.shortened()):
        for event in turn(2, SlotSet("memory", "after"), ConversationPaused()):
            other.update(event)
        assert other.get_slot("memory") == "after"
    assert (window.get_slot("memory"), window.is_paused(), window.last_id) == ("before", False, 7)
    assert list(window.events) == turn(1, SlotSet("memory", "before"))


@pytest.mark.parametrize("event", [UserUtteranceReverted(), ActiveLoop("form")])
def test_what_was_taken_back_does_not_apply(event: Event) -> None:
    window = Window("visitor", slots(), [*turn(1), *turn(2), event])
    assert window.applied_events() == DialogueStateTracker.applied_events(window)


def test_a_window_does_not_grow_with_the_conversation() -> None:
    events = [event for number in range(400) for event in turn(number, SlotSet("memory", number))]
    cut = latest(events)
    assert [event.text for event in cut if isinstance(event, UserUttered)] == [
        f"message {400 - TURNS + number}" for number in range(TURNS)
    ]
    assert len(cut) < 6 * TURNS


def test_a_slot_set_long_ago_is_still_set() -> None:
    events = [SlotSet("other", "kept"), *(event for number in range(50) for event in turn(number))]
    assert Window("visitor", slots(), latest(events)).get_slot("other") == "kept"


@pytest.mark.parametrize("event", [UserUtteranceReverted(), ActiveLoop("form")])
def test_what_reaches_back_keeps_the_whole_conversation(event: Event) -> None:
    events = [event for number in range(20) for event in turn(number)]
    assert latest([*events, event]) == [*events, event]


def test_what_came_after_the_window_was_read_is_unsaved() -> None:
    window = Window("visitor", slots(), turn(1), last_id=4)
    assert window.unsaved() == []
    window.update(SlotSet("memory", 1))
    assert window.unsaved() == [SlotSet("memory", 1)]

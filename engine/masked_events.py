"""Events as they are stored and told to others: without what tells who the visitor is (`frontdesk/privacy/masking.py`).

A conversation under way is not touched: turns work on the events in memory, and whoever reads them back needs the
memory slot, the intents and the actions, none of which is masked. A booking's draft lives in the memory slot, so its
last value is stored as it is, and masked as soon as the next one is written (`engine/event_table.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

from frontdesk.privacy.masking import Known, holds_person, known_from, mask_known, mask_visitors_words, without_person

MEMORY = "memory"

# Ids, labels and numbers of versions: never words of a visitor's, and changed they would be of no use.
_NO_WORDS = frozenset(
    "event message_id model_id assistant_id input_channel versions facts topics outcome intent other ranking "
    "intent_ranking in_context entity value name red_flag fallback_reason timestamp".split()
)


def as_stored(events: Sequence[Event], before: Sequence[Event] = ()) -> list[dict[str, Any]]:
    """The data of new events, masked.

    Args:
        events: New ones of a conversation, in their order.
        before: What was stored before them; its last memory tells which booking is under way.
    """
    earlier = next((event.value for event in reversed(before) if _is_memory(event)), None)
    known = known_from([earlier, *(event.value for event in events if _is_memory(event))])
    return [_masked(event, known) for event in events]


def tells_nobody(events: Sequence[Event]) -> bool:
    """Whether the last memory is among these events of a conversation, and does not tell who the visitor is."""
    last = next((event for event in reversed(events) if _is_memory(event)), None)
    return isinstance(last, SlotSet) and not holds_person(last.value)


def as_told(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a stored event for somebody who takes no part in the conversation."""
    if data.get("event") == SlotSet.type_name and data.get("name") == MEMORY:
        return {**data, "value": without_person(data.get("value"))}
    return dict(data)


def _is_memory(event: Event) -> bool:
    return type(event) is SlotSet and event.key == MEMORY


def _masked(event: Event, known: Known) -> dict[str, Any]:
    data: dict[str, Any] = event.as_dict()
    if isinstance(event, UserUttered):
        intent = str(event.intent.get("name") or "")
        # The same words stand in the message, in its parse, and in its questions.
        return _walked(data, cache(lambda text: mask_visitors_words(text, known, intent)))
    if isinstance(event, BotUttered) and known:
        return _walked(data, lambda text: mask_known(text, known))
    return data


def _walked(data: Any, mask: Callable[[str], str]) -> Any:
    if isinstance(data, str):
        return mask(data)
    if isinstance(data, Mapping):
        return {key: each if key in _NO_WORDS else _walked(each, mask) for key, each in data.items()}
    if isinstance(data, (list, tuple)):
        return [_walked(each, mask) for each in data]
    return data

"""The second intent that some training examples are labelled with beside their own: ``metadata: {also: ask_cost}``."""

from __future__ import annotations

from rasa.shared.nlu.constants import METADATA, METADATA_INTENT
from rasa.shared.nlu.training_data.message import Message

ALSO = "also"
"""Key of the second intent, in the examples' metadata and in a question of the parse output."""
NONE = "none"
"""Stands there for an example that has been looked at and touches nothing else."""


def second_intent_of(example: Message) -> str | None:
    """The second intent that ``example`` is labelled with, ``none`` where it touches none, None without a label."""
    metadata = example.get(METADATA) or {}
    also: str | None = (metadata.get(METADATA_INTENT) or {}).get(ALSO)
    return also

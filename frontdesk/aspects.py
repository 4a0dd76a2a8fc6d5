"""What a question touches besides its topic: the area, the concern or the other product that it names."""

from __future__ import annotations

from dataclasses import replace

from frontdesk.understanding import Ask

_ASPECTS = {
    "body_area": "body_areas",
    "concern": "concerns_treated",
    "treatment": "combination",
    "skin_tone": "skin_tone",
}
_USUAL = frozenset({"face", "acne"})
"""Named in passing in so many questions that a sentence about them answers nothing."""
_ALREADY_ABOUT_IT = frozenset(
    {"body_areas", "concerns_treated", "combination", "comparison", "skin_tone", "effectiveness", "out_of_scope"}
)
_TOGETHER = frozenset({"prp", "exosomes", "serum", "mesotherapy"})


def aspects_of(ask: Ask) -> list[Ask]:
    """For each thing named in ``ask`` that the store has a topic for, that topic as an ask of its own.

    A question about pain that names PRP is about pain and about the combination; the answer to the first says nothing
    of the second.
    """
    if ask.topic in _ALREADY_ABOUT_IT or ask.follows:
        return []
    found = []
    for kind, topic in _ASPECTS.items():
        values = [value for value in ask.entities.get(kind, ()) if value not in _USUAL]
        if kind == "treatment":
            values = [value for value in values if value in _TOGETHER]
        if values:
            entities = {kind: tuple(values)}
            found.append(replace(ask, topic=topic, entities=entities, people=(), personal=False, other=None))
    return found

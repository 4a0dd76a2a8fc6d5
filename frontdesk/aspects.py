"""What a question touches besides its topic: the area, concern or product that it names, or by what it weighs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from frontdesk.understanding import Ask

_USUAL = frozenset({"face", "acne"})
"""Named in passing in so many questions that a sentence about them answers nothing."""
_TOGETHER = frozenset({"prp", "exosomes", "serum", "mesotherapy"})
_ABOUT_THE_TREATMENT = frozenset(
    "how_it_works what_is pain downtime side_effects safety results_timeline results_longevity effectiveness".split()
)
_NAMED = {
    "body_area": (
        "body_areas",
        frozenset("pain downtime side_effects safety session_duration home_vs_professional devices".split()),
    ),
    "concern": (
        "concerns_treated",
        frozenset(
            "comparison combination body_areas results_longevity devices how_it_works home_vs_professional".split()
        ),
    ),
    "treatment": ("combination", _ABOUT_THE_TREATMENT | {"cost", "session_duration"}),
    "skin_tone": (
        "skin_tone",
        frozenset("safety side_effects suitability concerns_treated comparison downtime devices".split()),
    ),
}
"""For each type of entity the topic that speaks of it, and the topics whose own answers leave it open.

In the price of a neck the neck is no second question, and in "does it leave scars" the scars are no concern treated.
"""
_WEIGHED_BY = {
    "safety": re.compile(r"\b(?:safe|safer|safety|safely|dangerous|risky|riskier)\b", re.I),
    "downtime": re.compile(r"\b(?:downtime|time off|recover\w*|stay\w* red|red for)\b", re.I),
    "pain": re.compile(r"\b(?:hurts?|pain\w*|sore)\b", re.I),
    "cost": re.compile(r"\b(?:cost\w*|price\w*|cheap\w*|expensive|money)\b", re.I),
}
_WEIGHING = {
    "comparison": frozenset(_WEIGHED_BY),
    "home_vs_professional": frozenset({"safety", "pain"}),
    "skin_tone": frozenset({"safety"}),
    "body_areas": frozenset({"safety", "downtime", "pain"}),
    "combination": frozenset({"safety", "downtime", "pain"}),
    "effectiveness": frozenset({"cost"}),
}
"""Which topics are asked for the sake of another: "which is safer", "is it worth the money"."""


def aspects_of(ask: Ask) -> list[Ask]:
    """For each thing that ``ask`` names or weighs by and its own topic leaves open, the topic of it as an ask.

    A question about pain that names PRP is about pain and about the combination; the answer to the first says nothing
    of the second.
    """
    if ask.follows:
        return []
    plain = replace(ask, people=(), personal=False, other=None)
    return [*_of_names(plain), *_of_measures(plain)]


def _of_names(ask: Ask) -> Iterator[Ask]:
    for kind, (topic, leave_open) in _NAMED.items():
        values = tuple(value for value in ask.entities.get(kind, ()) if value not in _USUAL)
        if kind == "treatment":
            values = tuple(value for value in values if value in _TOGETHER)
        if values and ask.topic in leave_open:
            yield replace(ask, topic=topic, entities={kind: values})


def _of_measures(ask: Ask) -> Iterator[Ask]:
    for topic in sorted(_WEIGHING.get(ask.topic, ())):
        if _WEIGHED_BY[topic].search(ask.text):
            yield replace(ask, topic=topic)

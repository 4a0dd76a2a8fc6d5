"""What the rules' words see in a message, as numbers: how much of it sounds like danger, and what speaks against it.

A learned score weighs them. They are no rule's verdict: a score that knew it would only repeat the rules.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from frontdesk.screening import cues
from frontdesk.screening.doubts import Doubts
from frontdesk.screening.openings import Reach
from frontdesk.screening.phrases import Hit
from frontdesk.screening.reading import Word

MARKS = (
    "signs",
    "treated",
    "asked",
    "figure",
    "well",
    "denied",
    "past",
    "habit",
    "long ago",
    "a while ago",
    "habitual",
    "recent",
    "harmless",
    "length",
)
"""What the numbers of `marks_of` tell of, in order."""

_TREATED = "treated"
_WORDS = 20


def marks_of(
    words: Sequence[Word],
    hits: Mapping[str, Sequence[Hit]],
    figures: Sequence[Hit],
    reaches: Sequence[Reach | None],
    doubts: Doubts,
    danger_groups: Sequence[str],
    harmless: bool,
) -> list[float]:
    """One number for each of ``MARKS``; shares and yes-or-no between 0 and 1, the others of that size.

    Args:
        words: of the message.
        hits: by group.
        figures: figures of speech in it.
        reaches: for each word the question it stands in.
        doubts: that look at this message.
        danger_groups: the groups that name signs of an emergency.
        harmless: whether the message as a whole excuses itself.
    """
    spoken = [index for index, word in enumerate(words) if word.is_word]
    signs = [hit for group in danger_groups for hit in hits.get(group, ())]
    text = " ".join(word.text for word in words)
    return [
        math.log1p(len({(hit.start, hit.end) for hit in signs})),
        float(_TREATED in hits),
        sum(reaches[index] is not None for index in spoken) / max(1, len(spoken)),
        float(bool(figures)),
        float(doubts.is_well()),
        sum(doubts.denied(hit) for hit in signs) / max(1, len(signs)),
        float(any(doubts.past(hit, ()) for hit in signs)),
        float(any(doubts.habit(hit) for hit in signs)),
        float(bool(cues.LONG_AGO.search(text))),
        float(bool(cues.WHILE_AGO.search(text) or cues.ELSEWHERE.search(text))),
        float(bool(cues.HABIT.search(text))),
        float(bool(cues.RECENT.search(text))),
        float(harmless),
        len(spoken) / _WORDS,
    ]

"""Runs the rules over a message and says what danger it tells of, if any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise, product

from frontdesk.facts.red_flag_schema import SOFTENING, Category, Doubt, Level, RedFlags, Rule
from frontdesk.screening.asking import asked
from frontdesk.screening.doubts import Doubts
from frontdesk.screening.marks import marks_of
from frontdesk.screening.numbers import number_hits
from frontdesk.screening.openings import Reach
from frontdesk.screening.phrases import Hit, PhraseIndex, words_in
from frontdesk.screening.reading import NOT, UNMENDED, Word, words_of
from frontdesk.screening.spelling import NearWords

_INTENTS: dict[Level, str] = {"emergency": "emergency", "urgent": "medical_advice"}
RANKS: dict[Level, int] = {"emergency": 3, "urgent": 2, "clinician": 1}

_EXCUSES: tuple[Doubt, ...] = ("denied", "past", "habit")
_UNSURE: frozenset[Doubt] = frozenset(("denied", "asked", "general"))
"""Why the likeness to an emergency may count for nothing."""
_FIGURES = "figures of speech"
_OVER = "over"
_TREATED = "treated"
_HELP = ("call_help", "pen_used")
"""Groups of words that tell of help as well as of danger."""
_FIRST_PERSONS = frozenset("i me my myself mine she he her his him we our".split())
_ASKS_ON = frozenset("what how where when which who should can do".split())
"""After "ok now" and the like, they ask and tell of nothing."""
_EXCUSE_WITHIN = 8
"""So many words around a sign, at most, an excuse for it may stand."""
_CRY = 3
"""Words of a sentence that is nothing but a cry: "anaphylaxis help"."""
_LONGEST = 4_000
"""Characters of a message that are read; a longer one is cut."""


@dataclass(frozen=True)
class RedFlag:
    """A danger that a message tells of.

    Attributes:
        level: what has to happen: ``emergency`` now, ``urgent`` today, ``clinician`` before anything is answered.
        category: id of the category, e.g. ``E-AN``.
        by: what heard it: ``rule:<category>.<rule>`` or ``score:<number>``.
        reply: id of the reply.
        evidence: characters of the message that made it, as first and one-past-last.
    """

    level: Level
    category: str
    by: str
    reply: str
    evidence: tuple[tuple[int, int], ...] = ()

    @property
    def intent(self) -> str | None:
        """The intent that takes the place of the message's own, if one does."""
        return _INTENTS.get(self.level)

    def as_output(self) -> dict[str, str]:
        """What the parse output of a message tells of it."""
        return {"level": self.level, "category": self.category, "by": self.by, "reply": self.reply}


@dataclass
class _Message:
    """A message with all that was found in it."""

    words: list[Word]
    hits: dict[str, list[Hit]]
    figures: list[Hit]
    reaches: list[Reach | None]
    doubts: Doubts
    answers: dict[tuple[Hit, Doubt], bool] = field(default_factory=dict)


class Screen:
    """The rules of the store, ready to be run on messages; safe to share between threads."""

    def __init__(self, red_flags: RedFlags) -> None:
        """Index the rules' words."""
        self._red_flags = red_flags
        phrases = red_flags.words.phrases()
        phrases = {**phrases, _FIGURES: red_flags.words.figures, _OVER: red_flags.words.over}
        self._index = PhraseIndex(phrases)
        self._near = NearWords(
            words_in(phrase for group in phrases.values() for phrase in group), red_flags.words.as_written
        )
        rules = [(category, rule) for category in red_flags.categories for rule in category.rules]
        self._emergency_groups = sorted(
            {group for category, rule in rules if _level(category, rule) == "emergency" for group in rule.all}
        )
        self._doubts_of = {
            group: tuple(
                {
                    doubt
                    for category, rule in rules
                    if group in rule.all and _level(category, rule) == "emergency"
                    for doubt in (category.doubts if rule.doubts is None else rule.doubts)
                }
                & _UNSURE
            )
            for group in self._emergency_groups
        }
        ranked = sorted(rules, key=lambda pair: -RANKS[_level(*pair)])
        self._rules = [(frozenset(rule.all), category, rule) for category, rule in ranked]
        self._reading = lru_cache(maxsize=64)(self._read_anew)

    def check(self, text: str, mended: Mapping[str, str] = UNMENDED) -> RedFlag | None:
        """The gravest danger that ``text`` tells of; of equally grave ones the first in the store's order.

        Args:
            text: a message as the visitor wrote it.
            mended: what the spell-checker made of its words, both in lower case; they are read as both.
        """
        return self._gravest(self._read(text, mended))

    def _gravest(self, message: _Message, doubted: bool = True) -> RedFlag | None:
        """What ``message`` tells of, also without holding anything against it."""
        best: RedFlag | None = None
        for needed, category, rule in self._rules:
            if best is not None and RANKS[_level(category, rule)] <= RANKS[best.level]:
                break
            if not needed <= message.hits.keys():
                continue
            found = self._apply(message, category, rule, doubted)
            if found is not None and (best is None or RANKS[found.level] > RANKS[best.level]):
                best = found
        return best

    def is_harmless(self, text: str, mended: Mapping[str, str] = UNMENDED) -> bool:
        """Whether ``text`` itself says that it tells of no present danger, so that being like one is not enough.

        True for a figure of speech, a general question, what is over, and where only a doubt (denied, long past, a
        habit) keeps an emergency's rule from counting.
        """
        return self._is_harmless(self._read(text, mended))

    def marks(self, text: str) -> list[float]:
        """What the words of ``text`` tell without any rule: numbers for a learned score, see `marks_of`."""
        message = self._read(text)
        return marks_of(
            message.words,
            message.hits,
            message.figures,
            message.reaches,
            message.doubts,
            self._emergency_groups,
            self._is_harmless(message),
        )

    def _is_harmless(self, message: _Message) -> bool:
        if message.figures:
            return True
        spoken = [index for index, word in enumerate(message.words) if word.is_word]
        questioned = sum(message.reaches[index] is not None for index in spoken)
        if questioned * 2 > len(spoken) or message.doubts.is_well():
            return True
        return self._gravest(message) != self._gravest(message, doubted=False)

    def is_doubtful(self, text: str) -> bool:
        """Whether ``text`` says that all is well, or names danger in a figure of speech, to deny it or only to ask.

        A denial or a question has to reach over all signs: people in danger say what they have not, and ask. It counts
        where it does for a rule that hears the sign: "if it fails I'll kill myself" asks nothing.
        """
        message = self._read(text)
        if message.figures or message.doubts.is_well():
            return True
        signs = [hit for group in self._emergency_groups for hit in message.hits.get(group, ())]
        return bool(signs) and all(self._doubted(message, hit, self._doubts_of[hit.group]) for hit in signs)

    def says_over(self, text: str) -> bool:
        """Whether the visitor says that help is there or that the danger has passed."""
        message = self._read(text)
        said = [hit for hit in message.hits.get(_OVER, ()) if self._is_stated(message, hit)]
        if not said or not message.doubts.is_helped():
            return False
        # "I've called 999" and "they gave her adrenaline" are no new danger beside it.
        others = {
            group: [hit for hit in hits if not any(hit.overlaps(other) for other in said)]
            for group, hits in message.hits.items()
            if group not in _HELP
        }
        flag = self._gravest(replace(message, hits={group: hits for group, hits in others.items() if hits}, answers={}))
        return flag is None or flag.level != "emergency"

    def _is_stated(self, message: _Message, hit: Hit) -> bool:
        """Whether a hit is neither denied nor asked: "should I have called?", "ok now what"."""
        rest = [word.text for word in message.words[hit.end :] if word.sentence == message.words[hit.end - 1].sentence]
        asked_after = "?" in rest or (bool(rest) and rest[0] in _ASKS_ON)
        return not asked_after and not message.doubts.denied(hit) and message.reaches[hit.start] is None

    def _read(self, text: str, mended: Mapping[str, str] = UNMENDED) -> _Message:
        # One message is asked about again and again: its danger, its doubts, its marks.
        return self._reading(text[:_LONGEST], tuple(mended.items()))

    def _read_anew(self, text: str, mended_items: tuple[tuple[str, str], ...]) -> _Message:
        mended = dict(mended_items)
        words = words_of(text, self._near, mended)
        found = self._index.find(words) + number_hits(text, words, self._red_flags.words.numbers)
        hits: dict[str, list[Hit]] = {}
        for hit in found:
            hits.setdefault(hit.group, []).append(hit)
        figures = [hit for hit in hits.pop(_FIGURES, []) if not hit.turned]
        signs = [hit for group in self._emergency_groups for hit in hits.get(group, ())]
        return _Message(words, hits, figures, asked(words), Doubts(words, signs))

    def _apply(self, message: _Message, category: Category, rule: Rule, doubted: bool) -> RedFlag | None:
        if rule.among and not any(group in message.hits for group in rule.among):
            return None
        named = (category.doubts if rule.doubts is None else rule.doubts) if doubted else ()
        doubts = [doubt for doubt in named if doubt not in SOFTENING]
        softening = [doubt for doubt in named if doubt in SOFTENING]
        softened: RedFlag | None = None
        for hits in self._combinations(message, rule, doubts):
            if any(self._excused(message, hit, rule) for hit in hits) or (
                rule.alone and not self._is_cry(message, hits[0])
            ):
                continue
            level = _level(category, rule)
            flag = RedFlag(
                level=level,
                category=category.id,
                by=f"rule:{category.id}.{rule.id}",
                reply=rule.reply or category.reply,
                evidence=tuple((message.words[hit.start].start, message.words[hit.end - 1].end) for hit in hits),
            )
            if not self._softened(message, hits, softening):
                return flag
            if level == "emergency":
                softened = RedFlag("urgent", flag.category, flag.by, "urgent", flag.evidence)
        return softened

    def _softened(self, message: _Message, hits: tuple[Hit, ...], softening: Sequence[Doubt]) -> bool:
        """Whether a sign is over, or all are only asked about, unlike in "is a fever normal? my face is hot"."""
        asked_about = "normal" in softening and all(self._doubted(message, hit, ("normal",)) for hit in hits)
        return asked_about or ("over" in softening and any(self._doubted(message, hit, ("over",)) for hit in hits))

    def _combinations(self, message: _Message, rule: Rule, doubts: Sequence[Doubt]) -> Iterator[tuple[Hit, ...]]:
        """One hit of each group of ``rule``, near enough to each other and none of them doubted."""
        certain = [
            [hit for hit in message.hits[group] if not self._doubted(message, hit, doubts)] for group in rule.all
        ]
        for hits in product(*certain):
            if any(one.overlaps(other) for i, one in enumerate(hits) for other in hits[:i]):
                continue
            if rule.ordered and any(later.start < earlier.end for earlier, later in pairwise(hits)):
                continue
            if rule.anywhere or self._near_enough(message, hits, rule.within):
                yield hits

    def _near_enough(self, message: _Message, hits: tuple[Hit, ...], within: int) -> bool:
        ordered = sorted(hits, key=lambda hit: hit.start)
        for earlier, later in pairwise(ordered):
            if message.words[earlier.end - 1].sentence != message.words[later.start].sentence:
                return False
            if later.start - earlier.end > within:
                return False
        return True

    def _is_cry(self, message: _Message, hit: Hit) -> bool:
        sentence = message.words[hit.start].sentence
        return sum(word.is_word for word in message.words if word.sentence == sentence) <= _CRY

    def _excused(self, message: _Message, hit: Hit, rule: Rule) -> bool:
        return any(self._excuses(message, hit, other) for group in rule.unless for other in message.hits.get(group, ()))

    def _excuses(self, message: _Message, hit: Hit, other: Hit) -> bool:
        between = message.words[min(hit.end, other.end) : max(hit.start, other.start)]
        if len(between) >= _EXCUSE_WITHIN or any(word.text in ("but", ":") for word in between):
            return False
        return message.words[hit.start].sentence == message.words[other.start].sentence

    def _doubted(self, message: _Message, hit: Hit, doubts: Sequence[Doubt]) -> bool:
        for doubt in doubts:
            key = (hit, doubt)
            if key not in message.answers:
                message.answers[key] = self._doubt(message, hit, doubt)
            if message.answers[key]:
                return True
        return False

    def _doubt(self, message: _Message, hit: Hit, doubt: Doubt) -> bool:
        if doubt == "figure":
            return any(figure.overlaps(hit) for figure in message.figures) or message.doubts.of_no_person(hit)
        if doubt == "denied":
            return message.doubts.denied(hit)
        if doubt == "past":
            return message.doubts.past(hit, message.hits.get(_TREATED, ()))
        if doubt == "habit":
            return message.doubts.habit(hit)
        if doubt == "over":
            return message.doubts.over(hit)
        reach = message.reaches[hit.end - 1]
        if doubt == "normal":
            return reach is not None and reach.kind == "normal"
        if reach is None or reach.kind != "asked" or self._states(message, hit, reach):
            return False
        if doubt == "general":
            sentence = message.words[hit.start].sentence
            return not any(word.text in _FIRST_PERSONS for word in message.words if word.sentence == sentence)
        return True

    def _states(self, message: _Message, hit: Hit, reach: Reach) -> bool:
        """Whether the hit's own verb makes a statement inside a question: "are you open can't breathe"."""
        start = [word.text for word in message.words[hit.start : hit.start + 2]]
        before = message.words[hit.start - 1].text if hit.start else ""
        return not reach.firm and start[1:] == [NOT] and before not in ("you", "that", "who", "if", "people", "they")


def _level(category: Category, rule: Rule) -> Level:
    return rule.level or category.level

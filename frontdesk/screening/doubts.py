"""Why a danger phrase in a message may be no danger: denied, long past, a habit of old, or over."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import takewhile

from frontdesk.screening import cues
from frontdesk.screening.phrases import Hit
from frontdesk.screening.reading import NOT, Word

_NEGATIONS = frozenset((NOT, *"no never without neither nor none nobody nothing zero cannot rather ruled".split()))
_LINKS = frozenset(
    "a an any the in of on or and nor at all is are was were be been being am 's have has had having get gets getting "
    "got feel feels feeling felt really actually currently ever even anything something like sign signs hint trace "
    "symptom symptoms kind sort experience experiencing experienced notice noticed noticing seem seems seemed look "
    "looks looking find finding so very too that much more this it there severe bad real serious proper other also "
    "make makes made making cause caused reach reached affect affected spread near for me her him them out single bit "
    "thought considered thoughts taken took once one time yet family relatives need needs suffer suffering suffered "
    "going gonna want wanting wants planning plan planned about will would to with".split()
)
"""Words over which a negation reaches what it denies."""
_THINKING = frozenset("think believe reckon guess feel say suppose".split())
_LEADS_ON = frozenset("that in with to of on reached affected near into made make".split())
_OWNERS = frozenset("my her his our their i she he we they you your".split())
_AFTER_PLAIN_NO = frozenset("my her his our their i she he we they the it there help please seriously ,".split())
"""A "no" before these answers something and denies nothing: "no my throat is closing"."""
_NO = frozenset("no none nope nil".split())
_NO_ON_A_FORM = frozenset("never negative absent".split())
_PSEUDO = frozenset("only just sure joking kidding lying exaggerating certain wonder doubt idea".split())
_FARTHEST = 9
_LIST_GOES_ON = 3
_SUBJECT_WITHIN = 6
_PARTS = frozenset(
    "throat tongue lip lips mouth face cheek chin skin neck forehead eye eyes eyelid vision sight eyesight heart pulse "
    "chest head body arm arms leg legs hand hands side speech voice breathing breath temperature airway skin "
    "mum mom dad mother father brother sister son daughter husband wife uncle aunt cousin friend".split()
)
"""After these "'s" says whose: "my wife's throat"."""
_PEOPLE = frozenset(
    "i me we us he she him they them you someone somebody wife husband mum mom dad mother father daughter son sister "
    "brother friend client partner girl boy woman man lady face cheek skin".split()
)
_CLAUSE_ENDS = frozenset((",", "and", "but", "so", ":", ";", "-", "because"))
_GOES_ON = frozenset("was is then has had got it will".split())
_OF_ITS_OWNER = frozenset("bit bite scratched scratch owner walker hair park seat crash accident journey home".split())
"""After an animal, they tell of what it did to a person."""
_TURNS = frozenset("but because now however".split())
_NEW_SUBJECTS = frozenset("my i now today her his she he the".split())


class Doubts:
    """Looks at one message; says of a hit what speaks against it."""

    def __init__(self, words: Sequence[Word], signs: Collection[Hit]) -> None:
        """Take the words and all signs of danger, so that a negation carries over a list of them."""
        self._words = words
        self._signs = [hit for hit in signs if not hit.turned]
        self._terms = {index for hit in self._signs for index in range(hit.start, hit.end)}

    def denied(self, hit: Hit) -> bool:
        """Whether a negation before it reaches it, or a plain "no" or "none to report" stands behind it."""
        return hit.turned or self._negated_before(hit) or self._answered_no(hit) or self._answered_none(hit)

    def past(self, hit: Hit, treatments: Collection[Hit]) -> bool:
        """Whether it is told of a time long gone.

        Args:
            hit: the danger phrase.
            treatments: hits that name the treatment; "needling three weeks ago" says nothing of the symptom.
        """
        start, end = self._clause(hit)
        if self._is_present(hit, start):
            return False
        wide = self._text(*self._clause(hit, wide=True))
        if cues.LONG_AGO.search(wide) and not cues.RECENT.search(wide):
            return True
        text = self._text(start, end)
        if cues.RECENT.search(text) or re.search(r"\bsince\b", text):
            return False
        if cues.ONCE.search(text) or cues.ELSEWHERE.search(text):
            return True
        return bool(cues.WHILE_AGO.search(text)) and not any(start <= each.start < end for each in treatments)

    def habit(self, hit: Hit) -> bool:
        """Whether it is an old trait: "I faint at needles", "wheeze sometimes"."""
        start, end = self._sentence(hit)
        text = self._text(start, end)
        habitual = cues.HABIT.search(text) or cues.HABIT_OF_MINE.search(self._text(start, hit.end))
        return bool(habitual) and not cues.ACUTE.search(text)

    def of_no_person(self, hit: Hit) -> bool:
        """Whether the sign is told of an animal or a thing: "my dog collapsed", "the tap won't stop dripping"."""
        for index in range(hit.end - 1, -1, -1):
            text = self._words[index].text
            following = self._words[index + 1].text if index + 1 < len(self._words) else ""
            goes_on = text == "and" and following in _GOES_ON
            ends = text in _CLAUSE_ENDS and not goes_on
            if ends or self._words[index].sentence != self._words[hit.start].sentence:
                return False
            if text in cues.ANIMALS or text in cues.MACHINES:
                return following not in _OF_ITS_OWNER
            if index < hit.start and text in _PEOPLE:
                return False
        return False

    def over(self, hit: Hit) -> bool:
        """Whether the visitor says afterwards, in this sentence or the next, that it has passed."""
        next_sentence = self._words[hit.end - 1].sentence + 1
        after = takewhile(lambda word: word.sentence <= next_sentence, self._words[hit.end :])
        text = " ".join(word.text for word in after)
        match = cues.OVER.search(text)
        return match is not None and not cues.TURNED.search(text[: match.start()])

    def is_well(self) -> bool:
        """Whether the message as a whole says that things are well, or well again."""
        text = self._text(0, len(self._words))
        found = (match for cue in (cues.WELL, cues.OVER) for match in cue.finditer(text))
        return any(not cues.TURNED.search(text[: match.start()]) for match in found)

    def is_helped(self) -> bool:
        """Whether nothing says that the help which was called does not come."""
        return not cues.HELP_FAILED.search(self._text(0, len(self._words)))

    def _negated_before(self, hit: Hit) -> bool:
        listed = bool({"or", "nor"} & {word.text for word in self._words[hit.end : hit.end + _LIST_GOES_ON]})
        first, _ = self._sentence(hit)
        if cues.NEITHER.search(self._text(first, hit.start)):
            return True
        for index in range(hit.start - 1, max(-1, hit.start - 1 - _FARTHEST), -1):
            word = self._words[index]
            if word.sentence != self._words[hit.start].sentence:
                return False
            if word.text == "from" and index and self._words[index - 1].text == "far":
                return True
            listed = listed or word.text in ("or", "nor")
            if word.text in _NEGATIONS:
                return not self._is_pseudo(index, hit)
            if not self._links(index, listed):
                return False
        return False

    def _links(self, index: int, listed: bool) -> bool:
        """Whether a negation reaches over the word at ``index``; over a comma only in a list that goes on with "or"."""
        text, before = self._words[index].text, self._words[index - 1].text if index else ""
        if text in _OWNERS:
            return before in _THINKING or before in _LEADS_ON
        if index in self._terms or text in _LINKS or (listed and text in (",", "/")):
            return True
        return text in _THINKING and before == NOT

    def _is_pseudo(self, index: int, hit: Hit) -> bool:
        """Whether the negation at ``index`` denies nothing of a hit: "not only", or a part of another sign."""
        following = self._words[index + 1].text if index + 1 < len(self._words) else ""
        before = self._words[index - 1].text if index else ""
        elsewhere = any(sign.start <= index < sign.end and not sign.overlaps(hit) for sign in self._signs)
        if following in _PSEUDO or before == "why" or (elsewhere and following not in ("a", "any")):
            return True
        return self._words[index].text == "no" and following in _AFTER_PLAIN_NO

    def _answered_no(self, hit: Hit) -> bool:
        after = [word.text for word in self._words[hit.end : hit.end + 3]]
        answers = _NO
        if after and after[0] in (":", "-", "?", "–", "="):
            after, answers = after[1:], _NO | _NO_ON_A_FORM
        return bool(after) and after[0] in answers and (len(after) == 1 or not after[1].isalpha())

    def _answered_none(self, hit: Hit) -> bool:
        _, end = self._sentence(hit)
        return bool(cues.NONE_OF_IT.match(self._text(end, len(self._words))))

    def _is_present(self, hit: Hit, start: int) -> bool:
        """Whether the words from the hit's subject to its verb are in the present tense."""
        subject = hit.start
        begins = hit.start if self._words[hit.start].text in _OWNERS else max(start, hit.start - _SUBJECT_WITHIN)
        for index in range(hit.start - 1, begins - 1, -1):
            if self._words[index].text in _OWNERS or self._words[index].text in ("and", ","):
                subject = index
                break
        verb = takewhile(lambda word: word.is_word, self._words[hit.end : hit.end + 3])
        said = [word.text for word in (*self._words[subject : hit.end], *verb)]
        for index, text in enumerate(said):
            following = said[index + 1] if index + 1 < len(said) else ""
            is_perfect = text in ("'s", "is") and following in ("had", "been", "have")
            is_relative = index > 0 and said[index - 1] == "that"
            is_possessive = text == "'s" and following in _PARTS
            if text in cues.PRESENT and not (is_perfect or is_relative or is_possessive):
                return True
        return False

    def _clause(self, hit: Hit, wide: bool = False) -> tuple[int, int]:
        """The words around a hit up to a "but" or the like on both sides, and unless ``wide`` to a new subject."""
        start, end = self._sentence(hit)
        for index in range(hit.start - 1, start - 1, -1):
            if self._turns(index) or (not wide and self._new_subject(index)):
                start = index
                break
        for index in range(hit.end, end):
            if self._turns(index) or (not wide and self._new_subject(index)):
                end = index
                break
        return start, end

    def _turns(self, index: int) -> bool:
        text = self._words[index].text
        return text in _TURNS or (text == "time" and index > 0 and self._words[index - 1].text == "this")

    def _new_subject(self, index: int) -> bool:
        following = self._words[index + 1].text if index + 1 < len(self._words) else ""
        return self._words[index].text == "and" and following in _NEW_SUBJECTS

    def _sentence(self, hit: Hit) -> tuple[int, int]:
        """From the first word of the hit's first sentence to the end of its last one."""
        first, last = self._words[hit.start].sentence, self._words[hit.end - 1].sentence
        inside = [index for index, word in enumerate(self._words) if first <= word.sentence <= last]
        return inside[0], inside[-1] + 1

    def _text(self, start: int, end: int) -> str:
        return " ".join(word.text for word in self._words[start:end])

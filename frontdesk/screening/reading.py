"""A message as words for the phrase rules: contractions written out, misspellings beside what they may stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Protocol

from frontdesk.language import read, stem

NOT = "not"

UNMENDED: Mapping[str, str] = MappingProxyType({})

# How words are written in a hurry, and the word (or words) they are read as.
_ALIASES: dict[str, tuple[str, ...]] = {
    "n't": (NOT,),
    "nt": (NOT,),
    "ca": ("can",),
    "wo": ("will",),
    "sha": ("shall",),
    "cnt": ("can", NOT),
    "cant": ("can", NOT),
    "carnt": ("can", NOT),
    "canot": ("can", NOT),
    "cudnt": ("could", NOT),
    "cudn't": ("could", NOT),
    "coudnt": ("could", NOT),
    "wnt": ("will", NOT),
    "wont": ("will", NOT),
    "dnt": ("do", NOT),
    "dont": ("do", NOT),
    "dosnt": ("does", NOT),
    "dosent": ("does", NOT),
    "doesnt": ("does", NOT),
    "isnt": ("is", NOT),
    "isint": ("is", NOT),
    "hasnt": ("has", NOT),
    "havent": ("have", NOT),
    "havnt": ("have", NOT),
    "aint": ("is", NOT),
    "ai": ("is",),
    "na": ("to",),
    "gon": ("going",),
    "wan": ("want",),
    "wanna": ("want", "to"),
    "gonna": ("going", "to"),
    "gunna": ("going", "to"),
    "'m": ("am",),
    "m": ("am",),
    "im": ("i", "am"),
    "iam": ("i", "am"),
    "ive": ("i", "have"),
    "'ve": ("have",),
    "ve": ("have",),
    "'re": ("are",),
    "'ll": ("will",),
    "ll": ("will",),
    "s": ("'s",),
    "shes": ("she", "'s"),
    "hes": ("he", "'s"),
    "its": ("it", "'s"),
    "u": ("you",),
    "ur": ("your",),
    "r": ("are",),
    "n": ("and",),
    "&": ("and",),
    "v": ("very",),
    "cos": ("because",),
    "coz": ("because",),
    "cuz": ("because",),
    "cus": ("because",),
    "bcoz": ("because",),
    "becuse": ("because",),
    "pls": ("please",),
    "plz": ("please",),
    "wat": ("what",),
    "wot": ("what",),
    "whats": ("what", "'s"),
    "hart": ("heart",),
    "puss": ("pus",),
}
CONTRACTIONS = ("cant", "wont", "dont", "isnt", "doesnt", "didnt", "hasnt", "havent", "couldnt", "arent", "wasnt")
_NOT_AT_START = frozenset(("m", "r", "s", "v", "ve", "ll"))
_SPLIT_CONTRACTIONS = {"can": "can", "don": "do", "won": "will", "isn": "is", "doesn": "does", "didn": "did"}
_SPLIT_CONTRACTIONS |= {"hasn": "has", "haven": "have", "couldn": "could", "wasn": "was", "aren": "are", "ain": "is"}
_SENTENCE_END = re.compile(r"^(?:[.!?;…]+|.*\n.*)$", re.S)
# "closing.help" is two words to a person in a hurry; an e-mail address is one
_GLUED = re.compile(r"\S{1,64}@\S+|(?<=[^\W\d_]{2})[.!?;](?=[^\W\d_]{2})")
_APOSTROPHES = str.maketrans({"´": "'", "ʼ": "'", "＇": "'", "*": " ", "_": " ", "~": " "})
_SLIPPED_APOSTROPHE = re.compile(r"(?<=n)[;\":](?=t\b)", re.I)
_REPEATED = re.compile(r"(.)\1{2,}")
_FRAGMENT = 2
"""A full stop after at most this many words ends nothing: "Throat. Closing. Help." is one cry."""


@dataclass(frozen=True)
class Word:
    """A word or a punctuation mark.

    Attributes:
        text: in lower case, contractions written out ("n't" is "not").
        forms: the stems it may stand for: its own first, then those of danger words it may be a misspelling of.
        exact: the written words it may stand for, in lower case.
        start, end: characters in the message.
        sentence: number of its sentence.
    """

    text: str
    forms: tuple[str, ...]
    exact: tuple[str, ...]
    start: int
    end: int
    sentence: int

    @property
    def is_word(self) -> bool:
        """Whether it is a word and no punctuation mark."""
        return any(character.isalnum() for character in self.text)


class Near(Protocol):
    """What a word in lower case may be a misspelling of."""

    def __call__(self, word: str) -> tuple[str, ...]:
        """The danger words it may stand for."""

    def knows(self, word: str) -> bool:
        """Whether it is a danger word as it stands."""

    def contraction(self, word: str) -> str:
        """The contraction ("cant") it may stand for, or nothing."""


def words_of(text: str, near: Near, mended: Mapping[str, str] = UNMENDED) -> list[Word]:
    """``text`` as words, punctuation marks included.

    Args:
        text: a message, any script, any length.
        near: knows misspellings of danger words.
        mended: what the spell-checker made of words, both in lower case. The visitor's own word stays beside it:
            what is one letter away from a danger must not be hidden by another word that is as near.
    """
    doc = read(_tidied(text))
    words: list[Word] = []
    sentence = length = 0
    previous = ""
    for token in doc:
        lower = token.lower_
        if lower.isspace() and "\n" not in lower:
            continue
        meant = lower if near.knows(lower) else mended.get(lower, lower)
        parts = _parts(lower, previous) or _parts(near.contraction(lower), previous) or (meant,)
        for part in parts:
            own = (lower,) if part == meant != lower else ()
            exact = tuple(dict.fromkeys((part, *own, *near(lower if own else part)))) if part.isalpha() else (part,)
            forms = tuple(dict.fromkeys(stem(word) for word in exact))
            words.append(Word(part, forms, exact, token.idx, token.idx + len(token.text), sentence))
        previous = lower
        if not _SENTENCE_END.match(lower):
            length += 1
        elif length > _FRAGMENT or lower.startswith("?"):
            sentence, length = sentence + 1, 0
    return words


def _tidied(text: str) -> str:
    """``text`` in lower case with plain apostrophes; every character stays at its place."""
    lower = "".join(each if len(each) == 1 else character for character in text for each in [character.lower()])
    plain = _SLIPPED_APOSTROPHE.sub("'", lower.translate(_APOSTROPHES))
    return _GLUED.sub(lambda match: match.group() if "@" in match.group() else "\n", plain)


def _parts(lower: str, previous: str) -> tuple[str, ...]:
    """The words ``lower`` is short for; none when it is no short form."""
    if lower == "t" and previous in _SPLIT_CONTRACTIONS:
        return (NOT,)
    if (lower == "na" and previous not in ("gon", "wan")) or (lower in _NOT_AT_START and not previous):
        return ()
    return _ALIASES.get(lower, ())


def squeezed(word: str) -> tuple[str, ...]:
    """``word`` without letters drawn out: "breatheee" as "breathee" and "breathe"; nothing when none is."""
    if not _REPEATED.search(word):
        return ()
    return _REPEATED.sub(r"\1\1", word), _REPEATED.sub(r"\1", word)


def sentences_of(words: Sequence[Word]) -> list[tuple[int, int]]:
    """First and one-past-last index of each sentence."""
    spans = []
    for _, group in groupby(range(len(words)), key=lambda index: words[index].sentence):
        indices = list(group)
        spans.append((indices[0], indices[-1] + 1))
    return spans

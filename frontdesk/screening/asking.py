"""Which words of a message only ask or tell of a danger in general: "can it cause fever?", "what if my throat swells".

A reading of openings and of where they end. A person in danger asks things too ("can you help my throat is closing"),
so a question's reach ends where somebody's own state begins. When in doubt, a word is not taken for a mere question.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from frontdesk.screening.openings import FEARS, NORMAL, OWNERS, SUBJECTS, Reach, opening_at, turning_at
from frontdesk.screening.reading import NOT, Word, sentences_of

_BARE = 2
"""A question of so few words ("fainting?") may be asked in general or in danger."""
_ENDS = ("but", "because", "however")
_CLAUSE_STARTS = frozenset(
    (*"and but so or also because btw way ps plus though although anyway before after yes no".split(), *",.!:;-–—(")
)
_FILLERS = frozenset(
    "and but so also or hi hello hey please just ok okay well oh um erm then thanks sorry quick another question "
    "wonder wondering asking curious".split()
)
_ADMIN = frozenset(
    "book booking appointment appointments slot slots available availability open opening hours price prices cost "
    "costs monday tuesday wednesday thursday friday saturday sunday tomorrow reschedule cancel parking park address "
    "pay deposit website number".split()
)
"""A question about these is over once they are named; what follows is another matter."""
_OPENED = frozenset("my your his her their the it them".split())
"""What is opened is no opening hour: "so bad you can't open your eyes"."""
_ADMIN_QUESTIONS = frozenset(
    tuple(question.split())
    for question in (
        "how much is it",
        "how much are they",
        "how much is that",
        "long does it take",
        "time do you close",
        "when do you close",
    )
)
_HOLDS_THAT = NORMAL | frozenset("matter matters why bad serious worrying dangerous concerning".split())
"""What stands before a "that" which tells of something that is so: "is it normal that my throat is closing"."""
_FINITE = frozenset(
    "am is are 's have has feel feels feeling think keep keeps need want wants just went gone hurts hurt looks look "
    "started starts got getting collapsed fainted passed swallowed lost stopped had was".split()
)
_DEPENDS_ON = frozenset(
    "if that when while whether who which what where in case of to for with on from by about like make makes making "
    "cause causes let leave leaves have has get see stop prevent reduce help treat fix improve say says said than do "
    "does can could will would may might should did is are am was were be or chance risk".split()
)
"""After these, a subject belongs to the question: "can it make my throat close"."""
_NO_VERBS = frozenset(
    "collagen often even then when open women during morning evening thing anything something nothing everything "
    "needling microneedling dermarolling".split()
)
"""They end like the verb of a statement ("swelling", "fallen") and are none: "can the needling close pores"."""
_BREAKS = frozenset((",", "or", "and", "if", "when", "could", "can", "would", "will"))
_MAY_STILL_COME = frozenset("if when during while".split())
_HERE_ALREADY = frozenset("since now today yesterday tonight morning".split())
_TO_COME = frozenset("will would might could may 'd".split())


def asked(words: Sequence[Word]) -> list[Reach | None]:
    """For each word, the question it stands in, or None where something is stated."""
    reaches: list[Reach | None] = [None] * len(words)
    for start, end in sentences_of(words):
        reaches[start:end] = _reaches([word.text for word in words[start:end]])
    return reaches


def _reaches(texts: Sequence[str]) -> list[Reach | None]:
    if texts[-1:] == ["?"] and len(texts) <= _BARE + 1:
        return [Reach("normal")] * len(texts)
    found: list[Reach | None] = []
    current: Reach | None = None
    opening, feared = True, False
    for index, text in enumerate(texts):
        if text in _ENDS or (current is not None and _states(texts, index, current)):
            current, opening, feared = None, text in _ENDS, False
        elif text in FEARS or text in (",", "and"):
            feared = text in FEARS
        elif feared and _is_to_come(texts, index):
            current, feared = Reach("asked"), False
        opened = opening_at(texts, index) if opening else turning_at(texts, index)
        current = _joined(current, opened)
        found.append(current)
        if _is_admin(texts, index) or tuple(texts[max(0, index - 3) : index + 1]) in _ADMIN_QUESTIONS:
            current = None
        # A telephone number or an address is given by itself, whatever it is followed by.
        opening = text in _CLAUSE_STARTS or "@" in text or text.isdigit() or (opening and text in _FILLERS)
    return found


def _is_admin(texts: Sequence[str], index: int) -> bool:
    opens_something = texts[index] == "open" and bool(_OPENED & set(texts[index + 1 : index + 2]))
    return texts[index] in _ADMIN and not opens_something


def _joined(current: Reach | None, opened: Reach | None) -> Reach | None:
    """The question after another one has opened in it: "is it normal if …" still asks whether it is normal."""
    if opened is None or current is None:
        return opened or current
    if opened.firm or opened.kind == current.kind:
        return Reach("normal" if current.kind == "normal" else opened.kind, opened.firm)
    return current


def _is_verb_form(word: str) -> bool:
    return word.endswith(("ing", "en")) and word not in _NO_VERBS


def _is_to_come(texts: Sequence[str], index: int) -> bool:
    """Whether what is feared from here on is yet to come: "scared I'll faint", "worried about fainting"."""
    text, following = texts[index], texts[index + 1] if index + 1 < len(texts) else ""
    if text in _TO_COME:
        return following != NOT
    if text in ("of", "about"):
        nobodys = following not in OWNERS or bool(_MAY_STILL_COME & set(texts[index:]))
        return nobodys and not set(texts[index:]) & _HERE_ALREADY
    return text == "going" and bool({"during", "when", "while"} & set(texts[index:]))


def _states(texts: Sequence[str], index: int, current: Reach) -> bool:
    """Whether a statement begins at ``index`` within a question: "can you help my throat is closing"."""
    text, before = texts[index], texts[index - 1] if index else ""
    if current.firm and before not in (",", "now"):
        return False
    if before == "that" and index > 1 and texts[index - 2] in _HOLDS_THAT:
        return True
    if before in _DEPENDS_ON:
        return False
    following = texts[index + 1 : index + 6]
    if text in SUBJECTS:
        return bool(following) and (following[0] in _FINITE or list(following[:2]) in (["can", NOT], ["could", NOT]))
    if text in OWNERS:
        own = takewhile(lambda word: word not in _BREAKS, following[1:])
        return any(word in _FINITE or word == NOT or _is_verb_form(word) for word in own)
    return False

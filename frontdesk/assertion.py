"""Says of a condition in a sentence whether it is present, denied, past or somebody else's.

A reading of cue words in the same clause, after the idea of ConText (Harkema et al. 2009, J Biomed Inform 42:839):
a cue acts on what follows it until the clause ends. Unlike there, a negation has to reach the term over words that
only link ("not on any", "never had a"), because visitors ask "can't I have it with rosacea?" and deny nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Span

from frontdesk.entities import State

_CLAUSE_END = {".", "!", "?", ";", ":", "but", "though", "although", "however", "except", "yet", "because", "cos", "so"}
_NEGATIONS = {"not", "n't", "nt", "no", "never", "without", "neither", "nor", "none", "zero", "dont", "havent", "isnt"}
_NEGATIONS |= {"arent", "hasnt", "didnt", "wasnt", "aint"}
_MODALS = {"ca", "can", "could", "wo", "will", "would", "should", "must", "may"}
"""Verbs, as cut off "n't", whose negation denies nothing: "why can't pregnant women", "I can't have aspirin"."""
_LINKS = set(
    "a an any the currently on in taking take takes took actually been be being had have has got using use used having"
    " diagnosed with of kind sort ever even really active more signs sign history my allergic to suffer suffering from"
    " or and nor / never not no n't any a current known personal family getting get had no other medical like such"
    " longer anymore at all do does did about".split()
)
_PSEUDO = re.compile(
    r"\b(?:not only|no doubt|not just|not sure (?:if|whether)|don't know (?:if|whether)|no idea)\b", re.I
)
_NO_LONGER = re.compile(r"\b(?:any\s?more|no longer|no more|not (?:now|currently) but)\b", re.I)
_PAST_BEFORE = re.compile(
    r"\b(?:used to|came off|come off|coming off|been off|off the|stopped|finished|finish|completed|ended"
    r"|previous(?:ly)?|past|former|ex|recovered from|got over|after having|history of|in remission|remission from"
    r"|survived|beat|treated for|cured of|once had|did have|were on|was on)\b",
    re.I,
)
_PAST_AFTER = re.compile(
    r"^\W*(?:\w+\W+){0,5}?(?:ago|in the past|as a (?:kid|child|teen\w*|baby)|when i was|years back|back in|last year"
    r"|once|in remission|is gone|has gone|went away|all clear|cleared up|has cleared|healed|ended|finished"
    r"|in my (?:teens|twenties|20s))\b",
    re.I,
)
_TAKEN_BACK = re.compile(
    r"^\W*(?:(?:but|well|except|though|although|apart from|only|actually|ok|okay|oh|maybe|just|yes|other than)\W+)+"
    r"(?:\w+\W+){0,5}?(?:once(?! (?:an?|every|per|it|i)\b)|twice"
    r"|one time|as a (?:kid|child|teen\w*|baby)|when i was|years? ago|in (?:19|20)\d\d)\b"
    r"|^\W*(?:\w+\W+){0,3}?(?:finished|stopped|came off|quit)(?: (?:it|them|that|(?:taking|using) (?:it|them)))?"
    r" (?:\w+ ){0,3}(?:ago|last \w+|in \w+)\b",
    re.I,
)
"""After a denial: "never had one, well, once as a child", "not on it now, stopped two years ago"."""
_HAD = re.compile(r"(?<!'ve )(?<!have )(?<!has )(?<!'s )(?<!had )\b(?:had|got over)\b", re.I)
_RELATIVE = (
    r"(?:mum|mom|mother|dad|father|sister|brother|daughter|son|friend|mate|wife|husband|partner|boyfriend|girlfriend|aunt"
    r"|uncle|cousin|gran|grandma|grandmother|nan|colleague|family|parents?|niece|nephew|flatmate|roommate|sibling)"
)
_OTHER = re.compile(
    rf"\b(?:my|a|our|his|her|the)\s+(?:\w+\s+)?{_RELATIVE}(?:'s)?\b|\b(?:she|he|she's|he's|they've)\b", re.I
)
_FIRST_PERSON = re.compile(r"\b(?:i|i'm|i've|im|ive|i'd|me|we)\b", re.I)
_IN_FAMILY = re.compile(r"\b(?:runs in (?:the|my|our) family|family history|in (?:the|my|our) family)\b", re.I)


def state_of(doc: Doc, span: Span, listed: Sequence[Span]) -> State:
    """The state of the term at ``span``.

    Args:
        doc: the text as tokens.
        span: the term.
        listed: all terms of the text, so that a negation carries over a list ("no eczema, rosacea or psoriasis").
    """
    start = _clause_start(doc, span.start)
    end = _clause_end(doc, span.end)
    before = doc[start : span.start].text
    after = doc[span.end : end].text
    clause = doc[start:end].text
    if _NO_LONGER.search(clause):
        return "past"
    if _IN_FAMILY.search(clause) or _someone_else(before):
        return "other"
    denied = not _PSEUDO.search(before) and _negated(doc, start, span, listed)
    if not denied and (_PAST_BEFORE.search(before) or _PAST_AFTER.search(after) or _past_tense(before, after)):
        return "past"
    if denied and _TAKEN_BACK.search(doc[span.end :].text):
        return "past"
    return "denied" if denied else "present"


def _clause_start(doc: Doc, index: int) -> int:
    while index > 0 and doc[index - 1].lower_ not in _CLAUSE_END and "\n" not in doc[index - 1].text:
        index -= 1
    return index


def _clause_end(doc: Doc, index: int) -> int:
    while index < len(doc) and doc[index].lower_ not in _CLAUSE_END and "\n" not in doc[index].text:
        index += 1
    return index


def _negated(doc: Doc, start: int, span: Span, listed: Sequence[Span]) -> bool:
    terms = {token.i for other in listed for token in other}
    is_list = any(token.lower_ in ("or", "nor") for token in doc[start : _clause_end(doc, span.end)])
    for index in range(span.start - 1, start - 1, -1):
        token = doc[index]
        if token.lower_ in _NEGATIONS:
            return index == start or doc[index - 1].lower_ not in _MODALS
        if index not in terms and token.lower_ not in _LINKS and not (is_list and token.text == ","):
            return False
    return False


def _past_tense(before: str, after: str) -> bool:
    """Whether the term is told in the past tense: "I had keloids" is, "I've had rosacea for years" is not."""
    return bool(_HAD.search(before)) and not re.match(r"\s*(?:for|since)\b", after, re.I)


def _someone_else(before: str) -> bool:
    others = list(_OTHER.finditer(before))
    return bool(others) and not _FIRST_PERSON.search(before[others[-1].end() :])

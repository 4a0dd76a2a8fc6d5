"""What is said in half a sentence, because the turn before has said the other half."""

from __future__ import annotations

import re

from spacy.lang.en.stop_words import STOP_WORDS

_EMPTY_WORDS = frozenset("long ok okay oh yeah ah exactly sure honestly lol tho total time times".split())
_REASON = re.compile(r"\bwhy\b|\bhow come\b", re.I)
_LEAD_IN = r"(?:(?:and|so|but|ok|okay|well|oh|right|then|what about|how about)\W+)*"
_JUDGED = (
    r"(?:enough|ok|okay|alright|all right|fine|safe|normal|problem|issue|matter|count|too|bad|exclude|rule|stop|mean)"
)
_JUDGES_THAT = re.compile(
    r"\b(?:is|was|will|would|does|do|should|are)(?:n't)? (?:that|this|it|they|those) "
    rf"(?:be |still |really |all )?(?:long |a |an )?{_JUDGED}\b"
    r"|\b(?:that|this|it|they|those) (?:is|was|will|would|does|do|should|are)(?:n't| not) "
    rf"(?:be |really |all )?(?:long |a |an )?{_JUDGED}\b",
    re.I,
)
_NO_MORE = re.compile(
    r"^(?: (?:for me|to (?:have|get|do|book)(?: (?:it|this|one))?|then|though|or not|still|now|anyway|at all))*\W*$",
    re.I,
)
_STOPS_SHORT = re.compile(
    rf"^\W*{_LEAD_IN}(?:(?:when|how soon|why|where|how)\W+)?"
    r"(?:can|could|should|may|do|does|did|will|would)(?:n?'t| not)? (?:i|we|you|she|he|it|they)"
    r"(?: (?:then|now|again|still|too|after|before))*\W*$",
    re.I,
)
_AFTER = re.compile(
    rf"^\W*{_LEAD_IN}(?:(?:straight|right|just|the day|the night|the week|what happens)\W+)?after(?:wards?)?\W*$", re.I
)
_BEFORE = re.compile(rf"^\W*{_LEAD_IN}(?:(?:right|just|the day|the night|the week)\W+)?before(?:hand)?\W*$", re.I)
_WAITS = re.compile(
    r"\bhow (?:long|soon|many (?:days|weeks|months|years))\b.*\b(?:wait|leave it|after|since|until|till|before)\b"
    r"|\bwhen (?:can|could|will|would|may|should) (?:i|she|he|they|we)\b",
    re.I,
)
_LEAVE = re.compile(
    r"\b(?:can|could|may|should|shall) (?:i|she|he|we) (?:still |just )?(?:go ahead|go for it|proceed|risk it"
    r"|(?:have|get|do) (?:it|this|that|one))(?: (?:then|now|though|or not|anyway))*\W*$",
    re.I,
)
_IN_THE_CLEAR = re.compile(
    rf"^\W*{_LEAD_IN}(?:i|he|she|they|we)(?:'d|'ll|'m|'s|'re| would| will| should| am| is| are) (?:be |still be )?"
    r"(?:all right|alright|ok|okay|fine|good|safe|in the clear|good to go)(?: (?:to have it|for it))?"
    r"(?: (?:then|now|though|right))*\W*$"
    rf"|^\W*{_LEAD_IN}(?:there's |there is )?(?:nothing|no reason)\W+(?:to stop|stopping|against|in)\b.{{0,12}}$"
    rf"|^\W*{_LEAD_IN}(?:(?:can|could) (?:i|he|she|we)|(?:i|he|she|we) can) just\b.{{0,20}}$",
    re.I,
)
_SUPPOSES = re.compile(rf"^\W*{_LEAD_IN}(?:(?:what|even|only|but|and|just) )?if\b", re.I)
_DOUBTS_IT = re.compile(
    rf"^\W*{_LEAD_IN}(?:what )?if (?:it|they|that|this|those) (?:do|does|did|wo|is|are|were|was)(?:n'?t| not)\b"
    r"(?:\W+(?:work|help|go|get|fade|change|do|better|any|anything|at all|though|then))*\W*$",
    re.I,
)
_WHAT_ABOUT = re.compile(r"^\W*(?:(?:and|ok|okay|but|so)\W+)*(?:what|how) about\W+\w+(?:\W+\w+){0,2}\W*$", re.I)
_THE_CHANGE = (
    r"\b(?:stop|stopping|come off|coming off|go off|skip|skipping|pause|pausing|halve|start|starting|double|miss|quit"
    r"|restart|wean|cut down|take a break|hold off|reduce|increase|switch)\b"
)
_CHANGE = re.compile(_THE_CHANGE, re.I)
_CHANGES_IT = re.compile(
    rf"{_THE_CHANGE}(?:\W+(?:taking|using|on|off|from|of|just))*"
    r"\W+(?:it|them|that|those|this"
    r"|(?:\w+\W+){0,3}(?:ones?(?! \w)|doses?|pills?|tablets?|meds?|medicines?|medication))\b",
    re.I,
)
_POINTS_BACK = re.compile(r"\b(?:it|its|that|thats|this|them|they|theyre|those|these|one)\b", re.I)
_OF_WHAT_WAS_SAID = re.compile(r"\b(?:there|that|they|them|theyre|those|these|then)\b", re.I)


def judges_what_was_said(text: str) -> bool:
    """Whether it asks what follows from something told: "is that long enough", "does it matter"."""
    return _JUDGES_THAT.search(text) is not None


def only_judges(text: str) -> bool:
    """Whether it asks that and nothing besides; "is it ok to swim" asks of swimming."""
    judged = _JUDGES_THAT.search(text)
    return judged is not None and _NO_MORE.search(text[judged.end() :]) is not None


def stops_short(text: str) -> bool:
    """Whether it is a question without its verb, which only the turn before can lend: "when can I?"."""
    return _STOPS_SHORT.search(text) is not None


def time_named(text: str) -> str | None:
    """The topic of a fragment that names a time and no more: "ok and after?", "what about before"; else None."""
    if _AFTER.search(text):
        return "aftercare"
    return "preparation" if _BEFORE.search(text) else None


def asks_how_long_to_wait(text: str) -> bool:
    """Whether it asks from when on something is possible."""
    return _WAITS.search(text) is not None


def asks_leave(text: str) -> bool:
    """Whether it asks if the treatment may be had after all: "can I go ahead then", "so she'd be fine"."""
    return _LEAVE.search(text) is not None or _IN_THE_CLEAR.search(text) is not None


def asks_about_another(text: str) -> bool:
    """Whether it asks the same as before of something else: "what about tomorrow"."""
    return _WHAT_ABOUT.search(text) is not None


def supposes(text: str) -> bool:
    """Whether it only supposes something, and asks the same of it: "what if I was only sitting"."""
    return _SUPPOSES.search(text) is not None


def doubts_it(text: str) -> bool:
    """Whether it asks what follows if the treatment does nothing: "and if it doesn't?"."""
    return _DOUBTS_IT.search(text) is not None


def asks_for_change(text: str) -> bool:
    """Whether it speaks of stopping, starting or changing something."""
    return _CHANGE.search(text) is not None


def asks_to_change_it(text: str) -> bool:
    """Whether what would be stopped or changed was named before: "should I stop it", "skip the morning one"."""
    return _CHANGES_IT.search(text) is not None


def names_nothing(text: str) -> bool:
    """Whether it holds no word of its own ("for how long though?"), and does not ask for a reason either."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())
    return not _REASON.search(text) and all(word in _EMPTY_WORDS or word in STOP_WORDS for word in words)


def points_back(text: str) -> bool:
    """Whether a word of it stands for something said before, or for the treatment."""
    return _POINTS_BACK.search(text) is not None


def points_at_what_was_said(text: str) -> bool:
    """Whether it asks on from what was said, not of the treatment: "how much would that be", "how many then"."""
    return _OF_WHAT_WAS_SAID.search(text) is not None

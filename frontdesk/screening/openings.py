"""Where a question, a condition or hearsay begins in a sentence, by its opening words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from frontdesk.screening.reading import NOT

Kind = Literal["asked", "normal"]
"""``asked``: in general, or of a day to come. ``normal``: "is it normal to …", which people with the sign ask too."""


@dataclass(frozen=True)
class Reach:
    """That a word stands in a question.

    Attributes:
        kind: of which sort.
        firm: whether a finite verb within it cannot begin a statement ("what if I can't breathe").
    """

    kind: Kind
    firm: bool = False


NORMAL = frozenset("normal usual expected natural ok okay fine alright supposed meant typical".split())
OWNERS = frozenset("my her his our their the".split())
SUBJECTS = frozenset("i he she we they it".split())
FEARS = frozenset(
    "scared worried concerned afraid terrified nervous anxious frightened petrified paranoid fear fears fearful phobia "
    "dread dreading panic panicking".split()
)

_ASKED = Reach("asked")
_FIRMLY_ASKED = Reach("asked", firm=True)

# --- What opens a question

_MODALS = frozenset("can could will would may might does do".split())
_TO_BE_SEEN = frozenset("me us him her my this it".split())
_REQUESTS = frozenset("help call ring send come tell speak talk ask check advise phone contact please say".split())
_OPINIONS = frozenset("know think reckon believe suppose remember mind".split())
_ADDRESSED = frozenset("you someone somebody anyone anybody i we".split())
_ANYONE = frozenset("i he she we they you someone somebody anyone".split())
_NEEDS = frozenset("need have look sound call ring go get phone come seem say".split())
_GOES_ON = frozenset((NOT, "barely", "hardly", "only", "just", "feel", "see", "hear", "still", "now", "scarcely"))
"""After "and can", "will": the same person's state goes on ("she fainted and can barely speak")."""
_TO_LOOK_FOR = frozenset("watch look expect recognise recognize spot worry avoid prevent".split())
_ASKED_OF = frozenset("it there this that the you they i we my anyone people any a an".split())
_GENERAL = frozenset("possible common likely dangerous true safe rare risky usually ever anything something".split())
_TELLS = frozenset("big very much so too bad all blood strong not no".split())
"""After "is" they tell in a foreigner's English: "is very swollen", "is big blood, not stop"."""
_WISE = frozenset("ok okay alright fine safe wise sensible unwise silly stupid risky possible bad".split())
"""After "would it be" they ask for a judgement on what is planned."""
_IN_THE = (("the", "event"), ("the", "worst"), ("a", "worst"))
_AFTER_WHAT = frozenset(
    "'s is are happens would counts causes cause makes triggers temperature do does".split(),
)
_ABOUT_NOW = frozenset("happening wrong going this that".split())
_ANYBODY = frozenset("anyone anybody someone somebody".split())

# --- What turns a sentence into a condition, hearsay or a general sign

_NO_CONDITION_AFTER = frozenset(
    "mean means matter matters not sure know dunno see tell wonder wondering asking idea unsure ask as check even "
    "like".split()
)
_NO_CONDITION_BEFORE = frozenset("you possible poss that".split())
_SOMEBODY = frozenset("i my she he her his it this the we our they".split())
_SIGNS = frozenset(
    "sign signs symptom symptoms risk risks chance chances likelihood odds possibility case cases incidence "
    "definition meaning difference information info policy procedure protocol training trained equipped insured "
    "prepared warning".split()
)
_LINKS_TO_SIGN = frozenset("of for about on in with between against to".split())
_HAVING = frozenset("have has got having showing show shows am with getting all developed 's i".split())
_HEARD = frozenset("heard read watched googled seen saw".split())
_OF_OTHERS = frozenset(
    "that about of people someone somebody some you it cases stories horror story lots many women others a reviews "
    "online the".split()
)
_SAYS = frozenset("reckons reckon says said claims thinks apparently".split())
_SUPPOSES = frozenset("thinks thought reckons convinced".split())
_STORIES = frozenset("article articles story stories video videos post posts programme documentary news".split())
_PUBLISHED = frozenset("leaflet leaflets form website page sheet article instructions blog label consent video".split())
_SAYS_IN_PRINT = frozenset("says said mentions mentioned lists talks warns".split())
_ASKS_ABOUT = frozenset("information info question questions heard read asking ask curious know talk".split())
_AVOIDING = frozenset("prevent avoid lest".split())
_ONLINE = frozenset("reddit tiktok instagram facebook youtube mumsnet quora internet papers paper forum telly".split())
_FICTION = frozenset("film movie series show episode novel thriller drama documentary soap play".split())
_A_FEAR = frozenset("fear worry nightmare concern phobia".split())
_AN_IDEA = frozenset("idea thought prospect thoughts".split())
_IMAGINING = frozenset("imagine imagining imagined picturing dreading".split())
_UNREAL = frozenset("would 'd might could".split())
_HAPPENED = frozenset(
    "is are am 's 've has have had was were been went got gone came fell hit happened swelled started now since".split()
)
_INVERTED = 7
"""So many words on, at most, the "to" of "were the bleeding not to stop" stands."""
_PAINFUL = frozenset("agony painful sore unbearable excruciating".split())


def opening_at(texts: Sequence[str], index: int) -> Reach | None:
    """The question that begins at ``index``, where a clause begins.

    Args:
        texts: the words of a sentence in lower case, contractions written out.
        index: of the clause's first word.
    """
    text, following = texts[index], texts[index + 1 : index + 4]
    first, second = (*following, "", "")[:2]
    if text in _MODALS:
        if text == "would" and first == "you" and "if" in texts[index:]:
            return _ASKED
        judged = texts[index + 4 : index + 5] if following[2:] == ["a"] else following[2:]
        return _modal(text, *(*following[:2], *judged, "", "", "")[:3])
    if text in ("is", "are"):
        joined = index > 0 and texts[index - 1] in ("and", ",", "or", "also")
        goes_on = joined and first not in _ASKED_OF and not _GENERAL & set(texts[index:])
        return None if goes_on else _asked_whether(texts[index + 1 :])
    if text in ("has", "have"):
        general = first in _ANYBODY or first in ("you", "people", "any") or "ever" in texts[index:]
        return _ASKED if general else None
    if text in ("how", "what") and first in ("do", "can", "should") and second == "i":
        return _FIRMLY_ASKED if following[2:] and following[2] in _TO_LOOK_FOR else None
    if text in ("what", "who"):
        return _what(following)
    if text == "were" and (first in _ANYONE or first in OWNERS) and "to" in texts[index + 2 : index + _INVERTED]:
        return _FIRMLY_ASKED
    if (text == "should" and first in OWNERS) or (text == "say" and (first in SUBJECTS or first in OWNERS)):
        return _FIRMLY_ASKED
    if text in ("hypothetically", "theoretically", "assuming", "supposing"):
        return _FIRMLY_ASKED
    if text == "which" or text in ("suppose", "imagine") or (text in ("at", "in") and first in ("what", "which")):
        return _FIRMLY_ASKED
    if text == "how" and first != "can":
        return Reach("asked", firm=first in ("will", "would", "do", "does"))
    if text == "why" and first in ("do", "does") and second not in ("my", "i"):
        return _ASKED
    if text in ("any", "ever") or (text == "when" and first in ("do", "does", "will", "would", "should")):
        return _ASKED
    return turning_at(texts, index)


def _modal(text: str, first: str, second: str, third: str) -> Reach | None:
    if first in ("this", "it", "that") and second == "be" and third not in _WISE:
        return None  # "could this be a stroke" is asked of what is there
    if first in _ADDRESSED and (second in _OPINIONS or (text not in ("do", "does") and second in _REQUESTS)):
        return None
    if first in _ADDRESSED and second == "see" and third in _TO_BE_SEEN:
        return None
    if text == "do" and first == "i" and second in _NEEDS:
        return None
    return _ASKED if first and first not in _GOES_ON else None


def _what(following: Sequence[str]) -> Reach | None:
    first, second = (*following, "", "")[:2]
    if second == "to" or {"mean", "matter"} & set(following):
        return None
    if first in ("if", "about"):
        return _FIRMLY_ASKED
    return _FIRMLY_ASKED if first in _AFTER_WHAT and second not in _ABOUT_NOW else None


def _asked_whether(rest: Sequence[str]) -> Reach | None:
    """What follows "is" or "are" at the head of a clause."""
    first = rest[0] if rest else ""
    if first in _TELLS and "?" not in rest and not (NORMAL | _GENERAL) & set(rest):
        return None
    if first == "there":
        return None if rest[1:2] in (["anyone"], ["anybody"]) else _ASKED
    judged = next((word for word in rest[:8] if word in NORMAL or word in _GENERAL), None)
    if first == "it" and rest[1:2] and rest[1] in _PAINFUL:
        return _ASKED
    if first[:1].isdigit():  # "is 39 high" tells of a reading
        return None
    if first in ("it", "that", "this"):
        if judged is None or rest.index(judged) > 3:
            return None
        return Reach("normal") if judged in NORMAL else _ASKED
    of_nobody = first == "the" and not {"my", "me", "i"} & set(rest)
    if (first in OWNERS and not of_nobody) or first in SUBJECTS:
        return None
    return Reach("normal") if judged is not None and judged in NORMAL else _ASKED


def turning_at(texts: Sequence[str], index: int) -> Reach | None:
    """The condition, hearsay or general sign that begins at ``index``, anywhere in a sentence."""
    text, before = texts[index], texts[index - 1] if index else ""
    first, second = (*texts[index + 1 : index + 3], "", "")[:2]
    if text in ("if", "when", "whether"):
        return _condition(texts, index)
    if text == "in" and (first in ("case", "theory") or (first, second) in _IN_THE):
        return _FIRMLY_ASKED
    if text in _SIGNS and first in _LINKS_TO_SIGN and not set(texts[max(0, index - 3) : index]) & _HAVING:
        return _ASKED
    if text in _AVOIDING:
        return _ASKED
    if _is_imagined(texts, index):
        return _FIRMLY_ASKED
    if text in _ONLINE and before in ("on", "the", "in"):
        return _ASKED
    told_in = set(texts[max(0, index - 3) : index]) & {"in", "on", "writing"}
    if text in _FICTION and (told_in or first in ("where", "with", "in")):
        return _FIRMLY_ASKED
    if text == "say" and texts[max(0, index - 2) : index] == ["let", "'s"]:
        return _FIRMLY_ASKED
    hearsay = (
        (text in _HEARD and first in _OF_OTHERS and "just" not in texts[max(0, index - 2) : index])
        or (text == "told" and first == "me" and second in ("you", "it", "people", "about", "of"))
        or (text in _SAYS and first in ("you", "people", "they") and second == "can")
        or (text in _SUPPOSES and first in SUBJECTS and second in ("would", "'d"))
        or (text in _STORIES and first == "about")
        or (text in _PUBLISHED and first in _SAYS_IN_PRINT)
        or (
            text == "about"
            and (before in _ASKS_ABOUT or (before == "me" and "tell" in texts[max(0, index - 2) : index]))
        )
    )
    return _FIRMLY_ASKED if hearsay else None


def _is_imagined(texts: Sequence[str], index: int) -> bool:
    """Whether a fear or an idea begins of what has not happened: "my biggest fear is …", "the idea of …"."""
    text, before = texts[index], texts[max(0, index - 3) : index]
    first, second = (*texts[index + 1 : index + 3], "", "")[:2]
    if text in _A_FEAR:
        return first in ("is", "'s", "would", "was") and bool(_SOMEBODY & set(before))
    if text in _AN_IDEA:
        return first == "of" and second not in ("what",)
    if text in _IMAGINING or (text == "see" and first in ("myself", "herself", "himself")):
        return True
    if text not in FEARS:
        return False
    if _UNREAL & set(before):
        return True
    following = texts[index + 1 : index + 9]
    return (
        first == "that"
        and second in ("a", "an", "the", "it", "they", "you", "some")
        and not (_HAPPENED & set(following))
    )


def _condition(texts: Sequence[str], index: int) -> Reach | None:
    text, before = texts[index], texts[index - 1] if index else ""
    first, second = (*texts[index + 1 : index + 3], "", "")[:2]
    if text in ("if", "when") and before == "know" and "how" in texts[max(0, index - 5) : index]:
        return _FIRMLY_ASKED
    if text == "whether":
        return _FIRMLY_ASKED
    if text == "when":
        return _FIRMLY_ASKED if before == "for" else None
    if before in ("wonder", "ask", "asking", "wondering") and first not in _SOMEBODY:
        return _ASKED
    teller = texts[index - 2] if before in ("me", "us") and index > 1 else before
    if teller in _NO_CONDITION_AFTER or first in _NO_CONDITION_BEFORE:
        return None
    anyone_there = second in ("can", "could", "please") or "there" in texts[index + 1 : index + 5]
    if (first in _ANYBODY and anyone_there) or _holds(texts, index):
        return None
    return _FIRMLY_ASKED


def _holds(texts: Sequence[str], index: int) -> bool:
    """Whether what follows "if" is the case already: "what do I do if someone has stopped breathing"."""
    who = texts[index + 1 : index + 5]
    person = bool(who) and (who[0] in ("someone", "somebody", "she", "he", "my", "a", "the"))
    return person and any(word in ("has", "'s") for word in who[1:]) and "do" in texts[:index]

"""What a message holds for a booking: fields, corrections, yes, no, stop; and what is a question instead."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from frontdesk.booking.contact import Email, Phone, Problem, email_in, name_in, phone_in
from frontdesk.booking.drafts import Draft
from frontdesk.booking.references import reference_in
from frontdesk.booking.times import Wish, wish_in
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.turn import Question, Turn

_FILLERS = (
    r"(?:(?:ok|okay|no|nah|nope|yes|actually|sorry|please|well|oh|hm+|um+|hi|hello|hey|and|but|so|also|wait|thanks|"
    r"first|hold on|"
    r"quick question|can you|could you|just|i think|maybe|let's|lets)\b[\s,.!:-]*)*"
)
_CLAUSE_END = re.compile(r"(?<=[?!;\n])\s*|(?<=[.])\s+|\s+[-–—]\s+")
_INTERROGATIVE = (
    r"(?:how|what|whats|what's|when|where|wheres|where's|which|who|whos|who's|why|is|are|do|does|did|can|"
    r"could|should|"
    r"will|would|am|was|has|have|may|might|tell me|isn't|aren't|don't you|doesn't)"
)
_INNER_QUESTION = re.compile(
    rf"\s*[,]?\s*\b(?:and|but|also|,)\s+(?=(?:also\s+)?{_INTERROGATIVE}\b(?!\s+(?:my|"
    rf"not)\b))|,\s*(?={_INTERROGATIVE}\b)",
    re.I,
)
_OPENS_QUESTION = re.compile(rf"^{_FILLERS}(?:{_INTERROGATIVE})\b", re.I)
_AVAILABILITY = re.compile(
    r"\b(?:can|could|may|shall) (?:i|we|you|u)\b|\byou have\b|\bdo you do\b|\blatest\b|\bearliest\b|"
    r"\bhave you (?:got )?\b|\bis (?:there|it)\b|"
    r"\bare you free\b|\bany(?:thing|\s?time)?\b|"
    r"\bfree\b|\bavailable\b|\bavailability\b|\bpossible\b|\b(?:what|how) about\b|\bwould\b.*\b(?:work|do|"
    r"be)\b|\bok\b|\bokay\b|\bbook\b|\bslots?\b|"
    r"\bfit me in\b|\bsqueeze\b|\bspace\b|\bwill\b.*\b(?:work|do)\b|\bdoes\b.*\b(?:work|suit)\b",
    re.I,
)
_NO_AVAILABILITY = re.compile(
    r"\bare you open\b|\bhow long\b|\bhow much\b|\bhow many\b|\bwhy\b|"
    r"\bdo i (?:need|have)\b|\bwear\b|\bbefore (?:the|my|a)\b|\bcan i (?:bring|eat|drink|"
    r"drive|wear|swim|shower|wash|exercise|go)\b|\bhurt",
    re.I,
)
_OPTIONS = re.compile(
    r"\b(?:what|which)\s+(?:other\s+|free\s+|times?|days?|slots?|dates?|appointments?|else\b|have you got|"
    r"do you have)|\bwhen (?:are you free|can i come|is the|do you have|could i come|can you see|works)|"
    r"\bany(?:thing)?\s+(?:else|other|earlier|later|sooner)|\bother (?:times?|days?|slots?|options?)|"
    r"\bmore (?:times?|days?|slots?|options?)|"
    r"\bsomething (?:else|earlier|later|sooner)|\bnone of (?:these|those|them)|\bneither\b|"
    r"\ban(?:other)?\s?(?:other)? (?:time|day)|\b(?:a )?(?:different|another) (?:time|day|slot|date)|"
    r"\b(?:those|these|they|that) (?:don't|doesn't|do not|won't|does not) (?:work|suit)|\b(?:earlier|later|sooner)\b",
    re.I,
)
_STOP = re.compile(
    rf"^{_FILLERS}(?:i(?:'d| would)? (?:want|like|need) to )?(?:stop(?: it| this| here| booking)?|quit|exit|"
    rf"abort|forget (?:it|about it|this|that)|never\s?mind|nvm|leave it(?: as it is)?|"
    r"no thanks|no thank you|not now|keep it(?: as it is)?|i(?:'ve| have)? changed my mind|changed my mind|"
    r"(?:i )?do(?:n't| not) (?:want to )?book.*|"
    r"(?:i )?do(?:n't| not) want (?:it|this|to|that|an? (?:appointment|consultation|visit))(?: any\s?more)?|"
    r"i(?:'ll| will) (?:leave it|think about it|call|do it later|pass).*|let me think(?: about it)?|"
    r"maybe later|another time|(?:i'?m )?not (?:ready|sure about (?:it|this)|interested)(?: yet)?|"
    r"on second thoughts?,? no)"
    r"(?:[\s,.!]+(?:please|thanks|thank you|then|it|do(?:n't| not) book.*|for now|now))*[\s.!]*$",
    re.I,
)
_RATHER_TALKS = re.compile(
    r"\b(?:i(?:'d| would)? (?:rather|prefer to|prefer)|i(?:'ll| will)(?: just)?|can i just|let me(?: just)?)\s+"
    r"(?:call|ring|phone|speak to (?:you|someone|somebody|a person)|talk to (?:you|someone|somebody|a person))\b"
    r"(?!\s+(?:me|number))",
    re.I,
)
_PARTS = re.compile(r"\s*[,.;!\n]+\s*|\s+[-–—]\s+|\s+(?:and|but|because|cos)\s+", re.I)
_CANCEL = re.compile(
    rf"^{_FILLERS}(?:i(?:'d| would)? (?:want|like|need) to )?(?:cancel|scrap|drop)(?:\s+(?:it|that|this|all|"
    rf"everything|please|the (?:booking|appointment|whole thing)|"
    r"my (?:booking|appointment)|booking|appointment))*(?:[\s,.!]+(?:please|thanks|thank you|now))*[\s.!]*$",
    re.I,
)
_YES = re.compile(
    r"^\W*(?:yes|yep|yeah|yea|yup|ya|y|sure|ok|okay|k|correct|right|go ahead|please do|confirm(?:ed)?|perfect|"
    r"sounds (?:good|great|fine|perfect)|looks (?:good|right|great)|that's (?:right|correct|fine|good|it|"
    r"great|perfect)|thats (?:right|correct|fine|good)|"
    r"book it|book me in|do it|absolutely|of course|definitely|great|fine|all (?:good|correct|right)|i agree|"
    r"agreed|i confirm|i consent|you may|please|👍|✅|that (?:works|one)|works for me|lovely|brilliant|"
    r"cancel it|move it)(?!\w)",
    re.I,
)
_NO = re.compile(
    r"^\W*(?:no|nope|nah|not|n|wrong|incorrect|that's (?:wrong|not right|not correct)|"
    r"thats wrong|👎)(?!\w)",
    re.I,
)
_NO_REFERENCE = re.compile(
    r"\b(?:don't|do not|dont|haven't|have not|can't|cannot|lost|no|never|without|forgot|forgotten|not got|"
    r"deleted|what(?:'s| is) (?:a|the|my))\b.{0,30}\b(?:reference|ref|code|it|one|one\b|idea|find|know)\b|"
    r"\bno idea\b|\bnot sure\b",
    re.I,
)
_UNWILLING = (
    r"(?:no|not|don't|do not|dont|won't|haven't|have not|hasn't|rather not|prefer not|without|never|"
    r"can't|cannot|instead of|isn't working|broken|lost)"
)
_NO_PHONE = re.compile(
    rf"\b{_UNWILLING}\b.{{0,30}}\b(?:phone|number|mobile|telephone|cell)\b|\b(?:rather|"
    rf"prefer|can|could|use|give|take)\b.{{0,20}}\be-?mail\b|^\W*e-?mail\W*(?:instead|"
    rf"please)?\W*$|\be-?mail instead\b|\be-?mail (?:is |would be )?(?:better|easier|best|ok|okay|fine)\b",
    re.I,
)
_NO_EMAIL = re.compile(
    rf"\b{_UNWILLING}\b.{{0,30}}\be-?mail\b|\b(?:rather|prefer|can|could|use|give|"
    rf"take)\b.{{0,20}}\b(?:phone|number)\b|^\W*(?:phone|mobile|number)\W*(?:instead|"
    rf"please)?\W*$|\b(?:phone|number) instead\b",
    re.I,
)
# A full stop that ends no sentence.
_DOTTED = re.compile(r"\b(dr|mr|mrs|ms|mx|prof|st|[a-z])\.(?=\s)", re.I)
_HAS_NONE = re.compile(r"\b(?:don't|dont|do not|haven't) (?:have|got|use) (?:one|any|it|that)\b", re.I)
_CONDITION = re.compile(r"\b(?:but|first|before)\b", re.I)
_ASKS_LEAVE = re.compile(
    rf"^{_FILLERS}(?:can|could|may|what if|is it (?:ok|okay|possible)|do i have to|"
    rf"is (?:an? )?(?:e-?mail|phone))\b",
    re.I,
)
_NO_CONTACT = re.compile(
    rf"\b{_UNWILLING}\b.{{0,30}}\b(?:contact|details|either|any of|personal|neither|information|info|data|that|"
    rf"them|anything)\b|^\W*neither\W*$|\brather not\b|\bprefer not\b|\bnone of your\b|"
    r"\bnot comfortable\b|^\W*(?:skip|pass|private)\W*$|\b(?:don't|do not|dont|won't) (?:want to|wish to|"
    r"like to)?\s*(?:give|say|share|tell|leave)\b|\bi refuse\b",
    re.I,
)
_CHANGE = re.compile(
    r"\b(?:change|wrong|different|correct|edit|fix|other|another|update|new|not my|isn't my|mistake in|"
    r"misspel\w+|typo in)\b.{0,25}\b((?:sur)?name|number|phone|mobile|e-?mail|contact|details|time|day|date|slot)\b|"
    r"\b((?:sur)?name|number|phone|mobile|e-?mail|contact|details|time|day|date)\b.{0,12}\b(?:is |are |'s )?(?:wrong|"
    r"incorrect|not right|misspelt|misspelled|needs changing)\b|"
    r"^\W*(?:the |my )?(name|number|phone|phone or e-?mail|mobile|e-?mail|contact|time|day|date)\W*$",
    re.I,
)
_FIELD_OF = {
    "name": "name",
    "surname": "name",
    "time": "time",
    "day": "time",
    "date": "time",
    "slot": "time",
    "details": "details",
}
_CHOICE = re.compile(
    r"^\W*(?:i'?ll (?:take|have)|let's (?:do|take)|can i (?:have|take)|yes,?|ok,?)?\s*(?:the )?(first|1st|"
    r"second|2nd|third|3rd|fourth|4th|last|latest|earliest)"
    r"(?: (?:one|slot|time|option|day|please))*\W*$",
    re.I,
)
_CHOICES = {"first": 0, "1st": 0, "earliest": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
_NOT_A_WISH = re.compile(
    r"\b(?:wedding|married|birthday|party|holiday|event|prom|anniversary|graduation|christening|had|did|"
    r"used to|since|ago|started|was born|been)\b",
    re.I,
)
_ELSEWHERE = frozenset(
    {"human_handoff", "medical_advice", "emergency", "bot_challenge", "help", "story", "thank", "greet", "goodbye"}
)
_SURE = 0.5


@dataclass(frozen=True)
class Heard:
    """What one message holds.

    Attributes:
        name, phone, email, wish, reference: fields, each None when it is not there.
        problem: what is wrong with a number or an address.
        yes, no, stop: what the visitor says to the desk's own question, or that it should stop.
        rings: stops to talk to a person instead.
        refuses: ``phone``, ``email`` or ``all`` when the visitor does not want to give it, ``reference`` without one.
        change: the field that is to be changed: ``name``, ``contact``, ``time``, ``details`` (whichever), or
            ``move`` for a visit that is moved rather than cancelled.
        choice: which of the offered times, from 0; -1 is the last.
        options: whether other times are asked for.
        rest: questions that are no part of the booking.
        is_question: whether there is nothing but a question, or talk of something else.
    """

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    wish: Wish | None = None
    reference: str | None = None
    problem: Problem | None = None
    yes: bool = False
    no: bool = False
    stop: bool = False
    rings: bool = False
    refuses: str | None = None
    change: str | None = None
    choice: int | None = None
    options: bool = False
    rest: tuple[Question, ...] = ()
    is_question: bool = False

    @property
    def has_field(self) -> bool:
        """Whether a field came with it."""
        return bool(self.name or self.phone or self.email or self.wish or self.reference)


def hear(draft: Draft, turn: Turn, now: datetime.datetime, clinic: ClinicProfile | None, first: bool = False) -> Heard:
    """What ``turn`` holds for ``draft``.

    Args:
        draft: with the field that is open.
        turn: the message as understood.
        now: the present, aware, in the clinic's zone.
        clinic: decides on morning or afternoon; without it, only whether there is a time is certain.
        first: whether this is the message that began it: nothing has been asked yet.
    """
    text = turn.text.replace("’", "'").replace("‘", "'")
    text = _DOTTED.sub(r"\1", text)
    step = None if first else draft.step
    if not first and (_STOP.search(text) or (draft.mode == "book" and _CANCEL.search(text))):
        return Heard(stop=True)
    clauses = [clause for part in _CLAUSE_END.split(text) for clause in _INNER_QUESTION.split(part) if clause.strip()]
    questions = [clause for clause in clauses if _is_question(clause, step, now, clinic)]
    said = " . ".join(clause.strip(" ,") for clause in clauses if clause not in questions)
    contact_open = step in ("contact", "proof")
    phone, email = phone_in(said, draft.country), email_in(said, asked=contact_open)
    problem = next((each for each in (email, phone) if isinstance(each, Problem)), None)
    reference = reference_in(said) if draft.mode != "book" else None
    wish = _wish(clauses if not questions else said.split(" . "), step, now, clinic) if draft.mode != "cancel" else None
    answers = step is not None
    heard = Heard(
        name=_name(said, turn, step == "name") if draft.mode == "book" else None,
        phone=phone.e164 if isinstance(phone, Phone) else None,
        email=email.address if isinstance(email, Email) else None,
        wish=wish,
        reference=reference,
        problem=problem if contact_open or (problem and "@" in said) else None,
        yes=answers and _YES.search(said) is not None and not (questions and _CONDITION.search(text)),
        no=answers and (_NO.search(said) is not None or (contact_open and _HAS_NONE.search(said) is not None)),
        refuses=_refusal(" . ".join([said, *(each for each in questions if _ASKS_LEAVE.search(each))]), step),
        change=_change(said, draft) if answers else None,
        choice=_choice(said) if step == "time" and (draft.offered or draft.offered_days) else None,
        options=step in ("time", "confirm") and _OPTIONS.search(text) is not None,
        rest=_rest(turn, questions),
    )
    if not first and not (heard.has_field or heard.options) and heard.choice is None:
        rings = _RATHER_TALKS.search(text) is not None
        if rings or any(_STOP.search(part) for part in _PARTS.split(text)):
            return Heard(stop=True, rings=rings, rest=heard.rest)
    says_more = bool(said.strip()) and not _YES.search(said)
    return _with_talk(heard, turn, bool(questions), says_more)


def _with_talk(heard: Heard, turn: Turn, has_question: bool, says_more: bool) -> Heard:
    """Decide whether the message is for somebody else: nothing of the booking in it, and something else in it."""
    meant = heard.has_field or heard.problem or heard.refuses or heard.change or heard.choice is not None
    if meant or heard.options or heard.yes or heard.no:
        return heard
    intents = {question.intent for question in turn.questions if question.confidence >= _SURE}
    elsewhere = bool(intents & _ELSEWHERE) or any(intent.startswith("ask_") for intent in intents)
    is_question = (has_question and not says_more) or (has_question and bool(heard.rest)) or elsewhere
    return Heard(rest=heard.rest, is_question=is_question)


def _is_question(clause: str, step: str | None, now: datetime.datetime, clinic: ClinicProfile | None) -> bool:
    opens, ends = _OPENS_QUESTION.search(clause), clause.strip().endswith("?")
    if not (opens or ends) or not any(character.isalpha() for character in clause):
        return False
    if _NO_AVAILABILITY.search(clause):
        return True
    if step in ("time", "confirm") and _OPTIONS.search(clause):
        return False
    if isinstance(phone_in(clause, "GB"), Phone) or isinstance(email_in(clause), Email):
        return False
    if wish_in(clause, now, clinic) is not None and (_AVAILABILITY.search(clause) or not opens):
        return False
    if not opens:
        return name_in(clause.strip(" ?"), asked=step == "name") is None and not _YES.search(clause)
    if step == "name" and re.match(r"\W*(?:will|may)\W", clause, re.I) and not ends:
        return name_in(clause, asked=True) is None
    return not re.match(r"\W*(?:can|could) (?:i|we|you) (?:please )?(?:change|move|cancel|book|stop)", clause, re.I)


def _wish(clauses: list[str], step: str | None, now: datetime.datetime, clinic: ClinicProfile | None) -> Wish | None:
    said = " , ".join(clause for clause in clauses if not _NOT_A_WISH.search(clause))
    said = re.sub(r"\S*@\S*|\+?\d[\d\s().-]{8,}\d(?![:\d])", " ", said)
    wish = wish_in(said, now, clinic)
    if wish is None or step == "time":
        return wish
    if wish.asap and not (wish.names_day or wish.at or wish.after or wish.before):
        # "Any time" answers only the question after a time, or says so in the first message.
        return wish if step is None and re.search(r"\basap\b|soon", said, re.I) else None
    return wish


def _name(said: str, turn: Turn, asked: bool) -> str | None:
    bare = re.sub(r"\S*@\S*|[+(]?\d[\d\s().-]{5,}\d", " ", said)
    name = name_in(bare, asked)
    if name is None:
        return None
    known = {entity.text.lower() for entity in turn.entities}
    return None if name.lower() in known else name


def _refusal(said: str, step: str | None) -> str | None:
    if step == "reference":
        return "reference" if _NO_REFERENCE.search(said) else None
    if step not in ("contact", "proof"):
        return None
    wants_none = _NO_CONTACT.search(said) is not None
    if _NO_EMAIL.search(said) and _NO_PHONE.search(said):
        # "I'd rather give my email" names what is given, "no phone and no email" neither.
        return "all" if re.search(r"\b(?:or|nor|and|either)\b", said, re.I) else "phone"
    if _NO_PHONE.search(said):
        return "phone"
    if _NO_EMAIL.search(said):
        return "email"
    return "all" if wants_none else None


def _change(said: str, draft: Draft) -> str | None:
    if draft.mode == "cancel":
        return "move" if re.search(r"\b(?:move|reschedule|another (?:day|time))\b", said, re.I) else None
    match = _CHANGE.search(said)
    if match is None:
        return None
    word = next(group for group in match.groups() if group).lower()
    return _FIELD_OF.get(word, "contact")


def _choice(said: str) -> int | None:
    match = _CHOICE.search(said)
    return None if match is None else _CHOICES.get(match[1].lower(), -1)


def _rest(turn: Turn, clauses: list[str]) -> tuple[Question, ...]:
    """The pieces of the turn that are the questions found here, not those that are answers."""
    found = []
    wanted = [_words(clause) for clause in clauses]
    for question in turn.questions:
        words = _words(question.text)
        asks = question.topic is not None or question.intent in (
            "medical_advice",
            "human_handoff",
            "out_of_scope",
            "follow_up",
        )
        if asks and any(words and len(words & clause) * 2 >= min(len(words), len(clause)) > 0 for clause in wanted):
            found.append(question)
    return tuple(found)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.lower()))

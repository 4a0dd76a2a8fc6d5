"""The turns of phrase by which a message is heard in a booking: yes, no, stop, a change, a refusal, a question."""

from __future__ import annotations

import re

_FILLERS = (
    r"(?:(?:ok|okay|no|nah|nope|yes|actually|sorry|please|well|oh|hm+|um+|hi|hello|hey|and|but|so|also|wait|thanks|"
    r"first|hold on|hang on|one sec(?:ond)?|right|alright|or|"
    r"quick question|can you|could you|just|i think|maybe|let's|lets)\b[\s,.!:-]*)*"
)
CLAUSE_END = re.compile(r"(?<=[?!;\n])\s*|(?<=[.])\s+|\s+[-–—]\s+")
_INTERROGATIVE = (
    r"(?:how|what|whats|what's|when|where|wheres|where's|which|who|whos|who's|why|is|are|do|does|did|can|"
    r"could|should|"
    r"will|would|am|was|has|have|may|might|tell me|isn't|aren't|don't you|doesn't)"
)
INNER_QUESTION = re.compile(
    rf"\s*[,]?\s*\b(?:and|but|also|,)\s+(?=(?:also\s+)?{_INTERROGATIVE}\b(?!\s+(?:my|"
    rf"not)\b))|,\s*(?={_INTERROGATIVE}\b)",
    re.I,
)
OPENS_QUESTION = re.compile(rf"^{_FILLERS}(?:{_INTERROGATIVE})\b", re.I)
AVAILABILITY = re.compile(
    r"\b(?:can|could|may|shall) (?:i|we|you|u)\b|\byou have\b|\bdo you do\b|\blatest\b|\bearliest\b|"
    r"\bhave you (?:got )?\b|\bis (?:there|it)\b|"
    r"\bare you free\b|\bany(?:thing|\s?time)?\b|"
    r"\bfree\b|\bavailable\b|\bavailability\b|\bpossible\b|\b(?:what|how) about\b|\bwould\b.*\b(?:work|do|"
    r"be)\b|\bok\b|\bokay\b|\bbook\b|\bslots?\b|"
    r"\bfit me in\b|\bsqueeze\b|\bspace\b|\bwill\b.*\b(?:work|do)\b|\bdoes\b.*\b(?:work|suit)\b",
    re.I,
)
NO_AVAILABILITY = re.compile(
    r"\bare you open\b|\bhow long\b|\bhow much\b|\bhow many\b|\bwhy\b|"
    r"\bdo i (?:need|have)\b|\bwear\b|\bbefore (?:the|my|a)\b|\bcan i (?:bring|eat|drink|"
    r"drive|wear|swim|shower|wash|exercise|go)\b|\bhurt",
    re.I,
)
OPTIONS = re.compile(
    r"\b(?:what|which)\s+(?:other\s+|free\s+|times?|days?|slots?|dates?|appointments?|else\b|have you got|"
    r"do you have)|\bwhen (?:are you free|can i come|is the|do you have|could i come|can you see|works)|"
    r"\bany(?:thing)?\s+(?:else|other|earlier|later|sooner)|\bother (?:times?|days?|slots?|options?)|"
    r"\bmore (?:times?|days?|slots?|options?)|"
    r"\bsomething (?:else|earlier|later|sooner)|\bnone of (?:these|those|them)|\bneither\b|"
    r"\ban(?:other)?\s?(?:other)? (?:time|day)|\b(?:a )?(?:different|another) (?:time|day|slot|date)|"
    r"\b(?:those|these|they|that) (?:don't|doesn't|do not|won't|does not) (?:work|suit)|\b(?:earlier|later|sooner)\b",
    re.I,
)
STOP = re.compile(
    rf"^{_FILLERS}(?:i(?:'d| would)? (?:want|like|need) to )?(?:stop(?: it| this| here| booking)?|quit|exit|"
    rf"abort|forget (?:it|about it|this|that)|never\s?mind|nvm|leave it(?: as it is)?|"
    r"no thanks|no thank you|not now|keep it(?: as it is)?|i(?:'ve| have)? changed my mind|changed my mind|"
    r"(?:i )?do(?:n't| not) (?:want to )?book.*|"
    r"(?:i )?do(?:n't| not) want (?:it|this|to|that|an? (?:appointment|consultation|visit))(?: any\s?more)?|"
    r"i(?:'ll| will) (?:leave it|think about it|call|do it later|pass).*|let me think(?: about it)?|"
    r"maybe later|another time|(?:i'?m )?not (?:ready|sure about (?:it|this)|interested)(?: yet)?|"
    r"do(?:n't| not) bother(?: with (?:it|that|this))?|on second thoughts?,? no)"
    r"(?:[\s,.!]+(?:please|thanks|thank you|then|it|do(?:n't| not) book.*|for now|now))*[\s.!]*$",
    re.I,
)
RATHER_TALKS = re.compile(
    r"\b(?:i(?:'d| would)? (?:rather|prefer to|prefer)|i(?:'ll| will)(?: just)?|(?:can|could|may) i(?: not)? just"
    r"|(?:can|could|may) i(?: not)?(?= (?:call|ring|phone|give you))"
    r"|is it (?:ok|okay|possible|easier|better) (?:if i|to)"
    r"|let me(?: just)?)\s+(?:just )?"
    r"(?:call|ring|phone|give you a (?:call|ring|bell)"
    r"|(?:speak|talk) to (?:you|someone|somebody|a person))\b"
    r"(?!\s+(?:me|number))(?!.{0,20}\b(?:if|later|to (?:change|move|cancel))\b)",
    re.I,
)
WHY = re.compile(
    r"\b(?:why|what)\b.{0,15}\b(?:you|u|they)\b.{0,10}\b(?:need|want|ask\w*|require)\b(?: for)?\W*"
    r"(?:$|(?:it|that|this|those|to know)\b|(?:(?:my|the|an?|full|real|phone|mobile)\s+){0,3}"
    r"(?:name|number|phone|mobile|e-?mail|contact|details?|reference|info\w*)\b)"
    r"|\bwhy (?:should|must|do|would) i (?:have to )?(?:give|tell|share|say|send)\b"
    r"|\bwhat(?:'s|s| is| do you need) (?:it|that|this) for\b"
    r"|\bdo i (?:really )?(?:have|need) to (?:give|tell|share|say|leave)\b"
    r"|\bis (?:it|that|this) (?:really )?(?:necessary|needed|required)\b",
    re.I,
)
SEVERAL = re.compile(
    r"\b(?:both|two|2|three|3) of us\b|\bfor (?:two|2|three|3) (?:people|persons|of us)\b|\b(?:me|myself) and my \w+"
    r"|\bmy \w+ and (?:i|me|myself)\b",
    re.I,
)
ASKED_HOUR = re.compile(
    r"\b(?:is|would|does|will|could) (?=\d{1,2}(?:[.:]\d\d)?(?: ?[ap]m)?(?: be| still)? "
    r"(?:ok|okay|good|fine|free|possible|available|work|suit)\b)",
    re.I,
)
"""Before an hour that is asked for: "is 6 ok"."""
_NOT_WITHOUT_APOSTROPHE = re.compile(r"\b(do|does|did|is|are|was|would|could|should|have|has|wo|ca)nt\b", re.I)
_I_WITHOUT_APOSTROPHE = re.compile(
    r"\b(i)(d|ll)(?= (?:rather|prefer|like|just|call|ring|phone|give|think|leave|do|take|have|pass)\b)", re.I
)


def with_apostrophes(text: str) -> str:
    """``text`` with the apostrophes that are left out on a phone: "dont", "id rather"."""
    return _I_WITHOUT_APOSTROPHE.sub(r"\1'\2", _NOT_WITHOUT_APOSTROPHE.sub(r"\1n't", text))


PARTS = re.compile(r"\s*[,.;!\n]+\s*|\s+[-–—]\s+|\s+(?:and|but|because|cos)\s+", re.I)
CANCEL = re.compile(
    rf"^{_FILLERS}(?:i(?:'d| would)? (?:want|like|need) to )?(?:cancel|scrap|drop)(?:\s+(?:it|that|this|all|"
    rf"everything|please|the (?:booking|appointment|whole thing)|"
    r"my (?:booking|appointment)|booking|appointment))*(?:[\s,.!]+(?:please|thanks|thank you|now))*[\s.!]*$",
    re.I,
)
_HESITATION = r"^\W*(?:(?:m+|h+m+|um+|er+m?|uh|ah|oh|well|actually|sorry)\W+)*"
YES = re.compile(
    rf"{_HESITATION}(?:yes|yep|yeah|yea|yup|ya|y|sure|ok|okay|k|correct|right|go ahead|please do|confirm(?:ed)?|"
    r"perfect|"
    r"sounds (?:good|great|fine|perfect)|looks (?:good|right|great)|that's (?:right|correct|fine|good|it|"
    r"great|perfect)|thats (?:right|correct|fine|good)|"
    r"book it|book me in|do it|absolutely|of course|definitely|great|fine|all (?:good|correct|right)|i agree|"
    r"agreed|i confirm|i consent|you may|please|👍|✅|that (?:works|one)|works for me|lovely|brilliant|"
    r"cancel it|move it)(?!\w)",
    re.I,
)
NO = re.compile(
    rf"{_HESITATION}(?:no|nope|nah|not|n|wrong|incorrect|that's (?:wrong|not right|not correct)|"
    r"thats wrong|👎)(?!\w)",
    re.I,
)
NO_REFERENCE = re.compile(
    r"\b(?:don't|do not|dont|haven't|have not|can't|cannot|lost|no|never|without|forgot|forgotten|not got|"
    r"deleted|what(?:'s| is) (?:a|the|my))\b.{0,30}\b(?:reference|ref|code|it|one|one\b|idea|find|know)\b|"
    r"\bno idea\b|\bnot sure\b",
    re.I,
)
_UNWILLING = (
    r"(?:no|not|don't|do not|dont|won't|haven't|have not|hasn't|rather not|prefer not|without|never|"
    r"can't|cannot|instead of|isn't working|broken|lost)"
)
NO_PHONE = re.compile(
    rf"\b{_UNWILLING}\b.{{0,30}}\b(?:phone|number|mobile|telephone|cell)\b|\b(?:rather|"
    rf"prefer|can|could|use|give|take)\b.{{0,20}}\be-?mail\b|^\W*e-?mail\W*(?:instead|"
    rf"please)?\W*$|\be-?mail instead\b|\be-?mail (?:is |would be )?(?:better|easier|best|ok|okay|fine)\b",
    re.I,
)
NO_EMAIL = re.compile(
    rf"\b{_UNWILLING}\b.{{0,30}}\be-?mail\b|\b(?:rather|prefer|can|could|use|give|"
    rf"take)\b.{{0,20}}\b(?:phone|number)\b|^\W*(?:phone|mobile|number)\W*(?:instead|"
    rf"please)?\W*$|\b(?:phone|number) instead\b",
    re.I,
)
# A full stop that ends no sentence.
DOTTED = re.compile(r"\b(dr|mr|mrs|ms|mx|prof|st|[a-z])\.(?=\s)", re.I)
HAS_NONE = re.compile(r"\b(?:don't|dont|do not|haven't) (?:have|got|use) (?:one|any|it|that)\b", re.I)
CONDITION = re.compile(r"\b(?:but|first|before)\b", re.I)
ASKS_LEAVE = re.compile(
    rf"^{_FILLERS}(?:can|could|may|what if|is it (?:ok|okay|possible)|do i have to|"
    rf"is (?:an? )?(?:e-?mail|phone))\b",
    re.I,
)
NO_CONTACT = re.compile(
    rf"\b{_UNWILLING}\b.{{0,30}}\b(?:contact|details|either|any of|personal|neither|information|info|data|that|"
    rf"them|anything)\b|^\W*neither\W*$|\brather not\b|\bprefer not\b|\bnone of your\b|"
    r"\bnot comfortable\b|^\W*(?:skip|pass|private)\W*$|\b(?:don't|do not|dont|won't) (?:want to|wish to|"
    r"like to)?\s*(?:give|say|share|tell|leave)\b|\bi refuse\b",
    re.I,
)
CHANGE = re.compile(
    r"\b(?:change|wrong|different|correct|edit|fix|other|another|update|new|not my|isn't my|mistake in|"
    r"misspel\w+|typo in)\b.{0,25}\b((?:sur)?name|number|phone|mobile|e-?mail|contact|details|time|day|date|slot)\b|"
    r"\b((?:sur)?name|number|phone|mobile|e-?mail|contact|details|time|day|date)\b.{0,12}\b(?:is |are |'s )?(?:wrong|"
    r"incorrect|not right|misspelt|misspelled|needs changing)\b|"
    r"^\W*(?:the |my )?(name|number|phone|phone or e-?mail|mobile|e-?mail|contact|time|day|date)\W*$",
    re.I,
)
FIELD_OF = {
    "name": "name",
    "surname": "name",
    "time": "time",
    "day": "time",
    "date": "time",
    "slot": "time",
    "details": "details",
}
CHOICE = re.compile(
    r"^\W*(?:i'?ll (?:take|have)|let's (?:do|take)|can i (?:have|take)|yes,?|ok,?)?\s*(?:the )?(first|1st|"
    r"second|2nd|third|3rd|fourth|4th|last|latest|earliest)"
    r"(?: (?:one|slot|time|option|day|please))*\W*$",
    re.I,
)
NUMBERED = re.compile(r"\b\d(?:st|nd|rd|th)\W*(?:please)?\W*$", re.I)
"""A number that may be of a day as well: "the 4th", and not "the 4th one"."""
CHOICES = {"first": 0, "1st": 0, "earliest": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "fourth": 3, "4th": 3}
NOT_A_WISH = re.compile(
    r"\b(?:wedding|married|birthday|party|holiday|event|prom|anniversary|graduation|christening|had|did|"
    r"used to|since|ago|started|was born|been)\b",
    re.I,
)

"""Names, phone numbers and e-mail addresses in a visitor's words; what is not certainly one is never passed on."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from rapidfuzz.fuzz import ratio

from frontdesk.booking.records import LONGEST_NAME, clean, is_email

LONGEST_TEXT = 1000
_LIKE = 60.0
"""From here on, of 100, one word is a spelling of another."""

# Kept for films by Ofcom, so nobody's; the clinic's own example numbers are of the same kind.
_NOBODYS = re.compile(r"\+447700900\d{3}")
_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-](?:20)?\d\d\b|\b\d{1,2}:\d\d\b")
_DIGITS = re.compile(r"(?<![\w@.])[+(]?\d(?:[ \t().\-]*\d){4,}(?![\w@])")
_ADDRESS = re.compile(r"[^\s<>\"(),;:\[\]|@]*@[^\s<>\"(),;:\[\]|]*")
_SPOKEN_AT = re.compile(
    r"([\w.+-]+)\s*(?:[\[(]\s*at\s*[\])]|\s@\s?|\s?@\s|\bat\b)\s*"
    r"([a-z][\w-]*(?:\s*(?:\.|[\[(]?\s*\bdot\b\s*[\])]?)\s*[\w-]+)*(?:\s*(?:\.|[\[(]?\s*\bdot\b\s*[\])]?)\s*[a-z]{2,}))",
    re.I,
)
_SPOKEN_DOT = re.compile(r"\s*[\[(]?\s*\bdot\b\s*[\])]?\s*|\s*\.\s*", re.I)
_INCOMPLETE_AT = re.compile(r"(?:^|\bis\s+|\bit's\s+)([\w.+-]*[a-z][\w.+-]*)\s+at\s+([a-z][\w-]+)\s*[.!]?$", re.I)


@dataclass(frozen=True)
class Phone:
    """A number that can be called, in E.164."""

    e164: str


@dataclass(frozen=True)
class Email:
    """An address in its normal form."""

    address: str


@dataclass(frozen=True)
class Problem:
    """Why what looks like a number or an address is none.

    Attributes:
        kind: ``phone_short``, ``phone_long``, ``phone_wrong``, ``email_no_at``, ``email_no_domain``,
            ``email_no_ending`` or ``email_wrong``; of a date ``no_such_day``.
    """

    kind: str


def phone_in(text: str, country: str) -> Phone | Problem | None:
    """The phone number in ``text``, or what is wrong with it; None when there is nothing like one.

    Args:
        text: a visitor's words.
        country: two-letter code of the country of a number without one.
    """
    text = _ADDRESS.sub(" ", _DATE.sub(" ; ", unicodedata.normalize("NFKC", text[:LONGEST_TEXT])))
    numbers = phonenumbers.PhoneNumberMatcher(text, country, leniency=phonenumbers.Leniency.POSSIBLE)
    for match in numbers:
        e164 = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(match.number) or _NOBODYS.fullmatch(e164):
            return Phone(e164)
    found = _DIGITS.search(text)
    if found is None:
        return None
    try:
        number = phonenumbers.parse(found[0], country)
    except phonenumbers.NumberParseException:
        return Problem("phone_wrong")
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.is_valid_number(number) or _NOBODYS.fullmatch(e164):
        return Phone(e164)
    reason = phonenumbers.is_possible_number_with_reason(number)
    if reason in (phonenumbers.ValidationResult.TOO_SHORT, phonenumbers.ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        return Problem("phone_short")
    return Problem("phone_long" if reason == phonenumbers.ValidationResult.TOO_LONG else "phone_wrong")


def email_in(text: str, asked: bool = False) -> Email | Problem | None:
    """The e-mail address in ``text``, or what is wrong with it; None when there is nothing like one.

    Args:
        text: a visitor's words.
        asked: whether an address was asked for, so that "jane at example" is one that lacks something.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST_TEXT])
    found = _ADDRESS.search(text)
    if found is None or found[0] == "@":
        spoken = _SPOKEN_AT.search(text)
        if spoken is not None:
            return _checked(f"{spoken[1]}@{_SPOKEN_DOT.sub('.', spoken[2])}")
        if found is None:
            return Problem("email_no_at") if asked and _INCOMPLETE_AT.search(text.strip()) else None
    return _checked(found[0].strip(".!?'’"))


def _checked(address: str) -> Email | Problem:
    local, _, domain = address.rpartition("@")
    if not domain:
        return Problem("email_no_domain")
    if local and "." not in domain:
        return Problem("email_no_ending")
    try:
        normal = validate_email(address, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError):
        return Problem("email_wrong")
    # What a mail's header cannot hold is no use, however valid.
    return Email(normal) if is_email(normal) else Problem("email_wrong")


_INTRODUCED = re.compile(
    r"(?:\bmy (?:full )?name(?:'?s| is)(?: actually)?|\bname(?:'?s| is|:)|\bi(?:'m| am)|^im|\bit(?:'?s| is)|\bthis is|"
    r"\bcall me|\b(?:change|correct|make|put) (?:the |my )?name to|\bunder(?: the name(?: of)?)?|\bname should be|"
    r"\bthe name is|\bspel(?:t|led)(?: as| like)?)\s*:?\s+",
    re.I,
)
_NAMES_IT = re.compile(r"name|spel", re.I)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'\-\u200c\u200d·]|\.(?=\w))*\.?(?=$|[\s,;.!?])")
_TITLE = re.compile(r"\b(dr|mr|mrs|ms|mx|prof|st)\.", re.I)
_HERE = re.compile(r"\s+(?:here|speaking)\W*$", re.I)
_GOES_ON = frozenset("monday tuesday wednesday thursday friday saturday sunday today tomorrow next on at my".split())
_MARKS = "'-·. \u200c\u200d"
_MOST_WORDS = 6
_NOT_IN_NAMES = frozenset(
    """
    i you he she it we they me my mine your his her our their a an the this that these those is are was were be
    been am do does did have has had can could should would shall not no yes yeah yep yup nope ok okay sure
    please thanks thank hi hello hey hiya help stop cancel quit exit what when where which who whose why how
    much many if then than so and or but for from to of in on at by with without about into over after before
    until today tomorrow tonight yesterday monday tuesday wednesday thursday friday saturday january february
    march july september october november december one two three four five six seven eight nine ten first second
    third next last price prices cost costs pain hurt hurts painful hours open closed address consultation
    appointment appointments booking book visit skin acne scar scars needle needling microneedling treatment
    treatments session sessions clinic number phone email mail mobile name names nothing none nobody anonymous
    maybe later now never idk lol haha hmm um umm er erm don't dont can't cant won't want wants need needs like
    know rather prefer say tell give ask asking question questions time times day days week weeks month morning
    afternoon evening noon wait sorry good great fine cool bye goodbye right correct wrong change actually just
    only also any some more there here interested pregnant nervous worried free available looking hoping
    wondering trying calling writing happy afraid allergic diabetic new back busy flexible sure late early ready
    still really very too i'm i'd i've i'll it's that's what's asap anytime whenever instead forget mind person
    human someone anybody doctor nurse reception real private secret get got go going come coming think feel
    having taking using why? downtime aftercare results safe
    """.split()
)
_PARTICLES = frozenset(
    "de da di del della der den van von bin bint ibn al el la le du dos das ter ten mac mc y e".split()
)


def name_in(text: str, asked: bool) -> str | None:
    """The name in ``text``, tidied, or None.

    Args:
        text: a visitor's words.
        asked: whether the name was asked for; else only one that is introduced and written with capitals counts.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST_TEXT]).replace("’", "'").replace("‘", "'").replace("ʼ", "'")
    text = _TITLE.sub(r"\1", clean(text, LONGEST_TEXT))
    for match in _INTRODUCED.finditer(text):
        name = _leading(text[match.end() :], capitals=not asked and not _NAMES_IT.search(match[0]))
        if name is not None:
            return name
    if not asked:
        return None
    text = _HERE.sub("", text)
    for clause in re.split(r"[,;!?\n]|:(?!/)|\.(?=\s|$)|\s-\s|\s+(?:and|but)\s+", text):
        name = _whole(clause) or _before_more(clause)
        if name is not None:
            return name
    return None


def name_beside(text: str) -> str | None:
    """The name of several words, in capitals, right before a number or an address: "Tim Hall, tim@mail.com"."""
    contacts = [match.start() for match in (_ADDRESS.search(text), _DIGITS.search(text)) if match is not None]
    if not contacts:
        return None
    words: list[str] = []
    for word in reversed(text[: min(contacts)].rstrip(" ,;:.-(").split()):
        if not word[0].isupper() or word.lower() in _NOT_IN_NAMES or not _is_name_word(word):
            break
        words.insert(0, word)
    return _tidy(words) if 1 < len(words) <= _MOST_WORDS else None


def name_by_itself(text: str) -> str | None:
    """The name of several words, in capitals, that is a clause of its own: "an appointment please, Tim Hall"."""
    for clause in re.split(r"[,;!?\n]|\.(?=\s|$)|\s-\s", text):
        words = _HERE.sub("", clause).split()
        is_capital = len(words) > 1 and all(word[0].isupper() or word in _PARTICLES for word in words)
        name = _whole(" ".join(words)) if is_capital and words[0][0].isupper() else None
        if name is not None:
            return name
    return None


def gives_details(text: str, country: str) -> bool:
    """Whether ``text`` is what somebody sends who wants a visit: a number, an address, or nothing but a name."""
    has_contact = isinstance(phone_in(text, country), Phone) or isinstance(email_in(text), Email)
    return has_contact or name_by_itself(text) == text.strip(" .!")


def are_two_names(text: str) -> bool:
    """Whether ``text``, the answer to who is coming, names two people: "Amy and Kate Jones"."""
    parts = re.split(r"\s+(?:and|&|\+)\s+", text.strip(" .!"))
    return len(parts) == 2 and all(_whole(part) is not None for part in parts)


def put_right(known: str | None, said: str) -> str:
    """The name after a correction: ``said``, or ``known`` with the one word of it put right that ``said`` is like."""
    words = (known or "").split()
    nearest = max(words, key=lambda word: ratio(word.lower(), said.lower()), default="")
    if len(words) < 2 or " " in said or ratio(nearest.lower(), said.lower()) < _LIKE:
        return said
    return " ".join(said if word == nearest else word for word in words)


def _leading(text: str, capitals: bool) -> str | None:
    """The words of a name at the beginning, up to the first that is none."""
    words: list[str] = []
    position = 0
    while match := _WORD.match(text, position):
        word = match[0]
        is_small = capitals and word[0].islower() and not (words and word in _PARTICLES)
        if word.lower().rstrip(".") in _NOT_IN_NAMES or is_small or len(words) == _MOST_WORDS:
            break
        words.append(word)
        position = match.end()
        if text[position : position + 1] != " ":
            break
        position += 1
    while words and words[-1] in _PARTICLES and len(words) > 1:
        words.pop()
    if words and words[-1].endswith(".") and len(words[-1]) > 3:
        words[-1] = words[-1][:-1]
    return _tidy(words)


def _whole(clause: str) -> str | None:
    words = clause.split()
    if not 1 <= len(words) <= _MOST_WORDS or any(word.lower() in _NOT_IN_NAMES for word in words):
        return None
    return _tidy(words) if all(_is_name_word(word) for word in words) else None


def _before_more(clause: str) -> str | None:
    """The name in "Tom Ashby thursday 3pm": capitals, then what is plainly something else."""
    name = _leading(clause.strip(), capitals=True)
    rest = clause.strip()[len(name or "") :].split()
    return name if name and rest and rest[0].lower() in _GOES_ON else None


def _is_name_word(word: str) -> bool:
    kinds = [unicodedata.category(character)[0] for character in word]
    return kinds[0] == "L" and all(
        kind in "LM" or character in _MARKS for kind, character in zip(kinds, word, strict=True)
    )


def _tidy(words: list[str]) -> str | None:
    if not words or not all(_is_name_word(word) for word in words):
        return None
    name = " ".join(words)
    if name.islower():
        name = " ".join(_capitalised(word) for word in words)
    name = clean(unicodedata.normalize("NFC", name), LONGEST_NAME)
    letters = [character for character in name if character.isalpha()]
    is_single_letter = len(letters) == 1 and letters[0].isascii()
    has_repeats = re.search(r"(.)\1{3,}", name.lower()) is not None
    return name if letters and not is_single_letter and not has_repeats else None


def _capitalised(word: str) -> str:
    if word in _PARTICLES:
        return word
    return re.sub(r"(^|[-'·])([^\W\d_])(?=[\w']|$)", lambda match: match[1] + match[2].upper(), word)

from __future__ import annotations

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontdesk.privacy.masking import (
    Known,
    holds_person,
    known_from,
    mask_known,
    mask_visitors_words,
    without_person,
)

NOBODY = Known()
JANE = Known(
    frozenset({"Jane Doe"}), frozenset({"+447700900123"}), frozenset({"jane@mail.com"}), country="GB", asked="confirm"
)


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("my name is Jane Doe and my number is 07700 900123", "my name is [name] and my number is [phone]"),
        ("call +1 (415) 555-2671 please", "call [phone] please"),
        ("07700900123", "[phone]"),
        ("write to jane.doe+x@mail.co.uk, thanks", "write to [email], thanks"),
        ("jane at example dot com", "[email]"),
        ("born on 12/03/1987", "born on [date of birth]"),
        ("I'm Siobhan O'Neill, dob 1.2.90", "I'm [name], dob [date of birth]"),
        ("my date of birth is 3 May 1987", "my date of birth is [date of birth]"),
        ("I was born in 1987", "I was born in [date of birth]"),
        ("it is 1987-03-12", "it is [date of birth]"),
    ],
)
def test_what_tells_who_somebody_is_does_not_stay(said: str, stored: str) -> None:
    assert mask_visitors_words(said, NOBODY) == stored


@pytest.mark.parametrize(
    "said",
    [
        "how much are 3-6 sessions, 4-6 weeks apart?",
        "can I come on 26/11/2026 at 10:30?",
        "2026-11-26 10:00",
        "10.30-11.30 or 2pm",
        "is it £1,500 or 2,000 for three?",
        "I'm at home. please tell me",
        "I have had these scars since 2019",
        "my son was born 3 weeks ago",
        "I may book it, will it hurt?",
        "I am 34 and pregnant",
    ],
)
def test_a_question_stays_as_it_was_asked(said: str) -> None:
    assert mask_visitors_words(said, NOBODY) == said


@pytest.mark.parametrize(
    ("asked", "said", "stored"),
    [
        ("name", "jane doe", "[name]"),
        ("name", "Bob", "[name]"),
        ("contact", "123456", "[phone]"),
        ("contact", "jane at mail", "[email]"),
    ],
)
def test_what_was_asked_for_is_masked_even_where_it_looks_like_nothing(asked: str, said: str, stored: str) -> None:
    assert mask_visitors_words(said, Known(asked=asked)) == stored


def test_a_question_in_place_of_a_name_stays() -> None:
    assert mask_visitors_words("anaesthetic cream", Known(asked="name"), "ask_pain") == "anaesthetic cream"


def test_what_the_desk_repeats_is_masked_and_the_clinics_own_number_stays() -> None:
    said = (
        "A visit for Jane Doe. We reach you on 07700 900123, jane@mail.com. Call 020 7946 0018 or hello@clinic.example."
    )
    assert mask_known(said, JANE) == (
        "A visit for [name]. We reach you on [phone], [email]. Call 020 7946 0018 or hello@clinic.example."
    )


def test_a_booking_that_is_over_leaves_no_person_in_the_memory() -> None:
    memory = {"misses": 0, "booking": {"mode": "book", "step": "confirm", "name": "Jane", "phone": "+447700900123"}}
    masked = without_person(memory)
    assert holds_person(memory)
    assert not holds_person(masked)
    assert masked["booking"]["step"] == "confirm"
    assert "Jane" not in str(masked)


@pytest.mark.parametrize("memory", [None, 7, {}, {"booking": None}, {"booking": "x"}, {"booking": {"name": None}}])
def test_a_memory_of_any_form_is_taken(memory: object) -> None:
    assert without_person(memory) == memory
    assert not known_from([memory, memory])


@pytest.mark.parametrize("around", ["=@", "@=", "call me @", "x @ "])
def test_a_sign_beside_a_number_makes_no_address_of_half_of_it(around: str) -> None:
    stored = mask_visitors_words(f"{around} 07400 123456 {around}", NOBODY)
    assert not any(map(str.isdigit, stored))


@given(
    st.sampled_from(["GB", "US", "DE", "FR", "AU", "IN", "ES"]),
    st.sampled_from(list(range(3))),
    st.text(alphabet=st.characters(blacklist_categories=("Nd", "Cs")), max_size=20),
)
def test_a_number_of_any_country_is_masked_however_it_is_written(country: str, style: int, around: str) -> None:
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    written = phonenumbers.format_number(number, style)
    stored = mask_visitors_words(f"{around} {written} {around}", NOBODY)
    assert written not in stored
    assert str(number.national_number)[-6:] not in "".join(filter(str.isdigit, stored))


@given(st.text(max_size=300))
def test_any_text_can_be_masked(text: str) -> None:
    mask_visitors_words(text, JANE)
    mask_known(text, JANE)

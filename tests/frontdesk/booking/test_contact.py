from __future__ import annotations

import unicodedata

import phonenumbers
import pytest
from email_validator import validate_email
from hypothesis import given, settings
from hypothesis import strategies as st

from frontdesk.booking.contact import Email, Phone, Problem, email_in, name_in, phone_in


@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("07700 900111", "+447700900111"),
        ("it's 07700-900-111, thanks", "+447700900111"),
        ("+44 (0)7700 900111", "+447700900111"),
        ("0 7 7 0 0 9 0 0 1 1 1", "+447700900111"),
        ("٠٧٧٠٠٩٠٠١١١", "+447700900111"),
        ("020 7946 0018", "+442079460018"),
        ("+1 212 555 0134", "+12125550134"),
        ("0033612345678", "+33612345678"),
        ("call me on 07911 123456 after 5", "+447911123456"),
        ("thursday 26/11/2026 15:00, 07911123456", "+447911123456"),
    ],
)
def test_a_number_is_kept_in_e164(text: str, e164: str) -> None:
    assert phone_in(text, "GB") == Phone(e164)


@pytest.mark.parametrize(
    ("text", "kind"),
    [("077009001", "phone_short"), ("07700 900 111 222 33", "phone_long"), ("09999 999999", "phone_wrong")],
)
def test_what_is_wrong_with_a_number_is_told(text: str, kind: str) -> None:
    found = phone_in(text, "GB")
    assert isinstance(found, Problem)
    assert found.kind in (kind, "phone_wrong")


@pytest.mark.parametrize(
    "text", ["thursday 3pm", "26/11/2026 15:00", "2026-11-26", "3", "no", "tom1234567@example.com"]
)
def test_other_digits_are_no_number(text: str) -> None:
    assert phone_in(text, "GB") is None


def test_a_number_without_country_is_of_the_clinics() -> None:
    assert phone_in("(212) 736-5000", "US") == Phone("+12127365000")


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("jane@example.com", "jane@example.com"),
        ("it's Jane.Doe@EXAMPLE.com.", "Jane.Doe@example.com"),
        ("josé@exämple.de", "josé@exämple.de"),
        ("jane at example dot com", "jane@example.com"),
        ("jane (at) example.co.uk", "jane@example.co.uk"),
        ("my email is jane @ example . com", "jane@example.com"),
    ],
)
def test_an_address_is_found(text: str, address: str) -> None:
    assert email_in(text) == Email(address)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("jane at example", "email_no_at"),
        ("jane@example", "email_no_ending"),
        ("jane@gmail,com", "email_no_ending"),
        ("jane@", "email_no_domain"),
        ("@example.com", "email_wrong"),
        ("jane@x.test", "email_wrong"),
        ("a..b@example.com", "email_wrong"),
    ],
)
def test_what_an_address_lacks_is_told(text: str, kind: str) -> None:
    assert email_in(text, asked=True) == Problem(kind)


@pytest.mark.parametrize("text", ["friday at 3", "look at that", "at noon", "thursday at 3.30"])
def test_other_words_with_at_are_no_address(text: str) -> None:
    assert email_in(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Li Wei", "Li Wei"),
        ("O'Brien", "O'Brien"),
        ("o’brien", "O'Brien"),
        ("José", "José"),
        ("jose\u0301", "José"),
        ("tom ashby", "Tom Ashby"),
        ("it's Priya", "Priya"),
        ("it's priya, and how much is it?", "Priya"),
        ("my name is Anna-Lena van der Berg", "Anna-Lena van der Berg"),
        ("I'm Tom Ashby", "Tom Ashby"),
        ("Dr. Jane Smith", "Dr Jane Smith"),
        ("王伟", "王伟"),
        ("محمد علي", "محمد علي"),
        ("Nguyễn Thị Minh Khai", "Nguyễn Thị Minh Khai"),
        ("Jean-Luc d'Arc", "Jean-Luc d'Arc"),
        ("Hope", "Hope"),
        ("Will May", "Will May"),
    ],
)
def test_a_name_that_was_asked_for_is_taken(text: str, name: str) -> None:
    assert name_in(text, asked=True) == name


@pytest.mark.parametrize(
    "text",
    ["price", "how much is it", "why do you need my name", "I'd rather not say", "yes", "12345", "???", "x", "asdfffff",
     "I'm pregnant", "I have acne scars", "thursday", "<script>alert</script>", "http://x.example", ""],
)  # fmt: skip
def test_other_answers_are_no_name(text: str) -> None:
    assert name_in(text, asked=True) is None


def test_without_being_asked_only_an_introduction_counts() -> None:
    assert name_in("I'm Tom Ashby, can I come thursday 3pm?", asked=False) == "Tom Ashby"
    assert name_in("I'm interested in a consultation", asked=False) is None
    assert name_in("i'm free on thursday", asked=False) is None
    assert name_in("Acne Scars", asked=False) is None
    assert name_in("no, change the name to Thomas Ashby", asked=False) == "Thomas Ashby"


@given(st.text(max_size=300))
@settings(max_examples=400, deadline=None)
def test_nothing_is_accepted_unvalidated(text: str) -> None:
    phone, email, name = phone_in(text, "GB"), email_in(text, asked=True), name_in(text, asked=True)
    if isinstance(phone, Phone):
        assert phonenumbers.is_possible_number(phonenumbers.parse(phone.e164))
    if isinstance(email, Email):
        assert validate_email(email.address, check_deliverability=False).normalized == email.address
    if name is not None:
        assert name == unicodedata.normalize("NFC", name).strip()
        assert any(character.isalpha() for character in name)
        assert not any(
            unicodedata.category(character) in ("Cc", "Cs", "Co", "Cn") or character in '<>&"@' for character in name
        )


@given(st.text(alphabet="+0123456789 ()-./x٠٧", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_digits_are_survived(text: str) -> None:
    found = phone_in(text, "GB")
    assert found is None or isinstance(found, Phone | Problem)


@given(st.text(alphabet="ab.@- \u00e9\u202e,dot", max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_address_is_survived(text: str) -> None:
    found = email_in(text, asked=True)
    assert found is None or isinstance(found, Email | Problem)

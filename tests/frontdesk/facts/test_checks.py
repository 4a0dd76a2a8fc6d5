from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from frontdesk.facts.checks import Report, check
from frontdesk.facts.readability import reading_grade
from frontdesk.facts.reading import Defect
from frontdesk.facts.red_flags import EMERGENCY_NUMBERS, RED_FLAGS
from frontdesk.settings import REPOSITORY

TODAY = date(2026, 11, 21)


def _check(content: Any, today: date = TODAY) -> Report:
    return check(content.write(), today)


def _lines(defects: list[Defect]) -> list[str]:
    return [str(defect) for defect in defects]


def _change(content: Any, file: str, old: str, new: str) -> None:
    assert old in content.shipped[file]
    content.shipped[file] = content.shipped[file].replace(old, new)


def test_good_content_passes_and_drafts_are_counted(content: Any) -> None:
    report = _check(content)
    assert report.problems == []
    assert "topics/cost.yml: cost.session: is a draft" in _lines(report.unsigned)
    assert "conditions.yml: suitability.isotretinoin: is a draft" in _lines(report.unsigned)
    assert "red_flags.yml: E-AN: is a draft" in _lines(report.unsigned)
    assert report.passed()
    assert not report.passed(strict=True)


def test_approved_content_may_go_live(content: Any) -> None:
    entries = [fact for topic in content.topics.values() for fact in topic["facts"]] + content.conditions
    for entry in entries:
        entry["review"] = {"date": "2026-11-20", "reviewer": "Dr A", "status": "approved"}
    _change(content, RED_FLAGS, "reviewer: null", "reviewer: Dr A")
    _change(content, RED_FLAGS, "status: draft", "status: approved")
    assert _check(content).passed(strict=True)
    content.clinic["is_example"] = True
    assert _lines(_check(content).unsigned) == ["clinic.yml: Test Clinic: is an example clinic"]


def test_numbers_to_call_that_nobody_has_checked_must_not_go_live(content: Any) -> None:
    _change(content, EMERGENCY_NUMBERS, "verified: OPEN", "verified: JUDGE")
    assert "emergency_numbers.yml: GB: is to be checked by the clinic" in _lines(_check(content).unsigned)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("booking.yml", "{reference}", "{refrence}", "booked: unknown placeholder: refrence"),
        ("booking_mail.yml", "{practitioner}", "{doctor}", "visitor.confirmed.text: unknown placeholder: doctor"),
        ("red_flags.yml", "id: E-AN", "id: E-XX", "E-AN: missing category"),
        ("red_flags.yml", "- NHS-1", "- NHS-99", "E-AN: unknown source NHS-99"),
        ("red_flag_words.yml", "groups:", "grupps:", "file: groups: field required"),
        ("emergency_numbers.yml", "default:", "elsewhere:", "default: missing"),
    ],
)
def test_the_words_of_booking_and_danger_are_checked_too(
    content: Any, file: str, old: str, new: str, complaint: str
) -> None:
    _change(content, file, old, new)
    report = _check(content)
    assert f"{file}: {complaint}" in _lines(report.problems)
    assert not report.passed()


def test_an_example_that_is_not_heard_is_a_problem(content: Any) -> None:
    _change(content, RED_FLAGS, "- my tongue is swelling up\n", "- something is a little odd today\n")
    assert _lines(_check(content).problems) == [
        "red_flags.yml: E-AN: not heard: 'something is a little odd today', but nothing"
    ]


def test_a_harmless_example_that_is_taken_for_an_emergency_is_a_problem(content: Any) -> None:
    _change(content, RED_FLAGS, "- I can breathe fine\n", "- my throat is closing\n")
    assert _lines(_check(content).problems) == [
        "red_flags.yml: E-AN: taken for an emergency by rule:E-AN.throat: 'my throat is closing'"
    ]


def test_defects_of_all_files_are_listed_together(content: Any) -> None:
    content.fact("cost.session")["role"] = "nonsense"
    content.shipped = dict.fromkeys(content.shipped, "- nonsense")
    assert {defect.file for defect in _check(content).problems} == {"topics/cost.yml", *content.shipped}


def test_what_the_loader_refuses_is_a_problem(content: Any) -> None:
    content.fact("cost.session")["sources"] = ["X"]
    report = _check(content)
    assert _lines(report.problems) == ["topics/cost.yml: cost.session: unknown source X"]
    assert not report.passed()


def test_a_topic_needs_a_lead_that_is_said_to_everybody(content: Any) -> None:
    content.fact("pain.first")["role"] = "detail"
    content.fact("safety.first")["for"] = {"body_area": ["neck"]}
    assert _lines(_check(content).problems) == [
        "topics/pain.yml: pain: has no lead",
        "topics/safety.yml: safety: has no lead",
    ]


def test_leads_are_short_together(content: Any) -> None:
    content.fact("cost.session")["text"] = "Yes. " * 26 + "It is {price}."
    content.fact("cost.again")["text"] = "No. " * 25 + "It is {price}."
    assert _lines(_check(content).problems) == ["topics/cost.yml: cost: leads of 57 words together, more than 55"]


def test_hard_words_are_a_problem_for_a_topic_and_a_note_for_a_fact(content: Any) -> None:
    hard = "Microneedling necessitates individualised dermatological consideration, notwithstanding contraindications."
    content.fact("pain.first")["text"] = hard
    report = _check(content)
    assert [defect[:2] for defect in report.problems] == [("topics/pain.yml", "pain")]
    assert [defect[:2] for defect in report.notes] == [("topics/pain.yml", "pain.first")]


def test_a_long_fact_is_a_note(content: Any) -> None:
    content.fact("pain.first")["text"] = "It can be a bit sore. " * 6
    assert _lines(_check(content).notes) == ["topics/pain.yml: pain.first: 36 words, more than 30"]


@pytest.mark.parametrize(
    ("today", "stale"),
    [(date(2027, 11, 19), False), (date(2027, 11, 20), True), (date(2029, 1, 1), True), (date(2026, 1, 1), False)],
)
def test_a_review_is_stale_after_a_year(content: Any, today: date, stale: bool) -> None:
    report = _check(content, today)
    assert ("topics/cost.yml: cost.session: last reviewed on 2026-11-20" in _lines(report.stale)) == stale
    assert report.passed()


def test_plain_words_have_a_lower_grade_than_hard_ones() -> None:
    assert reading_grade("") == 0
    assert reading_grade("Keep the skin clean. Use a mild wash.") < 3
    assert reading_grade("Contraindications necessitate individualised consideration.") > 15


def test_the_content_that_ships_has_no_problems() -> None:
    assert check(REPOSITORY / "facts", TODAY).problems == []

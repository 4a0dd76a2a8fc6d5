"""Sources, the apology and the clinic's details, out of the facts store."""

from __future__ import annotations

import pytest
from stub_door import APOLOGY, APOLOGY_BUTTON, StubStore

from channels.common.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk(StubStore)


def test_each_source_is_named_once_with_its_oldest_review(desk):
    found = desk.sources(["cost.session", "cost.course"], "A session costs money. A course costs more.")

    assert [(each["organisation"], each["reviewed"]) for each in found] == [
        ("Clinic", "2026-11-20"),
        ("NHS", "2026-10-01"),
    ]


def test_sources_are_those_of_the_variant_that_was_said(desk):
    assert [each["title"] for each in desk.sources(["cost.course"], "Hands cost less.")] == ["Hands"]


def test_unknown_fact_leads_to_no_source_and_is_logged(desk, caplog):
    found = desk.sources(["cost.gone", "cost.course"], "A course costs more.")

    assert [each["title"] for each in found] == ["Cosmetic procedures"]
    assert "does not have" in caplog.text


def test_apology_comes_from_the_store(desk):
    assert desk.apology() == {
        "text": APOLOGY,
        "buttons": [APOLOGY_BUTTON],
        "outcome": "handoff",
        "topics": [],
        "facts": [],
    }


def test_clinic_can_be_called(desk):
    page = desk.page()

    assert (page["phone"], page["phone_link"]) == ("+44 20 7946 0018", "+442079460018")


def test_widget_learns_whom_to_call(desk):
    assert desk.about() == {
        "name": "Linden Row <Skin> Clinic",
        "phone": "+44 20 7946 0018",
        "emergency_number": "999",
        "language": "en-GB",
    }

"""What visitors are told: has a clinician signed it, is it this clinic's, does its time zone fit?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from babel.core import get_global

from frontdesk.doctor.findings import Finding, look, well, wrong
from frontdesk.facts.checks import check
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.settings import Settings

_AHEAD = timedelta(days=60)


def sign_off(settings: Settings, today: date) -> Iterator[Finding]:
    """Is the content free of defects, signed off, and reviewed within the year?"""
    report = check(settings.facts_dir, today)
    if report.problems:
        yield wrong("facts", f"{len(report.problems)} defects.", "frontdesk check lists them.")
    if report.unsigned:
        yield wrong(
            "facts",
            f"{len(report.unsigned)} entries are not signed off by a clinician, or are the example clinic's.",
            "frontdesk check --strict lists them.",
        )
    if report.stale:
        yield look("facts", f"{len(report.stale)} entries were not reviewed for a year.", "frontdesk check lists them.")
    if not (report.problems or report.unsigned or report.stale):
        yield well("facts", "All is signed off, and was reviewed within the year.")


def time_zone(clinic: ClinicProfile) -> Iterator[Finding]:
    """Does the clinic's time zone lie in its country?"""
    if get_global("zone_territories").get(clinic.time_zone) != clinic.country.upper():
        yield look(
            "time zone",
            f"{clinic.time_zone} is no time zone of {clinic.country.upper()}.",
            "Check `time_zone` and `country` in facts/clinic.yml: appointments go by them.",
        )
    else:
        yield well("time zone", clinic.time_zone)


def holidays(clinic: ClinicProfile, today: date) -> Iterator[Finding]:
    """Are the coming holidays entered?"""
    last = max((each.date for each in clinic.hours.exceptions), default=None)
    if last is None or last < today + _AHEAD:
        yield look(
            "holidays",
            "No day off is entered for more than two months ahead." if last else "No day off is entered at all.",
            "Enter them in facts/clinic.yml: visitors can book on any other day.",
        )
    else:
        yield well("holidays", f"Entered up to {last.isoformat()}.")

"""What a reviewer wants to know of the content: all the loader refuses, how it reads, and who has signed it off."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

from frontdesk.booking.mail_words import load_mail_words
from frontdesk.facts.baseline import CLINIC, CONDITIONS, Baseline
from frontdesk.facts.booking_words import load_booking_words
from frontdesk.facts.loading import load
from frontdesk.facts.readability import reading_grade
from frontdesk.facts.reading import Defect, FactsError
from frontdesk.facts.red_flags import EMERGENCY_NUMBERS, RED_FLAGS, RedFlags, load_red_flags, red_flag_defects
from frontdesk.facts.schema import Review
from frontdesk.facts.sentences import word_count
from frontdesk.facts.snapshot import FactsStore
from frontdesk.screening.examples import example_defects

HIGHEST_GRADE = 8.0
LONGEST_LEADS = 55
LONGEST_FACT = 30
REVIEW_MONTHS = 12

Content = TypeVar("Content")


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        problems: What has to be put right.
        unsigned: What must not go live yet: drafts, unchecked emergency numbers, the profile of an invented clinic.
        stale: What was last reviewed more than a year ago, with the date.
        notes: What is worth a look.
    """

    problems: list[Defect] = field(default_factory=list)
    unsigned: list[Defect] = field(default_factory=list)
    stale: list[Defect] = field(default_factory=list)
    notes: list[Defect] = field(default_factory=list)

    def passed(self, strict: bool = False) -> bool:
        """Whether the content may be used; strictly, whether it may go live."""
        return not self.problems and not (strict and self.unsigned)


def check(folder: Path, today: date) -> Report:
    """Check the content of a folder as it is in the files, without the clinic's own values."""
    problems: list[Defect] = []
    baseline = _loaded(load, folder, problems)
    red_flags = _loaded(load_red_flags, folder, problems)
    _loaded(load_booking_words, folder, problems)
    _loaded(load_mail_words, folder, problems)
    if baseline is None or red_flags is None:
        return Report(problems=list(dict.fromkeys(problems)))
    store = FactsStore(baseline)
    faults = red_flag_defects(red_flags, baseline.sources, baseline.replies)
    problems += faults or example_defects(red_flags)
    problems += [*_lead_problems(baseline, store), *_grade_problems(baseline, store)]
    return Report(
        problems=problems,
        unsigned=list(_unsigned(baseline, red_flags)),
        stale=list(_stale(baseline, red_flags, today)),
        notes=list(_notes(baseline, store)),
    )


def _loaded(read: Callable[[Path], Content], folder: Path, problems: list[Defect]) -> Content | None:
    try:
        return read(folder)
    except FactsError as error:
        problems += error.defects
        return None


def _lead_problems(baseline: Baseline, store: FactsStore) -> Iterator[Defect]:
    for name, topic in baseline.topics.items():
        leads = [fact for fact in topic.facts if fact.role == "lead" and not fact.only_for]
        if not leads:
            yield Defect(baseline.files[name], name, "has no lead")
        words = sum(word_count(store.render(fact.id).text) for fact in leads)
        if words > LONGEST_LEADS:
            yield Defect(baseline.files[name], name, f"leads of {words} words together, more than {LONGEST_LEADS}")


def _grade_problems(baseline: Baseline, store: FactsStore) -> Iterator[Defect]:
    texts: dict[tuple[str, str], list[str]] = {}
    for file, fact in baseline.facts():
        name = "all entries" if file == CONDITIONS else fact.topic
        texts.setdefault((file, name), []).append(store.render(fact.id).text)
    for (file, name), said in texts.items():
        grade = reading_grade(" ".join(said))
        if grade > HIGHEST_GRADE:
            yield Defect(file, name, f"reading grade {grade:.1f}, more than {HIGHEST_GRADE:.0f}")


def _unsigned(baseline: Baseline, red_flags: RedFlags) -> Iterator[Defect]:
    clinic = baseline.clinic
    if clinic.is_example:
        yield Defect(CLINIC, clinic.name, "is an example clinic")
    if red_flags.lines_of(clinic.country).verified == "JUDGE":
        yield Defect(EMERGENCY_NUMBERS, clinic.country, "is to be checked by the clinic")
    for file, id_, review in _reviews(baseline, red_flags):
        if review.status == "draft":
            yield Defect(file, id_, "is a draft")


def _stale(baseline: Baseline, red_flags: RedFlags, today: date) -> Iterator[Defect]:
    for file, id_, review in _reviews(baseline, red_flags):
        reviewed = review.date
        months = 12 * (today.year - reviewed.year) + today.month - reviewed.month - (today.day < reviewed.day)
        if months >= REVIEW_MONTHS:
            yield Defect(file, id_, f"last reviewed on {reviewed.isoformat()}")


def _reviews(baseline: Baseline, red_flags: RedFlags) -> Iterator[tuple[str, str, Review]]:
    """File, id and review of all that a clinician signs off."""
    yield from ((file, fact.id, fact.review) for file, fact in baseline.facts())
    yield from ((RED_FLAGS, category.id, category.review) for category in red_flags.categories)


def _notes(baseline: Baseline, store: FactsStore) -> Iterator[Defect]:
    for file, id_, text in _authored(baseline, store):
        if word_count(text) > LONGEST_FACT:
            yield Defect(file, id_, f"{word_count(text)} words, more than {LONGEST_FACT}")
        grade = reading_grade(text)
        if grade > HIGHEST_GRADE:
            yield Defect(file, id_, f"reading grade {grade:.1f}, more than {HIGHEST_GRADE:.0f}")


def _authored(baseline: Baseline, store: FactsStore) -> Iterator[tuple[str, str, str]]:
    """File, id and text of each fact that shows nothing of the clinic's profile: addresses and hours have no style."""
    for file, fact in baseline.facts():
        if not any(value.clinic for value in fact.values.values()):
            yield file, fact.id, store.render(fact.id).text

"""What a reviewer wants to know of the content: all the loader refuses, how it reads, and who has signed it off."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from frontdesk.facts.baseline import CLINIC, CONDITIONS, Baseline
from frontdesk.facts.loading import load
from frontdesk.facts.readability import reading_grade
from frontdesk.facts.reading import Defect, FactsError
from frontdesk.facts.sentences import word_count
from frontdesk.facts.snapshot import FactsStore

HIGHEST_GRADE = 8.0
LONGEST_LEADS = 55
LONGEST_FACT = 30
REVIEW_MONTHS = 12


@dataclass(frozen=True)
class Report:
    """What was found.

    Attributes:
        problems: What has to be put right.
        unsigned: What must not go live yet: drafts, and the profile of an invented clinic.
        stale: Facts whose last review is more than a year ago, with its date.
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
    try:
        baseline = load(folder)
    except FactsError as error:
        return Report(problems=list(error.defects))
    store = FactsStore(baseline)
    return Report(
        problems=[*_lead_problems(baseline, store), *_grade_problems(baseline, store)],
        unsigned=list(_unsigned(baseline)),
        stale=list(_stale(baseline, today)),
        notes=list(_notes(baseline, store)),
    )


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


def _unsigned(baseline: Baseline) -> Iterator[Defect]:
    if baseline.clinic.is_example:
        yield Defect(CLINIC, baseline.clinic.name, "is an example clinic")
    for file, fact in baseline.facts():
        if fact.review.status == "draft":
            yield Defect(file, fact.id, "is a draft")


def _stale(baseline: Baseline, today: date) -> Iterator[Defect]:
    for file, fact in baseline.facts():
        reviewed = fact.review.date
        months = 12 * (today.year - reviewed.year) + today.month - reviewed.month - (today.day < reviewed.day)
        if months >= REVIEW_MONTHS:
            yield Defect(file, fact.id, f"last reviewed on {reviewed.isoformat()}")


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

"""A small but complete facts store in a folder of its own, for every test that needs content."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from frontdesk.booking.mail_words import FILE as MAIL
from frontdesk.facts.booking_words import BOOKING
from frontdesk.facts.reading import read_yaml
from frontdesk.facts.red_flags import EMERGENCY_NUMBERS, RED_FLAG_WORDS, RED_FLAGS
from frontdesk.facts.schema import TOPICS
from frontdesk.settings import REPOSITORY, Settings

REVIEW = {"date": "2026-11-20", "reviewer": None, "status": "draft"}
NINE_TO_SIX = [{"open": "09:00", "close": "18:00"}]


def _fact(id_: str, text: str, **more: Any) -> dict[str, Any]:
    return {"id": id_, "role": "lead", "text": text, "sources": ["NHS-1"], "review": dict(REVIEW), **more}


class Content:
    """The files of a facts store as plain data, and `shipped` ones as text; change them, then `write`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.topics: dict[str, dict[str, Any]] = {
            name: {
                "topic": name,
                "title": name[:20],
                "question": f"What about {name}?",
                "facts": [_fact(f"{name}.first", "The clinic can tell you more.")],
            }
            for name in TOPICS
        }
        self.topics["cost"]["facts"] = [
            _fact("cost.session", "A session costs {price}.", values={"price": {"clinic": "prices.session"}}),
            _fact("cost.again", "Each session is {price}.", values={"price": {"clinic": "prices.session"}}),
        ]
        self.topics["aftercare"]["facts"] = [
            _fact(
                "aftercare.first_day",
                "Wait {wait} before you wear make-up.",
                values={"wait": {"value": 24, "unit": "hour"}},
                about=["make-up"],
                variants=[
                    {"when": {"body_area": ["neck"]}, "values": {"wait": {"value": 48, "unit": "hour"}}},
                    {
                        "when": {"body_area": ["neck"], "concern": ["acne_scars"]},
                        "text": "Wait longer, {wait}, before you wear make-up on scars.",
                        "sources": ["FDA-1"],
                    },
                ],
            ),
        ]
        self.topics["number_of_sessions"]["facts"] = [
            _fact(
                "number_of_sessions.course",
                "Most people have {sessions}, {gap} apart.",
                values={
                    "sessions": {"min": 3, "max": 6, "unit": "session"},
                    "gap": {"min": 4, "max": 6, "unit": "week"},
                },
            ),
        ]
        hours = [
            _fact("clinic_hours.week", "We are open {hours}.", values={"hours": {"clinic": "hours.text"}}),
            _fact("clinic_hours.today", "We are {today}.", values={"today": {"clinic": "hours.today"}}),
        ]
        self.topics["clinic_hours"]["facts"] = hours
        self.sources = [
            {"id": id_, "organisation": "Org", "title": "Title", "url": None, "date": None, "verified": "FULL"}
            for id_ in ("NHS-1", "FDA-1", "CLINIC")
        ]
        self.vocabulary: dict[str, list[Any]] = {
            "needling": ["needl"],
            "concern": [{"id": "acne_scars", "name": "acne scars", "synonyms": ["acne scars"]}],
            "body_area": [{"id": "neck", "name": "the neck", "synonyms": ["neck"], "misspellings": ["nekc"]}],
            "treatment": [{"id": "laser", "name": "laser", "synonyms": ["laser"]}],
            "device": [{"id": "morpheus8", "name": "Morpheus8", "synonyms": ["morpheus8"]}],
            "skin_tone": [{"id": "darker", "name": "darker skin", "synonyms": ["dark skin"]}],
        }
        self.aspects: list[dict[str, Any]] = [
            {"topic": "cost", "beside": ["pain"], "words": ["cheap"]},
            {"topic": "aftercare", "beside": ["pain"], "names": ["body_area"]},
        ]
        self.conditions = [
            {
                "id": "isotretinoin",
                "kind": "medication",
                "name": "isotretinoin",
                "synonyms": ["isotretinoin"],
                "class": "postpone",
                "text": "The clinic normally waits {wait} after the last dose.",
                "past_text": "Tell the clinician when you took it; {wait} is the usual gap.",
                "wait": {"value": 6, "unit": "month"},
                "sources": ["FDA-1"],
                "review": dict(REVIEW),
            }
        ]
        self.clinic: dict[str, Any] = {
            "name": "Test Clinic",
            "country": "GB",
            "time_zone": "Europe/London",
            "currency": "GBP",
            "language": "en-GB",
            "address": {"text": "1 Test Row, London"},
            "phone": "+442079460018",
            "email": "hello@clinic.example",
            "prices": {"session": 240, "course": {"sessions": 3, "price": 600}},
            "hours": {
                "weekly": {
                    **dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), NINE_TO_SIX),
                    "saturday": [{"open": "10:00", "close": "13:00"}, {"open": "14:00", "close": "16:30"}],
                    "sunday": [],
                },
                "exceptions": [
                    {"date": "2026-12-25", "closed": True, "reason": "Christmas Day"},
                    {"date": "2026-12-24", "open": "09:00", "close": "13:00"},
                ],
            },
            "policies": {"cancel_notice_hours": 48},
            "booking": {
                "slot_minutes": 30,
                "buffer_minutes": 10,
                "notice_hours": 4,
                "horizon_days": 60,
                "hold_minutes": 10,
            },
            "practitioners": {"people": [], "text": "A doctor leads the team."},
            "location": {"parking": "There is no car park."},
            "payment": {"cards": "You can pay by card."},
            "contact": {"reminders": "We email you the day before."},
            "consultation": {"minutes": 30},
            "device": {"text": "We use a pen."},
        }
        self.replies: dict[str, Any] = {
            "greet": {
                "text": ["Hello from {clinic}.", "Hi from {clinic}."],
                "outcome": "smalltalk",
                "buttons": ["cost"],
            },
            "handoff": {"text": "Call {phone}. We are {hours_today}.", "outcome": "handoff", "buttons": ["call"]},
            "clarify": {"text": "Did you mean {topic_a} or {topic_b}?", "outcome": "clarify"},
            "urgent": {"text": "In an emergency, call {emergency_number}.", "outcome": "handoff"},
            "buttons": {"call": {"title": "Phone", "payload": "What is your phone number?"}},
        }
        self.shipped = dict(_shipped())
        self.words: dict[str, Any] = yaml.safe_load((REPOSITORY / "facts" / "words.yml").read_text(encoding="utf-8"))

    def fact(self, id_: str) -> dict[str, Any]:
        """The data of a fact, to be changed in place."""
        return next(fact for topic in self.topics.values() for fact in topic["facts"] if fact["id"] == id_)

    def write(self) -> Path:
        """Write all files; the folder."""
        topics = self.folder / "topics"
        topics.mkdir(parents=True, exist_ok=True)
        for name, topic in self.topics.items():
            _dump(topics / f"{name}.yml", topic)
        for name in ("sources", "aspects", "vocabulary", "conditions", "clinic", "replies", "words"):
            _dump(self.folder / f"{name}.yml", getattr(self, name))
        for name, text in self.shipped.items():
            (self.folder / name).write_text(text, encoding="utf-8")
        return self.folder


class _Dumper(yaml.SafeDumper):
    """Writes what two entries share twice, not as an alias."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(data: Any) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False))


def _dump(path: Path, data: Any) -> None:
    path.write_text(_text(data), encoding="utf-8")


@lru_cache(maxsize=1)
def _shipped() -> dict[str, str]:
    """Files that are taken as they ship, with the sources and replies there are here."""
    facts = REPOSITORY / "facts"
    texts = {
        name: (facts / name).read_text(encoding="utf-8") for name in (BOOKING, MAIL, RED_FLAG_WORDS, EMERGENCY_NUMBERS)
    }
    data = read_yaml(facts / RED_FLAGS, facts)
    for category in data["red_flags"]:
        category["sources"] = ["NHS-1"]
        if category["reply"] not in data["replies"]:
            category["reply"] = "handoff"
    return {**texts, RED_FLAGS: _text(data)}


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A valid content, not yet written."""
    return Content(tmp_path / "facts")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings whose facts and database lie in the test's own folder."""
    return Settings.from_environment(
        {"FRONTDESK_FACTS": str(tmp_path / "facts"), "FRONTDESK_VAR": str(tmp_path / "var")}
    )

"""What a page and the widget show of the clinic, out of its profile and the facts store."""

from __future__ import annotations

from typing import Any

from frontdesk.facts.hours import week_text
from frontdesk.facts.schema import Value
from frontdesk.facts.snapshot import FactsStore

# Shown on the page as questions with their answers, so that page and assistant say the same.
_PAGE_TOPICS = ("what_is", "pain", "downtime", "results_timeline")
_PRICES = ("consultation", "session_small_area", "session", "session_large_area")


def about(store: FactsStore) -> dict[str, str]:
    """Returns what the widget needs of the clinic: ``name``, ``phone``, ``emergency_number`` and ``language``."""
    clinic = store.clinic
    return {
        "name": clinic.name,
        "phone": clinic.phone,
        "emergency_number": store.emergency_number,
        "language": clinic.language,
    }


def page_values(store: FactsStore) -> dict[str, Any]:
    """Returns the values for the demo page's template, all of them plain text.

    ``name``, ``address``, ``phone``, ``phone_link``, ``email``, ``is_example``, ``emergency_number``, ``prices`` (by
    name of the profile), ``course`` (``{"sessions", "price"}``), ``hours`` (lines), ``people`` and ``answers``
    (``{"question", "text"}``), and the profile's sections ``location``, ``consultation`` and ``policies``.
    """
    clinic = store.clinic

    def said(path: str) -> str:
        return store.resolver.text(Value(clinic=path))

    return {
        **about(store),
        "address": clinic.address.text,
        "phone_link": "".join(character for character in clinic.phone if character in "+0123456789"),
        "email": clinic.email,
        "is_example": clinic.is_example,
        "prices": {name: said(f"prices.{name}") for name in _PRICES},
        "course": {"sessions": said("prices.course.sessions"), "price": said("prices.course.price")},
        "hours": week_text(clinic, store.baseline.words.hours).split(", "),
        "people": [{"id": each.id, "name": each.name, "role": each.role} for each in clinic.practitioners.people],
        "location": clinic.location.dict(),
        "consultation": clinic.consultation.dict(),
        "answers": [_answer(store, name) for name in _PAGE_TOPICS if name in store.topics],
    }


def _answer(store: FactsStore, name: str) -> dict[str, str]:
    topic = store.topic(name)
    leads = [store.render(fact.id).text for fact in topic.facts if fact.role == "lead"]
    return {"question": topic.question, "text": " ".join(leads)}

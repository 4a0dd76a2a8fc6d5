"""What the door needs of the facts store: sources to show, the apology, and the clinic's details for its page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timezone
from typing import Any

from channels.common.errors import sentence
from channels.common.failures import log_failure
from channels.common.profile import about, page_values
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.facts.snapshot import FactsStore, RenderedFact
from frontdesk.facts.store import shared
from frontdesk.settings import Settings
from frontdesk.wording import wording

APOLOGY = "apology"


class Desk:
    """Takes the store anew for each question, so that a change of a fact shows at once.

    Taking it may read the database; so from an event loop, call the methods in a thread.
    """

    def __init__(self, store: Callable[[], FactsStore]) -> None:
        """Keeps the way to the store.

        Args:
            store: gives the store as it is now.
        """
        self._store = store

    @classmethod
    def from_settings(cls, settings: Settings) -> Desk:
        """Makes a desk with the store of this installation."""
        return cls(shared(settings).current)

    def sources(self, fact_ids: Iterable[str], text: str) -> list[dict[str, Any]]:
        """Returns the sources behind an answer, each once, in the order of its facts.

        Args:
            fact_ids: ids of the facts in the answer; one that the store does not have leads to no source.
            text: the answer, which tells which variant of each fact was said.

        Returns:
            ``{"title", "url", "organisation", "date", "reviewed"}``; ``url`` and ``date`` may be None, ``reviewed`` is
            the day (ISO 8601) on which the longest unreviewed of the facts was last reviewed.
        """
        if not fact_ids:
            return []
        try:
            return self._found(fact_ids, text)
        except Exception as error:
            # An answer without its sources is better than no answer.
            log_failure("sources of an answer could not be read", error)
            return []

    def apology(self) -> dict[str, Any]:
        """Returns the message for a turn that failed: text, buttons, outcome, topics and facts."""
        try:
            reply = wording(self._store(), APOLOGY, datetime.now(timezone.utc))
            text, outcome = reply.text, reply.outcome
            buttons = [{"title": button.title, "payload": button.payload} for button in reply.buttons]
        except Exception as error:
            log_failure("the apology could not be read", error)
            text, outcome, buttons = sentence("apology_without_store"), "handoff", []
        return {"text": text, "buttons": buttons, "outcome": outcome, "topics": [], "facts": []}

    def page(self) -> dict[str, Any]:
        """Returns the values for the demo page, see :func:`channels.common.profile.page_values`."""
        return page_values(self._store())

    def clinic(self) -> ClinicProfile:
        """Returns the clinic's profile."""
        return self._store().clinic

    def about(self) -> dict[str, str]:
        """Returns what the widget shows of the clinic, see :func:`channels.common.profile.about`."""
        return about(self._store())

    def _found(self, fact_ids: Iterable[str], text: str) -> list[dict[str, Any]]:
        store = self._store()
        found: dict[str, dict[str, Any]] = {}
        for fact_id in fact_ids:
            if fact_id not in store.facts:
                log_failure("an answer names a fact that the store does not have", None)
                continue
            reviewed = store.fact(fact_id).review.date.isoformat()
            for source_id in _said(store, fact_id, text).sources:
                source = store.sources[source_id]
                entry = found.setdefault(
                    source_id,
                    {
                        "title": source.title,
                        "url": source.url,
                        "organisation": source.organisation,
                        "date": source.date,
                        "reviewed": reviewed,
                    },
                )
                entry["reviewed"] = min(entry["reviewed"], reviewed)
        return list(found.values())


def _said(store: FactsStore, fact_id: str, text: str) -> RenderedFact:
    for variant in store.fact(fact_id).variants:
        rendered = store.render(fact_id, variant.when)
        if rendered.text in text:
            return rendered
    return store.render(fact_id)

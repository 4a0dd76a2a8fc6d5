"""A visitor to test with: messages as `nlu` would hand them over, and the store that ships."""

from __future__ import annotations

import datetime
from functools import lru_cache

from frontdesk.ages import ages_in
from frontdesk.entities import Entity
from frontdesk.facts.loading import load
from frontdesk.facts.snapshot import FactsStore
from frontdesk.facts.terms import vocabulary_terms
from frontdesk.questions import respond
from frontdesk.settings import REPOSITORY
from frontdesk.turn import Memory, Question, Response, Turn
from frontdesk.vocabulary import Vocabulary

FACTS = REPOSITORY / "facts"
# A Friday, within the example clinic's hours.
NOW = datetime.datetime(2026, 11, 20, 10, 0, tzinfo=datetime.timezone.utc)


@lru_cache(maxsize=1)
def shipped_store() -> FactsStore:
    """The facts that ship; of several wordings always the first."""
    return FactsStore(load(FACTS), choose=lambda texts: texts[0])


@lru_cache(maxsize=1)
def shipped_vocabulary() -> Vocabulary:
    """The words that ship."""
    return Vocabulary(vocabulary_terms(FACTS))


def named_in(text: str) -> tuple[Entity, ...]:
    """What `nlu` finds in a text."""
    named = shipped_vocabulary().find(text)
    known = {entity.value for entity in named}
    return (*named, *(entity for entity in ages_in(text) if entity.value not in known))


def asked(text: str, intent: str, confidence: float = 0.9, also: str | None = None) -> Question:
    """One question with what it names."""
    return Question(text, intent, confidence, ((intent, confidence),), named_in(text), also)


def message(*questions: tuple[str, str], story: str = "") -> Turn:
    """A message of `(text, intent)` questions, after a story that asks nothing."""
    text = " ".join([story, *(text for text, _ in questions)]).strip()
    intent = questions[0][1] if questions else "story"
    return Turn(text, intent, tuple(asked(*question) for question in questions), named_in(text))


def not_understood(*ranking: str, reason: str = "unsure") -> Turn:
    """A message of which `nlu` was not sure, with its likeliest intents."""
    ranked = tuple((intent, 0.1) for intent in ranking)
    questions = (Question("?", ranking[0], 0.1, ranked),) if ranking else ()
    return Turn("?", "nlu_fallback", questions, fallback_reason=reason)


def ask(turn: Turn, memory: Memory | None = None) -> Response:
    """The desk's response to a turn, with the facts that ship."""
    return respond(turn, memory or Memory(), shipped_store(), NOW)


def said(response: Response) -> str:
    """All texts of a response."""
    return " ".join(reply.text for reply in response.replies)


def outcomes(response: Response) -> list[str]:
    """The outcome of each reply."""
    return [reply.outcome for reply in response.replies]


def facts(response: Response) -> list[str]:
    """Ids of all facts told."""
    return [fact for reply in response.replies for fact in reply.facts]


def topics(response: Response) -> list[str]:
    """All topics dealt with."""
    return [topic for reply in response.replies for topic in reply.topics]


def payloads(response: Response) -> list[str]:
    """What the buttons of all replies send."""
    return [button.payload for reply in response.replies for button in reply.buttons]

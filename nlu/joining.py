"""Decides which questions a message holds, from the classified whole and its classified pieces."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

_ASKS = re.compile(
    r"\?|^(?:(?:and|so|but|also|then|ok|okay|hi|hello|hey|please|just)\W+)*"
    r"(?:how|what|when|where|which|who|why|is|are|do|does|did|can|could|should|will|would|may|am|any|was|were|has|have"
    r"|tell|need|want|whats|hows|looking|wondering|kindly|explain|give|send|advise|share|list)\b"
    r"|^(?:\w+\W+){1,3}(?:how|what|when|where|which|who|why|whose)\b"
    r"|\b(?:wondering|wonder|know|ask|tell me|curious|worried|question|i'd like|i want|i need|not sure|unsure"
    r"|whether|please|pls|kindly|let me know)\b",
    re.I,
)
_TELLS = re.compile(
    r"\b(?:i|i'\w+|im|ive|me|my|mine|we|our|he|she|they|it|it's|its|that|that's|this|you|you're|your|was|were|had|has|have"
    r"|is|are|am|be|been|did|didn't|do|don't|will|won't|not|no|nothing|nobody|none|never|only|already|still|yes|got|went|said|told|thanks|thank|sorry)\b",
    re.I,
)
_MOST_WORDS_OF_A_NAME = 7


@dataclass(frozen=True)
class Piece:
    """A classified piece of a message: its text and its intents, likeliest first."""

    text: str
    ranking: tuple[tuple[str, float], ...]

    @property
    def intent(self) -> str:
        """The likeliest intent."""
        return self.ranking[0][0] if self.ranking else ""

    @property
    def confidence(self) -> float:
        """Probability of the likeliest intent."""
        return self.ranking[0][1] if self.ranking else 0.0

    def without(self, intents: Collection[str]) -> Piece:
        """The same piece with ``intents`` taken out of its ranking."""
        return replace(self, ranking=tuple(entry for entry in self.ranking if entry[0] not in intents))

    @property
    def asks(self) -> bool:
        """Whether it reads like a question or a request, or names a thing and says nothing of it ("a neck's price")."""
        names = len(self.text.split()) <= _MOST_WORDS_OF_A_NAME and not _TELLS.search(self.text)
        return names or bool(_ASKS.search(self.text))


@dataclass(frozen=True)
class JoiningRules:
    """Which intents behave how, and the confidences that count.

    Attributes:
        silent: intents that ask nothing; kept only when the message holds nothing else.
        dominant: intents that, seen in the whole message, outweigh what single pieces seem to ask.
        absorbed: for an intent, the intents that are part of the same worry and not questions of their own.
        alone: confidence from which a piece counts as a question of its own.
        listed: confidence from which an item of a bare list does.
        dominance: confidence of the whole from which a dominant intent outweighs the pieces.
        most: how many questions are answered in one turn.
        needs: for an intent, the confidence below which the next likely one is taken instead.
        context: weight of the whole message beside its only question, 0 to 1.
    """

    silent: frozenset[str] = frozenset()
    dominant: frozenset[str] = frozenset()
    absorbed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    alone: float = 0.5
    listed: float = 0.6
    dominance: float = 0.5
    most: int = 3
    needs: Mapping[str, float] = field(default_factory=dict)
    context: float = 0.0

    def read(self, piece: Piece) -> Piece:
        """``piece`` without the intents that it does not reach the needed confidence for."""
        weak = {intent for intent, confidence in piece.ranking if confidence < self.needs.get(intent, 0.0)}
        return piece.without(weak) if weak else piece


def join(whole: Piece, pieces: Sequence[Piece], items: Sequence[Piece], rules: JoiningRules) -> list[Piece]:
    """The questions of a message in the order asked, at least one.

    Args:
        whole: the message as one.
        pieces: its sentences and clauses in order; empty when it is one thought.
        items: the items of a bare list, else empty.
        rules: see :class:`JoiningRules`.
    """
    whole, pieces, items = rules.read(whole), [rules.read(p) for p in pieces], [rules.read(i) for i in items]
    listed = _distinct([item for item in items if item.confidence >= rules.listed and item.intent not in rules.silent])
    if len(listed) > 1 and len(listed) == len(items):
        return listed[: rules.most]
    if not pieces:
        return [whole]
    worries = [piece for piece in pieces if piece.intent in rules.dominant and piece.confidence >= rules.alone]
    if whole.intent in rules.dominant and whole.confidence >= rules.dominance:
        worries = worries or [whole]
    asked = [
        piece
        for piece in pieces
        if piece.intent not in rules.silent and piece.confidence >= rules.alone and (piece.asks or piece in worries)
    ]
    if worries:
        return _with_worries(whole, worries, asked, rules)
    if not asked:
        told = [piece for piece in pieces if piece.intent not in rules.silent]
        best = max(told, key=lambda piece: piece.confidence, default=whole)
        return [best if whole.intent in rules.silent or best.confidence > whole.confidence else whole]
    questions = _distinct(asked)
    if len(questions) == 1:
        return [whole if whole.intent == questions[0].intent else _seen_in_context(questions[0], whole, rules)]
    return questions[: rules.most]


def _seen_in_context(question: Piece, whole: Piece, rules: JoiningRules) -> Piece:
    """The only question of a longer message: a story told before "what's realistic?" says what it is about."""
    weights = {intent: 0.0 for intent, _ in (*question.ranking, *whole.ranking) if intent not in rules.silent}
    for piece, share in ((question, 1.0 - rules.context), (whole, rules.context)):
        for intent, confidence in piece.ranking:
            if intent in weights:
                weights[intent] += share * confidence
    ranking = sorted(weights.items(), key=lambda entry: -entry[1])
    return replace(question, ranking=tuple(ranking))


def _with_worries(whole: Piece, worries: list[Piece], asked: list[Piece], rules: JoiningRules) -> list[Piece]:
    """A dominant intent takes the whole message with it, but for clear questions of another kind."""
    worry = whole if whole.intent in {piece.intent for piece in worries} else worries[0]
    absorbed = rules.absorbed.get(worry.intent)
    if absorbed is None:
        return [worry]
    others = [piece for piece in asked if piece.intent not in absorbed and piece.intent != worry.intent]
    return _distinct([worry, *others])[: rules.most]


def _distinct(pieces: Sequence[Piece]) -> list[Piece]:
    """``pieces`` without those whose intent has been asked before; fragments that lean on one before are kept."""
    seen: set[str] = set()
    kept = []
    for piece in pieces:
        if piece.intent not in seen:
            kept.append(piece)
            seen.add(piece.intent)
    return kept

"""What is known of a booking that is still being talked about; it travels with the conversation as plain JSON."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

from frontdesk.booking.records import Booking
from frontdesk.booking.slots import Slot
from frontdesk.turn import Question, Reply

Mode = Literal["book", "change", "cancel"]
Field = Literal["name", "contact", "time", "confirm", "reference", "proof"]

DRAFT_LIVES = datetime.timedelta(hours=12)
"""After this a booking that was left is not taken up again."""

_FIELDS: tuple[Field, ...] = ("name", "contact", "time", "confirm", "reference", "proof")


@dataclass(frozen=True)
class Draft:
    """A booking, a move or a cancellation on its way; everything in it is a plain JSON value.

    Attributes:
        mode: what is being done.
        step: the field that is open.
        owner: sender id of the conversation; holds are in its name.
        channel: the door the visitor came through.
        country: two-letter code of numbers without one.
        began: when it began, ISO with offset.
        name, phone, email: as they would be stored, or None.
        about: what the visit is about; may be empty.
        slot: practitioner, start and end (ISO) of the time that is held, or of the visit to be cancelled.
        wish: the last wish for a time, as ``Wish.to_data`` writes it.
        offered: the slots named last, each as ``slot`` is.
        offered_days: the days named last, ISO.
        failures: how often in a row the open field was not understood.
        refused: which of phone and e-mail the visitor does not want to give.
        changing: whether the open field is being corrected, so that its words are chosen for that.
        reference, proof: of the visit to move or cancel: its reference, and the contact given as proof.
        searches: how often no visit was found.
    """

    mode: Mode = "book"
    step: Field = "name"
    owner: str = ""
    channel: str = ""
    country: str = "GB"
    began: str = ""
    name: str | None = None
    phone: str | None = None
    email: str | None = None
    about: str = ""
    slot: tuple[str, str, str] | None = None
    wish: Mapping[str, Any] | None = None
    offered: tuple[tuple[str, str, str], ...] = ()
    offered_days: tuple[str, ...] = ()
    failures: int = 0
    refused: tuple[str, ...] = ()
    changing: bool = False
    reference: str | None = None
    proof: str | None = None
    searches: int = 0

    def to_slot(self) -> dict[str, Any]:
        """The draft as plain JSON values."""
        data = asdict(self)
        return {
            **data,
            "slot": list(self.slot) if self.slot else None,
            "wish": dict(self.wish) if self.wish is not None else None,
            "offered": [list(slot) for slot in self.offered],
            "offered_days": list(self.offered_days),
            "refused": list(self.refused),
        }

    @classmethod
    def from_slot(cls, value: Any) -> Draft | None:
        """The draft kept in a Rasa slot; None when there is none, or nothing that can be read."""
        if not isinstance(value, Mapping) or value.get("step") not in _FIELDS:
            return None
        known = {field.name for field in fields(cls)}
        data = {name: each for name, each in value.items() if name in known}
        try:
            draft = cls(**data)
            return replace(
                draft,
                slot=_slot_data(draft.slot) if draft.slot else None,
                offered=tuple(_slot_data(slot) for slot in draft.offered),
                offered_days=tuple(datetime.date.fromisoformat(day).isoformat() for day in draft.offered_days),
                refused=tuple(draft.refused),
            )
        except (TypeError, ValueError):
            return None

    @property
    def has_contact(self) -> bool:
        """Whether the visitor can be reached."""
        return bool(self.phone or self.email)


@dataclass(frozen=True)
class Step:
    """What the desk does in one turn of a booking.

    Attributes:
        replies: what it says, after the answers to ``rest``.
        draft: what goes on being talked about; None when it is over.
        done: whether it is over, one way or the other.
        rest: questions of the same message that are no part of the booking and still want an answer.
        booking: what was booked, moved or cancelled in this turn.
    """

    replies: tuple[Reply, ...]
    draft: Draft | None
    done: bool
    rest: tuple[Question, ...] = ()
    booking: Booking | None = None


def slot_data(slot: Slot) -> tuple[str, str, str]:
    """A slot as plain values."""
    return slot.practitioner, slot.start.isoformat(), slot.end.isoformat()


def slot_of(data: tuple[str, str, str], zone: datetime.tzinfo) -> Slot:
    """The slot that ``slot_data`` wrote, in the clinic's zone."""
    practitioner, start, end = data
    moment = datetime.datetime.fromisoformat
    return Slot(practitioner, moment(start).astimezone(zone), moment(end).astimezone(zone))


def _slot_data(data: Any) -> tuple[str, str, str]:
    practitioner, start, end = data
    for moment in (start, end):
        if datetime.datetime.fromisoformat(moment).tzinfo is None:
            raise ValueError("a slot without a time zone")
    return str(practitioner), start, end

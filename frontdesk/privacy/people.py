"""Who is meant, and which conversations and bookings are theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import phonenumbers
import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.sql import ColumnElement

from frontdesk.booking.tables import booking, booking_change
from frontdesk.endings import digest_of
from frontdesk.messages.tables import channel_conversation, channel_inbox, channel_outgoing
from frontdesk.privacy.conversations import among, events, exists
from frontdesk.review import red_flag_turn

_BETWEEN_DIGITS = " -().\u00a0/"


class NotAPerson(ValueError):
    """What was given cannot stand for a person; the message is one sentence."""


@dataclass(frozen=True)
class Person:
    """A person, by what is known of them.

    Attributes:
        phones: In E.164.
        emails: In lower case.
        conversations: Sender ids.
        bookings: Ids of rows.
        references: Of these bookings.
    """

    phones: frozenset[str] = frozenset()
    emails: frozenset[str] = frozenset()
    conversations: frozenset[str] = frozenset()
    bookings: frozenset[int] = frozenset()
    references: frozenset[str] = frozenset()

    @property
    def digests(self) -> frozenset[str]:
        """The conversations as `frontdesk/endings.py` writes them."""
        return frozenset(map(digest_of, self.conversations))

    def is_mentioned_in(self, column: sa.Column) -> ColumnElement:
        """Whether a text holds a number, an address or a reference of theirs, however it is written."""
        lower = sa.func.lower(column)
        compact = lower
        for mark in _BETWEEN_DIGITS:
            compact = sa.func.replace(compact, mark, "")
        held = [
            compact.contains(str(phonenumbers.parse(each).national_number), autoescape=True) for each in self.phones
        ]
        held += [lower.contains(each, autoescape=True) for each in self.emails]
        held += [column.contains(each, autoescape=True) for each in (*self.conversations, *self.references)]
        return sa.or_(sa.false(), *held)


def named(phone: str | None, email: str | None, conversation: str | None, country: str) -> Person:
    """A person by what they are asked for.

    Args:
        phone: A number, with or without its country.
        email: An address.
        conversation: A sender id, such as `website:4f…`.
        country: Two-letter code of numbers without one.

    Raises:
        NotAPerson: Nothing was given, or something that cannot be one.
    """
    phones: list[str] = []
    if phone:
        try:
            number = phonenumbers.parse(phone, country)
        except phonenumbers.NumberParseException:
            raise NotAPerson("That is no phone number.") from None
        if not phonenumbers.is_possible_number(number):
            raise NotAPerson("That is no whole phone number.")
        phones.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    if email and ("@" not in email.strip("@ ") or len(email) < 5):
        raise NotAPerson("That is no e-mail address.")
    if not (phone or email or conversation):
        raise NotAPerson("Say who it is: --phone, --email or --conversation.")
    return Person(
        frozenset(phones),
        frozenset([email.strip().lower()] if email else ()),
        frozenset([conversation.strip()] if conversation else ()),
    )


def found(person: Person, desk: Connection, talk: Connection) -> Person:
    """The same person with all that is theirs.

    A booking with their number or address is theirs, and so are its other number or address and whatever has those; so
    is a conversation in which such a booking was made or changed, in which they can be reached, or in which they gave
    their number or address; and so is what else was booked in such a conversation, but not the contacts given for
    that: who books for a friend is not the friend.

    Args:
        person: As `named` gives it.
        desk: To the desk's database.
        talk: To that of the conversations.
    """
    person = _with_contacts(person, desk)
    mine = _bookings(desk, _has_contact(person)) if person.phones or person.emails else []
    conversations = {*person.conversations, *(row.conversation for row in mine)}
    changed_by = sa.select(booking_change.c.changed_by).where(booking_change.c.booking_id.in_([row.id for row in mine]))
    changers = set(desk.execute(changed_by).scalars())
    contacts = replace(person, conversations=frozenset())
    for table, column in (
        (channel_conversation, channel_conversation.c.address_json),
        (channel_inbox, channel_inbox.c.content_json),
        (channel_outgoing, channel_outgoing.c.call_json),
        (red_flag_turn, red_flag_turn.c.message),
    ):
        conversations |= set(
            desk.execute(sa.select(table.c.conversation).where(contacts.is_mentioned_in(column))).scalars()
        )
    if exists(talk):
        # Names that staff gave stand in the same column.
        conversations |= among(talk, changers)
        said = sa.select(events.c.sender_id).where(contacts.is_mentioned_in(events.c.data)).distinct()
        conversations |= set(talk.execute(said).scalars())
    rows = [*mine, *_bookings(desk, booking.c.conversation.in_(conversations))]
    return replace(
        person,
        conversations=frozenset(conversations),
        bookings=frozenset(row.id for row in rows),
        references=frozenset(row.reference for row in rows),
    )


def _with_contacts(person: Person, desk: Connection) -> Person:
    while person.phones or person.emails:
        rows = _bookings(desk, _has_contact(person))
        more = replace(
            person,
            phones=person.phones | {row.phone for row in rows if row.phone},
            emails=person.emails | {row.email.lower() for row in rows if row.email},
        )
        if more == person:
            break
        person = more
    return person


def _has_contact(person: Person) -> ColumnElement:
    return sa.or_(booking.c.phone.in_(person.phones), sa.func.lower(booking.c.email).in_(person.emails))


def _bookings(desk: Connection, which: ColumnElement) -> list[Any]:
    return list(desk.execute(sa.select(booking).where(which)).all())

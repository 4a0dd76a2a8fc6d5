"""Notices on messengers: handed to the channels' inbox, where they wait their turn in the visitor's conversation.

The server says them in its own words, by the platform's rules; whether these allow it at that moment only it can know.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from frontdesk.booking.mail_words import MailWords, of_booking
from frontdesk.booking.outbox import Notice
from frontdesk.booking.problems import Refused
from frontdesk.booking.reminders import REMINDER
from frontdesk.booking.tables import booking
from frontdesk.facts.clinic import ClinicProfile
from frontdesk.messages.inbox import Arrival, Inbox

NOTICE = "notice"
# A worker that died before it could note the delivery makes it again within its lease.
_MEMORY = timedelta(days=8)


def tell(engine: Engine, notice: Notice, clinic: ClinicProfile, words: MailWords, now: datetime) -> None:
    """Hand a notice over, once however often this is called.

    Raises:
        frontdesk.booking.problems.Refused: the booking is gone.
        sqlalchemy.exc.SQLAlchemyError: the database cannot be used.
    """
    query = sa.select(booking.c.channel, booking.c.conversation).where(booking.c.id == notice.booking_id)
    with engine.connect() as connection:
        found = connection.execute(query).first()
    if found is None:
        raise Refused("the booking is gone")
    values = of_booking(notice.content, clinic, words)
    moment = f"{values['day']}, {values['time']}"
    said = {"clinic": clinic.name, "phone": clinic.phone, "moment": moment, "reference": values["reference"]}
    # A template is for reminders only, as each has to be approved by the platform.
    in_template = [moment, values["reference"]] if notice.event == REMINDER else []
    content = {"event": notice.event, "words": said, "values": in_template, "until": notice.content["start"]}
    arrival = Arrival(found.conversation, notice.message_id, NOTICE, content, None)
    Inbox(engine).add(found.channel, [arrival], now, _MEMORY)

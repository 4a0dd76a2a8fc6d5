"""How long each kind of data is kept: `privacy.yml` in the facts folder, all of it optional."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pydantic import Field, ValidationError

from frontdesk.facts.fields import Record
from frontdesk.facts.reading import Defect, FactsError, read_yaml

FILE = "privacy.yml"
_A_DECADE = 3660


class Periods(Record):
    """Periods in days.

    Attributes:
        conversations: After the last thing that was said.
        red_flag_turns: After somebody has marked the turn seen; before that, it stays.
        ratings: After they were given.
        bookings: After the day of the visit, with their history and notices, whether it took place or not.
        notices: After they were settled, once the visit is over.
        messages: What came from or is meant for a messenger, and could not be answered or sent; all else goes at once.
        messenger_addresses: After the visitor was heard last, with what was offered; not while a visit is to come.
    """

    conversations: int = Field(90, ge=1, le=_A_DECADE)
    red_flag_turns: int = Field(180, ge=1, le=_A_DECADE)
    ratings: int = Field(365, ge=1, le=_A_DECADE)
    bookings: int = Field(90, ge=1, le=_A_DECADE)
    notices: int = Field(30, ge=1, le=_A_DECADE)
    messages: int = Field(8, ge=1, le=_A_DECADE)
    messenger_addresses: int = Field(180, ge=1, le=_A_DECADE)

    def of(self, name: str) -> timedelta:
        """A period by its name."""
        return timedelta(days=getattr(self, name))


def load_periods(folder: Path) -> Periods:
    """Read the periods; those that are not given, or a file that is missing, stand for the defaults.

    Args:
        folder: The facts folder.

    Raises:
        FactsError: The file cannot be used; every defect is listed.
    """
    if not (folder / FILE).exists():
        return Periods.parse_obj({})
    try:
        return Periods.parse_obj(read_yaml(folder / FILE, folder) or {})
    except ValidationError as error:
        places = [(".".join(str(step) for step in fault["loc"]), fault["msg"]) for fault in error.errors()]
        raise FactsError([Defect(FILE, place, reason) for place, reason in places]) from error

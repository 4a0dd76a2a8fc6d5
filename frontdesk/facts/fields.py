"""The kinds of field that entries of the facts store are made of."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConstrainedStr, StrictFloat, StrictInt

Number = StrictInt | StrictFloat


class Record(BaseModel):
    """An entry that cannot be changed and takes no unknown field."""

    class Config:
        """Pydantic's settings."""

        frozen = True
        extra = "forbid"
        allow_population_by_field_name = True


if TYPE_CHECKING:
    # What the fields below hold is plain text, days and times; the classes only tell pydantic what to accept.
    Text = str
    Phrase = str
    Identifier = str
    FactId = str
    IsoDate = datetime.date
    ClockTime = datetime.time
else:

    class Text(ConstrainedStr):
        """Text that is there: no number taken for it, no blanks around it."""

        strict = True
        strip_whitespace = True
        min_length = 1

    class Phrase(Text):
        """What a visitor may type, in lower case."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Any]:
            yield from super().__get_validators__()
            yield cls._lower_case

        @classmethod
        def _lower_case(cls, phrase: str) -> str:
            if phrase != phrase.lower():
                raise ValueError("must be in lower case")
            return phrase

    class Identifier(Text):
        """A name used inside the store."""

        regex = re.compile(r"^[a-z][a-z0-9_]*$")

    class FactId(Text):
        """`<topic>.<name>`."""

        regex = re.compile(r"^[a-z][a-z0-9_]*\.[a-z0-9_]+$")

    class IsoDate(datetime.date):
        """A day written as 2026-11-20; pydantic's own date would take 2026 for seconds since 1970."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Any]:
            yield cls._parse

        @classmethod
        def _parse(cls, value: object) -> datetime.date:
            if isinstance(value, datetime.date):
                return value
            try:
                return datetime.date.fromisoformat(value if isinstance(value, str) else "")
            except ValueError:
                raise ValueError("must be a date such as 2026-11-20") from None

    class ClockTime(datetime.time):
        """A time of day written as 09:30 or 9:30."""

        @classmethod
        def __get_validators__(cls) -> Iterator[Any]:
            yield cls._parse

        @classmethod
        def _parse(cls, value: object) -> datetime.time:
            if isinstance(value, datetime.time):
                return value
            if not isinstance(value, str) or not re.fullmatch(r"([01]?[0-9]|2[0-3]):[0-5][0-9]", value):
                raise ValueError("must be a time such as 09:30")
            return datetime.time.fromisoformat(value.zfill(5))

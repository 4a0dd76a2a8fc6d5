"""What all commands for staff share: where they print, and how they say that something is wrong.

Exit codes: 0 done, 1 a check failed or something could not be reached, 2 an unknown name or a value that does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from frontdesk.facts.editing import UnknownNameError
from frontdesk.facts.reading import FactsError
from frontdesk.facts.values import ValueMistake
from frontdesk.settings import SettingsError

FAILED, UNUSABLE = 1, 2

console = Console(highlight=False)
complaints = Console(stderr=True, highlight=False)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what can go wrong into a sentence and an exit code."""
    try:
        yield
    except UnknownNameError as error:
        give_up(str(error), UNUSABLE, error.suggestions)
    except (ValueMistake, SettingsError) as error:
        give_up(str(error), UNUSABLE)
    except FactsError as error:
        give_up(f"The content has defects:\n{error}", FAILED)
    except SQLAlchemyError as error:
        # The first line only: statements and their values follow.
        give_up(f"The database cannot be used: {str(error).splitlines()[0]}", FAILED)


def give_up(reason: str, code: int, suggestions: tuple[str, ...] = ()) -> NoReturn:
    """Say what is wrong, and end with an exit code."""
    complaints.print(reason, markup=False)
    if suggestions:
        complaints.print(f"Did you mean: {', '.join(suggestions)}?", markup=False)
    raise typer.Exit(code)

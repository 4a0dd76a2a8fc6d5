"""The store's vocabulary as this process found it when it started; every component looks for the same words."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from frontdesk.facts.terms import vocabulary_terms
from frontdesk.settings import Settings
from frontdesk.vocabulary import Vocabulary


def store_vocabulary() -> Vocabulary:
    """The vocabulary of the facts folder that the settings name, read and indexed once.

    Raises:
        frontdesk.facts.reading.FactsError: an entry of the folder cannot be read.
    """
    return _vocabulary_of(Settings.from_environment().facts_dir)


@lru_cache(maxsize=1)
def _vocabulary_of(folder: Path) -> Vocabulary:
    # Reading the folder takes half a second, and a model has three components that need it.
    return Vocabulary(vocabulary_terms(folder))

"""The store's words as this process found them when it started; every component looks for the same."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from frontdesk.facts.baseline import Baseline
from frontdesk.facts.loading import read_folder
from frontdesk.facts.terms import terms_of
from frontdesk.settings import Settings
from frontdesk.vocabulary import Vocabulary


def store_vocabulary() -> Vocabulary:
    """The vocabulary of the facts folder that the settings name, read and indexed once.

    Raises:
        frontdesk.facts.reading.FactsError: an entry of the folder cannot be read.
    """
    return _vocabulary_of(Settings.from_environment().facts_dir)


def needling() -> re.Pattern[str]:
    """Finds needling itself in a text, by the same folder.

    Raises:
        frontdesk.facts.reading.FactsError: an entry of the folder cannot be read.
    """
    return _content_of(Settings.from_environment().facts_dir).names_needling()


@lru_cache(maxsize=1)
def _vocabulary_of(folder: Path) -> Vocabulary:
    return Vocabulary(terms_of(_content_of(folder)))


@lru_cache(maxsize=1)
def _content_of(folder: Path) -> Baseline:
    # Reading the folder takes half a second, and a model has three components that need it.
    return read_folder(folder)

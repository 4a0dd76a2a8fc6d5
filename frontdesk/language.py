"""The desk's reading of English: a blank spaCy pipeline whose tokens are compared by their stems."""

from __future__ import annotations

from functools import lru_cache

import spacy
from snowballstemmer import stemmer
from spacy.language import Language
from spacy.tokens import Doc

_STEMMER = stemmer("english")
_CURLY = str.maketrans({"’": "'", "‘": "'", "`": "'"})


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of ``word`` in lower case: "swimming", "swims" and "Swim" have the same."""
    return str(_STEMMER.stemWord(word.lower()))


@Language.component("frontdesk_stems")
def _set_stems(doc: Doc) -> Doc:
    for token in doc:
        token.norm_ = stem(token.text)
    return doc


@lru_cache(maxsize=1)
def english() -> Language:
    """The process's one pipeline: tokens whose norm is their stem. It has no trained parts."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("frontdesk_stems")
    return pipeline


# A turn reads the same few texts again and again: for its features, its entities, its dangers.
@lru_cache(maxsize=64)
def read(text: str) -> Doc:
    """``text`` as tokens, for reading only.

    Curly apostrophes and hyphens are read as plain ones; character positions stay.
    """
    return english()(text.translate(_CURLY).replace("-", " "))

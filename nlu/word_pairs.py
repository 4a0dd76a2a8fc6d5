"""Which words and pairs of words stand in a text, as numbers of a fixed range: what an embedding blurs.

"What if" and "not any more" hardly move a sentence's embedding, and turn its meaning round.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import scipy.sparse

BUCKETS = 1 << 15
"""Words and pairs share so many places; two that meet in one are weighed together."""

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*|\d+|[?!.,]")
_CLITIC = re.compile(r"'(m|s|ve|ll|d|re)\b")
_NOT_AFTER = re.compile(r"\b(ca|do|is|does|has|did|was|would|could|have|wo|are|were|should)n'?t\b")


def words_of(text: str) -> list[str]:
    """The words of ``text`` in lower case, with marks of its ends; contractions apart, all numbers alike."""
    lower = _NOT_AFTER.sub(r"\1 not", text.lower().replace("’", "'").replace("cannot", "ca not"))
    found = _WORD.findall(_CLITIC.sub(r" \1", lower))
    return ["<", *("0" if word.isdigit() else word for word in found), ">"]


def places(text: str) -> np.ndarray:
    """The places of the words of ``text``, of its pairs, and of its pairs with one word between."""
    words = words_of(text)
    grams = {*words, *map(" ".join, pairwise(words)), *map(" _ ".join, zip(words, words[2:], strict=False))}
    return np.unique([zlib.crc32(gram.encode()) % BUCKETS for gram in grams])


def score_by_words(text: str, weights: np.ndarray) -> np.ndarray:
    """What weights learned on `word_rows`, shape ``(BUCKETS, kinds)``, make of a text; shape ``(kinds,)``."""
    found = places(text)
    score: np.ndarray = weights[found].sum(axis=0) / np.sqrt(max(1, len(found)))
    return score


def word_rows(texts: Sequence[str]) -> scipy.sparse.csr_matrix:
    """One row of unit length for each text, shape ``(len(texts), BUCKETS)``."""
    found = [places(text) for text in texts]
    values = [np.full(len(each), 1.0 / np.sqrt(len(each)), dtype=np.float32) for each in found]
    ends = np.cumsum([0, *(len(each) for each in found)])
    columns = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
    return scipy.sparse.csr_matrix((data, columns, ends), shape=(len(texts), BUCKETS))

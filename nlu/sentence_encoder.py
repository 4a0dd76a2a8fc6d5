"""Turns sentences into unit vectors with the MiniLM graph, each on one thread."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from nlu.minilm import ensure_graph, weights_folder

WIDTH = 384
"""Length of a sentence's vector."""
BOTH = 2 * WIDTH
"""Length of a sentence's vector with that of its wording after it."""

_TOKENS = 128  # a chat message of 1000 characters has about 200 pieces; its first 128 say what it is about


class SentenceEncoder:
    """Sentences in, vectors of unit length out; equal sentences give equal vectors."""

    def __init__(self, graph: Path) -> None:
        """Load the graph at ``graph`` and the tokenizer that belongs to it."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(weights_folder() / "tokenizer.json"))
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.no_padding()
        # The runtime computes outside Python's lock: the parts of one message are read at the same time.
        self._pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")

    def encode(self, sentences: Sequence[str]) -> np.ndarray:
        """Vectors of ``sentences`` and of their wording, see `nlu.minilm.ensure_graph`.

        Returns:
            Shape ``(len(sentences), BOTH)``, float32; each half of a row is of length 1.
        """
        if len(sentences) < 2:
            rows = [self._vectors(sentence) for sentence in sentences]
        else:
            rows = list(self._pool.map(self._vectors, sentences))
        return np.array(rows, dtype=np.float32).reshape(len(sentences), BOTH)

    def _vectors(self, sentence: str) -> np.ndarray:
        # One by one: the graph rounds all it is given by one scale, so company would change a sentence's vector.
        ids = np.array([self._tokenizer.encode(sentence).ids], dtype=np.int64)
        embedding, wording = self._session.run(["embedding", "wording"], {"input_ids": ids})
        return np.concatenate([embedding[0], wording[0]])


@lru_cache(maxsize=1)
def shared_encoder(folder: Path) -> SentenceEncoder:
    """The process's one encoder, its graph kept under ``folder`` and built there when missing."""
    return SentenceEncoder(ensure_graph(folder))

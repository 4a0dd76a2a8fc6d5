from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from frontdesk.settings import REPOSITORY
from nlu import minilm
from nlu.minilm import WeightsError, ensure_graph
from nlu.sentence_encoder import BOTH, WIDTH, SentenceEncoder, shared_encoder


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return shared_encoder(REPOSITORY / "var" / "encoder")


def test_vectors_have_unit_length(encoder):
    vectors = encoder.encode(["does it hurt?", "", "🙂", "a" * 3000, "how much " * 200])
    assert vectors.shape == (5, BOTH)
    for half in (vectors[:, :WIDTH], vectors[:, WIDTH:]):
        assert np.allclose(np.linalg.norm(half, axis=1), 1.0, atol=1e-5)


def test_the_same_sentence_has_the_same_vector_alone_and_in_company(encoder):
    alone = encoder.encode(["does it hurt?"])[0]
    among = encoder.encode(["a much longer sentence about the price of a session", "does it hurt?", "hi"])[1]
    assert np.array_equal(alone, among)


def test_each_sentence_keeps_its_place(encoder):
    sentences = ["x" * length for length in (40, 3, 20, 1)] * 12
    vectors = encoder.encode(sentences)
    assert all(np.allclose(vectors[index], encoder.encode([sentences[index]])[0], atol=1e-5) for index in (0, 5, 47))


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("does it hurt?", "is it painful", "where can I park"),
        ("how much is a session", "what does it cost", "can pregnant women have it"),
        ("how long until my skin looks normal", "what is the recovery time", "do you take credit cards"),
    ],
)
def test_near_sentences_are_nearer_than_far_ones(encoder, one, near, far):
    a, b, c = encoder.encode([one, near, far])[:, :WIDTH]
    assert a @ b > a @ c + 0.1


def test_the_wording_tells_apart_what_means_nearly_the_same(encoder):
    a, b = encoder.encode(["my throat is closing", "my throat is not closing"])
    meaning, wording = a[:WIDTH] @ b[:WIDTH], a[WIDTH:] @ b[WIDTH:]
    assert wording != pytest.approx(meaning, abs=1e-3)
    assert max(meaning, wording) < 1.0


def test_no_sentence_has_no_vector(encoder):
    assert encoder.encode([]).shape == (0, BOTH)


def test_weights_with_another_hash_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "model.safetensors").write_bytes(b"not what was reviewed")
    monkeypatch.setattr(minilm, "weights_folder", lambda: tmp_path)
    with pytest.raises(WeightsError, match="SHA-256"):
        ensure_graph(tmp_path / "encoder")
    assert not (tmp_path / "encoder").exists()


def test_missing_weights_say_how_to_get_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(minilm.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(WeightsError, match="make install"):
        minilm.weights_folder()


def test_a_graph_that_is_there_is_not_built_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    graph = ensure_graph(REPOSITORY / "var" / "encoder")
    copy = shutil.copy(graph, tmp_path)
    monkeypatch.setattr(minilm, "weights_folder", lambda: pytest.fail("looked for weights"))
    assert ensure_graph(tmp_path) == Path(copy)


def test_the_graph_is_built_whole_from_the_weights(tmp_path: Path, encoder):
    graph = ensure_graph(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [graph.name]
    assert np.allclose(SentenceEncoder(graph).encode(["does it hurt?"]), encoder.encode(["does it hurt?"]), atol=1e-5)

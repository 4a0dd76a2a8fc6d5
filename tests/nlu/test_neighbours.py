from __future__ import annotations

import numpy as np
import pytest

from nlu.neighbours import Neighbours

NAMES = ["cost", "greet", "pain"]


@pytest.fixture
def vectors() -> np.ndarray:
    """Four examples of each intent around a direction of its own."""
    numbers = np.random.default_rng(5)
    rows = np.repeat(np.eye(3, 12), 4, axis=0) + 0.1 * numbers.normal(size=(12, 12))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def labels() -> list[str]:
    return [name for name in NAMES for _ in range(4)]


def test_a_sentence_is_most_like_the_examples_of_its_own_intent(vectors):
    likeness = Neighbours.fit(vectors, labels(), NAMES).likeness(vectors)
    assert [NAMES[column] for column in likeness.argmax(axis=1)] == labels()


def test_the_order_of_the_examples_does_not_matter(vectors):
    order = np.random.default_rng(6).permutation(len(vectors))
    shuffled = Neighbours.fit(vectors[order], [labels()[row] for row in order], NAMES)
    assert np.allclose(
        shuffled.likeness(vectors), Neighbours.fit(vectors, labels(), NAMES).likeness(vectors), atol=1e-2
    )


def test_likeness_says_which_intent_and_not_how_much_in_all(vectors):
    likeness = Neighbours.fit(vectors, labels(), NAMES).likeness(vectors)
    assert np.allclose(likeness.sum(axis=1), 0, atol=1e-5)


def test_an_intent_with_a_single_example_counts_too(vectors):
    neighbours = Neighbours.fit(vectors[[0, 1, 4]], ["cost", "cost", "greet"], ["cost", "greet"])
    assert neighbours.likeness(vectors[4:5]).argmax() == 1


def test_what_is_stored_gives_the_same_again(vectors):
    fitted = Neighbours.fit(vectors, labels(), NAMES)
    assert np.array_equal(Neighbours(fitted.arrays).likeness(vectors), fitted.likeness(vectors))


def test_a_vector_without_direction_is_like_nothing(vectors):
    assert np.allclose(Neighbours.fit(vectors, labels(), NAMES).likeness(np.zeros((1, 12), dtype=np.float32)), 0)

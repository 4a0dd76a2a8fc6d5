"""How much a sentence is like an emergency: the red-flag screen's second, independent ear.

Two views are learned first: a regression on the sentence's vector, that of its wording and its words, one for despair
and one for what happens to a body, of which the higher counts; and how much nearer the sentence is to known
emergencies than to everything else that visitors write. A second regression weighs them with what the rules' words see
(how many signs, whether they are asked about, denied, long past), each by itself and each two together, so that a
middling likeness with a sign is enough and a great one with a strong excuse is not. All is judged by cross-validation,
and the threshold with it: of the training data's other messages no more than an agreed share would count as an
emergency.

The wording, a vector from half-way through the encoder, is there because the last layer smooths over what is the
matter: on 2,700 messages nobody tuned to, the score alone heard 0.85 instead of 0.73 of the dangers at the price of one
false alarm in a hundred.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import scipy.sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from nlu.neighbours import cosines_of, main_axes, mean_of_nearest, on_axes, side_by_side
from nlu.word_pairs import score_by_words, word_rows

_MOST_OTHERS = 8_000
"""Other messages kept for comparison: those most like an emergency; the rest are never a danger's neighbours."""
_HARDEST = 8_000
"""Other messages whose marks are looked at: those most like an emergency; what is less like one is none."""
_EASY_STEP = 6
"""Of the messages that are little like an emergency every so many is learned from."""
_FOLDS = 4
_FEWEST = 10
"""With fewer emergencies there is nothing to learn a score from."""
DESPAIR = "E-SH"
"""The category that one of the two regressions learns; the other learns all others."""
_NEVER = 100.0
"""A score that no message reaches."""
_DENSE_WEIGHT = 1.5
_WORDS_WEIGHT = 2.0
_DANGER_WEIGHT = {True: 4.0, False: 1.0}
_TOLERANCE = 0.1
_VOTERS = 15
"""So many of the emergencies that a sentence is most like say of which category it is; one alone errs more often."""

Marks = Callable[[int], Sequence[float]]
"""What the rules' words see in the text of this row, see `frontdesk.screening.marks`."""


class DangerScore:
    """The trained score; all of it is plain arrays.

    Attributes:
        arrays: what is stored of it.
        categories: the emergency categories.
        contrary_below: a score below it contradicts a rule that hears an emergency.
    """

    def __init__(self, arrays: dict[str, np.ndarray], categories: Sequence[str]) -> None:
        """Take what `fit` made.

        Args:
            arrays: ``dense`` (width, 2) and ``words`` (places of `nlu.word_pairs`, 2), the first regressions' weights;
                ``axes`` (width, axes), the vectors' main axes; ``dangers`` (n, axes) and ``others`` (m, axes), the
                known messages; ``meanings`` (n, meaning) and ``kinds`` (n,), what the emergencies among them mean and
                their categories' places; ``joint``, the second regression's weights, see `_with_products`;
                ``numbers``: the first regressions' intercepts, mean and deviation of both views, the sum of both below
                which nothing counts, the threshold, and `contrary_below`.
            categories: the categories.
        """
        self.arrays = arrays
        self.categories = list(categories)
        self._axes, self._meanings = (np.asarray(arrays[name], dtype=np.float32) for name in ("axes", "meanings"))
        self._dangers, self._others = side_by_side(arrays["dangers"]), side_by_side(arrays["others"])
        *self._numbers, self.contrary_below = (float(number) for number in arrays["numbers"])

    @classmethod
    def fit(
        cls,
        vectors: np.ndarray,
        texts: Sequence[str],
        dangerous: np.ndarray,
        ruled: np.ndarray,
        marks: Marks,
        examples: np.ndarray,
        categories: Sequence[str],
        false_alarms: float,
        contradicted: float,
        strength: float,
    ) -> DangerScore | None:
        """Learn from the training data, or None when it holds too few emergencies.

        Args:
            vectors: vectors of the training messages, all of one length, shape ``(n, width)``.
            texts: those messages.
            dangerous: which of them are emergencies, shape ``(n,)``.
            ruled: which of them a rule hears as well that the score may contradict, shape ``(n,)``.
            marks: asked of the emergencies and of what is most like one.
            examples: what the categories' own examples mean: the first numbers of their vectors, ``(k, meaning)``.
            categories: the category of each of those.
            false_alarms: which share of the other training messages may count as an emergency.
            contradicted: which share of the emergencies in ``ruled`` may score below `contrary_below`.
            strength: the first regression's inverse regularisation.
        """
        if int(dangerous.sum()) < _FEWEST or int((~dangerous).sum()) < _FEWEST:
            return None
        rows = word_rows(texts)
        meanings = vectors[:, : examples.shape[1]]
        names = sorted(set(categories))
        likest = (meanings @ examples.T).argmax(axis=1)
        category = np.array([names.index(name) for name in categories])[likest]
        despair = np.array([name == DESPAIR for name in names])[category]
        kinds = np.stack([dangerous & despair, dangerous & ~despair], axis=1)
        kept = _worth_learning(vectors, dangerous)
        axes = main_axes(vectors)
        seen = on_axes(vectors, axes)
        views = np.zeros((2, len(vectors)))
        for known, unknown in StratifiedKFold(_FOLDS, shuffle=True, random_state=1).split(vectors, dangerous):
            known = known[kept[known]]
            regression = _regressions(vectors[known], rows[known], kinds[known], strength)
            dangers, others = map(side_by_side, _neighbours(seen[known], dangerous[known]))
            views[:, unknown] = np.stack(
                [_by_regression(regression, vectors[unknown], rows[unknown]), _contrast(dangers, others, seen[unknown])]
            )
        mean, deviation = views.mean(axis=1), np.maximum(views.std(axis=1), 1e-6)
        views = (views - mean[:, None]) / deviation[:, None]
        likeness = views.sum(axis=0)
        floor = float(np.sort(likeness[~dangerous])[::-1][: _HARDEST + 1][-1])
        hard = np.flatnonzero(dangerous | (likeness > floor))
        told = np.column_stack([views[:, hard].T, np.array([marks(int(row)) for row in hard], dtype=np.float64)])
        joint, scores = _joined(_with_products(told), dangerous[hard])
        false = np.sort(scores[~dangerous[hard] & (likeness[hard] > floor)])[::-1]
        allowed = int(false_alarms * int((~dangerous).sum()))
        threshold = float(false[min(allowed, len(false) - 1)]) if len(false) else 0.0
        borne_out = np.where(likeness[hard] > floor, scores, -np.inf)[ruled[hard] & dangerous[hard]] - threshold
        contrary = float(np.quantile(borne_out, contradicted, method="lower")) if len(borne_out) else -np.inf
        dense, words, intercepts = _regressions(vectors[kept], rows[kept], kinds[kept], strength)
        dangers, others = _neighbours(seen, dangerous)
        arrays: dict[str, np.ndarray] = {
            "dense": dense.astype(np.float32),
            "words": words.astype(np.float32),
            "axes": axes,
            "dangers": dangers.astype(np.float16),
            "others": others.astype(np.float16),
            "meanings": meanings[dangerous].astype(np.float16),
            "kinds": category[dangerous].astype(np.int16),
            "joint": joint,
            "numbers": np.array([*intercepts, *mean, *deviation, floor, threshold, contrary]),
        }
        return cls(arrays, names)

    def __call__(self, vectors: np.ndarray, texts: Sequence[str], marks: Marks) -> list[float]:
        """The score of each of ``texts`` with its vector; above 0 it counts as an emergency.

        The shape of ``vectors`` is ``(n, width)``.

        ``marks`` is asked only of those that are enough like an emergency for it to matter.
        """
        *scale, floor, threshold = self._numbers
        intercepts, mean, deviation = np.array(scale).reshape(3, 2)
        words = np.array([self._by_words(text) for text in texts])
        likeliest = (_DENSE_WEIGHT * (vectors @ self.arrays["dense"]) + words + intercepts).max(axis=1)
        views = np.stack([likeliest, self._contrast_of(vectors)])
        views = (views - mean[:, None]) / deviation[:, None]
        return [self._joint(views[:, row], floor, marks, row) - threshold for row in range(len(texts))]

    def category_of(self, vector: np.ndarray) -> str:
        """The emergency category that a text with this vector, shape ``(width,)``, is most like."""
        cosines = self._meanings @ vector[: self._meanings.shape[1]]
        voters = np.argsort(-cosines)[:_VOTERS]
        # The nearer, the more it counts.
        votes = np.bincount(self.arrays["kinds"][voters], np.maximum(cosines[voters], 0) ** 4, len(self.categories))
        return self.categories[int(votes.argmax())]

    def _by_words(self, text: str) -> np.ndarray:
        return _WORDS_WEIGHT * score_by_words(text, self.arrays["words"])

    def _contrast_of(self, vectors: np.ndarray) -> np.ndarray:
        return _contrast(self._dangers, self._others, on_axes(vectors, self._axes))

    def _joint(self, views: np.ndarray, floor: float, marks: Marks, row: int) -> float:
        if views.sum() <= floor:
            return -np.inf
        told = _with_products(np.append(views, marks(row))[None, :])[0]
        return float(told @ self.arrays["joint"][:-1] + self.arrays["joint"][-1])


def _worth_learning(vectors: np.ndarray, dangerous: np.ndarray) -> np.ndarray:
    """Which rows to learn from: all emergencies, what is like one, and a share of the rest; shape ``(n,)``."""
    likeness = mean_of_nearest(vectors @ vectors[dangerous].T)
    order = np.argsort(-np.where(dangerous, np.inf, likeness), kind="stable")
    kept = np.zeros(len(vectors), dtype=bool)
    kept[order[: int(dangerous.sum()) + _MOST_OTHERS]] = True
    kept[order[::_EASY_STEP]] = True
    return kept


def _regressions(
    vectors: np.ndarray, rows: scipy.sparse.csr_matrix, kinds: np.ndarray, strength: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Weights of the vectors and of the words, and the intercepts, of one regression for each kind.

    ``kinds`` says of each row whether it is an emergency of that kind, shape ``(n, 2)``.
    """
    features = scipy.sparse.hstack([scipy.sparse.csr_matrix(_DENSE_WEIGHT * vectors), _WORDS_WEIGHT * rows]).tocsr()

    def weights_of(kind: np.ndarray) -> np.ndarray:
        if not kind.any():
            return np.append(np.zeros(features.shape[1]), -_NEVER)
        regression = LogisticRegression(
            C=strength, class_weight=_DANGER_WEIGHT, solver="liblinear", dual=True, tol=_TOLERANCE, random_state=0
        ).fit(features, kind)
        return np.append(regression.coef_[0], regression.intercept_[0])

    with ThreadPoolExecutor() as pool:
        weights = np.stack(list(pool.map(weights_of, kinds.T)), axis=1)
    return weights[: vectors.shape[1]], weights[vectors.shape[1] : -1], weights[-1]


def _by_regression(
    regressions: tuple[np.ndarray, np.ndarray, np.ndarray], vectors: np.ndarray, rows: scipy.sparse.csr_matrix
) -> np.ndarray:
    """The higher of both regressions' scores, shape ``(n,)``."""
    dense, words, intercepts = regressions
    scores: np.ndarray = _DENSE_WEIGHT * (vectors @ dense) + _WORDS_WEIGHT * (rows @ words) + intercepts
    return scores.max(axis=1)


def _with_products(told: np.ndarray) -> np.ndarray:
    """Each row's numbers and after them the product of each two: from ``(n, k)`` to ``(n, k + k * (k + 1) / 2)``.

    A denial weighs otherwise in a long message than in a short one, a likeness otherwise beside a sign than alone.
    """
    first, second = np.triu_indices(told.shape[1])
    return np.hstack([told, told[:, first] * told[:, second]])


def _joined(told: np.ndarray, dangerous: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of all columns with the intercept last, and each row's score by the others' weights."""
    scores = np.zeros(len(told))
    for known, unknown in StratifiedKFold(_FOLDS, shuffle=True, random_state=2).split(told, dangerous):
        weights = _joint_weights(told[known], dangerous[known])
        scores[unknown] = told[unknown] @ weights[:-1] + weights[-1]
    return _joint_weights(told, dangerous), scores


def _joint_weights(told: np.ndarray, dangerous: np.ndarray) -> np.ndarray:
    regression = LogisticRegression(C=1.0, class_weight={True: 2.0, False: 1.0}, max_iter=1_000)
    regression.fit(told, dangerous)
    return np.append(regression.coef_[0], regression.intercept_[0])


def _neighbours(vectors: np.ndarray, dangerous: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The emergencies, and those other messages that are most like one."""
    dangers, others = vectors[dangerous], vectors[~dangerous]
    return dangers, others[np.argsort(-mean_of_nearest(others @ dangers.T), kind="stable")[:_MOST_OTHERS]]


def _contrast(dangers: np.ndarray, others: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """How much nearer each vector is to the emergencies than to the others, both `side_by_side`."""
    return mean_of_nearest(cosines_of(vectors, dangers)) - mean_of_nearest(cosines_of(vectors, others))

"""Judge sentences by themselves: a linear model over words, letter groups, the sentence's form and its embedding."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn import config_context
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from bot.engine.nearest_examples import Groups, Judgement
from bot.engine.sentence_form import common_words, form_of

Vectors = NDArray[Any] | None
_MOST_STEPS = 500
# The last vectoriser reads the form; the others the text.
_FORM = 2


@dataclass(frozen=True)
class Examples:
    """Sentences with their intents, their embeddings (None: words alone) and what was said before each, row by row."""

    texts: list[str]
    intents: NDArray[Any]
    vectors: Vectors
    contexts: list[str]

    def of(self, rows: NDArray[Any]) -> "Examples":
        """Return these rows."""
        vectors = None if self.vectors is None else self.vectors[rows]
        return Examples(
            [self.texts[row] for row in rows], self.intents[rows], vectors, [self.contexts[row] for row in rows]
        )


def _vectorisers() -> list[TfidfVectorizer]:
    shared: dict[str, Any] = {"sublinear_tf": True, "strip_accents": "unicode"}
    return [
        TfidfVectorizer(ngram_range=(1, 2), **shared),
        # Letter groups seen once double the width and changed no held-out decision.
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, **shared),
        # Forms are words, marks and gaps between blanks.
        TfidfVectorizer(ngram_range=(1, 3), min_df=2, tokenizer=str.split, **{**shared, "token_pattern": None}),
    ]


class SentenceModel:
    """Fit on examples; judge other sentences. Trained with embeddings, it cannot be asked without, and conversely."""

    def __init__(self) -> None:
        self.intents: list[str] = []
        self._vectorisers = _vectorisers()
        self._common: frozenset[str] = frozenset()
        # What was taught, one column per sentence, so that a question's row times it gives all cosines.
        self._taught: list[csr_matrix] = []
        self._taught_vectors: Vectors = None
        self._groups = Groups(np.empty(0, np.intp), np.empty(0, np.str_), np.empty(0, np.intp))
        self._weights = np.empty((0, 0))
        self._offsets = np.empty(0)

    def fit(self, examples: Examples, regularisation: float) -> None:
        """Fit to the examples. ``regularisation`` is logistic regression's C: the larger, the closer."""
        self._common = frozenset(common_words(examples.texts, examples.intents.tolist()))
        blocks: list[Any] = [
            vectoriser.fit_transform(texts)
            for vectoriser, texts in zip(self._vectorisers, self._views(examples.texts), strict=True)
        ]
        self._keep(examples, blocks[:_FORM])
        if examples.vectors is not None:
            blocks.append(examples.vectors)
        # Every intent counts the same however many examples it has.
        regression = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=_MOST_STEPS)
        # Two threads wait for each other more than they compute: more than twice the processor time.
        with threadpool_limits(limits=1):
            regression.fit(hstack(blocks, format="csr"), examples.intents)
        self.intents = [str(name) for name in regression.classes_]
        self._weights, self._offsets = _of_each_class(regression)

    def _keep(self, examples: Examples, blocks: Sequence[csr_matrix]) -> None:
        """Keep what was taught, by what was said before and by intent."""
        _, columns = np.unique(examples.intents, return_inverse=True)
        self._groups, order = Groups.of(examples.contexts, columns)
        self._taught = [block[order].T.tocsr() for block in blocks]
        self._taught_vectors = None if examples.vectors is None else examples.vectors[order]

    def judge(self, texts: Sequence[str], vectors: Vectors) -> Judgement:
        """Return what each sentence says by itself.

        Raises ValueError when embeddings are given to a model trained without, or the other way round.
        """
        if (vectors is None) != (self._taught_vectors is None):
            raise ValueError("the intent model must be asked as it was trained: with embeddings, or without")
        # Checking the same few settings for every message takes half as long as the words do.
        with config_context(skip_parameter_validation=True):
            blocks: list[Any] = [
                vectoriser.transform(view)
                for vectoriser, view in zip(self._vectorisers, self._views(texts), strict=True)
            ]
        # Rows have length one, so that a product of rows is their cosine; nearness is its mean. A form is near to many.
        cosines = [(block @ taught).toarray() for block, taught in zip(blocks[:_FORM], self._taught, strict=True)]
        nearest: dict[str, NDArray[Any]] = {}
        if vectors is not None and self._taught_vectors is not None:
            blocks.append(vectors)
            cosines.append(vectors @ self._taught_vectors.T)
            nearest = self._groups.nearest(cosines[-1], len(self.intents))
        nearness = np.clip(sum(cosines).max(axis=1) / len(cosines), 0, 1)
        return Judgement(self._logits(blocks), nearness, nearest)

    def _views(self, texts: Sequence[str]) -> list[Sequence[str]]:
        return [texts, texts, [form_of(text, self._common) for text in texts]]

    def _logits(self, blocks: Sequence[Any]) -> NDArray[Any]:
        """Return one logit per row and intent. Block by block: to stack them for one sentence takes longer."""
        edges = np.cumsum([0, *(block.shape[1] for block in blocks)])
        parts = zip(blocks, edges[:-1], edges[1:], strict=True)
        logits: NDArray[Any] = self._offsets + sum(block @ self._weights[begin:end] for block, begin, end in parts)
        return logits

    def arrays(self) -> dict[str, Any]:
        """Return the model as plain arrays, but for what was taught (``taught``)."""
        arrays = {
            "weights": self._weights,
            "offsets": self._offsets,
            "intents": np.array(self.intents),
            "common": np.array(sorted(self._common), dtype=str),
            **self._groups.arrays(),
        }
        if self._taught_vectors is not None:
            arrays["taught_vectors"] = self._taught_vectors
        for index, vectoriser in enumerate(self._vectorisers):
            arrays[f"terms_{index}"] = vectoriser.get_feature_names_out().astype(str)
            arrays[f"rarity_{index}"] = vectoriser.idf_
        return arrays

    @property
    def taught(self) -> list[csr_matrix]:
        """Return the taught sentences' words and letter groups, one column per sentence."""
        return self._taught

    @classmethod
    def of_arrays(cls, stored: Any, taught: list[csr_matrix]) -> "SentenceModel":
        """Return the model of these arrays."""
        model = cls()
        model._weights, model._offsets = stored["weights"], stored["offsets"]
        model._taught, model._taught_vectors = taught, stored.get("taught_vectors")
        model._groups = Groups.of_arrays(stored)
        model.intents = [str(intent) for intent in stored["intents"]]
        model._common = frozenset(str(word) for word in stored["common"])
        for index, vectoriser in enumerate(model._vectorisers):
            vectoriser.set_params(vocabulary={str(term): n for n, term in enumerate(stored[f"terms_{index}"])})
            vectoriser.idf_ = stored[f"rarity_{index}"]
        return model


def _of_each_class(regression: LogisticRegression) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return weights, a column per class, and offsets. Of two classes scikit-learn describes only the second."""
    rows, offsets = regression.coef_, regression.intercept_
    if len(regression.classes_) == 2:
        rows, offsets = np.vstack([np.zeros_like(rows), rows]), np.concatenate([[0.0], offsets])
    return np.ascontiguousarray(rows.T), offsets

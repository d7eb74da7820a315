"""A concept that phrases or rows span, and how much of a text lies in it."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, spec
from engine.errors import EngineError
from engine.signals import CORPUS_SIGNALS
from engine.signals.corpus._subspace import basis, left_out, shares
from tests.engine.small import corpus, embedded

measure = CORPUS_SIGNALS["concept"].function


def test_rows_that_span_a_plane_hold_what_lies_in_it(tmp_path: Path) -> None:
    vectors = np.array([[1, 0, 0], [0, 1, 0], [0.6, 0.8, 0], [0, 0, 1], [0, 0.6, 0.8], [-1, 0, 0]], float)
    kinds = ["c", "c", "x", "x", "x", "x"]
    data = embedded(corpus(tmp_path, {"kind": kinds, "text": list("abcdef")}), vectors)
    found = measure(data, embedding="given", phrases=(), column="kind", value="c")
    assert found["concept_share"].tolist() == pytest.approx([1, 1, 1, 0, 0.6, 1], abs=1e-3)
    assert found["concept_similarity"].tolist() == pytest.approx([0.5, 0.5, 0.7, 0, 0.3, -0.5], abs=1e-3)
    # Each of the two lies not at all in the direction of the other.
    assert found["concept_margin"].tolist() == pytest.approx([1, 1, 1, 0, 0.6, 1], abs=1e-3)


def test_the_strongest_directions_are_kept_and_a_repeat_adds_none() -> None:
    vectors = np.array([[1.0, 0.0], [1.0, 0.0], [0.6, 0.8]])
    assert basis(vectors, 8).shape == (2, 2) and basis(vectors[:2], 8).shape == (1, 2)
    assert np.allclose(shares(vectors, basis(vectors, 8)), 1)
    assert left_out(vectors, 8).tolist() == pytest.approx([1, 1, 0.6])


def test_phrases_are_embedded_as_the_texts_were(tmp_path: Path) -> None:
    texts = [f"the {a} {b}" for a in ("old", "new", "red") for b in ("cat", "dog", "bird", "bread", "soup", "cheese")]
    made = spec("embedding", "lexical")
    data = build(corpus(tmp_path, {"text": texts}), {"lexical": made})
    found = measure(data, embedding="lexical", phrases=("the old cat", "the red cat"))
    cats = np.array(["cat" in text for text in texts])
    assert found["concept_share"][cats].min() > found["concept_share"][~cats].mean()


def test_a_concept_that_nothing_says_is_refused_and_so_are_phrases_without_a_model(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": ["a"], "kind": ["c"]}), np.array([[1.0, 0.0]]))
    with pytest.raises(EngineError, match="Nothing says what the concept is"):
        measure(data, embedding="given", phrases=(" ",))
    with pytest.raises(EngineError, match="let rows stand for phrases"):
        measure(data, embedding="given", phrases=("a",))
    with pytest.raises(EngineError, match="No row with a vector has the kind 'd'"):
        measure(data, embedding="given", phrases=(), column="kind", value="d")

"""Examples of what is wanted: taken once, with their vectors, and known again where they are rows."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, spec
from engine.dataset import Examples, examples, ref_from_outside
from engine.errors import EngineError
from engine.recipe.selectors.target._examples import texts_wanted, wanted
from engine.recipe.snapshots import examples_ref
from tests.engine.small import circle, corpus, embedded

WORDS = [f"{one} {other}" for one in ("sun", "tax", "jazz") for other in ("beach", "bank", "band", "sea")]


def test_examples_are_rows_and_typed_texts_by_target(tmp_path: Path) -> None:
    data = build(corpus(tmp_path, {"text": WORDS}), {"lexical": spec("embedding", "lexical")})
    ref = examples_ref(
        data, "what is wanted", {"money": ["tax office", " ", "tax office"]}, rows={"sun": np.array([1, 0])},
        embedding="lexical",
    )  # fmt: skip
    found = examples(data, ref)
    assert found.texts == ("tax office", "sun bank", "sun beach") and found.sets == ("money", "sun", "sun")
    assert found.keys[0] == "" and data.rows_of(list(found.keys[1:])).tolist() == [1, 0]
    asked = wanted(data, "lexical", ref)
    vectors = data.embedding("lexical")
    assert np.array_equal(asked.vectors[1:], vectors.floats(vectors.texts.of_row[[1, 0]]))
    assert asked.rows.tolist() == [0, 1] and asked.sets == ("money", "sun") and asked.of.tolist() == [0, 1, 1]
    assert np.linalg.norm(asked.vectors[0]) == pytest.approx(1, abs=1e-2)
    assert texts_wanted(data, ref)[0] == list(found.texts)
    assert examples(data, examples_ref(data, "x", {"a": ["b"]})).packed == ""


def test_what_is_no_target_here_is_said(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"n": [1, 2, 3]}), circle([0, 9, 80]))
    with pytest.raises(EngineError, match="no example"):
        examples_ref(data, "x", {"a": ["", "  "]})
    with pytest.raises(EngineError, match="texts alone"):
        wanted(data, "given", examples_ref(data, "x", {"a": ["b"]}))
    ref = examples_ref(data, "x", {}, rows={"a": np.array([0])}, embedding="given")
    other = embedded(corpus(tmp_path, {"n": [1, 2, 3]}), circle([0, 9, 70]))
    other.store.write_ref("examples", {k: v for k, v in data.store.read_ref(ref).items() if k != "kind"})
    with pytest.raises(EngineError, match="were embedded with other vectors"):
        wanted(other, "given", ref)
    far = {**data.store.read_ref(ref), "packed": Examples.pack(np.full((1, 2), 9000))}
    with pytest.raises(EngineError, match="holds a vector that is none"):
        ref_from_outside(far, ref)
    for changed, words in (({"packed": "?"}, "cannot be read"), ({"packed": "AAAA"}, "not those of its 1 texts")):
        with pytest.raises(EngineError, match=words):
            Examples("x", ("a",), ("b",), ("",), **changed)

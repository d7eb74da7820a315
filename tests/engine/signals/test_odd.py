"""Odd by kind: each column knows its own kind, and none of the others."""

from pathlib import Path

import numpy as np
import pytest

from engine.signals import CORPUS_SIGNALS
from engine.signals.corpus import odd_form
from engine.signals.corpus._forms_of_texts import form as form_of
from engine.signals.corpus._forms_of_texts import surprise
from engine.signals.corpus.odd_neighbours import others
from tests.engine.small import circle, corpus, embedded

form, neighbours = (CORPUS_SIGNALS[name].function for name in ("odd_form", "odd_neighbours"))
PLAIN = [
    f"The {a} {b} sat on the mat and was quiet." for a in ("old", "new", "red", "wet", "shy") for b in ("cat", "dog")
]


def test_each_kind_of_form_is_told_in_its_own_column(tmp_path: Path) -> None:
    odd = ["Ok.", "The cafÃ© sat on the mat and was quiet.", "Die alte Katze sat on the mat, war leise.",
           '{"a": [1, 2], "b": {"c": "3"}}', None, " "]  # fmt: skip
    data = corpus(tmp_path, {"text": PLAIN + odd, "lang": ["en"] * 12 + ["de", "en", None, "en"]})
    found = form(data, language="lang")
    assert {name: int(np.nanargmax(values)) - len(PLAIN) for name, values in found.items()} == {
        "odd_length": 0, "odd_encoding": 3, "odd_language": 2, "odd_template": 3,
    }  # fmt: skip
    assert all(np.isnan(values[-2:]).all() for values in found.values())
    assert found["odd_language"][[0, 12]].tolist() == pytest.approx([1 / 14, 13 / 14])
    assert np.isnan(form(data)["odd_language"]).all()


def test_characters_that_few_texts_have_are_counted(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["abcabc"] * 10 + ["ab\ufffd\ufffd"]})
    assert form(data)["odd_encoding"].tolist() == [0] * 10 + [500]


def test_long_texts_are_read_few_at_once_and_measure_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = corpus(tmp_path, {"text": ["ab é" * 10_000] * 5 + ["abü", None, "Ã© (1)"] + ["x\n- y" * 10_000] * 3})
    whole = form(data)
    monkeypatch.setattr(odd_form, "BLOCK_CHARACTERS", 100_000)
    blocks = list(odd_form._blocks(data))
    assert max(sum(map(len, texts)) for _, texts in blocks) <= 140_000
    assert [start + i for start, texts in blocks for i in range(len(texts))] == list(range(11))
    for name, values in form(data).items():
        assert np.array_equal(values, whole[name], equal_nan=True)


def test_items_of_a_list_are_counted_across_empty_lines() -> None:
    assert form_of("- a\n\n\n  - b")[-5] == form_of("x\n- a\n- b\nx")[-5] == 7  # two lines of four
    assert form_of("a" + "\n" * 90_000 + "b")[-5] == 0


def test_rare_values_of_features_are_bits() -> None:
    assert surprise(np.array([[1, 0], [1, 0], [1, 0], [2, 0], [-1, -1]])).tolist() == pytest.approx(
        [np.log2(4 / 3)] * 3 + [2, np.nan], nan_ok=True
    )


def test_meaning_and_label_stand_apart(tmp_path: Path) -> None:
    labels = ["a", "a", "b", "a", "b", None]
    data = embedded(corpus(tmp_path, {"text": list("uvwxyz"), "label": labels}), circle([0, 4, 9, 15, 90, 22]))
    found = neighbours(data, embedding="given", label="label", k=2)
    assert int(found["odd_meaning"].argmax()) == 4
    # Of w: u and v, both a. Of v: u and w. Of x: w and z, of which z has no label.
    assert found["odd_label"][[2, 1, 3]].tolist() == [1.0, 0.5, 1.0] and np.isnan(found["odd_label"][5])
    assert np.isnan(neighbours(data, embedding="given", k=2)["odd_label"]).all()


def test_a_neighbour_of_several_rows_counts_by_their_shares() -> None:
    near = np.array([[1], [0]])
    assert others(near, np.array([0, 1, 1, 1]), np.array([0, 0, 0, 1]), 2).tolist() == pytest.approx([1 / 3, 0, 0, 1])


def test_a_corpus_without_texts_has_no_oddness(tmp_path: Path) -> None:
    assert all(np.isnan(v).all() for v in form(corpus(tmp_path, {"text": ["", None]})).values())

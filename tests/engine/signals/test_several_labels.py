"""Several labels a row: how sets are read, what a row's score is, and planted labels that lack or are too many."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec, value_key
from engine.errors import EngineError
from engine.models import label_sets, quality
from engine.models.probes.label_sets import LabelSets, _sums, against_the_rest
from engine.signals import CORPUS_SIGNALS
from tests.engine.small import corpus, embedded


def test_sets_are_lists_or_json_or_parted_by_a_sign_and_an_empty_list_is_a_label_too_few(tmp_path: Path) -> None:
    lists = label_sets(corpus(tmp_path, {"x": [["a", "b"], [], None, ["b", " a ", "b", ""]]}), "x")
    assert lists.names == ("a", "b") and lists.there.tolist() == [True, True, False, True]
    assert lists.given.toarray().tolist() == [[True, True], [False, False], [False, False], [True, True]]
    texts = label_sets(corpus(tmp_path, {"x": ['["a", 1]', "[]", "", "a"]}), "x")
    assert texts.names == ("a", "1") and texts.there.tolist() == [True, True, False, True]
    parted = label_sets(corpus(tmp_path, {"x": ["a; b", "b;", None, " ; "]}), "x", ";")
    assert parted.names == ("a", "b") and parted.there.tolist() == [True, True, False, False]
    assert label_sets(corpus(tmp_path, {"x": [1.5, None]}), "x").names == ("1.5",)


def test_the_worst_answer_counts_most_in_the_score_of_a_row() -> None:
    p = np.array([[0.9, 0.2, 0.1], [0.3, 0.8, 0.6], [0.05, 0.5, 0.95]])
    given = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]], bool)
    # What cleanlab 2.9 says of these: get_label_quality_scores([[0], [0, 1], [2]], p).
    assert quality(np.where(given, p, 1 - p)) == pytest.approx([0.82, 0.336, 0.59])
    assert quality(np.array([[0.9, np.nan, 0.2], [np.nan] * 3]))[0] == pytest.approx(0.8 * 0.2 + 0.2 * 0.9)


def test_one_equation_gives_each_label_the_line_that_its_own_shape_would() -> None:
    from scipy.sparse import csr_array

    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 4))
    own = x[:, 0] + 0.3 * rng.normal(size=200) > 0.5
    sets = LabelSets(("a", "none"), csr_array(np.stack([own, own & ~own], axis=1)), np.ones(200, bool))
    weights, offsets = against_the_rest(_sums(lambda rows: x[rows].astype(np.float32), np.arange(200), sets), 200)
    first, second = x[own].mean(axis=0), x[~own].mean(axis=0)
    whole = np.cov(x.T, bias=True)
    within = whole - own.mean() * (1 - own.mean()) * np.outer(first - second, first - second)
    line = np.linalg.solve(0.9 * within + 0.1 * np.trace(whole) / 4 * np.eye(4), first - second)
    assert weights[:, 0] == pytest.approx(line, rel=1e-4) and np.isnan(weights[:, 1]).all()
    assert offsets[0] == pytest.approx(np.log(own.sum() / (~own).sum()) - line @ (first + second) / 2, rel=1e-4)


def test_a_label_too_many_and_a_label_too_few_are_found_and_named(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    true = rng.random((160, 3)) < 0.4
    vectors = np.hstack([true - 0.4, np.zeros((160, 3))]) + rng.normal(0, 0.13, (160, 6))
    vectors[:, 5] += 0.5
    given = true.copy()
    many, few = np.flatnonzero(~true[:, 0])[:4], np.flatnonzero(true[:, 1])[4:8]
    given[many, 0], given[few, 1] = True, False
    sets: list[list[str] | None] = [[name for name, yes in zip("abc", row, strict=True) if yes] for row in given]
    sets[159] = None
    # Copies with the same labels, in a corner of their own: they must not vouch for each other.
    vectors[many[0], 4] = 1.0
    for row in range(150, 159):
        vectors[row], sets[row] = vectors[many[0]], sets[many[0]]
    data = embedded(corpus(tmp_path, {"labels": sets}), vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    made = spec("signal", "labels_doubt", {"embedding": "given", "labels": "labels"})
    data = build(data, {key_of(made): made})
    found = {
        name: data.column(value_key(name, key_of(made))).to_pylist()
        for name in CORPUS_SIGNALS["labels_doubt"].about.values
    }
    doubtful = np.argsort(np.array([2 if q is None else q for q in found["labels_quality"]]))[:17]
    assert set(doubtful.tolist()) == {*many.tolist(), *few.tolist(), *range(150, 159)}
    assert [found["doubted_label"][row] for row in many] == ["a"] * 4
    assert [found["lacking_label"][row] for row in few] == ["b"] * 4
    likely = {"abc"[k] for k in np.flatnonzero(true[159])}
    assert found["labels_given"][159] is None and found["doubted_label"][159] is None
    assert found["labels_quality"][159] is None and (found["lacking_label"][159] in likely or not likely)


def test_one_label_in_all_sets_is_said(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"labels": [["a"], ["a"], []]}), np.eye(3))
    with pytest.raises(EngineError, match="two labels at least"):
        CORPUS_SIGNALS["labels_doubt"].function(data, embedding="given", labels="labels")

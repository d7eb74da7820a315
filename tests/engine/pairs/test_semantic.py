"""Pairs close in meaning: what is found, what may be missed and how it is said, and what goes for whom."""

import sys
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from engine.dataset.typed_artefacts import Pairs
from engine.pairs import PAIRS, grouped, witnesses
from engine.pairs.kinds.semantic import semantic
from engine.recipe import Recipe, Step, run
from tests.engine.small import circle, corpus, embedded


def found(data: Dataset, **params: object) -> Pairs:
    member = PAIRS["semantic"]
    return member.function(data, **member.check({"embedding": "given", **params}))


def said(pairs: Pairs) -> list[tuple[int, int]]:
    return list(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True))


def test_texts_at_least_as_similar_as_the_threshold_are_a_pair_each_once(tmp_path: Path) -> None:
    # cos 10° = 0.985, cos 20° = 0.940, cos 30° = 0.866
    data = embedded(corpus(tmp_path, {"text": list("abcd")}), circle([0, 10, 30, 120]))
    assert said(found(data, threshold=0.93)) == [(0, 1), (1, 2)]
    assert said(found(data, threshold=0.95)) == [(0, 1)]
    pairs = found(data, threshold=0.86)
    assert said(pairs) == [(0, 1), (0, 2), (1, 2)]
    assert pairs.similarity.tolist() == pytest.approx([0.985, 0.866, 0.94], abs=1e-3)
    assert pairs.lowest == 0.86 and pairs.notes["recall"]["value"] == 1.0


def test_the_similarity_is_that_of_the_grid_to_the_last_bit_and_never_above_one(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    data = embedded(corpus(tmp_path, {"id": list(range(60))}), rng.normal(size=(60, 8)))
    grid = data.embedding("given").grid.astype(np.int64)
    pairs = found(data, threshold=0.3)
    exact = (grid[pairs.first] * grid[pairs.second]).sum(axis=1) / 2048**2
    assert len(pairs.first) > 50
    assert pairs.similarity.tolist() == np.minimum(exact, 1).astype(np.float32).tolist()
    near = embedded(corpus(tmp_path, {"id": [0, 1]}), np.array([[1, 1, 1, 1e-3], [1, 1, 1, 0]]) @ np.eye(4))
    assert (found(near).similarity <= 1).all()


def test_a_row_without_a_vector_is_compared_with_nothing_and_rows_of_one_text_share_a_node(tmp_path: Path) -> None:
    vectors = circle([0, 0, 5, 90])
    vectors[2] = np.nan
    pairs = found(embedded(corpus(tmp_path, {"text": list("abcd")}), vectors), threshold=0.3)
    assert pairs.of_row.tolist() == [0, 0, -1, 1] and said(pairs) == []
    assert pairs.notes["recall"]["value"] is None


def test_a_full_list_of_neighbours_is_counted_its_misses_measured_and_searched_again_on_demand(tmp_path: Path) -> None:
    # Twelve texts all alike, of which the graph lists two each; two more that are like nothing else.
    degrees = [i / 2 for i in range(12)] + [90, 180]
    data = embedded(corpus(tmp_path, {"id": list(range(14))}), circle(degrees), k=2)
    listed, whole = found(data), found(data, complete=True)
    assert listed.notes["full"] == {
        **{"texts": 12, "of": 14, "held": 2},
        "words": "12 of 14 texts have 2 that are as similar or more, so some of their pairs may be missing: search "
        "completely to find up to 256 of each.",
    }
    assert len(whole.first) == 12 * 11 // 2 and whole.notes["full"]["texts"] == 0
    assert whole.notes["recall"]["value"] == 1.0
    both = np.bincount(np.r_[listed.first, listed.second], minlength=12)
    assert listed.notes["recall"]["value"] == pytest.approx((both / 11).mean())
    assert listed.notes["recall"]["words"].endswith(" pairs of all texts)")


def test_a_giant_group_keeps_so_many_pairs_a_text_and_says_that_there_are_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[semantic.__module__], "MOST", 5)
    data = embedded(corpus(tmp_path, {"id": list(range(40))}), circle([i / 10 for i in range(40)]), k=3)
    pairs = found(data, complete=True)
    assert len(pairs.first) <= 40 * 5 and pairs.notes["full"]["texts"] == 40
    assert pairs.notes["recall"]["value"] < 0.3


def test_of_a_giant_group_one_row_is_left_whichever_is_wanted_most(tmp_path: Path) -> None:
    columns = {"id": list(range(40)), "score": [i * 7 % 40 for i in range(40)]}
    data = embedded(corpus(tmp_path, columns), circle([i / 10 for i in range(40)]), k=3)
    made = spec("pairs", "semantic", {"embedding": "given"})
    data = build(data, {key_of(made): made})
    step = Step("dedup", {"pairs": key_of(made), "threshold": 0.9, "by": "score", "keep": "last"}).checked()
    assert run(data, Recipe(steps=(step,))).rows.tolist() == [17]  # 17 · 7 = 2 · 40 + 39
    assert len(grouped(data.pairs(key_of(made)), 0.9).repeats) < 39


def test_recall_is_measured_on_a_sample_with_an_interval(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[semantic.__module__], "sampled_rows", lambda m: np.arange(0, m, 2))
    data = embedded(corpus(tmp_path, {"id": list(range(8))}), circle([0, 1, 60, 61, 120, 121, 200, 300]))
    recall = found(data, threshold=0.99).notes["recall"]
    assert (recall["value"], recall["texts"], recall["of"]) == (1.0, 3, 8)
    assert recall["low"] == pytest.approx(0.438, abs=1e-3) and recall["high"] == 1.0
    assert recall["words"] == (
        "100.0% of the pairs found (95% interval 43.9% to 100.0%, measured on 3 pairs of 4 of 8 texts)"
    )


def test_it_is_built_over_the_graph_with_a_column_of_group_sizes(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": list("abcd")}), circle([0, 10, 30, 120]))
    made = spec("pairs", "semantic", {"embedding": "given", "threshold": 0.95})
    data = build(data, {key_of(made): made})
    assert key_of(made) == "semantic(threshold=0.95)@given"
    assert data.numbers("semantic_copies(threshold=0.95)@given").tolist() == [2, 2, 1, 1]


# scikit-learn's digits: rows removed by the public rule, those of them that no row left is like, and rows removed by
# ours, on cosine as it is (float64) and on the grid, where rounding moves a few pairs over the edge.
DIGITS = {0.01: (7, 0, 7, 6), 0.02: (151, 28, 131, 136), 0.03: (531, 153, 434, 433), 0.05: (1225, 473, 996, 995)}


@pytest.fixture(scope="module")
def digits(tmp_path_factory: pytest.TempPathFactory) -> tuple[Dataset, np.ndarray]:
    from sklearn.datasets import load_digits

    vectors = load_digits().data.astype(np.float64)
    data = corpus(tmp_path_factory.mktemp("digits"), {"id": list(range(len(vectors)))})
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return embedded(data, vectors), unit @ unit.T


@pytest.mark.parametrize("eps", DIGITS)
def test_no_digit_goes_without_one_that_stays_where_the_public_rule_loses_hundreds(
    digits: tuple[Dataset, np.ndarray], eps: float
) -> None:
    data, cosine = digits
    by_rule, lost, exact, ours = DIGITS[eps]

    near = np.triu(cosine >= 1 - eps, 1)
    gone = near.any(axis=0)  # like any earlier row, itself gone or not
    left = ~gone
    alone = gone & ~((cosine >= 1 - eps)[:, left].any(axis=1))
    assert (int(gone.sum()), int(alone.sum())) == (by_rule, lost)
    stays = np.ones(len(cosine), bool)
    for row in range(len(cosine)):
        stays[row] = not (near[:row, row] & stays[:row]).any()
    assert int((~stays).sum()) == exact

    pairs = found(data, threshold=1 - eps, complete=True)
    assert pairs.notes["recall"]["value"] == 1.0
    rows = data.rows()
    witness, similarity = witnesses(pairs, rows, 1 - eps, np.zeros(len(rows), bool))
    went = witness >= 0
    assert (witness[witness[went]] == -1).all()
    vectors = data.embedding("given")
    at = vectors.texts.of_row
    verified = (vectors.floats(at[rows[went]]) * vectors.floats(at[witness[went]])).sum(axis=1)
    assert np.minimum(verified, 1).tolist() == similarity[went].tolist() and (similarity[went] >= 1 - eps - 1e-7).all()
    assert int(went.sum()) == ours


@pytest.mark.parametrize("most", [1, 3])
def test_of_a_crowd_as_many_stay_as_are_wanted_of_those_alike(tmp_path: Path, most: int) -> None:
    data = embedded(corpus(tmp_path, {"n": list(range(100))}), circle(list(np.linspace(0, 30, 100))))
    made = spec("pairs", "semantic", {"embedding": "given", "threshold": 0.8})
    data = build(data, {key_of(made): made})
    assert np.asarray(data.pairs(key_of(made)).crowded).any()
    step = Step("dedup", {"pairs": key_of(made), "threshold": 0.8, "keep": "last", "most": most}).checked()
    assert run(data, Recipe(steps=(step,))).rows.tolist() == list(range(100 - most, 100))

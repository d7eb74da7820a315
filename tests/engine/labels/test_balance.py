"""How even labels and groups are: known answers on a handful of points, and laws with a known optimum."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import (
    GroupCurve,
    allot,
    balance,
    cap_to_share,
    class_weights,
    concentration,
    group_curve,
    seen_by_group,
    synthetic,
    write_synthetic,
)
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.small import circle, corpus, embedded, mapped


def points(tmp_path: Path, labels: list[str | None], degrees: list[float]) -> Dataset:
    return embedded(corpus(tmp_path, {"label": labels}), circle(degrees))


def test_two_labels_that_lie_apart_are_separable_and_one_among_another_is_not(tmp_path: Path) -> None:
    # A around 0°, B around 90°; the two rows of C lie among those of A.
    labels = ["A"] * 6 + ["B"] * 6 + ["C"] * 2 + [None]
    data = points(tmp_path, labels, [0, 4, 8, 12, 16, 20, 90, 94, 98, 102, 106, 110, 6, 14, 180])
    found = balance(data, "label", "given", k=2, copies=1.0)
    rows = {row.label: row for row in found.classes}
    assert [(row.label, row.rows) for row in found.classes] == [("A", 6), ("B", 6), ("C", 2)]
    assert found.without_label == 1 and found.without_neighbours == 0
    assert rows["B"].agreement == 1 and rows["B"].beyond_chance == 1 and rows["C"].agreement == 0
    assert (rows["C"].confused, rows["C"].crossed, rows["C"].told) == ("A", 1.0, "badly")
    assert (rows["B"].confused, rows["B"].told) == ("", "well")
    assert rows["B"].silhouette > 0.9 and rows["C"].silhouette < 0 and rows["C"].weight == pytest.approx(14 / 3 / 2)
    assert [(p.label, p.other) for p in found.pairs] == [("C", "A")] and found.pairs[0].crossed == 1


def test_a_text_is_not_near_its_label_for_being_part_of_its_mean(tmp_path: Path) -> None:
    found = balance(points(tmp_path, ["A", "A", "B", "B"], [0, 60, 150, 150]), "label", "given", k=1, copies=1.0)
    # A: the other lies at 60° (a = 1/2), the mean of B at 150° and 90° (b = 1.866 and 1). B is a single text.
    a, b = found.classes
    assert a.silhouette == pytest.approx(((1.866 - 0.5) / 1.866 + 0.5) / 2, abs=2e-3) and np.isnan(b.silhouette)


def test_weighing_up_a_rare_label_among_others_warns_with_the_rows_that_it_would_cost(tmp_path: Path) -> None:
    # Each C has two neighbours of A; of A's rows those beside a C have one vote of it in two.
    labels = ["A"] * 8 + ["C"]
    data = points(tmp_path, labels, [0, 2, 10, 11, 40, 41.5, 50, 51, 12])
    (said,) = balance(data, "label", "given", k=2, copies=1.0).reweighed
    # The rows at 10° and 11° have 12° and each other: with C × 4.5 both go over to it. Nothing votes for C at 12°.
    assert (said.label, said.weight, said.gained, said.lost) == ("C", 4.5, 0, 2)
    assert said.hurt == (("A", 2),) and said.badly and said.warns and "would hurt others" in said.words()


def test_a_label_of_one_row_has_no_silhouette_and_one_label_alone_no_balance(tmp_path: Path) -> None:
    found = balance(points(tmp_path, ["A", "A", "A", "B", None], [0, 5, 9, 20, 30]), "label", "given", k=2, copies=1.0)
    assert np.isnan(found.classes[1].silhouette) and found.classes[1].agreement == 0 and found.without_label == 1
    with pytest.raises(EngineError, match="fewer than two labels"):
        balance(points(tmp_path, ["A", "A", None], [0, 5, 9]), "label", "given")


def test_class_weights_make_all_labels_weigh_the_same_and_rows_one_in_the_mean() -> None:
    count = np.array([90, 9, 0, 1])
    weight = class_weights(count)
    assert weight * count == pytest.approx([100 / 3, 100 / 3, 0, 100 / 3])
    assert class_weights(count, 0.0).tolist() == [1, 1, 0, 1]
    half = class_weights(count, 0.5)
    assert half[1] / half[0] == pytest.approx(10**0.5) and (half * count).sum() == pytest.approx(100)


def test_a_synthetic_point_lies_between_two_of_its_label_and_says_where_it_lies_among_others(tmp_path: Path) -> None:
    labels = ["r", "r", "r", "r", "r", "o", "o"]
    data = mapped(points(tmp_path, labels, [0, 10, 20, 100, 100, 50, 60]), [0, 1, 2, 10, 5, 6], [0] * 6)
    made = synthetic(data, "label", "r", "given", count=400, k=2, map="flat", seed=3)
    vectors = data.embedding("given").floats(np.asarray(data.embedding("given").texts.of_row))
    first, second = (vectors[made.parents[:, i]] for i in range(2))
    assert made.vectors == pytest.approx(first + made.along[:, None] * (second - first), abs=1e-6)
    assert set(map(tuple, made.parents.tolist())) == {(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1), (3, 1), (3, 2)}
    assert np.bincount(made.parents[:, 0]).tolist() == [100, 100, 100, 100]  # the copy in row 4 is the same text
    assert (made.y == 0).all() and made.x[made.parents[:, 0] == 3].min() < 4
    # Between 20° and 100° lie the others; between 0° and 20° nobody.
    assert made.crowded[made.parents[:, 0] == 3].any() and not made.crowded[(made.parents < 3).all(axis=1)].any()
    write_synthetic(data, made, tmp_path / "more.parquet")
    table = pq.read_table(tmp_path / "more.parquet")
    assert table["synthetic"].to_pylist() == [True] * 400 and table["first_parent"][0].as_py() in data.keys(data.rows())
    assert np.array(table["vector"].to_pylist()) == pytest.approx(made.vectors)
    with pytest.raises(EngineError, match="k is 0. Give 1"):
        synthetic(data, "label", "r", "given", count=1, k=0)
    with pytest.raises(EngineError, match="1 text; a point lies between two"):
        synthetic(points(tmp_path, ["a", "b", "b"], [0, 5, 9]), "label", "a", "given", count=1)


def test_the_curve_is_the_law_that_the_losses_came_from() -> None:
    n = np.array([10, 20, 40, 80, 160, 320])
    found = group_curve(n, 3 * n**-0.5 + 0.1)
    assert (found.a, found.b, found.c) == pytest.approx((3, 0.5, 0.1), rel=0.05)
    rng, sizes = np.random.default_rng(0), np.repeat(n, 8)
    noisy = [group_curve(sizes, 3 * sizes**-0.5 + 0.1 + rng.normal(0, 0.01, 48), draws=100) for _ in range(10)]
    assert sum(one.low < 0.5 < one.high for one in noisy) >= 8 and noisy[0].seen == (10, 320)
    assert group_curve([1, 2, 4], [0.3, 0.3, 0.3]).at(100) == pytest.approx(0.3)  # nothing to learn
    with pytest.raises(EngineError, match="three sizes"):
        group_curve([5, 5, 9], [1, 1, 0.5])


def test_a_budget_goes_where_it_teaches_most_and_no_other_way_does_better() -> None:
    # Of losses 4 / n and 1 / n the sum is least where n stand as 2 to 1, whatever the sum: 200 and 100.
    curves = {"hard": GroupCurve(4, 1, 0, 0, 0, (1, 100)), "easy": GroupCurve(1, 1, 0.2, 0, 0, (1, 400))}
    ours, equal, proportional = allot(curves, {"hard": 10, "easy": 40}, 250)
    assert [s.more for s in ours.shares] == pytest.approx([190, 60], abs=1) and ours.spent == 250
    assert [s.more for s in equal.shares] == [125, 125] and [s.more for s in proportional.shares] == [50, 200]
    assert ours.loss < equal.loss < proportional.loss and ours.worst == pytest.approx(0.21, abs=1e-3)
    assert [s.beyond for s in ours.shares] == [True, False]
    # A row of hard costs four times as much: n stand as 1 to 1.
    dear = allot(curves, {"hard": 10, "easy": 10}, 500, cost={"hard": 4.0}, room={"easy": 1000})[0]
    assert [s.more for s in dear.shares] == pytest.approx([100, 100], abs=2) and dear.spent <= 500
    # What a group has no room for goes to the others; one without a row begins.
    full = allot(curves, {"easy": 40}, 100, room={"hard": 30})
    assert [[s.more for s in way.shares] for way in full] == [[30, 70], [30, 70], [0, 100]]


def test_how_each_group_learns_is_told_on_rows_held_out(tmp_path: Path) -> None:
    # In p the labels lie in two heaps, in q they are dealt by chance; of r too few have one, three texts of q wait.
    rng = np.random.default_rng(0)
    labels: list[str | None] = ["a", "b"] * 30 + rng.permutation(["c", "d"] * 30).tolist() + ["a"] * 5 + [None] * 3
    places = [0, 1] * 30 + [2] * 60 + [0] * 5 + [2] * 3
    vectors = np.eye(16)[places] + rng.normal(0, 0.1, (128, 16))
    data = corpus(tmp_path, {"label": labels, "source": ["p"] * 60 + ["q"] * 60 + ["r"] * 5 + ["q"] * 3})
    found = seen_by_group(embedded(data, vectors), "label", "source", "given")
    easy, chance = found.groups
    assert [(one.group, one.labelled, one.free) for one in found.groups] == [("p", 60, 0), ("q", 60, 3)]
    assert easy.right.value == 1 and easy.curve.at(100) == pytest.approx(0, abs=0.01)
    assert chance.right.low < 0.5 < chance.right.high and chance.curve.at(100) > 0.3 and found.few == (("r", 5),)
    with pytest.raises(EngineError, match="20 texts with a label"):
        seen_by_group(embedded(corpus(tmp_path, {"label": list("ab")}), np.eye(2)), "label", "label", "given")


def test_a_cap_brings_the_largest_source_down_to_a_share_and_the_filter_does_it(tmp_path: Path) -> None:
    sources = ["a"] * 8 + ["b"] * 3 + ["c"] * 1 + [None]
    data = corpus(tmp_path, {"source": sources})
    found = concentration(data, "source")
    assert found.values == (("a", 8), ("b", 3), ("c", 1)) and found.missing == 1
    assert found.top == ((1, pytest.approx(8 / 12)), (3, 1.0)) and found.effective == pytest.approx(144 / 74)
    assert found.gini == pytest.approx((8 - 1) / 12 * 2 / 3)  # half of mean difference over mean: Σ|x−y| / 2n²m
    cap = cap_to_share(np.array([8, 3, 1]), 0.5)
    assert (cap.most, cap.kept, cap.share, cap.capped) == (4, 8, 0.5, 1)
    left = run(data, Recipe("r", steps=(Step("at_most", {"column": "source", "most": cap.most}),))).rows
    assert concentration(data, "source", left).top[0][1] == 0.5
    with pytest.raises(EngineError, match="the least is 0.333"):
        cap_to_share(np.array([8, 3, 1]), 0.3)

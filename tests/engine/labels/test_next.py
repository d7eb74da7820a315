"""What to label next: class by class, nothing twice, and what more would bring; by known answers."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import (
    WAYS,
    audited,
    balanced,
    by_totals,
    choose,
    expected,
    lanes,
    learning_curve,
    next_to_label,
    thresholds,
)
from engine.labels.asking.learning_curves import fit
from engine.labels.asking.replay import over_runs
from indexes import to_grid
from tests.engine.small import circle, corpus, embedded


def two_heaps(tmp_path: Path, labels: list[str | None]) -> Dataset:
    """Texts around 0° and around 90°, half of them each, the first of each heap first; the last two are copies."""
    half = (len(labels) - 2) // 2
    degrees = [*np.linspace(0, 30, half), *np.linspace(90, 60, half), 44.0, 44.2]
    return embedded(corpus(tmp_path, {"label": labels}), circle(degrees))


def test_the_class_with_fewest_labels_is_asked_about_each_count_growing_as_one_asks() -> None:
    counts, candidates = np.array([3, 1, 0]), np.array([0, 0, 1, 2, 2])  # A3 B1 C0; A A B C C
    assert candidates[balanced(candidates, counts, 3)].tolist() == [2, 1, 2]
    # A class that has no candidate is passed over, and does not let any other in twice.
    assert candidates[balanced(candidates, np.array([3, 1, 0, 0]), 5)].tolist() == [2, 1, 2, 0, 0]


def test_balance_asks_about_rare_classes_at_least_as_evenly_as_plain_entropy() -> None:
    rng = np.random.default_rng(0)
    truth = (np.arange(400) % 10 == 0).astype(np.int64)
    x = np.eye(8)[truth] + rng.normal(0, 0.5, (400, 8))
    x = (x / np.linalg.norm(x, axis=1, keepdims=True)).astype(np.float32)
    rare = {}
    for balance in (False, True):
        known = np.arange(20)
        for _ in range(4):
            free = np.setdiff1d(np.arange(400), known)
            taken = choose(lambda rows: x[rows], to_grid(x), free, known, truth[known], 2, budget=5, by="entropy",
                           balance=balance, seed=0)[0]  # fmt: skip
            known = np.concatenate([known, free[taken]])
        rare[balance] = int(truth[known].sum())
    assert 20 >= rare[True] > rare[False] > 2


@pytest.mark.parametrize("by", WAYS)
def test_nothing_is_asked_twice_nothing_that_is_labelled_and_no_more_than_there_is(tmp_path: Path, by: str) -> None:
    labels = ["a", *[None] * 9, "b", *[None] * 9, None, None]
    data = two_heaps(tmp_path, labels)
    found = next_to_label(data, embedding="given", label="label", by=by, budget=100, copies=0.9999)
    # Of 20 texts without a label two are copies of each other, asked about once.
    assert len(found.rows) == found.candidates == 19 and len(set(found.rows.tolist())) == 19
    assert not {0, 10} & set(found.rows.tolist()) and len({20, 21} & set(found.rows.tolist())) == 1
    few = next_to_label(data, embedding="given", label="label", by=by, budget=4, copies=0.9999)
    again = next_to_label(data, embedding="given", label="label", by=by, budget=4, copies=0.9999)
    assert len(few.rows) == 4 and few.rows.tolist() == again.rows.tolist()


def test_what_lies_between_two_labels_is_unsure_and_what_lies_far_from_both_covers(tmp_path: Path) -> None:
    data = two_heaps(tmp_path, ["a", *[None] * 9, "b", *[None] * 9, None, None])
    by = {way: next_to_label(data, embedding="given", label="label", by=way, budget=1, balance=False,
                              copies=0.9999).rows[0]
          for way in ("margin", "entropy", "coverage")}  # fmt: skip
    assert by["margin"] == by["entropy"] == 20 and by["coverage"] == 20


def test_before_two_labels_are_known_the_middles_of_the_heaps_are_asked_about(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"n": list(range(20))}), circle([*range(10), *range(90, 100)]))
    codes = np.full(20, -1)
    none = next_to_label(data, embedding="given", codes=codes, classes=0, budget=2, copies=1.0)
    assert sorted(int(row) // 10 for row in none.rows) == [0, 1]
    codes[4] = 0
    one = next_to_label(data, embedding="given", codes=codes, classes=1, budget=1, by="margin", copies=1.0)
    assert one.rows[0] >= 10 and one.by == none.by == "typical"
    assert none.likely.tolist() == [[-1], [-1]] and np.isnan(none.closeness).all()


def test_ten_thousand_classes_are_asked_about_and_a_budget_of_none_is_refused(tmp_path: Path) -> None:
    data = two_heaps(tmp_path, [None] * 22)
    codes = np.full(22, -1)
    codes[[0, 10]] = 3, 9_999
    found = next_to_label(data, embedding="given", codes=codes, classes=10_000, by="margin", budget=3, copies=1.0)
    assert set(found.likely.ravel().tolist()) <= {3, 9_999} and len(found.rows) == 3
    for wrong, message in (
        ({"budget": 0}, "asks about nothing"),
        ({"by": "luck"}, "no way"),
        ({"classes": 9}, "below"),
    ):
        with pytest.raises(EngineError, match=message):
            next_to_label(data, embedding="given", **{"codes": codes, "classes": 10_000, **wrong})


def test_sure_rows_are_accepted_above_the_threshold_of_their_class_and_some_are_looked_at() -> None:
    p = np.array([[0.9, 0.1], [0.7, 0.3], [0.2, 0.8], [0.45, 0.55], [np.nan, np.nan]])
    found = lanes(p, np.array([0.8, 0.75]), audit=1)
    assert found.accepted.tolist() == [0, 2] and found.asked.tolist() == [4, 3, 1]
    assert len(found.audit) == 1 and set(found.audit) <= {0, 2}
    # Class 0: all 30 at .9 are right, the next 30 at .6 wrong; class 1 is never told.
    told = thresholds(np.array([[0.9, 0.1]] * 30 + [[0.6, 0.4]] * 30), np.repeat([0, 1], 30), wanted=0.9)
    assert told[0] == 0.9 and told[1] > 1
    assert audited(np.zeros(0, bool)).low == 0 and audited(np.ones(50, bool)).low == pytest.approx(0.929, abs=1e-3)


def test_a_curve_is_found_again_and_says_where_twice_as_many_bring_little() -> None:
    n = np.array([10, 20, 40, 80, 160, 320])
    found = fit(n, (2 / n + 0.1)[None])[0]
    assert (found.b, found.c) == (pytest.approx(1, abs=0.1), pytest.approx(0.1, abs=0.01))
    # a / n − a / 2n = 0.01 at n = 100.
    assert found.enough(0.01) == pytest.approx(100, rel=0.05)
    assert fit(n, np.full((1, 6), 0.3))[0].accuracy(1000) == pytest.approx(0.7)


def test_more_labels_are_expected_to_bring_something_and_nothing_where_all_is_known(
    tmp_path: Path,
) -> None:
    rng = np.random.default_rng(0)
    code = np.repeat([0, 1], 150)
    vectors = np.eye(16)[code] * 2 + rng.normal(0, 1.0, (300, 16))
    x = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    curve = learning_curve(lambda rows: x[rows], np.arange(300), code, np.arange(300), 2)
    assert curve.sizes[0] == 10 and curve.sizes[-1] == 240 and curve.accuracy[-1] > curve.accuracy[0]
    now = curve.at(240)
    assert now.low < curve.accuracy[-1] < now.high and curve.gain(50).low <= curve.gain(50).value
    data = embedded(corpus(tmp_path, {"label": [f"c{one}" for one in code]}), np.eye(16)[code] + vectors * 1e-3)
    sure = expected(data, embedding="given", label="label", more=20)
    assert sure.beside.value == 0 and sure.random.value == pytest.approx(0, abs=1e-6) and sure.tried == 20
    # Ten runs without a difference on 90 rows each do not say that there is none.
    assert (-sure.beside.low, sure.beside.high) == pytest.approx([1 - 0.025 ** (1 / 90)] * 2, rel=0.05)
    assert over_runs(np.array([0, 0.1]), 60, 120).high == pytest.approx(0.05 + 12.706 * np.sqrt(0.005), abs=1e-3)
    with pytest.raises(EngineError, match="bring nothing"):
        expected(data, embedding="given", label="label", more=0)


@pytest.mark.parametrize(
    ("codes", "message"), [([0] * 10, "too few"), ([0] * 40, "one label"), ([0, 1] * 20, "copies of one text")]
)
def test_too_few_labels_and_one_label_give_no_curve(codes: list[int], message: str) -> None:
    x, rows = np.ones((40, 2), np.float32), np.arange(len(codes))
    with pytest.raises(EngineError, match=message):
        learning_curve(lambda some: x[some], rows, np.array(codes), rows * (1 not in codes), 2)


def test_totals_are_held_and_rows_fall_to_the_label_that_they_look_like() -> None:
    # Two bags of four: one with 3 of label 0, one with 1. The 0s lie around 0°, the 1s around 90°.
    truth = np.array([0, 0, 0, 1, 0, 1, 1, 1])
    x = circle([0, 4, 8, 88, 2, 90, 84, 92]).astype(np.float32)
    bag, share = np.repeat([0, 1], 4), np.array([[0.75, 0.25], [0.25, 0.75]])
    p = by_totals(x, bag, share)
    assert p.argmax(axis=1).tolist() == truth.tolist()
    for one in (0, 1):
        assert p[bag == one].sum(axis=0) == pytest.approx(share[one] * 4, abs=1e-3)
    fixed = np.array([1, -1, -1, -1, -1, -1, -1, -1])
    assert by_totals(x, bag, share, fixed=fixed)[0].tolist() == [0, 1]

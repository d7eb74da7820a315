"""Judgements of pairs: by key, whichever row is named first, taken back as one act, there again after a reload."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.marks import Desk, judged_pairs, keep_this, tell_apart
from tests.engine.small import corpus


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


def said(data: Dataset) -> tuple[set[tuple[int, int, bool]], list[int]]:
    found = judged_pairs(Dataset.load(data.store))
    pairs = zip(found.first.tolist(), found.second.tolist(), found.same.tolist(), strict=True)
    return {(min(a, b), max(a, b), same) for a, b, same in pairs}, found.stays.tolist()


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return corpus(tmp_path, {"text": ["a", "b", "a", "d"]})


def test_the_row_that_is_kept_is_the_one_to_stay_and_the_others_are_its_duplicates(data: Dataset) -> None:
    assert keep_this(data, 2, rows(0, 1)) == 3
    assert said(data) == ({(0, 2, True), (1, 2, True)}, [2])
    keep_this(data, 0, rows(1, 2))  # another choice in the same group
    assert said(data) == ({(0, 2, True), (1, 2, True), (0, 1, True)}, [0])


def test_a_pair_is_the_same_whichever_row_is_named_first(data: Dataset) -> None:
    tell_apart(data, 0, rows(1))
    assert tell_apart(data, 1, rows(0)) == 0
    assert [part.tolist() for part in judged_pairs(data).apart] in ([[0], [1]], [[1], [0]])
    keep_this(data, 1, rows(0))
    assert said(data) == ({(0, 1, True)}, [1])


def test_one_undo_takes_the_whole_act_back(data: Dataset) -> None:
    tell_apart(data, 0, rows(1), who="ana")
    keep_this(data, 0, rows(1, 2, 3), who="ana")
    assert Desk(data.store, "ana").undo().words == "row 0 kept of 4 rows alike"
    assert said(data) == ({(0, 1, False)}, [])
    Desk(data.store, "ana").undo()
    assert said(data) == (set(), [])

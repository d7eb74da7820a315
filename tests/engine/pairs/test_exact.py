"""Exact repeats: what counts as equal, and what is stored of it."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from engine.building import build, cost, key_of, plain_spec, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.pairs import PAIRS
from engine.pairs.kinds.alike import Alike, without
from tests.engine.small import corpus


def nodes(data: Dataset, **params: object) -> list[int]:
    return PAIRS["exact"].function(data, **PAIRS["exact"].check(params)).of_row.tolist()


def test_rows_with_the_same_bytes_share_a_node_and_rows_without_text_have_none(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "A", "a", "", None, "  ", "a "]})
    assert nodes(data) == [0, 1, 0, -1, -1, -1, 2]


@pytest.mark.parametrize(
    ("switch", "texts", "same"),
    [
        ("any_case", ["Ab", "aB", "ac"], [0, 0, 1]),
        ("any_space", ["a b", " a\t\n b", "ab"], [0, 0, 1]),
        ("any_unicode_form", ["é ﬁ", "e\u0301 fi", "e\u200b\u0301 f\u00adi", "e fi"], [0, 0, 0, 1]),
        ("any_punctuation", ["Well, “yes”!", "Well yes", "1.5", "15", "a < b", "a > b"], [0, 0, 1, 2, 3, 4]),
        ("any_digits", ["row 1 of 20", "row 33 of 4", "row of"], [0, 0, 1]),
        ("any_url", ["see https://a.b/c now", "see www.x.org now", "see now"], [0, 0, 1]),
    ],
)
def test_each_switch_makes_one_kind_of_difference_not_count(
    tmp_path: Path, switch: str, texts: list[str], same: list[int]
) -> None:
    data = corpus(tmp_path, {"text": texts})
    assert nodes(data) == list(range(len(texts)))
    assert nodes(data, **{switch: True}) == same


def test_texts_that_nothing_would_be_left_of_do_not_all_become_one() -> None:
    texts = pa.array(["?!", "...", None, ""], pa.large_string())
    assert without(Alike(punctuation=True, space=True), texts).to_pylist() == ["?!", "...", None, ""]


def test_repeats_in_a_column_and_in_every_column(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "a", "a"], "who": ["x", "x", "y"], "n": [1, 1, 1]})
    assert nodes(data) == [0, 0, 0]
    assert nodes(data, column="who") == [0, 0, 1]
    assert nodes(data, of="every column") == [0, 0, 1]
    with pytest.raises(EngineError, match="Take of = 'text'"):
        nodes(data, of="every column", any_case=True)


def test_a_giant_group_is_stored_as_one_number_a_row(tmp_path: Path) -> None:
    data = build(corpus(tmp_path, {"text": ["same"] * 5000}), ["exact"])
    stored = data.artefact("pairs", "exact")
    assert sum(s.bytes for parts in stored.arrays.values() for s in parts) < 2 * 5000 * 4 + 3000
    assert (stored.notes["groups"], stored.notes["rows"], stored.notes["largest"]) == (1, 5000, 5000)
    assert data.numbers("exact_copies", np.array([0, 4999])).tolist() == [5000, 5000]


def test_pairs_are_built_once_found_again_and_gone_with_another_text(open_rows: Callable[..., Dataset]) -> None:
    rows: list[dict[str, object]] = [{"text": "a", "other": str(i)} for i in range(3)]
    data = open_rows(rows, text="text")
    made = spec("pairs", "exact", {"any_case": True})
    first = build(data, {key_of(made): made})
    again = build(first, {key_of(made): made})
    assert first.keys_of("pairs") == ["exact(any_case=True)"]
    assert again.added["exact(any_case=True)"].identity == first.added["exact(any_case=True)"].identity
    assert plain_spec("exact") == spec("pairs", "exact")
    assert cost(data, made).seconds > 0

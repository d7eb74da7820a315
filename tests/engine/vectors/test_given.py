"""Vectors that the person brings: checked, put on the grid, distinct ones kept."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.store.spec import Spec
from engine.vectors import query
from engine.vectors.embed import embed
from tests.engine import small
from tests.engine.small import corpus

small.TYPES.setdefault(list, "list")


def given(**params: str) -> Spec:
    return Spec("embedding", "given", params=params)


def with_lists(tmp_path: Path, vectors: list[object]) -> Dataset:
    return corpus(tmp_path, {"text": [f"t{i}" for i in range(len(vectors))], "v": vectors})


def test_a_column_of_lists_gives_vectors_and_equal_ones_share_a_node(tmp_path: Path) -> None:
    data = with_lists(tmp_path, [[3.0, 4.0], [0.0, 1.0], [6.0, 8.0]])
    made = embed(data, given(column="v"), "given")
    vectors = Dataset.load(data.store).embedding("given")
    assert vectors.grid.tolist() == [[1229, 1638], [0, 2048]]
    assert vectors.texts.of_row.tolist() == [0, 1, 0]
    assert vectors.texts.count.tolist() == [2, 1]
    assert made.notes["dimension"] == 2


def test_a_missing_list_is_a_row_without_a_vector(tmp_path: Path) -> None:
    data = with_lists(tmp_path, [[1.0, 0.0], None, [0.0, 1.0]])
    embed(data, given(column="v"), "given")
    vectors = Dataset.load(data.store).embedding("given")
    assert vectors.texts.of_row.tolist() == [0, -1, 1]
    assert vectors.grid.tolist() == [[2048, 0], [0, 2048]]


@pytest.mark.parametrize("name", ["v.npy", "v.npz"])
def test_files_are_read_row_by_row(tmp_path: Path, name: str) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    array = np.array([[1, 0, 0], [0, 5, 0]], np.float32)
    if name.endswith("npz"):
        np.savez_compressed(tmp_path / name, ids=np.arange(2), embeddings=array)
    else:
        np.save(tmp_path / name, array)
    made = embed(data, given(path=str(tmp_path / name)), "given")
    assert made.array("grid").tolist() == [[2048, 0, 0], [0, 2048, 0]]
    again = embed(data, given(path=str(tmp_path / name)), "given")
    assert again.identity == made.identity


BAD = [
    (np.array([[1.0, 0], [np.nan, 1], [0, 0]]), "The vector of row 1 holds NaN"),
    (np.array([[1.0, 0], [1, 1], [np.inf, 0]]), "The vector of row 2 holds an infinite value"),
    (np.array([[0.0, 0], [np.nan, 1], [0, 0]]), "The vector of row 0 is all zero"),
    (np.ones((2, 2)), "has 2 rows and the data set has 3"),
    (np.ones(3), r"has shape \(3,\)"),
    (np.array([["a"], ["b"], ["c"]]), "holds <U1, not numbers"),
    (np.asfortranarray(np.random.default_rng(0).random((3, 2))), "stored column by column"),
]


@pytest.mark.parametrize(("array", "message"), BAD)
def test_what_does_not_fit_is_named_with_the_first_bad_row(tmp_path: Path, array: np.ndarray, message: str) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})
    np.save(tmp_path / "v.npy", array)
    with pytest.raises(EngineError, match=message):
        embed(data, given(path=str(tmp_path / "v.npy")), "given")
    assert "given" not in Dataset.load(data.store).added


def test_a_bad_row_deep_in_a_long_file_is_named(tmp_path: Path) -> None:
    n = 40_000
    data = corpus(tmp_path, {"text": [str(i) for i in range(n)]})
    array = np.random.default_rng(0).random((n, 3), np.float32)
    array[33_333] = 0
    np.save(tmp_path / "v.npy", array)
    with pytest.raises(EngineError, match="row 33,333 is all zero"):
        embed(data, given(path=str(tmp_path / "v.npy")), "given")
    array[33_333] = 1
    np.save(tmp_path / "v.npy", array)
    made = embed(data, given(path=str(tmp_path / "v.npy")), "given")
    of_row = data.texts_below(made).of_row
    assert np.abs(made.array("grid")[of_row] / 2048 - array / np.linalg.norm(array, axis=1)[:, None]).max() < 0.0003


def test_objects_in_a_file_are_never_read(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a"]})
    np.save(tmp_path / "v.npy", np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(EngineError, match="object, not numbers"):
        embed(data, given(path=str(tmp_path / "v.npy")), "given")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "is not a whole .npy"), (b"hello there", "is not a whole .npy"), (None, "There is no file")],
)
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes | None, message: str) -> None:
    data = corpus(tmp_path, {"text": ["a"]})
    if content is not None:
        (tmp_path / "v.npy").write_bytes(content)
    with pytest.raises(EngineError, match=message):
        embed(data, given(path=str(tmp_path / "v.npy")), "given")


def test_a_file_that_ends_early_is_said(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    np.save(tmp_path / "v.npy", np.ones((2, 4)))
    (tmp_path / "v.npy").write_bytes((tmp_path / "v.npy").read_bytes()[:-1])
    with pytest.raises(EngineError, match="ends early"):
        embed(data, given(path=str(tmp_path / "v.npy")), "given")


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        ([[1.0, 2.0], [1.0]], "Row 1 of 'v' has 1 numbers and row 0 has 2"),
        ([[1.0, 2.0], [1.0, None]], "Row 1 of 'v' has a missing number"),
        ([None, None, [1.0], [0.0]], "The vector of row 3 is all zero"),
    ],
)
def test_a_list_that_does_not_fit_is_named(tmp_path: Path, vectors: list[object], message: str) -> None:
    with pytest.raises(EngineError, match=message):
        embed(with_lists(tmp_path, vectors), given(column="v"), "given")


def test_a_column_of_texts_is_no_column_of_vectors(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a"]})
    with pytest.raises(EngineError, match="'text' holds string, not lists of numbers"):
        embed(data, given(column="text"), "given")
    with pytest.raises(EngineError, match="Say where the vectors are"):
        embed(data, given(), "given")


def test_a_typed_query_needs_a_model(tmp_path: Path) -> None:
    data = with_lists(tmp_path, [[3.0, 4.0], [0.0, 1.0]])
    embed(data, given(column="v"), "given")
    with pytest.raises(EngineError, match="Search by an example row"):
        query.embed_texts(Dataset.load(data.store), "given", ["a"])

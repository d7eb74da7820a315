"""Every kind of index meets the family's law; a new kind is tested by joining the list."""

import sys
from typing import cast

import numpy as np
import pytest

from indexes import INDEXES, RECALL_FLOOR, build_index, digest, load_index, measure_recall, save_index, to_grid
from indexes.about import Approximate, Found, Index
from indexes.choose import Choice
from tests.indexes.conftest import by_whole_numbers, clumped_vectors, random_vectors


def kinds(*exact: bool) -> pytest.MarkDecorator:
    """One test for each kind, named after it; for the exact or the approximate ones alone."""
    found = [kind for kind in INDEXES.values() if kind.about.exact in (exact or (True, False))]
    return pytest.mark.parametrize("kind", found, ids=[kind.kind for kind in found])


EVERY, EXACT, APPROXIMATE = kinds(), kinds(True), kinds(False)
NOTHING = np.empty((0, 24), np.int16)


def same(found: Found, expected: Found) -> None:
    assert found.rows.tolist() == expected.rows.tolist()
    assert found.similarities.tolist() == expected.similarities.tolist()


def coarse_vectors(m: int) -> np.ndarray:
    """Vectors of plus and minus one, int16 (m, 9): many are equally similar, many are the same."""
    return to_grid(np.where(np.random.default_rng(3).random((m, 9)) < 0.5, -1.0, 1.0))


@EVERY
def test_its_facts_stand_beside_it(kind: type[Index]) -> None:
    assert kind.about is sys.modules[kind.__module__].ABOUT
    assert INDEXES[kind.kind] is kind
    assert kind.about.title[0].isupper()


@EVERY
def test_more_vectors_never_take_less_memory(kind: type[Index]) -> None:
    assert 0 <= kind.about.memory(0, 384) <= kind.about.memory(1000, 384) <= kind.about.memory(2000, 768)


@EXACT
@pytest.mark.parametrize("vectors", [clumped_vectors(300), coarse_vectors(300)], ids=["clumps", "ties"])
def test_exact_is_the_answer_of_whole_numbers(kind: type[Index], vectors: np.ndarray) -> None:
    own = np.arange(300)
    found = kind.build(vectors).search(vectors, 10, exclude=own)
    same(found, Found(*by_whole_numbers(vectors, vectors, 10, exclude=own)))


@EVERY
@pytest.mark.parametrize("vectors", [clumped_vectors(300), coarse_vectors(300)], ids=["clumps", "ties"])
def test_what_is_found_is_true_and_in_order(kind: type[Index], vectors: np.ndarray) -> None:
    own = np.arange(300)
    found = kind.build(vectors).search(vectors, 10, exclude=own)
    assert (found.rows.dtype, found.similarities.dtype) == (np.int64, np.float32)
    levels = vectors.astype(np.int64) @ vectors.astype(np.int64).T
    for row, (rows, similarities) in enumerate(zip(found.rows, found.similarities, strict=True)):
        there = rows[rows >= 0]
        assert row not in there and len(set(there.tolist())) == len(there)
        assert (rows[len(there) :] == -1).all() and (similarities[len(there) :] == 0).all()
        assert np.array_equal(similarities[: len(there)], (levels[row, there] / 2048**2).astype(np.float32))
        assert there.tolist() == sorted(there.tolist(), key=lambda other: (-levels[row, other], other))


@EVERY
def test_within_some_rows_it_is_exact(kind: type[Index]) -> None:
    vectors, within = coarse_vectors(300), np.array([250, 3, 77, 78, 79, 12, 5])
    own = np.arange(20)
    found = kind.build(vectors).search(vectors[:20], 4, within=within, exclude=own)
    same(found, Found(*by_whole_numbers(vectors, vectors[:20], 4, within=within, exclude=own)))


@EVERY
def test_no_rows_one_row_and_no_queries_are_no_trouble(kind: type[Index]) -> None:
    queries, one = random_vectors(3), random_vectors(1)
    assert kind.build(NOTHING).search(queries, 2).rows.tolist() == [[-1, -1]] * 3
    assert kind.build(NOTHING).search(NOTHING, 2).rows.shape == (0, 2)
    assert kind.build(one).search(queries, 2).rows.tolist() == [[0, -1]] * 3
    assert kind.build(one).search(one, 2, exclude=np.array([0])).rows.tolist() == [[-1, -1]]
    assert kind.build(queries).search(NOTHING, 2).rows.shape == (0, 2)
    assert kind.build(queries).search(queries, 0).rows.shape == (3, 0)


@EVERY
@pytest.mark.parametrize("m", [0, 1, 2, 300])
def test_made_for_use_it_reaches_the_floor(kind: type[Index], m: int) -> None:
    built = build_index(clumped_vectors(m), Choice(kind.kind, "cpu", "Because."))
    assert built.recall.value >= RECALL_FLOOR
    assert measure_recall(built.index).value == built.recall.value


@EVERY
def test_the_same_seed_gives_the_same_answer_and_vectors_stay_as_they_were(kind: type[Index]) -> None:
    vectors = clumped_vectors(300)
    before = vectors.copy()
    first, again = (kind.build(vectors, seed=3).search(vectors, 9) for _ in range(2))
    same(first, again)
    assert (vectors == before).all()


@EVERY
def test_a_search_can_be_stopped(kind: type[Index]) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        kind.build(clumped_vectors(50)).search(clumped_vectors(50), 2, tick=stop)


@EVERY
def test_floats_are_refused(kind: type[Index]) -> None:
    with pytest.raises(ValueError, match="float64"):
        kind.build(np.eye(3))


@APPROXIMATE
def test_building_says_how_far_it_is_and_can_be_stopped(kind: type[Approximate]) -> None:
    said: list[tuple[int, int]] = []
    kind.build(clumped_vectors(300), progress=lambda done, total: said.append((done, total)))
    assert said == sorted(said) and said[-1] == (300, 300)

    def stop(done: int, total: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        kind.build(clumped_vectors(300), progress=stop)


@APPROXIMATE
@pytest.mark.parametrize("m", [0, 1, 300])
def test_written_and_read_back_it_answers_as_before(kind: type[Approximate], m: int, tmp_path) -> None:
    vectors, queries = clumped_vectors(m), random_vectors(20)
    index = cast(Approximate, kind.build(vectors))
    save_index(index, tmp_path / "index.bin", vectors_digest=digest(vectors))
    again = load_index(tmp_path / "index.bin", vectors, vectors_digest=digest(vectors))
    assert (type(again), again.breadth) == (kind, index.breadth)
    same(again.search(queries, 7), index.search(queries, 7))


@APPROXIMATE
def test_looking_further_finds_no_fewer_and_comes_to_an_end(kind: type[Approximate]) -> None:
    index: Approximate | None = cast(Approximate, kind.build(random_vectors(2000)))
    shares: list[float] = []
    seen: list[str] = []
    while index is not None:
        shares.append(measure_recall(index, rows=200).value)
        seen.append(index.breadth)
        index = index.wider()
        assert len(seen) < 40
    assert shares == sorted(shares)
    assert len(set(seen)) == len(seen)

"""The theory of bands, and signatures that keep to it."""

import numpy as np
import pytest

from engine.pairs import Bands, expected, met, wished
from engine.pairs.kernels import sketch
from engine.pairs.shingles.lsh import SLOTS


@pytest.mark.parametrize(
    ("bands", "chances"),
    [
        (Bands(14, 8), [0.0533, 0.5645, 0.7716, 0.9235, 0.9884, 0.9996]),
        (Bands(20, 13), [0.0024, 0.1769, 0.3818, 0.6773, 0.9240, 0.9972]),
        (Bands(26, 11), [0.0126, 0.4050, 0.6744, 0.9032, 0.9914, 0.9999]),
    ],
)
def test_the_curve_has_the_published_values(bands: Bands, chances: list[float]) -> None:
    assert met(np.array([0.5, 0.7, 0.75, 0.8, 0.85, 0.9]), bands).round(4).tolist() == chances


def test_the_steep_part_of_the_curve_is_where_it_is_said_to_be() -> None:
    assert (round(Bands(14, 8).turn, 3), round(Bands(20, 13).turn, 3), round(Bands(26, 11).turn, 3)) == (
        0.719,
        0.794,
        0.744,
    )


@pytest.mark.parametrize("threshold", [0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.99, 1.0])
@pytest.mark.parametrize("find", [0.5, 0.9, 0.99, 0.9999])
def test_a_wish_is_fulfilled_with_as_many_rows_as_the_slots_allow(threshold: float, find: float) -> None:
    found = wished(threshold, find)
    assert found.bands * found.rows <= SLOTS and met(threshold, found) >= find - 1e-9
    longer = Bands(SLOTS // (found.rows + 1), found.rows + 1)
    assert found.rows == 16 or met(threshold, longer) < find


def test_a_wish_that_no_bands_fulfil_gets_a_band_a_slot() -> None:
    assert wished(0.01, 0.99) == Bands(128, 1)


def test_false_candidates_are_those_below_the_threshold_by_their_chance() -> None:
    found = expected(Bands(2, 1), 0.8, np.array([0.0, 0.5, 0.9, 1.0]), 1000)
    assert (round(found.found, 6), found.false) == (0.96, 1000 * 0.75 / 4)
    assert found.curve[50] == (0.5, 0.75) and len(found.curve) == 101


def planted(jaccard: float, pairs: int, size: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, float]:
    """Sketches of pairs of sets of `size` random shingles of about a similarity, and what it is exactly."""
    shared = round(2 * size * jaccard / (1 + jaccard))
    rng, spare = np.random.default_rng(seed), np.empty(4 * SLOTS, np.uint32)
    found = np.empty((2, pairs, SLOTS), np.uint32)
    for p in range(pairs):
        all_of_them = rng.integers(1, 2**63, 2 * size - shared, dtype=np.uint64)
        for side, part in enumerate((all_of_them[:size], all_of_them[size - shared :])):
            sketch.sketch(np.ascontiguousarray(part), size, spare, found[side, p])
    return found[0], found[1], shared / (2 * size - shared)


@pytest.mark.parametrize("bands", [Bands(14, 8), Bands(16, 6), Bands(9, 13), Bands(11, 11), Bands(21, 6)])
@pytest.mark.parametrize("jaccard", [0.5, 0.7, 0.8, 0.9])
def test_texts_meet_as_often_as_the_curve_says_within_two_points(bands: Bands, jaccard: float) -> None:
    """Sets of 2,000: shorter ones estimate better than k independent permutations, and meet a little more often."""
    a, b, true = planted(jaccard, 4000, 2000)
    width = bands.bands * bands.rows
    equal = (a[:, :width] == b[:, :width]).reshape(len(a), bands.bands, bands.rows)
    share = equal.all(axis=2).any(axis=1).mean()
    assert abs(share - met(true, bands)) < 0.02


@pytest.mark.parametrize(("size", "least", "most"), [(8, 0.8, 1.05), (56, 0.65, 1.05), (2000, 0.95, 1.05)])
def test_the_error_of_an_estimate_is_that_of_as_many_permutations_or_smaller(
    size: int, least: float, most: float
) -> None:
    for jaccard in (0.3, 0.5, 0.8):
        a, b, true = planted(jaccard, 4000, size)
        error = (a == b).mean(axis=1) - true
        theory = np.sqrt(true * (1 - true) / SLOTS)
        assert least < np.sqrt((error**2).mean()) / theory < most
        assert abs(error.mean()) < 4 * theory / np.sqrt(4000)

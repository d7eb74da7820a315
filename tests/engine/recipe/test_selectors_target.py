"""Selectors toward a target, by vectors: known answers, what is never picked, and what is said of a choice."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset import Dataset, Picked
from engine.recipe.selectors import SELECTORS
from engine.recipe.selectors.target._frechet import Moments, frechet, nearest_prefix
from engine.recipe.selectors.target._growing import grow
from engine.recipe.selectors.target._toward import by_turns
from engine.recipe.selectors.target._transport import calibrated, sinkhorn, soft_least
from engine.recipe.snapshots import examples_ref
from engine.registry import Budget
from tests.engine.small import circle, corpus, embedded

NONE = np.empty(0, np.int64)
BY_VECTORS = ["nearest", "betr", "simcore", "got_d", "search_and_prune"]


def plane(folder: Path, degrees: list[float], sets: dict[str, list[int]]) -> tuple[Dataset, str]:
    """Rows at some angles, and those of them that are examples, by target."""
    data = embedded(corpus(folder, {"n": list(range(len(degrees)))}), circle(degrees), graph=False)
    rows = {name: np.array(some) for name, some in sets.items()}
    return data, examples_ref(data, "what is wanted", {}, rows=rows, embedding="given")


def pick(found: tuple[Dataset, str], name: str, k: int, **more: object) -> Picked:
    data, ref = found
    said = SELECTORS[name].check({"embedding": "given", "target": ref, "budget": k, **more})
    picked: Picked = SELECTORS[name].function(data, data.rows(), NONE, **said | {"budget": Budget(k)})
    return picked


def test_specialists_lead_by_the_nearest_example_the_generalist_by_the_mean(tmp_path):
    # Targets (1, 0) and (0, 1); rows (1, 0), (.8, .6), (0, 1): similarities 1, .8, 1, means .5, .7, .5.
    found = plane(tmp_path, [0, 90, 0, 36.87, 90], {"a": [0], "b": [1]})
    best, mean = pick(found, "nearest", 3), pick(found, "nearest", 3, by="mean")
    assert (best.rows.tolist(), mean.rows.tolist()) == ([2, 4, 3], [3, 2, 4])
    assert best.notes["least"] == pytest.approx(0.8, abs=1e-3)
    assert (best.notes["examples_in_pool"], best.notes["near_copies"], best.notes["near_copies_picked"]) == (2, 2, 2)


def test_by_turns_each_target_gets_its_share(tmp_path):
    found = plane(tmp_path, [0, 180, 1, 2, 3, 4, 150, 140], {"a": [0], "b": [1]})
    assert pick(found, "nearest", 4).rows.tolist() == [2, 3, 4, 5]
    turns = pick(found, "nearest", 5, by="by turns")
    assert turns.rows.tolist() == [2, 6, 3, 7, 4] and turns.notes["picks_by_set"] == {"a": 3, "b": 2}
    picks, of = by_turns([np.array([0, 1]), np.array([0, 2, 1])], 3, 9)
    assert (picks.tolist(), of.tolist()) == ([0, 2, 1], [0, 1, 0])


def test_an_example_is_covered_by_a_pick_as_near_as_its_nearest_other_example(tmp_path):
    # Examples at 0, 10 and 90 degrees: the yardsticks are 10, 10 and 80 degrees. A pick at 5 covers the first two, but
    # stands 85 degrees from the third; one at 19 covers the second and the third.
    found = plane(tmp_path, [0, 10, 90, 5, 19, 200], {"a": [0, 1], "b": [2]})
    data, ref = plane(tmp_path, [0, 10, 90, 5, 19, 10], {"a": [0, 1], "b": [2]})
    only = SELECTORS["nearest"].function

    def shares(row: int) -> tuple[object, object]:
        notes = only(data, np.array([row]), NONE, budget=Budget(1), embedding="given", target=ref).notes
        assert notes["covered"] == notes["covered_by_random"]  # the only row there is
        return notes["covered"], notes["covered_by_set"]

    assert shares(3) == (pytest.approx(2 / 3), {"a": 1.0, "b": 0.0})
    assert shares(4) == (pytest.approx(2 / 3), {"a": 0.5, "b": 1.0})
    assert shares(5)[0] == 1  # as near as the nearest other example is enough
    notes = pick(found, "nearest", 2).notes
    assert notes["tiny"] and notes["narrow"]  # of the rows at 5, 19 and 200, two lie anywhere near


@pytest.mark.parametrize("name", BY_VECTORS)
def test_a_target_of_one_row_or_of_the_whole_pool_and_vectors_all_equal_work(tmp_path, name):
    one = plane(tmp_path, [0, 10, 20], {"a": [0]})
    assert sorted(pick(one, name, 2).rows.tolist()) in ([1, 2], [1])  # one may stop by itself
    assert pick(one, name, 2).notes["covered"] is None
    assert pick(plane(tmp_path, [0, 10], {"a": [0, 1]}), name, 2).rows.tolist() == []
    same = pick(plane(tmp_path, [7] * 5, {"a": [0]}), name, 3)
    assert len(same.rows) == 3 and same.notes["repeats"] == 2


def test_ranks_let_a_far_example_speak_as_loud_as_one_in_a_crowd(tmp_path):
    # The example at 0 has a crowd; the one at 180 has nothing near, and yet its nearest row comes second.
    found = plane(tmp_path, [0, 180, 1, 2, 3, 4, 100], {"a": [0], "b": [1]})
    assert pick(found, "nearest", 2).rows.tolist() == [2, 3]
    ranked = pick(found, "betr", 2)
    assert ranked.rows.tolist() == [2, 6] and ranked.notes["picks_by_set"] == {"a": 1, "b": 1}
    # Of rows at 0, 40, 50 and 90, examples at 0 and 90 give 1, 1/2, 1/3, 1/4 and the other way round: the best of both
    # is 1, 1/2, 1/2, 1; with one more example at 48, which gives 1/4, 1/2, 1, 1/3, the means put row 50 first.
    best = pick(plane(tmp_path, [0, 90, 0, 40, 50, 90], {"a": [0, 1]}), "betr", 4)
    assert best.rows.tolist() == [2, 5, 3, 4]
    mean = pick(plane(tmp_path, [0, 90, 48, 0, 40, 50, 90], {"a": [0, 1, 2]}), "betr", 4, of_ranks="mean")
    assert mean.rows.tolist() == [5, 6, 3, 4]  # sums 11/6, 19/12, 3/2, 4/3


def test_a_large_set_of_examples_does_not_swamp_a_small_one(tmp_path):
    crowd = [float(i) for i in range(0, 40, 2)]
    degrees = crowd + [200.0] + [angle + 0.5 for angle in crowd] + [199.0, 201.5, 202.0]
    picks = pick(plane(tmp_path, degrees, {"large": list(range(20)), "small": [20]}), "betr", 6)
    assert picks.notes["picks_by_set"]["small"] == 3


def test_simcore_stops_where_the_published_example_does():
    cosines = np.array([[0.9, 0.8, 0.1, 0.2], [0.1, 0.2, 0.9, 0.3]], np.float32)
    grown = grow(lambda some: cosines[some], 4, 2, 4, stop_below=0.95)
    assert grown.picks.tolist() == [0, 2] and grown.stopped
    assert grown.means == pytest.approx((0.9, 0.55))
    endless = grow(lambda some: cosines[some], 4, 2, 4, stop_below=0)
    assert endless.picks.tolist() == [0, 2, 1, 3] and not endless.stopped
    assert grow(lambda some: cosines[some], 4, 2, 3, stop_below=0).picks.tolist() == [0, 2, 1]


def test_rounds_are_those_of_plain_queues_though_queues_are_short(monkeypatch):
    import engine.recipe.selectors.target._growing as rounds

    monkeypatch.setattr(rounds, "AHEAD", 1)
    cosines = np.tile(np.random.default_rng(0).integers(0, 9, 60).astype(np.float32), (8, 1))
    # All want the same, so queues run dry.
    grown = grow(lambda some: cosines[some], 60, 8, 60, stop_below=0)
    assert grown.picks.tolist() == np.argsort(-cosines[0], kind="stable").tolist()


def test_simcore_lies_nearer_to_the_target_than_random_rows_and_says_where_it_ends(tmp_path):
    degrees = [float(i) for i in np.random.default_rng(0).permutation(360)]
    examples = [degrees.index(a) for a in (10, 12, 14, 100, 102)]
    data, ref = plane(tmp_path, degrees, {"a": examples})
    found = pick((data, ref), "simcore", 300, parts=2)
    assert found.notes["stopped"] and 10 < len(found.rows) < 120 and len(found.notes["curve"]) > 4
    middle = np.abs((np.array(degrees)[found.rows][:, None] - [12, 101] + 180) % 360 - 180).min(axis=1)
    assert middle.max() < 40
    assert len(pick((data, ref), "simcore", 300, parts=2, stop_below=0.0).rows) == 300


def test_the_gradient_of_transport_is_the_published_one():
    pool, target = np.array([0.0, 1, 2, 10, 11]), np.array([10.0, 11, 12])
    cost = (pool[:, None] - target[None]) ** 2
    moved = sinkhorn(cost, 0.5, enough=1e-12, most_rounds=20_000)
    gradient = calibrated(moved.f)
    assert gradient == pytest.approx([74.06, 50.05, 26.92, -73.76, -77.27], abs=5e-3)
    assert np.argsort(gradient)[:2].tolist() == [4, 3]
    # The same as moving a little mass to each from all others: the value of the dual is its own derivative there.
    assert soft_least(cost, moved.h, 0.5) == pytest.approx(moved.f, abs=1e-6)
    assert calibrated(moved.f + 7) == pytest.approx(gradient)
    same = sinkhorn((pool[:, None] - pool[None]) ** 2, 0.05, enough=1e-12)
    assert np.abs(calibrated(same.f)).max() < 1e-6 and same.distance < 1e-6


def test_transport_moves_mass_as_a_peer_does():
    # `ot.sinkhorn` of POT 0.9.7 (MIT), in the log domain until nothing changes: potentials, calibrated, and cost.
    i, j = np.arange(8.0), np.arange(5.0)
    pool, target = np.stack([np.cos(i), np.sin(2 * i)], 1), np.stack([np.sin(3 * j), np.cos(j)], 1)
    moved = sinkhorn(((pool[:, None] - target[None]) ** 2).sum(axis=2), 0.1, enough=1e-13, most_rounds=20_000)
    theirs = [0.916382, 0.219968, -0.990097, -0.607501, 0.497621, -0.62199, 0.047743, 0.537874]
    assert calibrated(moved.f) == pytest.approx(theirs, abs=2e-6)
    assert moved.distance == pytest.approx(0.496744990625, abs=1e-10)
    far = (np.array([0.0, 1, 2, 10, 11])[:, None] - np.array([10.0, 11, 12])[None]) ** 2
    assert sinkhorn(far, 0.5, enough=1e-13, most_rounds=20_000).distance == pytest.approx(54.487013913307, abs=1e-9)


def test_rows_that_the_pool_lacks_pull_before_rows_that_it_has_plenty_of(tmp_path):
    # As much is wanted at 0 as at 90 degrees; the pool has forty rows near 0 and three near 90.
    degrees = [0.0, 2, 90, 92, *np.linspace(-20, 20, 40), 85, 95, 97]
    found = plane(tmp_path, degrees, {"a": [0, 1, 2, 3]})
    pulled = pick(found, "got_d", 3)
    assert sorted(pulled.rows.tolist()) == [44, 45, 46]
    assert not pulled.notes["rough"]
    more = pick(found, "got_d", 8, candidates=20)
    assert more.notes["sampled"] == 20 and len(more.rows) == 8


def test_groups_are_added_while_that_brings_the_whole_nearer():
    def at(*values: int) -> Moments:
        return Moments.of(np.array(values, np.int16)[:, None] * 2048)

    # Means 0 and 3, spreads 1 and 0: 9 + 1.
    assert frechet(at(-1, 1), at(3, 3)) == 10 and frechet(at(1, 2), at(2, 1)) == 0
    target = at(-4, 4, -4, 4)
    taken, each, together = nearest_prefix([at(9, 9), at(4, 4), at(-4, -4)], target, 1)
    # Each half alone lies 16 + 16 away, both together are the target.
    assert (taken.tolist(), together[1]) == ([1, 2], 0) and each[:2] == [32, 32]
    assert len(nearest_prefix([at(9, 9), at(4, 4), at(-4, -4)], target, 5)[0]) == 3


def test_search_and_prune_finds_the_places_of_the_target_and_thins_them(tmp_path):
    degrees = [0.0, 8, 100, 108, *np.arange(-2, 12, 0.5), *np.arange(98, 112, 0.5), *np.arange(200, 300, 0.5)]
    found = plane(tmp_path, degrees, {"a": [0, 1, 2, 3]})
    thin = pick(found, "search_and_prune", 6, parts=12)
    angles = np.array(degrees)[thin.rows]
    assert ((angles < 13) | ((angles > 96) & (angles < 113))).all()
    assert np.abs(angles[:, None] - angles)[~np.eye(6, dtype=bool)].min() > 3  # apart
    assert thin.notes["distance"] < thin.notes["distance_of_pool"] and not thin.notes["narrow"]
    by_chance = pick(found, "search_and_prune", 6, parts=12, prune="random")
    assert by_chance.notes["found"] == thin.notes["found"] and by_chance.rows.tolist() != thin.rows.tolist()

"""Selectors for spread and importance: worked answers, peers' numbers, and what none of them may break."""

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.selectors import SELECTORS
from engine.recipe.selectors.plain._epochs import coverage, epochs
from engine.recipe.selectors.spread._cover import stands_for
from engine.recipe.selectors.spread._farthest import farthest_first
from engine.recipe.selectors.spread._features import greedy_features, ngram_counts
from engine.recipe.selectors.spread._log_det import greedy_log_det, log_det_of
from engine.recipe.selectors.spread._rounds import in_odds, next_shares
from engine.registry import Budget, Load
from tests.engine.small import circle, corpus, embedded

NONE = np.empty(0, np.int64)
SPREAD = ("repeated_random", "band", "log_det", "mmr", "spread_quality", "per_topic", "add_one_in")

# pyversity 0.2.0 (MIT) on the vectors and scores of `vectors_and_scores`.
PEER_DPP = [0, 45, 19, 33, 10, 55, 40, 32]
PEER_DPP_GAINS = [1.0, 0.999971, 0.998174, 0.982578, 0.966117, 0.945581, 0.925422, 0.803356]
PEER_MMR = {
    0.3: [54, 12, 53, 47, 10, 51, 59, 4, 0, 21],
    0.5: [54, 12, 53, 47, 10, 30, 51, 4, 21, 59],
    0.9: [54, 12, 53, 32, 29, 30, 39, 52, 47, 46],
}
# Ranking and gains of apricot's tests (MIT, Jacob Schreiber) on scikit-learn's digits, square root of features.
DIGITS = [818, 1296, 732, 988, 629, 1747, 951, 235, 1375, 1205, 1572, 1766, 178, 1657, 898, 1271, 513, 591, 160, 736]
DIGITS_GAINS = [
    *(124.8187, 59.9654, 47.7603, 37.88, 34.3933, 29.819, 27.4785, 25.2363, 23.6127, 22.6002),
    *(21.1175, 20.1914, 19.1849, 18.5015, 17.9476, 17.3043, 16.6255, 16.0984, 15.7533, 15.1851),
]


def pick(data: Dataset, name: str, k: int, *, rows: np.ndarray | None = None, kept: np.ndarray = NONE, **knobs: object):
    member = SELECTORS[name]
    rows = np.setdiff1d(data.rows() if rows is None else rows, kept)
    found = member.function(data, rows, kept, **member.check({**knobs, "budget": Budget(k)}))
    assert len(found.rows) == min(k, len(rows)) == len(np.unique(found.rows)) and np.isin(found.rows, rows).all()
    return found


def vectors_and_scores() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(3)
    x = rng.normal(size=(60, 12))
    x = np.rint(x / np.linalg.norm(x, axis=1, keepdims=True) * 2048) / 2048
    return x.astype(np.float32), np.linspace(0, 1, 60)[rng.permutation(60)]


@pytest.mark.parametrize("name", SPREAD)
def test_in_random_cases_the_budget_is_met_no_row_comes_twice_and_a_seed_says_it_all(tmp_path, name):
    for case in range(4):
        rng = np.random.default_rng(case)
        n = int(rng.integers(2, 30))
        columns = {
            "score": [None if rng.random() < 0.2 else float(rng.normal()) for _ in range(n - 1)] + [0.5],
            "group": [str(rng.choice(["a", "b", "c"])) for _ in range(n)],
            "text": [" ".join(rng.choice(list("vwxyz"), int(rng.integers(0, 5)))) for _ in range(n)],
        }
        vectors = rng.normal(size=(n, 3))
        vectors[rng.random(n) < 0.2] = vectors[0]
        vectors[n - 1] = np.nan
        data = embedded(corpus(tmp_path, columns), vectors, k=5)
        knobs: dict[str, object] = {}
        for p in SELECTORS[name].params:
            given = {"embedding": "given", "column": "score", "quality": "score", "seed": case}.get(p.name)
            if p.choices:
                given = str(rng.choice(p.choices))
            if given is not None:
                knobs[p.name] = given
        if name == "per_topic":
            knobs["column"] = None if case % 2 else "group"
        kept = np.sort(rng.permutation(n)[: int(rng.integers(0, 3))])
        for k in (0, 1, n // 2, n + 3):
            first, again = (pick(data, name, k, kept=kept, **knobs) for _ in range(2))
            assert first.rows.tolist() == again.rows.tolist() and dict(first.notes) == dict(again.notes)


# Other rows each epoch


def test_fresh_draws_see_what_the_formula_says_and_a_walk_sees_all(tmp_path):
    assert [round(coverage(1000, 100, m), 4) for m in (10, 30)] == [0.6513, 0.9576]
    seen = [
        len(set(np.concatenate([e for e, _ in zip(epochs(1000, 100, seed=s), range(10), strict=False)]).tolist()))
        for s in range(20)
    ]
    assert abs(np.mean(seen) / 1000 - 0.6513) < 0.01
    for n, k in ((10, 3), (10, 5), (7, 7), (9, 1)):
        walked = [e for e, _ in zip(epochs(n, k, way="walk"), range(4 * n), strict=False)]
        assert set(np.concatenate(walked[: -(-n // k)]).tolist()) == set(range(n))
        assert all(len(set(e.tolist())) == k for e in walked)
        # Nothing waits longer than two rounds.
        assert np.ptp(np.bincount(np.concatenate(walked), minlength=n)) <= 2
    data = corpus(tmp_path, {"n": list(range(20))})
    lists = [pick(data, "repeated_random", 5, epoch=e, way="walk", count=4) for e in (1, 2, 3, 4)]
    assert sorted(np.concatenate([found.rows for found in lists]).tolist()) == list(range(20))
    assert lists[0].notes["seen"] == 1 and lists[0].notes["expected"] == 1 - 0.75**4
    assert lists[0].notes["seen_after"] == [[1, 0.25], [2, 0.5], [3, 0.75], [4, 1.0]]
    assert lists[0].rows.tolist() == pick(data, "random", 5).rows.tolist()


# A band


def test_a_band_is_its_high_end_its_low_end_or_its_middle(tmp_path):
    data = corpus(tmp_path, {"hard": [9, 1, None, 5, 3, 7, 2, 8, 4, 6, 10]})

    def values(k: int, **knobs: object) -> list[float]:
        found = pick(data, "band", k, column="hard", **knobs)
        return data.numbers("hard", found.rows).tolist()

    assert values(3, part="high") == [10, 9, 8]
    assert values(3, part="low") == [1, 2, 3]
    assert values(4, part="middle") == [5, 6, 4, 7]
    assert values(3, part="high", high=80) == [8, 7, 6]
    assert sorted(values(5, part="any", low=20, high=70, seed=4)) == [3, 4, 5, 6, 7]
    assert values(4, part="low", low=70, high=90) == [8, 9, 7, 10]  # what is nearest to the band fills up
    found = pick(data, "band", 11, column="hard")
    assert found.rows[-1] == 2 and found.notes["missing"] == 1 and found.notes["outside"] == 0
    assert found.notes["mean"] == found.notes["random_mean"] == 5.5
    assert pick(data, "band", 2, column="hard", part="high").notes["mean"] == 9.5
    with pytest.raises(EngineError, match="ends before it begins"):
        values(1, low=60, high=40)


# Log-determinant


def test_log_det_picks_what_a_peer_picks_with_its_gains():
    x, _ = vectors_and_scores()
    picks, gains = greedy_log_det(lambda at: x[at], 60, 8, ridge=1e-9, chosen=x[:0])
    assert picks.tolist() == PEER_DPP
    assert np.exp(gains) == pytest.approx(PEER_DPP_GAINS, abs=2e-6)


def test_log_det_picks_what_submodlib_picks_past_the_dimensions():
    # LogDeterminantFunction of submodlib-py 0.0.3 (MIT), lambda 0.1, in float32. It begins with row 11, where all tie.
    i = np.arange(12.0)
    x = np.stack([np.cos(i), np.sin(2 * i), np.cos(3 * i)], 1)
    picks, gains = greedy_log_det(lambda at: x[at], 12, 5, ridge=0.1, chosen=x[11:])
    assert picks.tolist() == [6, 7, 9, 10, 8]
    theirs = [0.09521166182, 0.08178421789, -1.59617109189, -1.66206175798, -1.73150554507]
    assert gains == pytest.approx(theirs, abs=1e-6)


@pytest.mark.parametrize("pool", [2, 2048])
def test_lazy_log_det_is_the_greedy_of_the_definition_past_the_dimensions_and_beside_what_is_chosen(monkeypatch, pool):
    monkeypatch.setattr("engine.recipe.selectors.spread._log_det.POOL", pool)
    x, _ = vectors_and_scores()
    x, chosen = x[:40, :3], x[40:42, :3]

    def volume(picks: list[int]) -> float:
        there = np.concatenate([chosen, x[picks]]).astype(float)
        there /= np.linalg.norm(there, axis=1, keepdims=True)
        return float(np.linalg.slogdet(there @ there.T + 0.1 * np.eye(len(there)))[1])

    plain: list[int] = []
    for _ in range(9):
        plain.append(max((c for c in range(40) if c not in plain), key=lambda c: round(volume([*plain, c]), 9)))
    picks, gains = greedy_log_det(lambda at: x[at], 40, 9, ridge=0.1, chosen=chosen)
    assert picks.tolist() == plain
    assert gains.sum() == pytest.approx(volume(plain) - volume([]), abs=1e-9)
    assert log_det_of(np.concatenate([chosen, x[plain]]), 0.1) == pytest.approx(volume(plain), abs=1e-9)
    assert (np.diff(gains) <= 1e-9).all()


def test_log_det_sees_that_a_mix_of_two_picks_is_nothing_new_and_says_how_chance_does(tmp_path):
    # Three directions and one between the first two: the nearest pick of row 2 is 45 degrees away, of row 3 as well.
    vectors = np.array([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0.5, 0.5, 0.7071]], float)
    data = embedded(corpus(tmp_path, {"n": [0, 1, 2, 3]}), vectors)
    found = pick(data, "log_det", 3, embedding="given")
    assert found.rows.tolist() == [0, 1, 3]
    assert found.notes["log_det"] >= found.notes["random_log_det"] and found.notes["unsampled"] == 0


# Good and unlike each other


@pytest.mark.parametrize("diversity", PEER_MMR)
def test_mmr_picks_what_a_peer_picks(diversity):
    x, score = vectors_and_scores()
    # The peer counts a similarity below 0 as 0.
    lift, near = -(1 - diversity) * score, np.zeros(60)
    picks, _ = farthest_first(lambda at: x[at], 60, 10, near=near, lift=lift, pull=diversity)
    assert picks.tolist() == PEER_MMR[diversity]


@pytest.mark.parametrize("pool", [2, 2048])
def test_lazy_mmr_is_that_of_the_definition(tmp_path, monkeypatch, pool):
    monkeypatch.setattr("engine.recipe.selectors.spread._farthest.POOL", pool)
    x, score = vectors_and_scores()
    data = embedded(corpus(tmp_path, {"score": score.tolist()}), x, graph=False)
    exact = data.embedding("given").floats(np.arange(60))
    for balance in (0.0, 0.4, 1.0):
        plain = [int(np.argmax(score)) if balance else 0]
        while len(plain) < 12:
            wish = balance * score - (1 - balance) * (exact @ exact[plain].T).max(axis=1)
            plain.append(max((c for c in range(60) if c not in plain), key=lambda c: wish[c]))
        found = pick(data, "mmr", 12, embedding="given", column="score", balance=balance)
        assert found.rows.tolist() == plain


def test_of_rows_with_the_same_text_the_best_stands_for_all_and_rows_without_a_value_come_after(tmp_path):
    data = embedded(corpus(tmp_path, {"score": [1.0, 5.0, None, 3.0]}), circle([0, 0, 90, 45]))
    found = pick(data, "mmr", 4, embedding="given", column="score", balance=1)
    assert found.rows.tolist() == [1, 3, 2, 0]
    assert (found.notes["without_value"], found.notes["repeats"]) == (1, 1)


# Spread with quality


def test_both_ends_of_the_slider_mean_what_they_say_and_the_floor_only_rises(tmp_path):
    rng = np.random.default_rng(5)
    score = rng.permutation(200).astype(float)
    data = embedded(corpus(tmp_path, {"score": score.tolist()}), rng.normal(size=(200, 6)))
    knobs = {"embedding": "given", "column": "score"}
    ends = {s: pick(data, "spread_quality", 10, slider=s, **knobs) for s in (0, 0.25, 0.5, 0.75, 1)}
    assert ends[0].rows.tolist() == pick(data, "facility_location", 10, embedding="given").rows.tolist()
    assert ends[1].rows.tolist() == pick(data, "top", 10, column="score").rows.tolist()
    assert [found.notes["admitted"] for found in ends.values()] == [200, 95, 45, 21, 10]
    floors = [found.notes["floor"] for found in ends.values()]
    assert floors == sorted(floors) == [0, 105, 155, 179, 190]
    assert all(data.numbers("score", f.rows).min() >= floor for f, floor in zip(ends.values(), floors, strict=True))
    covered = [found.notes["covered"] for found in ends.values()]
    assert covered == sorted(covered, reverse=True)


# Some of each topic


def test_shares_of_the_next_round_are_the_softmax_of_mean_rewards():
    groups, rewards = np.array([0, 0, 1, 1, 2]), np.array([1.0, 3.0, np.nan, 1.0, np.nan])
    assert next_shares(groups[:4], rewards[:4], np.ones(2) / 2) == pytest.approx([0.731059, 0.268941], abs=1e-6)
    # Large rewards do not overflow; a group without any stands as the mean of the others.
    assert next_shares(groups, rewards * 1e4, np.ones(3) / 3).tolist() == [1, 0, 0]
    assert next_shares(groups, rewards, np.array([0.25, 0.25, 0.5])) == pytest.approx(
        np.array([np.exp(2), np.exp(1), 2 * np.exp(1.5)]) / (np.exp(2) + np.exp(1) + 2 * np.exp(1.5))
    )


def test_rows_are_drawn_with_odds_of_e_to_their_quality():
    rng = np.random.default_rng(0)
    first = np.bincount([in_odds(np.array([0.0, 1.0, 2.0, np.nan]), rng)[0] for _ in range(4000)], minlength=4)
    assert np.abs(first / 4000 - np.array([0.0900, 0.2447, 0.6652, 0])).max() < 0.03
    assert in_odds(np.array([np.nan, 700.0, 0.0]), rng).tolist() == [1, 2, 0]


def test_each_topic_gives_its_share_and_what_a_small_one_lacks_goes_to_the_others(tmp_path):
    score = [float(i) for i in range(23)]
    columns = {"score": score, "topic": ["a"] * 12 + ["b"] * 9 + ["c"] * 2, "gain": [0.0] * 12 + [2.0] * 9 + [None] * 2}
    angles = [*range(12), *range(120, 129), 240, 241]
    data = embedded(corpus(tmp_path, columns), circle(angles))
    best = pick(data, "per_topic", 12, column="topic", inside="best first", quality="score")
    assert best.notes["groups"] == {"a": 5, "b": 5, "c": 2} and best.notes["short_groups"] == ["c"]
    assert sorted(best.rows.tolist()) == [7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22]
    mixed = pick(data, "per_topic", 23 // 2, column="topic", shares="proportional")
    assert mixed.notes["groups"] == {"a": 6, "b": 4, "c": 1}
    moved = pick(data, "per_topic", 9, column="topic", rewards="gain")
    # Equal thirds, times e^0, e^2 and, without a reward, e^1.
    assert moved.notes["shares_before"] == {"b": 33.33, "c": 33.33, "a": 33.33}
    assert moved.notes["shares_after"] == {"b": 66.52, "c": 24.47, "a": 9.0}
    assert moved.notes["groups"] == {"b": 6, "c": 2, "a": 1}
    # k-means finds the three bundles by itself; typical is the middle of a bundle, untypical its end.
    own = {"embedding": "given", "clusters": 3}
    typical = pick(data, "per_topic", 2, inside="typical", **own, rows=np.arange(21), kept=NONE)
    assert len(pick(data, "per_topic", 3, **own).notes["groups"]) == 3
    assert {5, 6, 16} & set(typical.rows.tolist()) and not {0, 11, 12, 20} & set(typical.rows.tolist())
    untypical = pick(data, "per_topic", 3, inside="untypical", column="topic", embedding="given")
    assert set(untypical.rows.tolist()) <= {0, 11, 12, 20, 21, 22}
    for knobs, said in (
        ({}, "Say which groups"),
        ({"column": "topic", "inside": "typical"}, "give an embedding"),
        ({"column": "topic", "inside": "best first"}, "needs a quality"),
    ):
        with pytest.raises(EngineError, match=said):
            pick(data, "per_topic", 3, **knobs)


# Words, one at a time


def test_apricots_ranking_of_the_digits_by_features_comes_out():
    from sklearn.datasets import load_digits

    picks, gains = greedy_features(csr_array(load_digits().data), 20)
    assert picks.tolist() == DIGITS
    assert np.abs(gains - DIGITS_GAINS).max() < 6e-5


def test_greedy_by_features_is_at_least_the_proven_share_of_the_best():
    rng = np.random.default_rng(1)
    for _ in range(10):
        x = rng.integers(0, 3, (8, 5)).astype(float)
        best = max(np.sqrt(x[list(c)].sum(axis=0)).sum() for c in combinations(range(8), 3))
        assert greedy_features(csr_array(x), 3)[1].sum() >= (1 - 1 / np.e) * best - 1e-12


def test_the_row_that_says_most_new_is_added_in_beside_what_is_kept(tmp_path):
    texts = ["red apple", "red apple pie", "blue sky", "", "red red red"]
    data = corpus(tmp_path, {"text": texts})
    everything = {"options": 0, "words": 1}
    found = pick(data, "add_one_in", 5, **everything)
    assert found.rows.tolist() == [1, 2, 4, 0, 3] and found.notes["nothing_added"] == 1
    assert found.notes["covered"] == 1
    assert pick(data, "add_one_in", 1, kept=np.array([1]), **everything).rows.tolist() == [2]
    # red, apple, "red apple": three runs.
    assert ngram_counts(["Red apple!"], 2).sum() == 3
    # Of two options at random the better one; a longer text has no head start where gains are a word.
    assert {int(pick(data, "add_one_in", 1, options=1, seed=s).rows[0]) for s in range(20)} == {0, 1, 2, 3, 4}
    assert 3 not in {int(pick(data, "add_one_in", 1, options=2, seed=s).rows[0]) for s in range(20)}
    assert pick(data, "add_one_in", 1, per_word=True, **everything).rows.tolist() == [0]


# What a pick of a cover stands for


def test_each_pick_says_how_many_rows_it_stands_for(tmp_path):
    matrix = csr_array(np.array([[1, 0.5, 0.2, 0], [0.5, 1, 0.5, 0], [0.2, 0.5, 1, 0], [0, 0, 0, 1.0]], np.float32))
    # The position between both goes to the earlier pick; the last one is like no pick.
    assert stands_for(matrix, np.array([1.0, 2, 1, 5]), np.array([0, 2])).tolist() == [3, 1]
    angles = [0, 8, 20, 30, 130, 140, 150, 250, 260, 0]
    data = embedded(corpus(tmp_path, {"n": list(range(10))}), circle(angles))
    notes = pick(data, "facility_location", 3, embedding="given").notes
    assert notes["stands_for"] == {"row 2": 5, "row 5": 3, "row 7": 2}
    assert (notes["alone"], notes["unlike"], notes["nothing_added"]) == (0, 0, 0)
    assert pick(data, "facility_location", 2, embedding="given").notes["unlike"] == 2


def test_rows_kept_by_hand_count_as_picked(tmp_path):
    columns = {"score": [1.0, 0.9, 0.8, 0.7, 0.6, 0.5], "topic": list("aaaabb")}
    data = embedded(corpus(tmp_path, columns), circle([0, 1, 90, 2, 3, 4]))
    kept = np.array([0])
    assert pick(data, "log_det", 1, embedding="given", kept=kept).rows.tolist() == [2]
    # Quality 1, 0.75, 0.5 …; row 1 is like the kept row, row 2 is not.
    assert pick(data, "mmr", 1, embedding="given", column="score", kept=kept).rows.tolist() == [2]
    # Two and two of each topic, one of which is there already.
    assert pick(data, "per_topic", 3, column="topic", kept=kept).notes["groups"] == {"a": 2, "b": 2}
    assert np.isin(pick(data, "per_topic", 3, column="topic", kept=kept).rows, [4, 5]).sum() == 2
    most = pick(data, "per_topic", 1, column="topic", kept=np.array([0, 1, 3])).notes["groups"]
    assert most == {"a": 3, "b": 1}  # more of one than its share
    assert pick(data, "spread_quality", 1, embedding="given", column="score", slider=0, kept=kept).rows.tolist() == [2]


def test_groups_among_few_rows_of_many_are_promised_soon() -> None:
    """At 2,000 rows k-means sees no more than these, however many texts there are."""
    guess = SELECTORS["per_topic"].about.cost
    assert guess is not None
    assert guess(Load(rows=2_000, texts=100_000)).seconds == guess(Load(rows=2_000, texts=2_000)).seconds

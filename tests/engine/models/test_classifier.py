"""A classifier of a person's own: what it finds, how sure it is, what it warns of, and which rows it asks about."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.stand_ins import range_of_corpus
from engine.models import Known, Pool, fit_classifier, opened, questions
from engine.models._logistic import auc, folds_of, interval, platt
from engine.recipe.recipe import Step
from engine.signals.fitted.classifier import classifier
from engine.signals.fitted.classifier_by_meaning import classifier_by_meaning
from tests.engine.models.made import sentences
from tests.engine.small import circle, corpus, embedded

COOKS, PLAIN = "oven salt pie bake flour the a of in to", "train rail ticket track station the a of in to"


def rows(first: int, last: int) -> Callable[[Dataset], Pool]:
    return lambda data: Pool.of_rows(data, f"{first} on", np.arange(first, last))


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Rows 0 to 59 are about cooking, 60 to 119 about trains."""
    return corpus(tmp_path, {"text": [*sentences(60, COOKS), *sentences(60, PLAIN, seed=1)]})


def fitted(data: Dataset, likes: list[Pool], dislikes: list[Pool], **knobs: object) -> tuple[Known, np.ndarray]:
    """What is known of the model, and the probability of each row."""
    known = fit_classifier(data, likes, dislikes, name="mine", **knobs)  # type: ignore[arg-type]
    return known, classifier(data.texts(data.rows()), model=opened(data, known.ref, "classifier"))["classifier"]


def warned(known: Known, words: str) -> bool:
    return any(words in warning for warning in known.facts["warnings"])


def test_what_is_liked_gets_a_high_probability_and_the_words_that_tell_are_named(data):
    known, p = fitted(data, [rows(0, 30)(data)], [rows(60, 90)(data)])
    assert p[30:60].min() > 0.5 > p[90:].max()
    assert known.facts["auc"]["value"] == 1.0
    liked, other = ({words for words, _ in known.facts["tells"][side][:5]} for side in ("likes", "dislikes"))
    assert liked <= set(COOKS.split()) and other <= set(PLAIN.split()) and "oven" in liked and "rail" in other
    assert not known.facts["warnings"]


def test_a_classifier_is_the_same_each_time(data):
    pools = [rows(0, 30)(data)], [rows(60, 90)(data)]
    assert fitted(data, *pools)[0].ref == fitted(data, *pools)[0].ref
    model = opened(data, fitted(data, *pools)[0].ref, "classifier")
    assert (len(model.buckets), round(model.intercept, 2), round(float(model.weights.max()), 2)) == (171, 0.16, 3.08)


def test_labels_by_chance_are_no_better_than_chance(data):
    chance = np.random.default_rng(3).permutation(60)
    known, _ = fitted(data, [Pool.of_rows(data, "a", chance[:30])], [Pool.of_rows(data, "b", chance[30:])])
    assert known.facts["auc"]["low"] < 0.5 < known.facts["auc"]["high"]


def test_more_of_what_is_liked_never_lowers_the_probability(data):
    known, _ = fitted(data, [rows(0, 30)(data)], [rows(60, 90)(data)])
    model = opened(data, known.ref, "classifier")
    values = classifier([f"the train {'oven ' * n}" for n in (0, 1, 3, 9)], model=model)["classifier"]
    assert (np.diff(values) > 0).all()


def test_bad_texts_are_judged_sanely(data):
    model = opened(data, fitted(data, [rows(0, 30)(data)], [rows(60, 90)(data)])[0].ref, "classifier")
    values = classifier(["", "\x00", "x" * 5_000_000, "日本 \ud800"], model=model)["classifier"]
    assert np.isnan(values).tolist() == [True, True, False, False] and values[2] == values[3]


def test_one_of_each_is_enough_and_said_to_be_few(data):
    known, p = fitted(data, [rows(0, 1)(data)], [rows(60, 61)(data)])
    assert p[0] > 0.5 > p[60] and "auc" not in known.facts and warned(known, "Only 1 texts are")


def test_without_a_disliked_pool_rows_by_chance_stand_for_it(data):
    known, p = fitted(data, [rows(0, 30)(data)], [])
    assert known.facts["dislikes"] == 90 and warned(known, "90 rows by chance stand for it")
    assert p[30:60].mean() > p[60:].mean()


def test_what_stands_on_both_sides_is_left_out_of_both_by_name(data):
    known, _ = fitted(data, [rows(0, 40)(data)], [rows(30, 90)(data), Pool.of_texts("file", ["new words"])])
    assert (known.facts["likes"], known.facts["dislikes"]) == (30, 51)
    assert warned(known, "10 texts stand on both sides ('0 on', '30 on') and were left out of both")


@pytest.mark.parametrize(
    ("likes", "dislikes", "says"),
    [
        (["same"] * 5, ["same"] * 5, "No text is left that is liked. 1 texts stand on both sides"),
        (["", "\x00"], ["a b"], "No text is left that is liked. 2 texts without a word"),
        ([], ["a b"], "No text is left that is liked"),
    ],
)
def test_pools_that_teach_nothing_are_refused(data, likes, dislikes, says):
    with pytest.raises(EngineError, match=says):
        fitted(data, [Pool.of_texts("a", likes)], [Pool.of_texts("b", dislikes)])


def test_length_or_format_that_tells_as_much_is_warned_of(data):
    short, long = sentences(40, COOKS), [" ".join(sentences(4, COOKS, seed=i)) for i in range(40)]
    known, _ = fitted(data, [Pool.of_texts("long", long)], [Pool.of_texts("short", short)])
    assert warned(known, "Length alone tells the sides apart as well (AUC 1.000")
    marked = [f"<b>{text}</b>" for text in sentences(40, COOKS, seed=7)]
    known, _ = fitted(data, [Pool.of_texts("marked", marked)], [Pool.of_texts("short", short)])
    assert warned(known, "Format alone tells the sides apart as well")


def test_each_pool_says_what_changes_without_it(data):
    odd_one = Pool.of_texts("odd", sentences(20, PLAIN, seed=9))
    known, _ = fitted(data, [rows(0, 20)(data), odd_one], [rows(60, 90)(data)])
    _, odd, only = known.facts["pools"]
    assert odd["auc_without"] == 1.0 > odd["auc_with"]
    assert odd["top_changed"] > 0 and "auc_without" not in only


def test_copies_of_a_text_are_held_out_together():
    liked = np.array([True] * 6 + [False] * 6)
    folds = folds_of(np.array([1, 1, 1, 2, 3, 4, 5, 5, 6, 7, 8, 8]), liked)
    assert len(set(folds[:3])) == len(set(folds[6:8])) == len(set(folds[10:])) == 1
    assert all(liked[folds == part].any() and not liked[folds == part].all() for part in range(folds.max() + 1))


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=2, max_size=12))
def test_the_auc_is_the_share_of_pairs_in_order(labelled):
    scores, liked = (np.array(side) for side in zip(*labelled, strict=True))
    pairs = [(a > b) + (a == b) / 2 for a in scores[liked] for b in scores[~liked]]
    if pairs:
        assert auc(scores, liked) == pytest.approx(np.mean(pairs))


def test_probabilities_are_as_often_right_as_they_say():
    margins = np.random.default_rng(0).normal(size=20_000)
    liked = np.random.default_rng(1).random(20_000) < 1 / (1 + np.exp(-(1.5 * margins - 1)))
    assert np.allclose(platt(margins, liked), (1.5, -1), atol=0.06)
    low, high = interval(margins[:500], liked[:500])
    assert low < auc(margins, liked) < high


# By meaning, and what to ask


@pytest.fixture
def round_(tmp_path: Path) -> Dataset:
    """Rows 0 to 39 lie around 0 degrees, 40 to 79 around 90, 80 to 119 around 180; each text is there once."""
    degrees = [90 * (i // 40) + (i % 40) - 20 for i in range(120)]
    return embedded(corpus(tmp_path, {"text": [f"text {i}" for i in range(120)]}), circle(degrees))


def test_a_classifier_by_meaning_sees_vectors_and_only_those_of_its_model(round_, tmp_path):
    known = fit_classifier(round_, [rows(0, 20)(round_)], [rows(80, 100)(round_)], of="vectors", embedding="given")
    made = spec("signal", "classifier_by_meaning", {"model": known.ref, "embedding": "given"})
    p = build(round_, [made]).numbers(key_of(made))
    assert key_of(made) == "classifier_by_meaning(0 on)@given"
    assert p[:40].min() > p[40:80].mean() > p[80:].max()
    cut = Step("number_range", {"column": key_of(made), "low": 0.5}).checked()
    assert not range_of_corpus(build(round_, [made]), cut)  # a model asks each row alone: its ends hold elsewhere
    model = opened(round_, known.ref, "classifier")
    with pytest.raises(EngineError, match="sees vectors. Measure it with the signal 'classifier_by_meaning'"):
        classifier(["a"], model=model)
    other = embedded(corpus(tmp_path, {"text": ["a", "b"]}), np.eye(3)[:2])
    with pytest.raises(EngineError, match="fitted on vectors of another model"):
        classifier_by_meaning(other, model=model, embedding="given")


def test_where_no_text_has_a_vector_nothing_is_asked(tmp_path):
    empty = embedded(corpus(tmp_path, {"text": ["", ""]}), np.full((2, 3), np.nan), graph=False)
    assert questions(empty, [], [], embedding="given").tolist() == []


def test_first_typical_rows_of_each_part_are_asked_about_then_of_those_not_judged(round_):
    first = questions(round_, [], [], embedding="given", count=6)
    assert set(first // 40) == {0, 1, 2}
    assert np.array_equal(first, questions(round_, [], [], embedding="given", count=6))
    after = questions(round_, [], first, embedding="given", count=4)
    assert len(after) == 4 and not set(after) & set(first)


def test_after_the_first_like_its_neighbours_are_asked_about_too(round_):
    asked = questions(round_, [100], [], embedding="given", count=4)
    assert set(asked[:2]) <= {98, 99, 101, 102} and len(set(asked)) == 4


def test_then_rows_near_the_boundary_are_asked_about_apart_from_each_other(round_):
    asked = questions(round_, [0, 5, 10, 39], [119, 110, 100, 81], embedding="given", count=4)
    assert len(set(asked)) == 4
    assert not set(asked) & {0, 5, 10, 39, 119, 110, 100, 81}


def test_a_text_is_asked_about_once_whatever_is_left(round_, tmp_path):
    twice = embedded(corpus(tmp_path, {"text": ["a", "b", "a", "b"]}), circle([0, 90, 0, 90]))
    assert questions(twice, [0], [], embedding="given", count=9).tolist() == [1]
    assert questions(twice, [0], [1], embedding="given", count=9).tolist() == []
    with pytest.raises(EngineError, match="row 0 is both liked and not liked"):
        questions(twice, [0], [2], embedding="given")

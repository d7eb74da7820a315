"""Suspects by known answers: each kind once, and what speaks for either label."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import (
    BYS,
    KINDS,
    Signs,
    doubt,
    evidence,
    issues,
    joint,
    judged,
    model_fault,
    sides,
    suspects,
    voice_of,
)
from tests.engine.small import corpus, embedded

SPLIT_3 = 2 / 3


def six() -> Signs:
    """Six rows of labels 0 to 2: fine, wrong, the probe alone against it, odd, contradicted by its copy, unlabelled."""
    return Signs(
        codes=np.array([0, 0, 0, 0, 0, -1]),
        agreement=np.array([1, 0, 0.6, 0.1, 0.9, np.nan]),
        neighbours=np.array([0, 1, 0, 2, 0, -1]),
        apart=np.array([0, 0.1, 0.5, 0.6, 0.1, np.nan]),
        copies=np.array([0, np.nan, np.nan, np.nan, 1, np.nan]),
        confidence=np.array([0.9, 0.04, 0.4, 0.25, 0.9, np.nan]),
        margin=np.array([0.8, -0.9, -0.2, -0.1, 0.8, np.nan]),
        energy=np.array([-5.0, -5, -4, -1, -5, 0]),
        likely=np.array([0, 1, 1, 1, 0, 1]),
        second=np.array([1, 0, 0, 0, 1, 0]),
        votes_for=np.full(6, np.nan),
        votes_most=np.full(6, np.nan),
    )


def test_each_row_is_of_one_kind_and_the_most_doubtful_comes_first() -> None:
    rows, kind, score, suggested = judged(six())
    assert rows.tolist() == [1, 3, 2, 4]
    assert [KINDS[k] for k in kind] == ["wrong", "odd", "contested", "copies"]
    # ln(0.95 / 0.05) and the whole voice of the neighbours, in a range of twice ln 101 and the voice.
    assert score[0] == pytest.approx((np.log(19) + np.log(101) + 3) / (2 * np.log(101) + 3))
    assert suggested.tolist() == [1, -1, 1, -1]


def test_doubt_is_whole_where_nothing_speaks_for_a_label_and_none_where_all_does() -> None:
    confidence, margin = np.array([0, 1, 0.4, np.nan]), np.array([-1, 1, 0, np.nan])
    found = doubt(confidence, margin, np.array([0, 1, np.nan, 0.25]))
    assert found.tolist() == pytest.approx([1, 0, 0.5, 0.75])


def test_raters_who_stand_by_a_label_keep_it_from_being_called_wrong_and_split_ones_make_it_contested() -> None:
    votes = np.array([SPLIT_3, 1, 1, 1, 1, np.nan])
    rows, kind, _, _ = judged(replace(six(), votes_for=votes, votes_most=votes))
    said = dict(zip(rows.tolist(), [KINDS[k] for k in kind], strict=True))
    assert said == {0: "contested", 1: "contested", 2: "contested", 3: "odd", 4: "copies"}
    # Raters who agree on another label make it wrong where the probe says so too, and alone leave it contested.
    signs = six()
    for of, value in ((signs.confidence, 0.04), (signs.margin, -0.9), (signs.agreement, 0.4)):
        of[2] = value
    rows, kind, _, _ = judged(replace(signs, votes_for=np.full(6, 0.25), votes_most=np.full(6, 0.75)))
    said = dict(zip(rows.tolist(), [KINDS[k] for k in kind], strict=True))
    assert said == {0: "contested", 1: "wrong", 2: "wrong", 3: "contested", 4: "copies"}


def test_a_row_is_shown_with_what_speaks_for_either_label(tmp_path: Path) -> None:
    """Two heaps; one row of the first says the second's label, one of the second is there twice with two labels."""
    rng = np.random.default_rng(0)
    code = np.repeat([0, 1], 20)
    vectors = np.eye(8)[code] + rng.normal(0, 0.2, (40, 8))
    vectors[39] = vectors[38]
    labels = [("money", "travel")[c] for c in code]
    labels[0], labels[39] = "travel", "money"
    texts = [f"{('the bank account', 'the train to town')[c]} {i}" for i, c in enumerate(code)]
    texts[39] = texts[38]
    data = embedded(corpus(tmp_path, {"label": labels, "text": texts}), vectors, k=10)
    with pytest.raises(EngineError, match="measure them first"):
        suspects(data, "label", embedding="given")
    of = {"embedding": "given", "label": "label", "copies": 0.999}
    asked = [spec("signal", "label_agreement", of), spec("signal", "label_doubt", of | {"by": "linear"})]
    found = suspects(build(data, {key_of(s): s for s in asked}), "label", embedding="given")
    assert found.of("wrong").tolist() == [0] and sorted(found.of("copies").tolist()) == [38, 39]
    data = Dataset.load(data.store)
    said = evidence(data, found, 0, k=2)
    assert said.other is not None and (said.kind, said.given.label, said.other.label) == ("wrong", "travel", "money")
    assert said.other.words[:2] == ("account", "bank") and said.given.words == ()
    assert (code[said.given.near.rows] == 1).all() and (code[said.other.near.rows] == 0).all()
    assert said.other.probability is not None and said.given.probability is not None
    assert said.other.probability > 0.5 > said.given.probability and said.agreement == 0
    assert evidence(data, found, 39).copies.tolist() == [38]
    beside = evidence(data, found, 5)
    assert beside.kind is None and beside.given.label == "money"
    codes, names = data.codes("label")
    (alone,) = sides(data, "given", codes, names, 0, (-1, 1), k=3)
    assert alone.label == names[1] and len(alone.near.rows) == 3 and alone.words == ()
    words = spec("signal", "label_doubt_by_words", {"label": "label"})
    by_words = suspects(build(data, {key_of(words): words}), "label", embedding="")
    assert by_words.of("wrong").tolist() == [0] and sorted(by_words.of("copies").tolist()) == [38, 39]
    with pytest.raises(EngineError, match="Embed the texts, or name the embedding"):
        evidence(data, by_words, 0)
    data = Dataset.load(data.store)
    beside = evidence(data, by_words, 0, embedding="given")
    assert beside.other is not None and (beside.given.label, beside.other.label) == ("travel", "money")
    assert beside.other.near.rows.tolist() == evidence(data, found, 0).other.near.rows.tolist()
    assert beside.agreement is None and evidence(data, by_words, 39, embedding="given").copies.tolist() == []


def test_a_model_of_ones_own_speaks_in_place_of_the_probe_and_neighbours_stay(tmp_path: Path) -> None:
    vectors = np.eye(8)[np.repeat([0, 1], 20)] + np.random.default_rng(0).normal(0, 0.25, (40, 8))
    label = ["A"] * 19 + ["B"] * 21
    sure = [0.95] * 20 + [0.1] * 20
    sure[25] = 0.95  # the model alone finds this one to be A
    columns = {"label": label, "p_a": sure, "p_b": [1 - p for p in sure]}
    data = embedded(corpus(tmp_path, columns), vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    of = {"embedding": "given", "label": "label"}
    own = spec("signal", "label_doubt_by_probabilities", {"label": "label", "probabilities": ["p_a", "p_b"]})
    asked = [own, spec("signal", "label_agreement", of)]
    data = build(data, {key_of(made): made for made in asked})
    both = suspects(data, "label", embedding="given", own=key_of(own))
    assert both.of("wrong").tolist() == [19] and both.of("contested").tolist() == [25]
    said = evidence(data, both, 25)
    assert said.given.probability == pytest.approx(0.05) and said.other is not None
    assert said.other.probability == pytest.approx(0.95) and said.agreement == 1
    probe = spec("signal", "label_doubt", of)
    assert not np.isin(25, suspects(build(data, {key_of(probe): probe}), "label", embedding="given").rows)
    alone = suspects(data, "label", embedding="", own=key_of(own))
    assert sorted(alone.of("wrong").tolist()) == [19, 25]
    with pytest.raises(EngineError, match="is no doubt about 'label' by the probabilities"):
        suspects(data, "label", embedding="", own=key_of(asked[1]))


def test_neighbours_that_meet_the_labels_rarely_count_for_less_beside_a_good_model() -> None:
    codes, nothing = np.arange(200) % 2, np.full(200, np.nan)
    first = np.arange(200) < 20  # 180 of 200 met: odds of 9
    of = Signs(codes, nothing, np.where(first, 1 - codes, codes), *[nothing] * 5, codes, codes, nothing, nothing)
    probe = voice_of(replace(of, likely=of.neighbours))
    assert probe == pytest.approx(3.0) and voice_of(of) == pytest.approx(3.0 * 9 / 999)
    assert voice_of(replace(of, neighbours=np.full(200, -1))) == 3.0
    strong = doubt(np.array([0.99]), np.array([0.98]), np.array([0.0]), voice=voice_of(of))
    assert strong < doubt(np.array([0.99]), np.array([0.98]), np.array([0.0]))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(0, "knows them by heart"), (2, "knows them by heart"), (20, ""), (400, "stand for the labels in another order")],
)
def test_a_model_that_agrees_with_all_or_with_hardly_any_label_is_asked_about(wrong: int, said: str) -> None:
    codes, nothing = np.arange(500) % 4, np.full(500, np.nan)
    likely = np.where(np.arange(500) < wrong, (codes + 1) % 4, codes)
    of = Signs(codes, nothing, codes, *[nothing] * 5, likely, codes, nothing, nothing)
    assert said in model_fault(of) and bool(model_fault(of)) == bool(said)


def test_confident_learning_counts_and_takes_what_reaches_another_labels_mean() -> None:
    # Means of own rows: 0.7 of label 0, 0.5 of label 1. Row 2 reaches the other's, and so does row 5.
    first = np.array([0.95, 0.9, 0.25, 0.1, 0.45, 0.95])
    probability, codes = np.stack([first, 1 - first], axis=1), np.array([0, 0, 0, 1, 1, 1])
    assert issues(probability, codes, by="confident").tolist() == [False, False, True, False, False, True]
    assert joint(probability, codes).tolist() == [[2, 1], [1, 2]]
    for by in ("noise rate", "class", "both"):
        assert np.flatnonzero(issues(probability, codes, by=by)).tolist() == [2, 5], by
    with pytest.raises(EngineError, match="too many pairs"):
        joint(np.zeros((1, 10_000)), np.array([0]))


def test_confident_learning_gives_what_cleanlab_gave_but_for_equally_sure_rows_at_the_cut() -> None:
    golden = json.loads((Path(__file__).parents[2] / "golden" / "confident_learning.json").read_text())
    # In the second case rows 7 and 14 of label 2 are equally self-confident (43 %), and one of them is to be taken by
    # class: cleanlab takes neither, Winnow the one whose other label is likelier.
    for case, more in zip(golden["cases"], ({}, {"class": [7], "both": [7]}), strict=True):
        probability = np.array([[int(part) / 100 for part in row.split()] for row in case["percent"]])
        codes = np.array([*map(int, case["labels"])])
        assert joint(probability, codes).tolist() == case["joint"]
        for by in BYS:
            found = np.flatnonzero(issues(probability, codes, by=by)).tolist()
            assert found == sorted(case[by] + more.get(by, [])), by

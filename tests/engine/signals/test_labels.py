"""Doubt about labels: known answers on a handful of points, and planted errors that rise to the top."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec, value_key
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.models import affinity, calibrated, spread
from engine.signals import CORPUS_SIGNALS, probability_columns
from engine.signals.labels import _labelled
from engine.signals.labels._by_name import places
from engine.signals.labels._doubts import doubts
from engine.signals.labels.label_weight import right
from tests.engine.small import circle, corpus, embedded

ABB = ["A", "A", "A", "B", "B", "B", "B"]
"""Points 0, 1, 2 are A; 10, 11, 12 are B; 1.5 says B wrongly."""


def points(tmp_path: Path, **columns: list[object]) -> Dataset:
    return embedded(corpus(tmp_path, {"label": ABB, **columns}), circle([0, 5, 10, 80, 85, 90, 7.5]))


def measure(name: str, data: Dataset, **params: object) -> dict[str, np.ndarray]:
    found = CORPUS_SIGNALS[name].function(data, **CORPUS_SIGNALS[name].check({"label": "label", **params}))
    assert isinstance(found, dict)
    return found


def blobs(tmp_path: Path, *, each: int = 40, classes: int = 3, wrong: int = 6) -> tuple[Dataset, np.ndarray]:
    """Rows around as many directions as classes, some of the labels turned to the next class."""
    rng = np.random.default_rng(0)
    code = np.repeat(np.arange(classes), each)
    vectors = np.eye(8)[code] + rng.normal(0, 0.12, (len(code), 8))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    bad = np.zeros(len(code), bool)
    bad[rng.choice(len(code), wrong, replace=False)] = True
    labels = [f"c{(c + b) % classes}" for c, b in zip(code.tolist(), bad.tolist(), strict=True)]
    return embedded(corpus(tmp_path, {"label": labels}), vectors), bad


def test_the_point_that_is_labelled_as_the_far_ones_has_no_neighbour_of_its_label(tmp_path: Path) -> None:
    found = measure("label_agreement", points(tmp_path), embedding="given", k=3, count="all alike", copies=1.0)
    assert found["label_agreement"].tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2 / 3, 2 / 3, 2 / 3, 0])
    assert found["neighbours_label"].tolist() == [0, 0, 0, 1, 1, 1, 0]
    assert found["neighbours_apart"][[0, 6]].tolist() == pytest.approx([4 / 9, 0])  # A, A, B; and three times A
    # Four of seven rows are B: to agree so often by chance alone is worth nothing.
    assert found["agreement_beyond_chance"][3] == pytest.approx((2 / 3 - 4 / 7) / (3 / 7))


def test_copies_have_no_vote_and_are_said_to_disagree(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"label": ["A", "B", "A", "A", None]}), circle([0, 0, 1, 40, 41]))
    found = measure("label_agreement", data, embedding="given", k=3, count="all alike", copies=0.99)
    # Rows 0 and 1 are one text, and row 2 is a copy of both: their only voter is row 3.
    assert found["label_agreement"][:3].tolist() == [1, 0, 1]
    assert found["copies_disagree"][:3].tolist() == [0.5, 1, 0.5]
    assert np.isnan(found["copies_disagree"][3]) and np.isnan(found["label_agreement"][4])


def test_a_label_of_two_far_heaps_has_two_modes_and_agrees_all_the_same(tmp_path: Path) -> None:
    # A lies at 0° and 120°, one A among the Bs at 60°; the smaller heap is its second mode, the lone one is none.
    at = [0, 1, 2, 3, 4, 5, 120, 121, 122, 123, 60, 61, 62, 63, 61.5]
    labels: list[object] = [*["A"] * 10, *["B"] * 4, "A"]
    heaps = embedded(corpus(tmp_path, {"label": labels}), circle(at))
    found = measure("label_agreement", heaps, embedding="given", k=3, copies=1.0)
    assert found["label_agreement"][:10].tolist() == [1] * 10
    assert found["label_mode"].tolist()[:14] == [*[1] * 6, *[2] * 4, *[1] * 4]
    assert found["label_modes"].tolist() == [*[2] * 10, *[1] * 4, 2] and np.isnan(found["label_mode"][14])


def test_what_a_label_is_confused_with_is_named() -> None:
    p = np.array([[0.15, 0.5, 0.3, 0.05], [0.55, 0.4, 0.03, 0.02], [0.96, 0.02, 0.01, 0.01], [np.nan] * 4], np.float32)
    found = doubts(p, np.array([1, 0, 0, 0]), sure=0.9, hardness=1.0)
    # The second label, but maybe the third or the first; the first, but maybe the second; the first; nobody knows.
    assert found["confused_with"].tolist()[:3] == [2, 1, 0]
    assert found["maybe_label"].tolist() == [2, 1, -1, -1] and found["maybe_too"].tolist() == [0, -1, -1, -1]


def test_a_nearer_neighbour_counts_more(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"label": ["A", "A", "B"]}), circle([0, 20, -60]))
    near, even = (
        measure("label_agreement", data, embedding="given", k=2, count=count, copies=1.0)["label_agreement"][0]
        for count in ("by similarity", "all alike")
    )
    ratio = np.exp(10 * (np.cos(np.radians(20)) - np.cos(np.radians(60))))
    assert even == 0.5 and near == pytest.approx(ratio / (1 + ratio), abs=2e-3)


@pytest.mark.parametrize("by", ["logistic", "linear", "naive Bayes", "nearest"])
def test_planted_errors_have_the_least_self_confidence_and_are_called_what_they_are(tmp_path: Path, by: str) -> None:
    data, bad = blobs(tmp_path)
    found = measure("label_doubt", data, embedding="given", by=by)
    assert set(np.argsort(found["self_confidence"])[:6]) == set(np.flatnonzero(bad))
    assert (found["label_margin"][bad] < 0).all() and (found["label_margin"][~bad] > 0).all()
    names = data.codes("label")[1]
    true = [f"c{row // 40}" for row in np.flatnonzero(bad)]
    assert [names[code] for code in found["likely_label"][bad]] == true
    assert [names[code] for code in found["confident_label"][bad]] == true
    assert (found["confused_with"] >= 0).all() and found["confused_with"].max() <= 2
    assert found["easy_label"] == pytest.approx(found["self_confidence"])


def test_a_copy_is_told_by_others_than_its_copy(tmp_path: Path) -> None:
    data, _ = blobs(tmp_path, wrong=0)
    vectors = data.embedding("given").floats(np.arange(120))
    twice = np.concatenate([vectors, vectors[:1], vectors[:1]])
    labels = [*data.strings("label", data.rows()), "c1", "c1"]  # two wrong copies of a row of c0
    again = embedded(corpus(tmp_path, {"label": labels}), twice)
    found = measure("label_doubt", again, embedding="given", by="linear")
    assert (found["self_confidence"][120:] < 0.05).all()


def test_near_copies_never_vouch_for_each_other_where_labels_are_few(tmp_path: Path) -> None:
    data, _ = blobs(tmp_path, each=10, wrong=0)
    vectors = data.embedding("given").floats(np.arange(30))
    near = vectors[0] + np.random.default_rng(1).normal(0, 0.01, (30, 8))
    near /= np.linalg.norm(near, axis=1, keepdims=True)
    labels = [*data.strings("label", data.rows()), *["c1"] * 9, *[None] * 21]  # nine wrong copies of a row of c0
    again = embedded(corpus(tmp_path, {"label": labels}), np.concatenate([vectors, near]))
    found = measure("label_doubt", again, embedding="given", by="nearest", copies=0.99)
    assert (found["self_confidence"][30:39] < 0.5).all() and np.isnan(found["self_confidence"][39:]).all()


def test_many_labels_are_told_in_parts_that_fit_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_labelled, "BLOCK_CELLS", 1 << 12)
    n = 1000
    code, rng = np.arange(n) % (n // 2), np.random.default_rng(0)
    data = embedded(corpus(tmp_path, {"label": [f"c{one}" for one in code]}), np.eye(8)[rng.integers(0, 8, n)])
    p = np.full((n, n // 2), 1 / (n // 2), np.float32)
    for measured in (lambda: measure("class_distance", data, embedding="given"), lambda: right(p, code, np.arange(n))):
        measured()
        tracemalloc.start()
        measured()
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < n * n // 2 * 4  # all at once are as many cells of eight bytes


def test_a_row_without_a_label_is_told_by_all_and_a_label_of_one_row_by_nobody(tmp_path: Path) -> None:
    data, _ = blobs(tmp_path, wrong=0)
    labels = data.strings("label", data.rows())
    labels[0], labels[60] = None, "alone"
    again = embedded(corpus(tmp_path, {"label": labels}), data.embedding("given").floats(np.arange(120)))
    found = measure("label_doubt", again, embedding="given", by="linear")
    assert again.codes("label")[1][found["likely_label"][0]] == "c0" and np.isnan(found["self_confidence"][0])
    assert np.isnan(found["self_confidence"][60]) and found["likely_label"][60] == -1


@pytest.mark.parametrize("by", ["by count", "naive Bayes", "nearest"])
def test_words_alone_tell_a_wrong_label_and_the_same_words_never_vouch_for_each_other(tmp_path: Path, by: str) -> None:
    goods, ills = ["sun", "beach", "sea", "sand"], ["tax", "bank", "loan", "fee"]
    texts = [f"{side[i % 4]} {side[i // 4]}" for side in (goods, ills) for i in range(16)]
    labels = ["holiday"] * 16 + ["money"] * 16
    texts += ["Sea, sand!", "sea sand", "beach sun", "?"]  # row 14 says the same as the first two
    labels += ["money", "money", None, "money"]
    data = corpus(tmp_path, {"label": labels, "text": texts})
    found = measure("label_doubt_by_words", data, by=by)
    names = data.codes("label")[1]
    doubtful = np.argsort(found["words_self_confidence"][:34])[:2]
    assert set(doubtful.tolist()) == {32, 33}
    assert {names[found["words_confident_label"][row]] for row in (32, 33)} == {"holiday"}
    assert names[found["words_likely_label"][34]] == "holiday" and np.isnan(found["words_self_confidence"][34:]).all()
    assert found["words_copies_disagree"][[14, 32, 33]].tolist() == [1, 0.5, 0.5]
    assert np.isnan(found["words_copies_disagree"][:11]).all() and found["words_likely_label"][35] == -1


@pytest.mark.parametrize(
    ("columns", "asked"),
    [
        ({"p_ham": [0.9, 0.1, 0.8], "Prob spam": [0.1, 0.9, 0.2]}, {"probabilities": ["Prob spam", "p_ham"]}),
        ({"p_spam": [0.1, 0.9, 0.2]}, {"probabilities": ["p_spam"]}),
        ({"p": [[0.9, 0.1], [0.1, 0.9], [0.8, 0.2]]}, {"probabilities": ["p"]}),
        ({"p": [[0.1, 0.9], [0.9, 0.1], [0.2, 0.8]]}, {"probabilities": ["p"], "order": ["spam", "ham"]}),
        ({"p": ["[0.9, 0.1]", "[0.1, 0.9]", "[0.8, 0.2]"]}, {"probabilities": ["p"]}),
    ],
    ids=["a column for each", "one of two", "lists", "lists in another order", "JSON"],
)
def test_a_model_of_ones_own_doubts_by_its_probabilities(
    tmp_path: Path, columns: dict[str, list[object]], asked: dict[str, list[str]]
) -> None:
    data = corpus(tmp_path, {"label": ["spam", "spam", "ham"], **columns})
    found = measure("label_doubt_by_probabilities", data, **asked)
    assert found["own_self_confidence"].tolist() == pytest.approx([0.1, 0.9, 0.8])
    assert found["own_label_margin"].tolist() == pytest.approx([-0.8, 0.8, 0.6], abs=1e-6)
    assert [data.codes("label")[1][code] for code in found["own_likely_label"]] == ["ham", "spam", "ham"]


def test_what_is_no_probability_is_missing_and_where_most_is_not_it_is_said(tmp_path: Path) -> None:
    label = ["b", "a", "10", "2", "a"]
    p = [[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.1, 0.1], [2.0, -1.0, 0.0, 0.0], None, [0.5, 0.5]]
    data = corpus(
        tmp_path,
        {
            "label": label,
            "p": [*p[:4], None],
            "some": p,
            "half": [[1.0], p[0][:3], p[0], None, None],
            "scores": [[3.0, 1.0, -2.0, 0.5]] * 5,
        },
    )
    found = measure("label_doubt_by_probabilities", data, probabilities=["p"])
    # Sorted as texts: 10, 2, a, b.
    assert found["own_self_confidence"][:2].tolist() == pytest.approx([0.4, 0.1])
    assert np.isnan(found["own_self_confidence"][2:]).all() and found["own_likely_label"][2:].tolist() == [-1] * 3
    more = measure("label_doubt_by_probabilities", data, probabilities=["p"], order=["10", "2", "a", "b"])
    assert all(np.array_equal(found[name], more[name], equal_nan=True) for name in found)
    # A model that knows a label which no row has, and finds it the likeliest of the first.
    two = corpus(tmp_path, {"label": ["b", "a"], "p": [[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]]})
    fewer = measure("label_doubt_by_probabilities", two, probabilities=["p"], order=["a", "b", "c"])
    assert fewer["own_self_confidence"].tolist() == pytest.approx([0.2, 0.6])
    assert fewer["own_label_margin"].tolist() == pytest.approx([-0.5, 0.3], abs=1e-6)
    assert fewer["own_likely_label"].tolist() == [-1, two.codes("label")[1].index("a")]
    for said, asked in (
        (r"add up to 2.5, or lie outside 0 to 1. Bring scores through softmax", {"probabilities": ["scores"]}),
        ("The order of the lists lacks '10', '2'", {"probabilities": ["p"], "order": ["a", "b"]}),
        ("holds 5 numbers, one for each label", {"probabilities": ["p"], "order": ["a", "b", "10", "2", "c"]}),
        ("which is no list of numbers", {"probabilities": ["text"]}),
        ("Choose one of lists, or one of numbers", {"probabilities": []}),
        ("1 of 4 rows of some are no probabilities: those of row 2 add up to 1", {"probabilities": ["some"]}),
        ("chosen twice", {"probabilities": ["p", "p"]}),
        ("names a label twice", {"probabilities": ["p"], "order": ["a", "b", "10", "2", "a"]}),
        ("in 2 of 3 rows some number lacks", {"probabilities": ["half"]}),
    ):
        with pytest.raises(EngineError, match=said):
            measure("label_doubt_by_probabilities", data, **asked)
    numbers = corpus(tmp_path, {"label": ["a", "b", "c"], "p_a": [0.5] * 3, "p_b": [0.5] * 3})
    with pytest.raises(EngineError, match="named as 'c'"):
        measure("label_doubt_by_probabilities", numbers, probabilities=["p_a", "p_b"])
    with pytest.raises(EngineError, match="An order says the labels of lists"):
        measure("label_doubt_by_probabilities", numbers, probabilities=["p_a", "p_b"], order=["a", "b", "c"])


def test_lists_without_an_order_go_by_sorted_labels_numbers_by_size(tmp_path: Path) -> None:
    p = [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.1, 0.2, 0.7]]
    for labels in ([-1, 0, 10], [-0.5, 2.0, 10.0], ["10", "2", "a"]):
        data = corpus(tmp_path, {"label": labels[::-1], "p": p[::-1]})
        found = measure("label_doubt_by_probabilities", data, probabilities=["p"])
        assert found["own_self_confidence"].tolist() == pytest.approx([0.7] * 3), labels


@pytest.mark.parametrize(
    ("labels", "columns", "found"),
    [
        (["Spam", "spam"], ["p_Spam", "p_spam"], [0, 1]),
        (["Spam", "spam"], ["spam"], [-1, 0]),
        (["credit", "credit_score"], ["credit_score", "p_credit"], [1, 0]),
        (["credit_score"], ["probability of credit score"], [0]),
        (["p", "a"], ["p", "p_p"], [0, -1]),
        (["0", "1"], ["no", "yes"], [-1, -1]),
    ],
)
def test_columns_belong_to_labels_by_name_each_to_one(labels: list[str], columns: list[str], found: list[int]) -> None:
    assert places(labels, columns) == found


def test_columns_of_probabilities_are_found_by_names_and_first_rows(tmp_path: Path) -> None:
    label = ["ham", "spam", "ham"]
    columns = {"spam": [1.0, 2.0, 0.0], "ham": [2.0, 1.0, 3.0], "words": [[0.5, 0.2]] * 3}
    assert probability_columns(corpus(tmp_path, {"label": label, **columns}), "label") == ()  # votes are none
    named = corpus(tmp_path, {"label": label, "p_spam": [0.2, 0.9, None], "ham prob": [0.8, 0.1, None], **columns})
    assert probability_columns(named, "label") == ()  # the plain names come first: the votes again
    named = corpus(tmp_path, {"label": label, "p_spam": [0.2, 0.9, None], "ham prob": [0.8, 0.1, None]})
    assert probability_columns(named, "label") == ("ham prob", "p_spam")
    lists = corpus(tmp_path, {"label": label, **columns, "likely": [[0.5, 0.5], None, [0.1, 0.9]]})
    assert probability_columns(lists, "label") == ("likely",)
    assert probability_columns(corpus(tmp_path, {"label": ["a"] * 3, "p_a": [1.0] * 3}), "label") == ()
    assert probability_columns(corpus(tmp_path, {"label": label, "p_ham": [0.9, 0.2, None]}), "label") == ("p_ham",)
    assert probability_columns(corpus(tmp_path, {"label": label, "p": ["[0.9, 0.1]", "[]", None]}), "label") == ("p",)
    three = corpus(tmp_path, {"label": ["a", "b", "c"] * 9, "x": [0.5] * 27, "y": [0.2] * 27, "z": [0.3] * 27})
    assert probability_columns(three, "label") == ()
    flags = {"label": label, "ham": [1, 0, 1], "spam": [0, 1, 0]}
    assert probability_columns(corpus(tmp_path, flags), "label") == ()  # what is always 0 or 1 is the label again


def test_what_is_wrong_is_learned_late(tmp_path: Path) -> None:
    data, bad = blobs(tmp_path)
    found = measure("label_learning", data, embedding="given", runs=2, epochs=6)
    for name in ("el2n", "grand", "early_disagreement"):
        assert found[name][bad].min() > found[name][~bad].max(), name
    assert found["already_learned"][~bad].all() and not found["already_learned"][bad].any()
    assert (found["forgetting"] >= 0).all() and (found["label_variability"] <= 0.5).all()
    again = measure("label_learning", data, embedding="given", runs=2, epochs=6)
    assert all(np.array_equal(found[name], again[name]) for name in found)


def test_gradients_of_what_is_wrong_change_most_beside_others_of_the_label(tmp_path: Path) -> None:
    data, bad = blobs(tmp_path)
    found = measure("gradient_variance", data, embedding="given", runs=2, epochs=6)["gradient_variance"]
    codes, _ = data.codes("label")
    for code in np.unique(codes[bad]):
        mine = codes == code
        assert found[mine & bad].min() > found[mine & ~bad].max()
        assert found[mine].mean() == pytest.approx(0, abs=1e-6)
        assert found[mine].std() == pytest.approx(1, abs=0.3)  # of each run 1; of their mean a little less


def test_no_row_counts_for_the_mean_that_it_is_compared_with(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"label": ["A", "A", "B", "B", None, "C"]}), circle([0, 10, 90, 100, 4, 180]))
    found = measure("class_distance", data, embedding="given")
    assert found["class_similarity"][:2] == pytest.approx(np.cos(np.radians([10, 10])), abs=1e-3)
    assert found["class_lead"][0] == pytest.approx(np.cos(np.radians(10)) - np.cos(np.radians(95)), abs=2e-3)
    assert found["nearest_class"].tolist() == [0, 0, 1, 1, 0, 1]
    assert np.isnan(found["class_similarity"][[4, 5]]).all()


def test_raters_of_one_mind_are_told_from_those_who_are_split(tmp_path: Path) -> None:
    columns = {"ham": [3, 2, 0, 0], "spam": [0, 1, 3, 0], "label": ["ham", "spam", "spam", "ham"]}
    found = measure("rater_votes", corpus(tmp_path, columns), votes=("ham", "spam"))
    assert found["votes_cast"].tolist() == [3, 3, 3, 0]
    assert found["votes_agree"][:3].tolist() == pytest.approx([1, 2 / 3, 1])
    assert found["votes_for_label"][:3].tolist() == pytest.approx([1, 1 / 3, 1])
    assert found["votes_entropy"][1] == pytest.approx(0.9183, abs=1e-4) and found["votes_entropy"][0] == 0
    assert all(np.isnan(found[name][3]) for name in ("votes_agree", "votes_entropy", "votes_for_label"))


def test_votes_are_matched_by_number_where_labels_are_numbers(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"yes": [2, 0], "no": [1, 3], "label": [0, 1]})
    assert measure("rater_votes", data, votes=("yes", "no"))["votes_for_label"].tolist() == pytest.approx([2 / 3, 1])
    with pytest.raises(EngineError, match="is the name of a column of votes"):
        measure("rater_votes", corpus(tmp_path, {"a": [1], "b": [1], "label": ["x"]}), votes=("a", "b"))
    with pytest.raises(EngineError, match="is the name of a column of votes"):  # though a digit, no number
        measure("rater_votes", corpus(tmp_path, {"a": [1], "b": [1], "label": ["²"]}), votes=("a", "b"))
    with pytest.raises(EngineError, match="two columns at least"):
        measure("rater_votes", data, votes=("yes",))


@pytest.mark.parametrize("labels", [["A", "A", "A"], [None, None, None]])
def test_fewer_than_two_labels_are_said(tmp_path: Path, labels: list[str | None]) -> None:
    data = embedded(corpus(tmp_path, {"label": labels, "n": [1, 2, 3]}), circle([0, 10, 20]))
    for name in ("label_agreement", "label_doubt", "label_learning", "class_distance"):
        with pytest.raises(EngineError, match="two labels at least"):
            measure(name, data, embedding="given")


@pytest.mark.parametrize("name", ["prototype_label", "spread_label"])
def test_rows_without_a_label_get_that_of_their_heap_and_given_ones_stay(tmp_path: Path, name: str) -> None:
    labels = ["A", None, "B", "B", None, "B", None]  # row 2 lies among the As, and its label stays
    data = embedded(corpus(tmp_path, {"label": labels}), circle([0, 3, 6, 80, 85, 90, 1]), k=3)
    found = measure(name, data, embedding="given")
    sure = found[name.replace("label", "confidence")]
    assert found[name].tolist()[:6] == [0, 0, 1, 1, 1, 1]
    assert np.isnan(sure[[0, 2, 3, 5]]).all() and (sure[[1, 4]] > 0.5).all()


def test_a_name_gives_each_row_its_label_and_given_ones_say_how_sure_that_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    angles = {"red": 0, "go": 90}
    monkeypatch.setattr(
        "engine.models.probes.named.embed_texts",
        lambda data, key, said, query: np.round(circle([angles[one] for one in said]) * 2048).astype(np.int16),
    )
    at = [40, 80, *(39 + i / 10 for i in range(20))]
    labels = [None, None, *(["stop", "stop", "go", "stop"] * 5)]  # three of four at about 40° are the one
    data = embedded(corpus(tmp_path, {"label": labels, "n": at}), circle(at))
    named = {"embedding": "given", "labels": ("stop", "go"), "about": ("red",)}
    made = spec("signal", "label_by_name", named)
    built = build(data, {key_of(made): made})
    assert built.strings(value_key("named_label", key_of(made)), np.array([0, 1, 5])) == ["stop", "go", "stop"]
    # 20 · (cos 40° − cos 50°) = 2.466 more for the one: 0.922 of all.
    found = measure("label_by_name", data, **named, label=None)
    assert found["named_confidence"][0] == pytest.approx(0.922, abs=2e-3)
    assert found["named_margin"][0] == pytest.approx(0.844, abs=4e-3)
    told = measure("label_by_name", data, **named)
    assert told["named_confidence"][0] == pytest.approx(0.75, abs=0.02) and np.isnan(told["named_margin"][2:]).all()
    assert told["named_label"].tolist() == [0, 1, *([0, 0, 1, 0] * 5)]
    for more, said in (
        ({"labels": ("stop",)}, "not among the labels"),
        ({"about": ("a",) * 3}, "3 descriptions for 2"),
    ):
        with pytest.raises(EngineError, match=said):
            measure("label_by_name", data, **(named | more))
    with pytest.raises(EngineError, match="two different names"):
        measure("label_by_name", data, embedding="given", label=None)


def test_a_rare_label_is_drawn_towards_the_common_ones_it_is_like() -> None:
    means = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    found = calibrated(means, np.array([9, 9, 1, 0]), rare=5)
    # As like one as the other: their mean is 0, so nothing pulls it.
    assert found[2].tolist() == [0, 1]
    pulled = calibrated(means[[0, 2, 3]], np.array([9, 1, 0]), rare=5)
    # A class without a row stays nowhere.
    assert pulled[1] == pytest.approx([0.5**0.5] * 2) and pulled[2].tolist() == [0, 0]
    assert calibrated(means, np.array([1, 1, 1, 0]), rare=5) is means


def test_a_label_spreads_along_a_chain_and_not_to_what_nothing_leads_to() -> None:
    from scipy.sparse import csr_array

    near = np.array([[1, -1], [0, 2], [1, 3], [2, -1], [5, -1], [4, -1]])
    s = affinity(near, np.where(near >= 0, 0.9, -1), sharp=0.0)
    given = csr_array(np.array([[1, 0], [0, 0], [0, 0], [0, 1], [0, 0], [0, 0]]))
    found = spread(s, given)
    assert found.code.tolist() == [0, 0, 1, 1, -1, -1] and found.second.tolist()[:4] == [1, 1, 0, 0]
    assert found.share[1] == pytest.approx(found.share[2]) and found.share[4] == 0

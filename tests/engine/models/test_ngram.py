"""An n-gram model: the same numbers as nltk, whatever the texts; what is doubtful is said."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.models import fit_ngram, ngram, opened
from engine.models._words import said
from engine.models.keep import Known
from engine.models.ngram import NgramModel
from engine.models.pool import Pool
from engine.signals.fitted.perplexity import ABOUT, perplexity
from tests.engine.models.made import sentences
from tests.engine.small import corpus

CATS = ["the cat sat on the mat", "the dog sat on the log", "a cat saw the dog", "the cat saw a dog on the mat"]
# nltk 3.10.4: KneserNeyInterpolated(order, discount=0.75), fitted on everygrams of these texts with order - 1 "<s>"
# before each and words seen once as "<UNK>"; of each word of "the dog saw the cat" and of "a bird sat on the mat".
NLTK = {
    2: (
        [0.6328125, 0.232142857143, 0.046875, 0.265625, 0.232142857143],
        [0.109375, 0.046875, 0.125, 0.671875, 0.796875, 0.205357142857],
    ),
    3: (
        [0.683823529412, 0.24362745098, 0.033088235294, 0.257352941176, 0.090441176471],
        [0.159007352941, 0.033088235294, 0.117647058824, 0.669117647059, 0.884191176471, 0.45931372549],
    ),
    5: (
        [0.712775735294, 0.28287377451, 0.018612132353, 0.257352941176, 0.090441176471],
        [0.198816636029, 0.018612132353, 0.117647058824, 0.669117647059, 0.884191176471, 0.469485294118],
    ),
}


def model_of(texts: list[str], *, order: int = 3, least: int = 2, rare: bool = True) -> NgramModel:
    whole = ngram.counted(said(texts), order, least)
    whole = whole if rare else ngram.without_rare(whole)
    arrays = {**ngram.arrays_of(whole), "reference": np.zeros(0, np.uint64)}
    return ngram.read_ngram("m", {"order": order, "discount": 0.75}, {"kinds": whole.kinds, "surprising": -1.0}, arrays)


@pytest.mark.parametrize("order", NLTK)
def test_each_word_is_as_likely_as_nltk_says(order):
    model = model_of(CATS, order=order)
    for text, expected in zip(("the dog saw the cat", "a bird sat on the mat"), NLTK[order], strict=True):
        assert np.abs(10 ** model.log10(said([text])) - expected).max() < 1e-9


def test_what_is_kept_for_unknown_words_is_shared_by_the_kinds_of_rare_words():
    one, two = (model_of(["a b", "a b", "a c", *more], order=2) for more in ([], ["a d"]))
    assert (one.kinds, two.kinds) == (1, 2)
    # After "a", b was seen twice; each of the three words stood after one other word.
    assert 10 ** one.log10(said(["a never"]))[1] == pytest.approx(0.25 / 3 + 0.75 * 2 / 3 / 3)
    assert 10 ** two.log10(said(["a never"]))[1] == pytest.approx((1.25 / 4 + 0.75 * 2 / 4 / 3) / 2)


@given(st.lists(st.lists(st.sampled_from("abcd"), max_size=6), max_size=6), st.integers(2, 4), st.booleans())
@settings(max_examples=30, deadline=None)
def test_the_chances_of_all_words_after_any_words_are_one(texts, order, rare):
    joined = [" ".join(text) for text in texts] + ["a b c a b"]
    model = model_of(joined, order=order, least=1, rare=rare)
    words = [*model.vocabulary.to_pylist(), "unknown"]
    for before in ("c a b", "b c a", "b unknown a", "a d unknown"):
        likely = [10 ** model.log10(said([f"{before} {word}"]))[-1] for word in words]
        begin = model._likely(np.array([*model.ids(pa.array(before.split(), pa.large_string())), ngram.BEGIN]))[-1]
        assert sum(likely) + begin == pytest.approx(1)


def test_texts_are_scored_alone_whatever_stands_beside_them():
    model, texts = model_of(CATS), ["the cat", "", "\x00", "sat sat sat", "日本 \ud800", "x" * 5_000_000, "the cat"]
    together = perplexity(texts, model=model)
    for name, values in together.items():
        alone = [perplexity([text], model=model)[name][0] for text in texts]
        assert np.array_equal(values, alone, equal_nan=True)
    assert np.isnan(together["perplexity"]).tolist() == [False, True, True, False, False, False, False]
    assert together["unknown_words"][[0, 5]].tolist() == [0.0, 1.0]


# Fitted on a corpus


@pytest.fixture
def fitted(tmp_path: Path):
    """Fits on texts for a corpus of 30 others; returns what is known of the model, and the model."""
    data = corpus(tmp_path, {"text": sentences(30, seed=1)})

    def fit(texts: list[str] | np.ndarray, **knobs: object) -> tuple[Known, NgramModel]:
        pool = Pool.of_texts("ref", texts) if isinstance(texts, list) else Pool.of_rows(data, "ref", texts)
        known = fit_ngram(data, pool, **knobs)  # type: ignore[arg-type]
        return known, opened(data, known.ref, "ngram")

    return fit


def test_a_model_is_the_same_each_time_and_says_how_it_did_on_texts_held_out(fitted):
    known, model = fitted(sentences(200))
    assert known.ref == fitted(sentences(200))[0].ref
    assert known.facts["held_out"] == {"texts": 20, "low": 10.35, "median": 14.32, "high": 21.37, "surprising": -1.8}
    body = b"".join(level.keys.tobytes() + level.values.tobytes() + level.total.tobytes() for level in model.levels)
    assert hashlib.sha256(body).hexdigest()[:16] == "de12a71fca206cde"


def test_runs_seen_once_can_be_left_out_and_what_they_were_worth_stays():
    whole, less = model_of(sentences(50)), model_of(sentences(50), rare=False)
    assert len(less.levels[1].keys) < len(whole.levels[1].keys)
    assert np.array_equal(less.levels[1].total, whole.levels[1].total)


def test_a_text_too_long_to_be_counted_is_passed_over_and_the_others_are_read(fitted, monkeypatch):
    monkeypatch.setattr(sys.modules[fit_ngram.__module__], "MOST_WORDS", 20)
    known, _ = fitted(["the cat sat " * 9, "on the mat", "the dog saw", "the log"])
    assert known.facts["words"] == 8 and "3 of 4 texts were read" in known.facts["warnings"][0]
    with pytest.raises(EngineError, match="every text with a word has more than 20"):
        fitted(["the cat sat " * 9, ""])


def test_a_model_that_would_be_too_large_leaves_out_runs_seen_once(fitted, monkeypatch):
    monkeypatch.setattr(sys.modules[fit_ngram.__module__], "MOST_BYTES", 3_000)
    known, model = fitted(sentences(200))
    assert (model.levels[-1].values[:-1] > 1).all() and len(model.levels[-1].values) == known.facts["runs"][-1] + 1 > 1
    assert "Runs of 3 words that stand in the reference once were left out" in known.facts["warnings"][0]


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["the cat sat", "on the mat", "of the dog"], "only 9 words in 3 texts"),
        (["the cat sat on the mat"] * 9, "Of 9 texts of the reference 1 differ"),
        (np.arange(20), "20 rows of this corpus are the reference itself"),
        (sentences(20, "der die das ein eine hund katze sitzt"), "100% of the words of this corpus are not in"),
    ],
)
def test_what_is_doubtful_about_a_reference_is_said(fitted, texts, says):
    known, _ = fitted(texts)
    assert any(says in warning for warning in known.facts["warnings"])


def test_rows_that_are_the_reference_are_told(fitted):
    _, model = fitted(["The cat sat.", "on the mat"])
    assert perplexity(["the cat sat", "the mat", ""], model=model)["in_reference"].tolist() == [True, False, False]


def test_the_words_that_surprise_are_marked(fitted):
    _, model = fitted(sentences(200) + ["rare"])
    text = "the cat, Quixotic! sat on"
    assert [text[a:b] for a, b in ABOUT.spans([text], model=model)[0]] == ["Quixotic"]


@pytest.mark.parametrize(
    ("texts", "knobs", "says"),
    [
        ([], {}, "has no word in 0 texts"),
        (["", "\x00 !?"], {}, "has no word in 2 texts"),
        (["a"], {"order": 6}, "Give 2 to 5"),
        (["a"], {"discount": 2.0}, "0 to 1"),
        (["a"], {"name": "a/b"}, "holds '/'"),
    ],
)
def test_what_no_model_can_be_made_of_is_refused(fitted, texts, knobs, says):
    with pytest.raises(EngineError, match=says):
        fitted(texts, **knobs)

"""ROUGE-L of answers, beside the numbers of the package rouge-score, and who agrees with whom."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.signals import CORPUS_SIGNALS
from engine.signals.instructions._rouge import common, compared, rouge_l
from tests.engine.small import corpus


@pytest.mark.parametrize(
    ("first", "second", "f1"),
    [  # F1 as rouge-score gives it for `rougeL`; the last one counted by hand
        ("testing one two", "testing", 0.5),
        ("testing one two", "TESTING one", 0.8),
        ("", "testing", 0.0),
        ("testing one two", "testing two", 0.8),
        ("the cat was found under the bed", "the bed was found", 6 / 11),
    ],
)
def test_rouge_l_is_that_of_the_known_package(first: str, second: str, f1: float) -> None:
    assert rouge_l(*compared([first, second])) == pytest.approx(f1)


letters = st.lists(st.sampled_from("abc"), max_size=12).map(tuple)


@given(letters, letters)
def test_the_common_words_are_those_of_the_plain_table(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i, a in enumerate(first):
        for j, b in enumerate(second):
            table[i + 1][j + 1] = table[i][j] + 1 if a == b else max(table[i][j + 1], table[i + 1][j])
    assert common(first, second) == table[-1][-1]


def test_the_answer_that_most_agree_with_is_named(tmp_path: Path) -> None:
    data = corpus(
        tmp_path,
        {
            "outputs": [["a b", "a b", "c d"], ["a b"], None, ["x", "a b", "a b c"]],
            "right": ["a c", "b", "a", None],
        },
    )
    found = CORPUS_SIGNALS["answer_similarity"].function(data, answer="outputs", reference="right")
    assert found["reference_rouge"][:2].tolist() == pytest.approx([0.5, 2 / 3])
    assert np.isnan(found["reference_rouge"][2:]).all()
    assert found["agreed_answer"].tolist() == [1, 0, 0, 2]
    assert found["agreed_answer_rouge"][[0, 3]].tolist() == pytest.approx([0.5, 0.4])
    assert found["answers_agreement"][[0, 3]].tolist() == pytest.approx([1 / 3, 0.8 / 3])


def test_answers_stand_in_several_columns_too(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"one": ["a b", "a"], "two": ["b a", None], "three": ["a b", "a"]})
    found = CORPUS_SIGNALS["answer_similarity"].function(data, answer="one", second="two", third="three")
    assert found["answers_agreement"].tolist() == pytest.approx([2 / 3, 1.0])
    assert np.isnan(found["reference_rouge"]).all()


def test_a_missing_answer_keeps_its_place_and_is_not_compared(tmp_path: Path) -> None:
    data = corpus(
        tmp_path,
        {"one": [[], ["x", None, "a b"], None], "two": ["a b", "a b", "a b"], "three": ["a b", "q", None],
         "right": ["a b", "x", "a b"]},
    )  # fmt: skip
    knobs = {"answer": "one", "second": "two", "third": "three", "reference": "right"}
    found = CORPUS_SIGNALS["answer_similarity"].function(data, **knobs)
    assert found["agreed_answer"].tolist() == [2, 3, 0]
    assert found["reference_rouge"][1] == 1 and np.isnan(found["reference_rouge"][[0, 2]]).all()

"""A choice in small: whose rows, and what budget."""

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.recipe import Step
from engine.recipe.sampled import Sampled, sampled
from engine.recipe.snapshots import listed_ref
from engine.registry import Json
from tests.engine.small import corpus, with_signal

KEEP = np.arange(0, 1000, 100)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """A thousand rows of 2 tokens, of four kinds of 250."""
    made = corpus(tmp_path_factory.mktemp("sampled"), {"kind": ["a", "b", "c", "d"] * 250})
    return with_signal(made, "tokens", np.full(1000, 2))


def small(data: Dataset, budget: Json, size: int = 500, keep: np.ndarray = KEEP) -> Sampled:
    return sampled(data, Step("random", {"budget": budget}), data.rows(), keep, size)


@pytest.mark.parametrize(
    ("budget", "expected"),
    [
        (100, {"amount": 50, "unit": "rows"}),
        ("20%", {"amount": 100, "unit": "rows"}),
        ("300 tokens", {"amount": 150, "unit": "tokens"}),
        (11, {"amount": 6, "unit": "rows"}),  # half a row besides the five kept is one
        (10, {"amount": 5, "unit": "rows"}),
        (
            {"amount": 100, "mix": {"by": "kind", "shares": {"a": 0.5}, "at_least": 5, "at_most": 61}},
            {"amount": 50, "unit": "rows", "mix": {"by": "kind", "shares": {"a": 0.5}, "at_least": 2, "at_most": 31}},
        ),
    ],
)
def test_half_the_rows_have_half_the_budget(data: Dataset, budget: Json, expected: Json) -> None:
    found = small(data, budget)
    assert found.step.params["budget"] == expected
    assert len(found.rows) == 500 and len(found.keep) == 5 and set(found.keep) <= set(KEEP) & set(found.rows)


def test_a_smaller_sample_is_part_of_a_larger_one_and_no_more_than_all_is_the_choice_itself(data: Dataset) -> None:
    assert set(small(data, 100, 200).rows) < set(small(data, 30, 500).rows)
    whole = small(data, "20%", 1000)
    assert whole.rows.tolist() == data.rows().tolist() and whole.step.params["budget"]["amount"] == 20  # type: ignore[index,call-overload]


def test_rows_chosen_before_have_their_share_of_the_sample(data: Dataset) -> None:
    before = np.arange(1, 1000, 25)
    found = small(data, {"amount": 100, "after": listed_ref(data, before)})
    assert np.isin(before, found.rows).sum() == 20 and found.step.params["budget"]["amount"] == 50  # type: ignore[index,call-overload]


def test_what_no_choice_can_meet_is_said_in_the_numbers_of_all_rows(data: Dataset) -> None:
    with pytest.raises(EngineError, match="10 rows are always kept by hand, more than the 9 rows"):
        small(data, 9)
    with pytest.raises(EngineError, match="are 120 rows, more than the 100 that"):
        small(data, {"amount": 100, "mix": {"by": "kind", "at_least": 30}})
    # A row has 2 tokens, so 200 have room for 100 rows; a tenth more are asked for, as picks may be shorter than most.
    with pytest.raises(EngineError, match="are 120 rows, more than the 100 that"):
        small(data, {"amount": 200, "unit": "tokens", "mix": {"by": "kind", "at_least": 30}})

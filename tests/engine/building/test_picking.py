"""What a choice is promised to take, and what it took."""

import sys
from pathlib import Path

import numpy as np
import pytest

from engine.building.picking import pick, picking_seconds, picks_expected
from engine.building.spec import spec
from engine.building.speeds import Took, remember
from engine.dataset.dataset import Dataset
from engine.recipe import examples_ref, picks
from engine.recipe.recipe import Recipe, Step
from engine.recipe.selectors.spread._farthest import farthest_seconds
from engine.recipe.selectors.spread._ground import A_PICK, A_ROW
from engine.recipe.selectors.spread.farthest import START
from engine.recipe.selectors.target._toward import AN_EXAMPLE, PRODUCTS_A_SECOND
from engine.registry import Budget, Mix
from engine.store.spec import Spec
from tests.engine.small import circle, corpus, embedded, with_signal


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Four rows that differ, of 1, 2, 3 and 4 tokens."""
    made = corpus(tmp_path, {"text": ["a", "b", "c", "d"], "kind": ["x", "x", "x", "y"]})
    return with_signal(embedded(made, circle([0, 40, 90, 180])), "tokens", np.array([1, 2, 3, 4]))


def step(do: str, budget: str) -> Step:
    return Step(do, {"budget": budget, **({} if do == "random" else {"embedding": "given"})}).checked()


def test_the_first_promise_is_the_member_s_own_guess(data: Dataset) -> None:
    rows = data.rows()
    assert picking_seconds(data, step("farthest", "2"), rows) == START + farthest_seconds(4, 2, 384)
    assert picking_seconds(data, step("facility_location", "2"), rows) == pytest.approx(
        4 * A_ROW + 2 * A_PICK, rel=1e-4
    )
    assert picking_seconds(data, step("random", "2"), rows) == 0.0


def test_no_more_picks_are_counted_than_there_are_rows(data: Dataset) -> None:
    assert picks_expected(data, step("farthest", "50%"), data.rows()) == 2
    assert picks_expected(data, step("farthest", "99"), data.rows()) == 4
    assert picks_expected(data, step("farthest", "5 tokens"), data.rows()) == 2


def test_a_budget_in_tokens_is_asked_for_twice(data: Dataset) -> None:
    once = picking_seconds(data, step("farthest", "2"), data.rows())
    assert picking_seconds(data, step("farthest", "5 tokens"), data.rows()) == 2 * once


def test_a_choice_in_a_mix_is_promised_for_all_and_then_for_each_group_beside_those_before(data: Dataset) -> None:
    mixed = Step("farthest", {"budget": Budget(2, "rows", Mix("kind")).json(), "embedding": "given"}).checked()
    # Of two picks “x” has three quarters, which is one and a half; “y” then has half a pick, so one in half the cases.
    first, second = START + farthest_seconds(3, 1.5, 384), START + farthest_seconds(1, 1, 384, kept=1.5)
    alone = picking_seconds(data, step("farthest", "2"), data.rows())
    assert picking_seconds(data, mixed, data.rows()) == pytest.approx(alone + first + second / 2, rel=1e-9)


def test_a_larger_target_is_promised_to_take_longer(data: Dataset) -> None:
    def promised(*wanted: int) -> float:
        ref = examples_ref(data, "t", {}, rows={"t": np.array(wanted)}, embedding="given")
        toward = Step("nearest", {"budget": "1", "embedding": "given", "target": ref}).checked()
        return picking_seconds(data, toward, data.rows())

    an_example = AN_EXAMPLE + (4 + 2 * 1) * 384 / PRODUCTS_A_SECOND
    assert promised(0, 1, 2) - promised(0) == pytest.approx(2 * an_example)


def test_what_a_choice_took_here_is_what_the_next_one_is_promised(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    real = sys.modules[picks.__name__].picked

    def slow(*given, **named):
        now[0] += 600 * START
        return real(*given, **named)[0], 600 * START

    monkeypatch.setattr(picks, "picked", slow)
    pick(data, Recipe(steps=(step("farthest", "2"),)))
    assert picking_seconds(data, step("farthest", "3"), data.rows()) == pytest.approx(600 * START, rel=0.01)


def test_a_choice_that_was_there_already_teaches_nothing(data: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = Recipe(steps=(step("farthest", "2"),))
    pick(data, recipe)
    remembered: list[object] = []
    monkeypatch.setattr(sys.modules[pick.__module__], "remember", lambda *given: remembered.append(given))
    pick(data, recipe)
    assert remembered == []


def test_one_selector_teaches_nothing_about_another(data: Dataset) -> None:
    remember(data.store, Spec("picks", "farthest", 1, {"fits": False}), Took(10.0, 30.0))
    guess = START + farthest_seconds(4, 4, 384)
    assert picking_seconds(data, step("farthest", "4"), data.rows()) == pytest.approx(3 * guess)
    assert picking_seconds(data, step("facility_location", "4"), data.rows()) == pytest.approx(
        4 * (A_ROW + A_PICK), rel=1e-4
    )


def test_a_graph_that_must_be_made_first_is_promised_too_and_teaches_nothing_about_the_selector(
    data: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.building.picking.neighbours_left_seconds", lambda data, on, rows, kept=True: 100.0)
    cover = step("facility_location", "2")
    alone = 4 * A_ROW + 2 * A_PICK
    assert picking_seconds(data, cover, data.rows()) == pytest.approx(100 + alone)
    assert picking_seconds(data, step("farthest", "2"), data.rows()) < 1
    remember(data.store, spec("graph", on="given"), Took(100.0, 300.0))  # neighbours take longer here
    assert picking_seconds(data, cover, data.rows()) == pytest.approx(300 + alone)
    remembered: list[object] = []
    monkeypatch.setattr("engine.building.picking.remember", lambda *given: remembered.append(given))
    pick(data, Recipe(steps=(cover,)))
    assert remembered == []


def test_whoever_watches_sees_how_far_it_is_and_may_stop_it(data: Dataset) -> None:
    seen: list[tuple[str, int, int]] = []
    pick(data, Recipe(steps=(step("farthest", "2"),)), progress=lambda *said: seen.append(said))
    assert seen[0] == ("Choosing rows", 0, 2)

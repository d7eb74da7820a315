"""Choices on disk: taken from there, made again where they do not fit, never the wrong one."""

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.cache import Cache
from engine.dataset.dataset import Dataset
from engine.dataset.record import change_record
from engine.dataset.unused import unreferenced
from engine.recipe.budgets import select as select_within
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.recipe.snapshots import listed_ref
from tests.engine.small import circle, corpus, embedded

FARTHEST = Step("farthest", {"embedding": "given", "budget": 2}).checked()


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    """Six rows on a circle; those 180 degrees apart are the farthest."""
    made = corpus(tmp_path, {"n": [1, 2, 3, 4, 5, 6], "text": list("abcdef")})
    return embedded(made, circle([0, 20, 90, 180, 200, 300]))


@pytest.fixture
def picking(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The selectors that were really run, one name a time."""
    ran: list[str] = []
    real = select_within

    def select(data, step, rows, keep):
        ran.append(step.do)
        return real(data, step, rows, keep)

    monkeypatch.setattr(sys.modules[run.__module__], "select", select)
    return ran


def test_a_choice_is_made_once_whoever_asks_again(data: Dataset, picking: list[str]) -> None:
    first = run(data, Recipe(steps=(FARTHEST,)))
    again = run(Dataset.load(data.store), Recipe(steps=(FARTHEST,)))
    assert picking == ["farthest"]
    assert again.rows.tolist() == first.rows.tolist()
    assert dict(again.stages[-1].notes) == dict(first.stages[-1].notes)


def test_a_page_that_must_not_pick_sees_a_choice_that_was_made_elsewhere(data: Dataset) -> None:
    recipe = Recipe(steps=(FARTHEST,))
    assert run(data, recipe, Cache(1 << 20), pick=False).waiting == (FARTHEST,)
    picked = run(data, recipe).rows.tolist()
    assert run(data, recipe, Cache(1 << 20), pick=False).rows.tolist() == picked


def test_a_choice_that_costs_nothing_is_not_kept(data: Dataset, picking: list[str]) -> None:
    recipe = Recipe(steps=(Step("random", {"budget": 2}).checked(),))
    assert run(data, recipe).rows.tolist() == run(data, recipe).rows.tolist()
    assert picking == ["random", "random"]
    assert not (data.store.folder / "picks").exists()


@pytest.mark.parametrize(
    "changed",
    [
        Recipe(steps=(replace(FARTHEST, params={**FARTHEST.params, "budget": {"amount": 3, "unit": "rows"}}),)),
        Recipe(steps=(replace(FARTHEST, params={**FARTHEST.params, "seed": 1}),)),
        Recipe(steps=(Step("number_range", {"column": "n", "low": 2}).checked(), FARTHEST)),
    ],
)
def test_another_step_or_another_step_before_it_picks_anew(data: Dataset, picking: list[str], changed: Recipe) -> None:
    run(data, Recipe(steps=(FARTHEST,)))
    run(data, changed)
    assert picking == ["farthest", "farthest"]


def test_other_rows_by_hand_other_vectors_and_another_revision_pick_anew(data: Dataset, picking: list[str]) -> None:
    recipe = Recipe(steps=(FARTHEST,))
    run(data, recipe)
    run(data, replace(recipe, by_hand=ByHand(keep=listed_ref(data, np.array([1])))))
    turned = embedded(data, circle([0, 30, 90, 180, 200, 310]))
    run(turned, recipe)
    change_record(data.store, lambda record: replace(record, fingerprint="f" * 32))
    assert len(picking) == 3
    assert len(list((data.store.folder / "picks").iterdir())) == 3


def test_a_renamed_step_keeps_its_choice(data: Dataset, picking: list[str]) -> None:
    run(data, Recipe(steps=(FARTHEST,)))
    run(data, Recipe(name="mine", steps=(replace(FARTHEST, name="two far apart"),)))
    assert picking == ["farthest"]


def _tampered_rows(folder: Path) -> None:
    np.save(folder / "rows.npy", np.array([1, 2]))


def _tampered_notes(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    meta["notes"]["evidence"]["radius"] = 0.99
    (folder / "meta.json").write_text(json.dumps(meta))


def _of_another_stage(folder: Path) -> None:
    meta = json.loads((folder / "meta.json").read_text())
    meta["origin"]["facts"]["stage"] = "0" * 32
    (folder / "meta.json").write_text(json.dumps(meta))


@pytest.mark.parametrize(
    "tamper", [_tampered_rows, _tampered_notes, _of_another_stage, lambda f: (f / "meta.json").write_text("{")]
)
def test_a_choice_that_is_not_what_was_written_is_made_again(data: Dataset, picking: list[str], tamper) -> None:
    first = run(data, Recipe(steps=(FARTHEST,)))
    (folder,) = (data.store.folder / "picks").iterdir()
    tamper(folder)
    for _ in range(2):
        again = run(data, Recipe(steps=(FARTHEST,)))
        assert again.rows.tolist() == first.rows.tolist()
        assert dict(again.stages[-1].notes) == dict(first.stages[-1].notes)
    assert picking == ["farthest", "farthest"]


def test_a_check_picks_again_and_keeps_nothing(data: Dataset, picking: list[str]) -> None:
    run(data, Recipe(steps=(FARTHEST,)), anew=True)
    assert not (data.store.folder / "picks").exists()
    run(data, Recipe(steps=(FARTHEST,)))
    run(data, Recipe(steps=(FARTHEST,)), anew=True)
    assert len(picking) == 3


def test_a_new_choice_loads_no_dataset_anew(data: Dataset) -> None:
    before = data.store.stamp()
    run(data, Recipe(steps=(FARTHEST,)))
    assert data.store.stamp() == before


def test_a_choice_that_nobody_used_for_a_week_may_go(data: Dataset, picking: list[str]) -> None:
    run(data, Recipe(steps=(FARTHEST,)))
    (folder,) = (data.store.folder / "picks").iterdir()
    assert unreferenced(data.store) == []
    week = time.time() - 8 * 86400
    os.utime(folder, (week, week))
    (loose,) = unreferenced(data.store)
    assert (loose.path, loose.why, loose.safe) == (
        folder, "a choice not used for 8 days; made again when asked for", True,
    )  # fmt: skip
    run(data, Recipe(steps=(FARTHEST,)))
    assert picking == ["farthest"] and unreferenced(data.store) == []

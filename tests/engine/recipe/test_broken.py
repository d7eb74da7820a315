"""Broken steps: each kind is named, blocks nothing, and says what would mend it; a strict run and an export refuse."""

from dataclasses import replace

import numpy as np
import pytest

from engine.building import LISTS, build, pick, remedy, spec
from engine.building.key_names import spec_of
from engine.building.remedy import _CALLED
from engine.cache import Cache
from engine.errors import EngineError, NotFound
from engine.exporting import export
from engine.recipe import Recipe, Run, Step, funnel, mended, run, snapshots, why
from tests.engine.small import SIX, circle, corpus, embedded, with_map, with_topics

SHORT = Step("number_range", {"column": "length", "high": 350})
TOKENS = Step("number_range", {"column": "tokens", "high": 5})
CORNER = np.array([[0, 0], [2, 0], [2, 2], [0, 2]], float)


@pytest.fixture
def six(tmp_path):
    made = embedded(corpus(tmp_path, SIX), circle((0, 10, 45, 90, 180, 270)))
    made = with_map(made, [(0.5, 0.5), (1.5, 1.5), (3, 3), (1, 5), (2, 1), (9, 9)])
    return with_topics(made, [0, 0, 1, -1, 1, 1], {0: "cats", 1: "dogs"})


def loose(data, *steps: Step, **given) -> Run:
    return run(data, Recipe(steps=tuple(step.checked() for step in steps)), strict=False, **given)


def test_a_step_whose_column_is_not_there_is_named_and_the_others_run(six):
    done = loose(six, TOKENS, SHORT)
    assert {at: found.lacks for at, found in done.broken.items()} == {0: ("tokens",)}
    assert "No column named 'tokens'" in done.broken[0].wrong
    assert done.rows.tolist() == [0, 1, 2, 5]
    assert [line.step.do for line in funnel(done)] == ["number_range"]
    assert why(done, 3).text.startswith("Dropped by step 1, “Keep rows whose length is at most 350”")


@pytest.mark.parametrize(
    ("step", "lacks"),
    [
        (Step("values", {"column": "nowhere", "values": ["x"]}), ("nowhere",)),
        (Step("any of", steps=(SHORT, TOKENS)), ("tokens",)),
        (Step("topic", {"topics": "topics@minilm", "numbers": ["1"]}), ("topics@minilm",)),
        (Step("farthest", {"budget": 2, "embedding": "lexical"}), ("lexical",)),
        (Step("farthest", {"budget": 2, "embedding": "lexical", "leave_out_odd": 5}), ("lexical", "graph@lexical")),
        (Step("random", {"budget": "20 tokens"}), ("tokens",)),
        (Step("region", {"map": "umap@given", "region": "ab" * 32}), ("umap@given",)),
        (Step("listed", {"listed": "ab" * 32}), ()),
        (Step("sql", {"where": "nowhere > 1"}), ()),
        (Step("number_range", {"column": "length", "low": 5, "high": 1}), ()),
        (Step("regex", {"pattern": "("}), ()),
        (Step("number_range", {"column": "language", "low": 5}), ()),
        (Step("topic", {"topics": "topics@given", "numbers": ["77"]}), ()),
    ],
)  # fmt: skip
def test_each_kind_of_broken_step_counts_as_off(six, step, lacks):
    done = loose(six, step, SHORT)
    assert list(done.broken) == [0] and done.broken[0].lacks == lacks and done.broken[0].wrong.endswith((".", "?"))
    assert done.rows.tolist() == [0, 1, 2, 5] and len(done.stages) == 2
    with pytest.raises(EngineError):
        run(six, done.recipe)


def test_a_step_that_is_off_is_not_broken(six):
    assert loose(six, replace(TOKENS, on=False), SHORT).broken == {}


def test_a_strict_run_names_the_step_and_keeps_the_kind_of_error(six):
    with pytest.raises(NotFound, match="Step 2, “Keep rows whose tokens is at most 5”: No column named 'tokens'"):
        run(six, Recipe(steps=(SHORT, TOKENS)))


def test_a_broken_step_behind_a_selector_that_waits_is_named_too(six):
    done = loose(six, Step("random", {"budget": 2}), TOKENS, pick=False)
    assert [step.do for step in done.waiting] == ["random"] and list(done.broken) == [1]


def test_what_a_selector_picks_beside_a_broken_step_is_what_the_draft_then_shows(six):
    far = Step("farthest", {"budget": 2, "embedding": "given"})
    seen = loose(six, TOKENS, SHORT, far, pick=False)
    assert [step.on for step in seen.working.steps] == [False, True, True]
    picked = pick(six, seen.working)
    again = loose(six, TOKENS, SHORT, far, pick=False)
    assert again.waiting == () and again.rows.tolist() == picked.rows.tolist()


def test_a_selector_that_cannot_pick_is_asked_once_and_does_not_wait_for_ever(six):
    cache = Cache(1 << 20)
    missing = Step("stratified", {"budget": 2, "column": "language", "shares": "quotas", "groups": ["en"]})
    assert list(loose(six, missing, cache=cache).broken) == [0]
    again = loose(six, missing, cache=cache, pick=False)
    assert list(again.broken) == [0] and again.waiting == ()


def test_what_a_step_lacks_is_one_button_with_its_cost(six):
    done = loose(six, TOKENS, Step("topic", {"topics": "topics@given", "numbers": ["1"]}))
    found = remedy(six, done.recipe, done.broken[0])
    assert found and found.label == "Measure tokens" and list(found.specs) == ["tokens"]
    assert found.cost.seconds > 0
    assert loose(build(six, found.specs), TOKENS).broken == {}


def test_topics_that_went_are_prepared_again_with_what_they_stand_on(six):
    done = loose(six, Step("number_range", {"column": "density@minilm", "low": 0.5}),
                 Step("values", {"column": "topic@minilm", "values": ["dogs"]}))  # fmt: skip
    assert [remedy(six, done.recipe, done.broken[at]).label for at in (0, 1)] == [
        "Measure density@minilm", "Prepare topics"
    ]  # fmt: skip


def test_repeats_that_nobody_has_looked_for_are_found_by_one_button(six):
    done = loose(six, Step("dedup", {"pairs": "exact"}))
    found = remedy(six, done.recipe, done.broken[0])
    assert found and found.label == "Find the repeats" and list(found.specs) == ["exact"]
    assert loose(build(six, found.specs), *done.recipe.steps).broken == {}


def test_repeats_but_for_case_are_found_from_what_the_step_says_alone(six):
    done = loose(six, Step("dedup", {"pairs": "exact(any_case=True, any_space=True)"}))
    found = remedy(six, done.recipe, done.broken[0])
    assert found and found.label == "Find the repeats"
    assert loose(build(six, found.specs), *done.recipe.steps).broken == {}


def test_a_key_that_does_not_say_all_of_a_thing_names_none():
    assert spec_of("density(k=5)@given") == spec("signal", "density", {"embedding": "given", "k": 5})
    for key in ("density(k=many)@given", "density(near=5)@given", "nothing(k=5)@given", "topics(hdbscan)@given"):
        assert spec_of(key) is None


def test_a_lacking_value_whose_key_cannot_be_read_back_has_no_remedy_and_breaks_nothing() -> None:
    # Its columns have no defaults, and one of them is a key of its own.
    for key in ("rehydration", "rehydration(copies=exact_copies(any_case=True), column=score)"):
        assert spec_of(key) is None


def test_whatever_can_be_built_has_words_for_its_button():
    assert {*LISTS, "graph", "index"} == {*_CALLED}


def test_the_spec_that_came_with_the_recipe_is_built(six):
    made = spec("signal", "density", {"embedding": "given", "k": 2})
    recipe = Recipe(steps=(Step("number_range", {"column": "near@given", "low": 0.5}),), needs={"near@given": made})
    done = run(six, recipe, strict=False)
    assert remedy(six, recipe, done.broken[0]).specs == {"near@given": made}


def test_what_nobody_can_build_has_no_button(six):
    done = loose(six, Step("values", {"column": "nowhere", "values": ["x"]}), Step("regex", {"pattern": "("}))
    assert [remedy(six, done.recipe, found) for found in done.broken.values()] == [None, None]


def test_a_region_is_found_again_on_the_map_that_it_was_drawn_on(six):
    step = snapshots.region_step(six, "pca@given", CORNER)
    other = with_map(six, [(9, 9)] * 6, key="pca(other)@given")
    moved = replace(step, params={**step.params, "map": "pca(other)@given"})
    done = loose(other, moved, SHORT)
    assert "was drawn on the map 'pca@given'" in done.broken[0].wrong
    assert mended(other, moved) == step


def test_what_is_nowhere_is_not_mended(six):
    assert mended(six, Step("topic", {"topics": "topics@given", "numbers": ["77"]})) is None
    assert mended(six, Step("random", {"budget": 2})) is None


def test_an_export_refuses_a_broken_step_by_name(six, tmp_path):
    with pytest.raises(EngineError, match="Step 2, “few tokens”, is broken, so nothing was written: No column named"):
        export(loose(six, SHORT, replace(TOKENS, name="few tokens")), tmp_path / "out")
    assert not (tmp_path / "out").exists()

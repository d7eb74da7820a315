"""Whatever a person does to a recipe, what is saved replays to the same rows; checked against plain Python."""

import math
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.building.build import build
from engine.building.spec import spec
from engine.cache import Cache
from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.recipe.reasons import dropped, funnel, whys
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.recipe.stages import count, unpacked
from engine.store.workspace import Store
from tests.engine.small import corpus, embedded

N = 24
LENGTH = [(i * 37) % 50 for i in range(N)]
SCORE = [None if i % 7 == 3 else round(math.sin(i), 3) for i in range(N)]
GROUP = [None if i % 9 == 8 else "abc"[i % 3] for i in range(N)]
STORED = {"length": LENGTH, "score": SCORE, "group": GROUP}


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Dataset:
    vectors = np.random.default_rng(0).normal(size=(N, 5))
    vectors[10] = vectors[4]
    vectors[20] = np.nan
    return embedded(corpus(tmp_path_factory.mktemp("property"), STORED), vectors)


ends = st.none() | st.integers(-5, 55)
ranges = st.builds(
    lambda column, low, high, missing: Step(
        "number_range",
        {
            "column": column,
            "low": low,
            "high": high if None in (low, high) else max(low, high),
            "keep_missing": missing,
        },
    ),
    *(st.sampled_from(["length", "score"]), ends, ends, st.booleans()),
)
sets = st.builds(
    lambda values, do, missing: Step("values", {"column": "group", "values": values, "do": do, "missing": missing}),
    *(st.lists(st.sampled_from("abcx"), unique=True), st.sampled_from(["keep", "drop"]), st.booleans()),
)
switched = st.builds(lambda step, on: replace(step, on=on), ranges | sets, st.booleans())
filters = st.recursive(
    switched,
    lambda inner: st.builds(
        lambda do, steps: Step(do, steps=tuple(steps)),
        *(st.sampled_from(["all of", "any of", "not"]), st.lists(inner, max_size=3)),
    ),
    max_leaves=4,
)
budgets = st.integers(0, 30) | st.integers(0, 100).map(lambda p: f"{p}%")
selectors = st.one_of(
    st.builds(lambda b, s: Step("random", {"budget": b, "seed": s}), budgets, st.integers(0, 3)),
    st.builds(lambda b: Step("top", {"budget": b, "column": "score"}), budgets),
    st.builds(
        lambda b, how: Step("stratified", {"budget": b, "column": "group", "shares": how}),
        *(budgets, st.sampled_from(["equal", "proportional", "square root"])),
    ),
    st.builds(
        lambda b, odd: Step("farthest", {"budget": b, "embedding": "given", "leave_out_odd": odd}),
        *(budgets, st.sampled_from([0, 10, 50])),
    ),
    st.builds(lambda b: Step("facility_location", {"budget": b, "embedding": "given"}), budgets),
)
places = st.integers(0, 9)
actions = st.one_of(
    st.tuples(st.just("add"), filters | selectors, places),
    st.tuples(st.just("remove"), st.none(), places),
    st.tuples(st.just("switch"), st.none(), places),
    st.tuples(st.just("rename"), st.sampled_from(["", "Größe", '"quoted" \\ {braces}']), places),
    st.tuples(st.just("change"), filters | selectors, places),
    st.tuples(st.just("move"), st.integers(0, 9), places),
    st.tuples(st.just("keep"), st.lists(st.integers(0, N - 1), max_size=3), st.just(0)),
    st.tuples(st.just("drop"), st.lists(st.integers(0, N - 1), max_size=3), st.just(0)),
)


def act(data: Dataset, recipe: Recipe, action: tuple[str, object, int]) -> Recipe:
    """The recipe after one thing that a person does on the screen."""
    do, what, at = action
    if do in ("keep", "drop"):
        keys = data.keys(np.array(what, np.int64)) if what else []
        return replace(
            recipe,
            by_hand=replace(recipe.by_hand, **{do: data.store.write_ref("rows", {"keys": keys}) if keys else ""}),
        )
    if do == "add":
        return recipe.with_step(what, min(at, len(recipe.steps)))  # type: ignore[arg-type]
    if not recipe.steps:
        return recipe
    at %= len(recipe.steps)
    if do == "remove":
        return recipe.without(at)
    if do == "switch":
        return recipe.changed(at, replace(recipe.steps[at], on=not recipe.steps[at].on))
    if do == "rename":
        return recipe.changed(at, replace(recipe.steps[at], name=str(what)))
    if do == "move":
        return recipe.moved(at, int(str(what)) % len(recipe.steps))
    return recipe.changed(at, what)  # type: ignore[arg-type]


def rows_or_error(data: Dataset, recipe: Recipe, cache: Cache | None = None) -> list[int] | str:
    try:
        return run(data, recipe, cache).rows.tolist()
    except EngineError as error:
        return str(error)


def holds(step: Step, row: int) -> bool:
    """What a filter says of a row, in plain Python."""
    if step.do in ("all of", "any of", "not"):
        inner = [holds(s, row) for s in step.steps if s.on]
        if not inner:
            return True
        return all(inner) if step.do == "all of" else any(inner) if step.do == "any of" else not any(inner)
    value = STORED[str(step.params["column"])][row]  # type: ignore[index]
    if step.do == "values":
        among = bool(step.params["missing"]) if value is None else value in step.params["values"]  # type: ignore[operator]
        return among == (step.params["do"] == "keep")
    if value is None:
        return bool(step.params["keep_missing"])
    low, high = step.params["low"], step.params["high"]
    return (low is None or value >= low) and (high is None or value <= high)  # type: ignore[operator]


SLOWLY = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)


@SLOWLY
@given(done=st.lists(actions, max_size=10))
def test_any_sequence_of_edits_saved_and_read_back_keeps_the_same_rows(data, done):
    cache, recipe, shown = Cache(1 << 16), Recipe(), rows_or_error(data, Recipe())
    for action in done:
        recipe = act(data, recipe, action)
        shown = rows_or_error(data, recipe, cache)  # the screen: one cache all along
    saved = Recipe.from_text(recipe.text())
    assert saved == recipe
    # Elsewhere: the dataset opened anew, nothing cached.
    assert rows_or_error(Dataset.load(data.store), saved) == shown


@SLOWLY
@given(steps=st.lists(filters, max_size=4), keep=st.sets(st.integers(0, N - 1), max_size=2))
def test_filters_keep_what_plain_python_keeps_and_the_funnel_adds_up(data, steps, keep):
    ref = data.store.write_ref("rows", {"keys": data.keys(np.array(sorted(keep), np.int64))}) if keep else ""
    recipe = Recipe(steps=tuple(s.checked() for s in steps), by_hand=ByHand(keep=ref))
    done = run(data, recipe)
    on = [s for s in recipe.steps if s.on]
    drops = [{r for r in range(N) if r not in keep and not holds(s, r)} for s in on]
    assert done.rows.tolist() == [r for r in range(N) if not any(r in d for d in drops)]
    left = set(range(N))
    for i, line in enumerate(funnel(done)):
        others = set().union(*(d for j, d in enumerate(drops) if j != i))
        assert line.total == len(drops[i]) and line.only == len(drops[i] - others)
        assert line.shared == len(drops[i] & others) and line.in_order == len(left & drops[i])
        left -= drops[i]
        assert line.kept == len(left)


@SLOWLY
@given(steps=st.lists(filters | selectors, max_size=5))
def test_every_row_is_kept_or_dropped_once_and_has_a_reason(data, steps):
    done = run(data, Recipe(steps=tuple(s.checked() for s in steps)))
    gone = np.concatenate([dropped(done, at) for at in range(len(done.stages))])
    assert sorted([*gone.tolist(), *done.rows.tolist()]) == list(range(N))
    for before, after in zip(done.stages, done.stages[1:], strict=False):
        assert after.before == before.kept >= after.kept == count(after.bits)
        assert not (unpacked(after.bits, N) & ~unpacked(before.bits, N)).any()
    for reason in whys(done, np.arange(N)):
        assert reason.kept == (reason.row in done.rows) and reason.text
        assert reason.at is None or reason.row in dropped(done, reason.at)


@SLOWLY
@given(step=selectors, steps=st.lists(filters, max_size=2))
def test_a_budget_is_met_exactly_or_the_shortfall_is_stated(data, step, steps):
    done = run(data, Recipe(steps=tuple(s.checked() for s in (*steps, step))))
    stage = done.stages[-1]
    amount, unit = stage.step.params["budget"]["amount"], stage.step.params["budget"]["unit"]  # type: ignore[index, call-overload]
    wanted = amount if unit == "rows" else round(stage.before * amount / 100)
    assert stage.kept == min(wanted, stage.before)
    assert stage.notes["short"] == wanted - stage.kept


@pytest.fixture(scope="module")
def opened(tmp_path_factory) -> Dataset:
    """The same rows in a file, opened as a person opens it, with vectors and a graph."""
    folder = tmp_path_factory.mktemp("opened")
    lines = ["id,length,score,group,text"]
    for i in range(N):
        score, group = ("" if v is None else v for v in (SCORE[i], GROUP[i]))
        lines.append(
            f"r{i},{LENGTH[i]},{score},{group},{'word other more some text here'.split()[i % 6]} number {i % 20}"
        )
    (folder / "source.csv").write_text("\n".join(lines) + "\n")
    at = ["--workspace", str(folder / "workspace"), "--quiet"]
    assert main(["open", str(folder / "source.csv"), "--name", "corpus", "--text", "text", "--id", "id", *at]) == 0
    assert main(["embed", "corpus", "--embedder", "lexical", *at]) == 0
    data = Dataset.load(Store(folder / "workspace" / "corpus"))
    return build(data, {"graph@lexical": spec("graph", on="lexical")})


def elsewhere(step: Step) -> Step:
    """The same step on the vectors that a stranger can make again."""
    return replace(step, params={**step.params, "embedding": "lexical"}) if "embedding" in step.params else step


def by_command_line(opened: Dataset, recipe: Recipe) -> list[str] | int:
    """The ids that `winnow run` exports from the source, in a workspace of its own; its exit code when it refuses."""
    with tempfile.TemporaryDirectory() as name:
        folder, here = Path(name), opened.store.folder
        (folder / "recipe.json").write_text(recipe.text())
        if (here / "refs").exists():
            shutil.copytree(here / "refs", folder / "refs")
        source, out = str(here.parent.parent / "source.csv"), str(folder / "out")
        code = main(
            ["run", str(folder / "recipe.json"), source, "--out", out, "--workspace", str(folder / "w"), "--quiet"]
        )
        return pq.read_table(f"{out}/data.parquet").column("id").to_pylist() if code == 0 else code


@settings(SLOWLY, max_examples=10)
@given(done=st.lists(actions, min_size=2, max_size=6))
def test_what_the_screen_keeps_the_command_line_keeps(opened, done):
    recipe = replace(Recipe(), text_view=opened.text_view.json(), source_options=opened.record.source_options)
    for do, what, at in done:
        recipe = act(opened, recipe, (do, elsewhere(what) if isinstance(what, Step) else what, at))
    shown = rows_or_error(opened, recipe)
    kept = by_command_line(opened, recipe)
    if isinstance(shown, str):
        assert kept == 2
    else:
        assert sorted(kept) == sorted(f"r{row}" for row in shown)  # type: ignore[arg-type]

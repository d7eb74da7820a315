"""A recipe travels: one file, a plan for every step before it is applied, and the same rows wherever that is done."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.building import build, spec
from engine.dataset.dataset import Dataset
from engine.errors import Damaged, EngineError
from engine.exporting.applying import Plan, planned
from engine.exporting.export import export
from engine.exporting.fit import ends_of_share
from engine.exporting.headless import fitted, replay
from engine.exporting.recipe_file import RecipeFile, packed, read_file
from engine.exporting.stand_ins import nearest_cut
from engine.marks import changing, lanes
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe import history
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.recipe.saved import all_saved, find_saved, rename
from engine.recipe.snapshots import listed_ref, listed_step, topic_step
from tests.engine.small import circle, corpus, embedded, with_signal, with_topics

SHOP = [
    "the invoice is wrong",
    "an invoice came twice",
    "pay the invoice",
    "I forgot the password",
    "reset my password",
]
OTHER = ["your invoice of May", "a password again", "nothing of both", "old invoice, new invoice", "wave and tide"]


def shop(folder: Path) -> Dataset:
    """Five texts by id: topic 0 is the invoices (rows 0 to 2), topic 1 the passwords; `stars` is 1 to 5."""
    data = corpus(folder, {"text": SHOP, "stars": [1, 2, 3, 4, 5]})
    return with_topics(embedded(data, circle([0, 3, 6, 80, 83])), [0, 0, 0, 1, 1], {0: "invoices", 1: "passwords"})


def other(folder: Path) -> Dataset:
    return corpus(folder, {"text": OTHER, "stars": [1, 1, 5, 5, 5], "mark": [1, 2, 3, 4, 5]})


def plan_of(recipe: Recipe, here: Dataset, there: Dataset) -> Plan:
    """The plan of a recipe that travelled as a file."""
    return planned(there, RecipeFile.of_text(packed(here, recipe).text()))


def test_one_file_holds_the_recipe_with_its_snapshots_and_reads_back_the_same(tmp_path: Path) -> None:
    data = shop(tmp_path)
    recipe = Recipe(name="mine").with_step(listed_step(data, np.array([0, 2])))
    packed_ = packed(data, recipe)
    (tmp_path / "mine.json").write_text(packed_.text())
    again = read_file(tmp_path / "mine.json")
    assert again == packed_
    assert again.recipe.steps == recipe.steps
    elsewhere = other(tmp_path)
    again.put_into(elsewhere.store)
    (ref,) = again.refs
    assert elsewhere.store.read_ref(ref) == data.store.read_ref(ref)


def test_a_plain_recipe_and_an_export_with_refs_beside_are_read_as_before(tmp_path: Path) -> None:
    data = shop(tmp_path)
    recipe = Recipe().with_step(listed_step(data, np.array([0, 2])))
    (tmp_path / "plain.json").write_text(Recipe(name="plain").text())
    assert read_file(tmp_path / "plain.json") == RecipeFile(Recipe(name="plain"))
    export(run(data, recipe), tmp_path / "out")
    assert list(read_file(tmp_path / "out").refs) == [recipe.steps[0].params["listed"]]


@pytest.mark.parametrize(
    ("changed", "error", "says"),
    [
        ({"refs": {"0" * 64: {"kind": "rows", "keys": ["a"]}}}, Damaged, "has been changed"),
        ({"refs": {"x": {"kind": "poem"}}}, EngineError, "no snapshot of a known kind"),
        ({"refs": {"x": {"kind": "rows", "keys": [[[1]]]}}}, EngineError, "keys"),
        ({"refs": []}, EngineError, "must be an object"),
        ({"refs": {"x": {"kind": "rows", "keys": ["\ud800"]}}}, EngineError, "cannot be written"),
        ({"instead": ["x"]}, EngineError, "must be a JSON object"),
        ({"instead": [{"of": "x", "step": {"do": "top"}, "overlap": 1.0}]}, EngineError, "budget|filter"),
        ({"instead": [{"of": "x", "step": {"do": "missing"}, "overlap": 7.0}]}, EngineError, "from 0 to 1"),
        ({"zip": 1}, EngineError, "zip"),
    ],
)
def test_a_hostile_file_is_refused_by_name(changed, error, says) -> None:
    with pytest.raises(error, match=says):
        RecipeFile.of_text(json.dumps({**Recipe().json(), **changed}))


def test_what_is_no_json_too_large_or_too_deep_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineError, match="not JSON"):
        RecipeFile.of_bytes(b"PK\x03\x04", "a.json")
    with pytest.raises(EngineError, match="cannot be read"):
        RecipeFile.of_bytes(b"\xff\xfe\x00", "a.json")
    with pytest.raises(EngineError, match="too deep"):
        RecipeFile.of_text('{"refs": ' + "[" * 100_000)
    with pytest.raises(EngineError, match="known kind"):
        RecipeFile.of_text('{"format": 2, "refs": {"x": ' + "[" * 500 + "]" * 500 + "}}")
    monkeypatch.setattr("engine.exporting.recipe_file.LARGEST", 10)
    with pytest.raises(EngineError, match="at most 10"):
        RecipeFile.of_bytes(b" " * 11, "a.json")
    (tmp_path / "large.json").write_text(" " * 11)
    with pytest.raises(EngineError, match="at most 10"):
        read_file(tmp_path / "large.json")


def test_the_plan_says_for_every_step_what_it_would_do_here(tmp_path: Path) -> None:
    here, there = shop(tmp_path), other(tmp_path)
    recipe = Recipe(
        steps=(
            Step("text", {"find": "invoice"}).checked(),
            Step("number_range", {"column": "characters", "low": 3.0}).checked(),
            listed_step(here, np.array([0])),
            Step("number_range", {"column": "marks", "low": 3.0}).checked(),
            Step("number_range", {"column": "text", "low": 3.0}).checked(),
            replace(listed_step(here, np.array([0])), on=False),
        )
    )
    plan = planned(there, RecipeFile(recipe, refs=packed(here, Recipe(steps=recipe.steps[2:3])).refs))
    assert [line.verdict for line in plan.lines] == [
        *("runs as it is", "needs measuring", "bound", "broken", "broken", "switched off"),
    ]
    assert list(plan.needs({})) == ["characters"]
    assert [way.kind for way in plan.lines[3].ways] == ["off", "instead", "instead"]
    assert plan.lines[3].ways[1].step.params["column"] == "mark"
    assert [step.on for step in plan.recipe({}).steps] == [True, True, False, False, False, False]
    assert not there.store.has_ref(str(recipe.steps[2].params["listed"]))  # a plan writes nothing


def test_repeats_are_dropped_elsewhere_whether_they_were_looked_for_there_or_not(tmp_path: Path) -> None:
    here, there = shop(tmp_path), other(tmp_path)
    recipe = Recipe().with_step(Step("dedup", {"pairs": "exact"}))
    (line,) = plan_of(recipe, here, there).lines
    assert (line.verdict, line.ways[0].kind, list(line.ways[0].needs)) == ("needs measuring", "take", ["exact"])
    (line,) = plan_of(recipe, here, build(there, {"exact": spec("pairs", "exact")})).lines
    assert (line.verdict, line.ways[0].kind, line.ways[0].needs) == ("runs as it is", "take", {})


def test_a_topic_is_offered_as_the_words_that_tell_it_apart(tmp_path: Path) -> None:
    here, there = shop(tmp_path), other(tmp_path)
    for do, rows in (("keep", [0, 3]), ("drop", [1, 2, 4])):
        recipe = Recipe().with_step(topic_step(here, "topics@given", [0], do=do))  # type: ignore[arg-type]
        plan = plan_of(recipe, here, there)
        (line,) = plan.lines
        assert (line.verdict, line.ways[0].kind, line.ways[-1].kind) == ("bound", "portable", "off")
        assert "invoice" in line.ways[0].words and "100%" in line.ways[0].words
        assert run(there, plan.recipe({})).rows.tolist() == rows


def test_a_bound_filter_inside_a_nest_is_replaced_there(tmp_path: Path) -> None:
    here, there = shop(tmp_path), other(tmp_path)
    nest = Step("any of", steps=(topic_step(here, "topics@given", [0]), Step("text", {"find": "tide"})))
    plan = plan_of(Recipe().with_step(nest), here, there)
    assert plan.lines[0].ways[0].kind == "portable"
    assert run(there, plan.recipe({})).rows.tolist() == [0, 3, 4]


def test_on_the_rows_that_it_was_made_on_nothing_of_a_recipe_is_bound(tmp_path: Path) -> None:
    here = shop(tmp_path)
    recipe = Recipe().with_step(topic_step(here, "topics@given", [0])).with_step(listed_step(here, np.array([0, 3])))
    plan = plan_of(recipe, here, here)
    assert [line.verdict for line in plan.lines] == ["runs as it is", "runs as it is"]
    assert run(here, plan.recipe({})).rows.tolist() == [0]


def test_a_range_of_density_leaves_out_the_same_share_here(tmp_path: Path) -> None:
    def dense(folder: Path, column: dict[str, list[object]], degrees: list[float]) -> Dataset:
        data = embedded(corpus(folder, column), circle(degrees), k=2)
        return build(data, [spec("signal", "density", {"embedding": "given", "k": 2})])

    here = dense(tmp_path, {"text": SHOP}, [0, 1, 2, 40, 90])
    there = dense(tmp_path, {"text": OTHER}, [0, 10, 20, 30, 100])
    (key,) = [k for k in here.columns if k.startswith("density")]
    recipe = Recipe().with_step(Step("number_range", {"column": key, "low": float(np.sort(here.numbers(key))[2])}))
    plan = plan_of(recipe, here, there)
    (line,) = plan.lines
    assert (line.verdict, [way.kind for way in line.ways]) == ("bound", ["portable", "take", "off"])
    assert "lowest 40.0%" in line.ways[0].words
    step = plan.recipe({}).steps[0]
    assert step.params["low"] == np.sort(there.numbers(key))[2]
    # Where it is not measured yet the ends are found afterwards.
    bare = embedded(corpus(tmp_path, {"text": OTHER}), circle([0, 10, 20, 30, 100]), k=2)
    assert plan_of(recipe, here, bare).lines[0].ways[0].waits
    file = RecipeFile.of_text(packed(here, recipe).text())
    data, mine = fitted(bare, file, "portable")
    assert len(run(data, mine).rows) == 3


def test_verdicts_by_hand_are_taken_over_where_their_rows_are_here(tmp_path: Path) -> None:
    here, other_rows = corpus(tmp_path, {"text": ["x", "y", "z"]}), corpus(tmp_path, {"text": ["v", "w"]})
    recipe = Recipe(by_hand=ByHand(drop=listed_ref(here, np.array([0, 1]))))
    (line,) = plan_of(recipe, here, other_rows).lines
    assert (line.at, line.verdict, line.why, len(line.ways)) == (0, "bound", "0 of its 2 rows are here.", 1)
    some_rows = corpus(tmp_path, {"text": ["y", "w"]})
    plan = plan_of(recipe, here, some_rows)
    assert plan.lines[0].why == "1 of its 2 rows are here."
    assert run_after(plan, some_rows, {}) == [1]
    assert run_after(plan, some_rows, {0: 1}) == [0, 1]
    (without,) = planned(other_rows, RecipeFile(recipe)).lines
    assert (without.verdict, without.ways[0].kind) == ("broken", "off")
    with pytest.raises(EngineError, match=r"as it is: the verdicts by hand \(0 of its 2 rows are here\)\."):
        plan_of(recipe, here, other_rows).check("refuse")


def test_verdicts_by_hand_that_are_switched_off_stand_in_nobody_s_way(tmp_path: Path) -> None:
    here, there = corpus(tmp_path, {"text": ["x", "y"]}), corpus(tmp_path, {"text": ["v", "w"]})
    plan = plan_of(Recipe(by_hand=ByHand(drop=listed_ref(here, np.array([0])), on=False)), here, there)
    assert [(line.verdict, line.ways[0].words) for line in plan.lines] == [("switched off", "They stay switched off")]
    plan.check("refuse")
    assert run_after(plan, there, {}) == [0, 1]


def run_after(plan: Plan, data: Dataset, choice: dict[int, int]) -> list[int]:
    """The rows that stay when a plan is applied."""
    plan.file.put_into(data.store)
    return run(data, plan.recipe(choice)).rows.tolist()


def test_unattended_a_bound_step_is_refused_unless_it_may_be_skipped(tmp_path: Path) -> None:
    here, there = shop(tmp_path), other(tmp_path)
    recipe = (
        Recipe()
        .with_step(topic_step(here, "topics@given", [0]))
        .with_step(Step("number_range", {"column": "stars", "low": 2}))
    )
    file = RecipeFile.of_text(packed(here, recipe).text())
    with pytest.raises(EngineError, match="step 1"):
        fitted(there, file, "refuse")
    assert run(*fitted(there, file, "skip")).rows.tolist() == [2, 3, 4]
    assert run(*fitted(there, file, "portable")).rows.tolist() == [3]
    gone = replace(file, recipe=Recipe().with_step(Step("number_range", {"column": "starts", "low": 2})))
    with pytest.raises(EngineError, match="stars"):
        fitted(there, gone, "skip")


def test_a_number_of_another_kind_here_is_said_and_the_key_of_here_is_kept(tmp_path: Path) -> None:
    there = with_signal(other(tmp_path), "characters", np.array([9, 9, 9, 9, 9]), version=99)
    recipe = Recipe(needs={"lexical": spec("embedding", "lexical", {"dimensions": 8})})
    recipe = recipe.with_step(Step("farthest", {"budget": "2", "embedding": "lexical"}))
    mine = embedded(there, circle([0, 1, 2, 3, 4]), key="lexical")
    (line,) = planned(mine, RecipeFile(recipe)).lines
    assert (line.verdict, line.why) == ("bound", "'lexical' is made in another way here.")
    assert line.ways[0].kind == "take"
    assert planned(mine, RecipeFile(recipe)).recipe({}).needs == {}


def test_vectors_that_were_brought_along_are_replaced_by_those_of_here(tmp_path: Path) -> None:
    here, there = shop(tmp_path), embedded(other(tmp_path), circle([0, 1, 2, 3, 4]), key="mine")
    recipe = Recipe().with_step(Step("farthest", {"budget": "2", "embedding": "given"}))
    (line,) = plan_of(recipe, here, there).lines
    assert line.verdict == "broken"
    assert [(way.kind, way.step.params["embedding"]) for way in line.ways] == [("off", "given"), ("instead", "mine")]


def test_saved_recipes_of_a_workspace_are_found_by_name_and_renamed(tmp_path: Path) -> None:
    here, there = shop(tmp_path), other(tmp_path)
    history.save(here.store, "mine", Recipe(name="mine"))
    history.save(there.store, "mine", Recipe(name="mine"))
    history.save(there.store, "theirs", Recipe(name="theirs"))
    assert len(all_saved(tmp_path)) == 3
    with pytest.raises(EngineError, match="Say which"):
        find_saved(tmp_path, "mine")
    assert find_saved(tmp_path, "mine", there.name).dataset == there.name
    assert find_saved(tmp_path, f"{here.name}/mine").dataset == here.name
    with pytest.raises(EngineError, match="already"):
        rename(find_saved(tmp_path, "theirs"), "mine")
    rename(find_saved(tmp_path, "theirs"), "ours")
    assert history.names(there.store) == ["mine", "ours"]


def test_a_recipe_made_on_one_set_gives_the_same_rows_on_another_by_every_way(tmp_path: Path) -> None:
    """By plan and choice, and from the source with nobody watching."""
    words = "wave tide harbour sail anchor flour oven butter yeast dough".split()
    for name, n in (("a", 60), ("b", 45)):
        lines = [json.dumps({"id": f"{name}{i}", "text": " ".join(words[(i * k) % 10] for k in range(2, 3 + i % 7))})
                 for i in range(n)]  # fmt: skip
        (tmp_path / f"{name}.jsonl").write_text("\n".join(lines))
    options = SourceOptions(id="id", roles={"text": "text"})
    a = open_source(tmp_path / "a.jsonl", tmp_path / "A", options=options)
    a = build(a, ["characters", "lexical", "graph@lexical"])
    recipe = (
        Recipe(name="portable")
        .with_step(Step("text", {"find": "dough", "do": "drop"}))
        .with_step(Step("number_range", {"column": "characters", "low": 10}))
        .with_step(Step("facility_location", {"budget": "50%", "embedding": "lexical"}))
        .with_step(Step("random", {"budget": "8", "seed": 3}))
    )
    (tmp_path / "portable.json").write_text(packed(a, recipe).text())
    b = open_source(tmp_path / "b.jsonl", tmp_path / "B", options=options)
    plan = planned(b, read_file(tmp_path / "portable.json"))
    assert [line.verdict for line in plan.lines] == [
        *("runs as it is", "needs measuring", "needs measuring", "runs as it is"),
    ]
    watched = export(run(build(b, plan.needs({})), plan.recipe({})), tmp_path / "1")
    unwatched = replay(tmp_path / "portable.json", [tmp_path / "b.jsonl"], tmp_path / "2")
    assert watched.rows.kept == 8
    assert watched.rows.digest == unwatched.rows.digest


def test_a_text_that_is_read_from_other_columns_is_said(tmp_path: Path) -> None:
    there = other(tmp_path)
    recipe = Recipe(text_view={"kind": "column", "columns": ["question"]}, output={"columns": ["answer", "text"]})
    said = planned(there, RecipeFile(recipe)).remarks
    assert said[0].startswith("The text of a row is read from 'text' here, and was read from 'question'")
    assert "'answer'" in said[1]
    assert planned(there, RecipeFile(recipe)).recipe({}).output["columns"] == ["text"]


def test_a_condition_in_sql_needs_only_what_it_reads(tmp_path: Path) -> None:
    needs = {name: spec("signal", name) for name in ("characters", "words")}
    recipe = Recipe(needs=needs).with_step(Step("sql", {"where": "words > 2 AND stars > 1"}))
    plan = planned(other(tmp_path), RecipeFile(recipe))
    assert (plan.lines[0].verdict, list(plan.needs({}))) == ("needs measuring", ["words"])


def test_what_is_not_measured_yet_travels_on_as_the_recipe_describes_it(tmp_path: Path) -> None:
    of_recipe = {"lexical": spec("embedding", "lexical", {"dimensions": 8})}
    recipe = Recipe(needs=of_recipe).with_step(Step("farthest", {"budget": "2", "embedding": "lexical"}))
    assert packed(other(tmp_path), recipe).recipe.needs["lexical"] == of_recipe["lexical"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30), st.floats(0, 1))
@settings(max_examples=60, deadline=None)
def test_the_low_end_of_a_share_leaves_out_as_many_as_the_share_says(values: list[float], share: float) -> None:
    known = np.unique(np.array(values))  # equal values go together
    low, high = ends_of_share(known, share, None)
    assert high is None and low is not None
    assert abs((known < low).sum() - share * len(known)) <= 1


def test_the_nearest_cut_takes_the_rows_inside() -> None:
    values = np.array([0.9, np.nan, 0.7, 0.2])
    assert nearest_cut(values, np.array([True, True, True, False])) == (0.45, 0.6667)


def test_a_saved_recipe_that_cannot_be_read_says_so_and_leaves_the_others_in_reach(tmp_path: Path) -> None:
    here = shop(tmp_path)
    history.save(here.store, "good", Recipe(name="good"))
    with changing(here.store) as con:
        lanes.add(con, "recipe/later", {**Recipe(name="later").json(), "format": 99}, "from a later Winnow", "")
    good, later = all_saved(tmp_path)
    assert (good.name, good.wrong, later.name) == ("good", "", "later") and "99" in later.wrong
    assert find_saved(tmp_path, "good").recipe == good.recipe
    with pytest.raises(EngineError, match="cannot be read"):
        find_saved(tmp_path, "later")
    history.remove(here.store, find_saved(tmp_path, "later", unread=True).name)
    assert history.names(here.store) == ["good"]

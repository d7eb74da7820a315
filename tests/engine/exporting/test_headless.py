"""Unattended runs: only what the steps need, and nothing of another corpus."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import indexes
from engine.building.build import build
from engine.building.key_names import key_of, plain_spec, thing_of, value_key
from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.headless import replay
from engine.exporting.needs import needed
from engine.exporting.portability import refuse_foreign
from engine.exporting.recipe_file import recipe_of
from engine.exporting.verify import verify
from engine.marks import marks
from engine.opening.describe import choose_view, treat_as_category
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe import snapshots
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.store.workspace import Store, datasets
from engine.text.row_text import of_column

TEXTS = ["red apple", "green apple", "blue sky", "grey sky", "wet rain", "cold rain", "warm sun", "hot sun"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Forty rows in a file."""
    lines = [f"{i},{TEXTS[i % 8]} {i},other {i}" for i in range(40)]
    path = tmp_path / "sky.csv"
    path.write_text("\n".join(["n,text,note", *lines]) + "\n")
    return path


def saved(folder: Path, recipe: Recipe) -> Path:
    path = folder / "recipe.json"
    path.write_text(recipe.text())
    return path


def step(do: str, **params: object) -> Step:
    return Step(do, params).checked()  # type: ignore[arg-type]


def test_a_recipe_on_text_and_columns_computes_nothing(tmp_path: Path, source: Path) -> None:
    recipe = Recipe(steps=(step("number_range", column="n", low=10), step("text", column="text", find="sky")))
    assert needed(recipe) == {}
    made = replay(saved(tmp_path, recipe), [source], tmp_path / "out", workspace=tmp_path / "w")
    assert made.rows.kept == 8  # i % 8 in (2, 3): 10 11 18 19 26 27 34 35
    store = datasets(tmp_path / "w")[0]
    assert not [f for f in ("embedding", "graph", "map", "topics", "signal", "edit") if store.artefacts(f)]


def test_what_steps_need_is_found_through_all_that_it_stands_on() -> None:
    recipe = Recipe(
        steps=(
            step("number_range", column="density(k=5)@lexical", low=0.1),
            step("values", column="topic@lexical", values=["sky"]),
            Step("number_range", {"column": "words", "low": 2}, on=False).checked(),
        ),
        needs={
            "density(k=5)@lexical": spec("signal", "density", {"embedding": "lexical", "k": 5}),
            "words": spec("signal", "words"),
        },
    )
    assert list(needed(recipe)) == ["lexical", "graph@lexical", "density(k=5)@lexical", "topics@lexical"]


def test_a_budget_in_tokens_needs_the_signal_of_that_name() -> None:
    recipe = Recipe(steps=(step("random", budget={"amount": 100, "unit": "tokens"}),))
    assert list(needed(recipe)) == ["tokens"]


def test_covering_everything_needs_the_graph_also_when_written_by_hand() -> None:
    recipe = Recipe(steps=(step("facility_location", budget=3, embedding="lexical"),))
    assert list(needed(recipe)) == ["lexical", "graph@lexical"]


@pytest.mark.parametrize(
    ("key", "family"),
    [
        ("characters", "signal"), ("density@lexical", "signal"), ("minilm", "embedding"), ("umap@minilm", "map"),
        ("topics@minilm", "topics"), ("graph@minilm", "graph"), ("text", None), ("n", None),
    ],
)  # fmt: skip
def test_a_plain_key_says_what_it_is(key: str, family: str | None) -> None:
    found = plain_spec(key)
    assert (found and found.family) == family


def test_a_column_of_topics_belongs_to_the_topics() -> None:
    assert thing_of("area@minilm") == "topics@minilm"
    assert thing_of("characters") == "characters"


def test_a_run_from_the_source_alone_equals_the_run_of_the_pages(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(roles={"label": "n"}))
    data = choose_view(data, of_column("note"))
    ref = data.store.write_ref("rows", {"keys": data.keys(np.array([3]))})
    recipe = Recipe(
        steps=(step("number_range", column="n", low=2), step("random", budget=5, seed=3)), by_hand=ByHand(keep=ref)
    )
    first = export(run(data, recipe), tmp_path / "out")
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.rows.digest == first.rows.digest
    assert again.recipe.digest == first.recipe.digest
    assert first.rows.kept == 5


@pytest.mark.parametrize("kind", ["exact", "ivf"])
def test_a_cover_on_a_graph_of_the_rows_left_is_the_same_from_the_source_alone_and_its_graph_is_compared(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    source.write_text("n,text\n" + "".join(f"{i},{TEXTS[i % 8]} {TEXTS[i * 5 % 7]} {i % 97}\n" for i in range(300)))
    monkeypatch.setattr(
        "engine.vectors.graph_left._choice", lambda m, dimension: indexes.Choice(kind, "cpu", "in a test")
    )
    data = build(open_source([source], tmp_path / "w", options=SourceOptions(text="text")), ["graph@lexical"])
    recipe = Recipe(
        steps=(step("number_range", column="n", low=255), step("facility_location", budget=9, embedding="lexical"))
    )
    first = export(run(data, recipe), tmp_path / "out")
    notes = first.steps[1].notes
    assert notes["fresh_graph"] and ("graph_recall" in notes) == (kind == "ivf")
    assert verify(tmp_path / "out", rebuild=True).ok
    real = indexes.knn_graph

    def missing_one(index, **given):
        found = real(index, **given)
        if len(index.vectors) < 100:  # not the graph of all
            found[0][0, -1] = -1
        return found

    monkeypatch.setattr(indexes, "knn_graph", missing_one)
    wrong = [c.words for c in verify(tmp_path / "out", rebuild=True).checks if not c.ok]
    assert any("graph_digest" in words for words in wrong)


def test_a_choice_toward_a_target_in_a_mix_is_the_same_from_the_source_alone(tmp_path: Path, source: Path) -> None:
    lexical = {"lexical": plain_spec("lexical")}
    data = build(open_source([source], tmp_path / "w", options=SourceOptions(text="text")), lexical)
    rows = {"suns": np.array([6, 7])}
    ref = snapshots.examples_ref(data, "weather", {"typed": ["cold rain"]}, rows=rows, embedding="lexical")
    budget = {"amount": 6, "mix": {"by": "note", "at_most": 1}}
    recipe = Recipe(steps=(step("nearest", budget=budget, embedding="lexical", target=ref, label="weather"),))
    first = export(run(data, recipe), tmp_path / "out")
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.rows.digest == first.rows.digest and first.rows.kept == 6
    (tmp_path / "other.csv").write_text("text,note\na b,x\nb c,y\n")
    other = open_source([tmp_path / "other.csv"], tmp_path / "other")
    content = data.store.read_ref(ref)
    assert other.store.write_ref("examples", {k: v for k, v in content.items() if k != "kind"}) == ref
    with pytest.raises(EngineError, match="embedded with lexical vectors of other rows"):
        refuse_foreign(replace(recipe, needs=lexical), other)


def test_a_run_never_changes_how_a_dataset_that_is_there_looks(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w")
    recipe = Recipe(text_view=of_column("note").json(), steps=(step("number_range", column="n", low=30),))
    replay(saved(tmp_path, recipe), [source], tmp_path / "out", workspace=tmp_path / "w")
    assert Dataset.load(data.store).text_view == data.text_view
    assert len(datasets(tmp_path / "w")) == 2
    replay(saved(tmp_path, recipe), [source], tmp_path / "out2", workspace=tmp_path / "w")
    assert len(datasets(tmp_path / "w")) == 2


def test_a_copied_workspace_gives_the_same_rows_elsewhere(tmp_path: Path, source: Path) -> None:
    recipe = Recipe(
        steps=(step("number_range", column="characters", low=10), step("farthest", budget=6, embedding="lexical"))
    )
    here = replay(saved(tmp_path, recipe), [source], tmp_path / "out", workspace=tmp_path / "w")
    shutil.copytree(tmp_path / "w", tmp_path / "elsewhere")
    shutil.rmtree(tmp_path / "w")
    source.unlink()
    data = Dataset.load(Store(tmp_path / "elsewhere" / "sky"))
    there = export(run(data, recipe), tmp_path / "there")
    assert there.rows.digest == here.rows.digest


def test_a_column_edited_before_is_edited_again(tmp_path: Path, source: Path) -> None:
    edit = spec("edit", "strip_prefix", {"prefix": "other "}, on="note")
    recipe = Recipe(
        edits={"clean": edit}, text_view=of_column("clean").json(), steps=(step("text", column="clean", find="39"),)
    )
    made = replay(saved(tmp_path, recipe), [source], tmp_path / "out", output={"format": "csv"})
    assert (tmp_path / "out" / "data.csv").read_text() == '"n","text","note","clean"\n39,"hot sun 39","other 39","39"\n'
    assert made.members["strip_prefix"] == 1
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.rows == made.rows


def test_steps_of_another_corpus_are_refused_by_name_before_anything_is_computed(tmp_path: Path, source: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("n,text\n1,quite another text\n2,and another one\n")
    data = open_source([other], tmp_path / "w")
    ref = data.store.write_ref("rows", {"keys": data.keys(np.array([0, 1]))})
    recipe = Recipe(
        steps=(
            Step("listed", {"listed": ref}, name="my favourites").checked(),
            step("number_range", column="density@lexical", low=0.1),
        )
    )
    path = saved(tmp_path, recipe)
    shutil.copytree(data.store.folder / "refs", tmp_path / "refs")
    with pytest.raises(EngineError, match="step 1, “my favourites”"):
        replay(path, [source], tmp_path / "out", workspace=tmp_path / "w2")
    store = datasets(tmp_path / "w2")[0]
    assert not store.artefacts("embedding")
    assert not (tmp_path / "out").exists()
    with pytest.raises(EngineError, match="another corpus"):
        refuse_foreign(recipe, Dataset.load(store))


def test_a_folder_that_is_taken_is_refused_before_the_source_is_read(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("dear")
    with pytest.raises(EngineError, match="did not write it"):
        replay(saved(tmp_path, Recipe()), [tmp_path / "not-there.csv"], tmp_path / "out")


def test_a_region_on_a_repeatable_map_is_the_same_from_the_source_alone(tmp_path: Path, source: Path) -> None:
    """A lasso on a map that is drawn the same again replays; on another corpus it is refused by name."""
    data = open_source([source], tmp_path / "w")
    data = build(data, {"pca@lexical": spec("map", "pca", on="lexical"), "lexical": spec("embedding", "lexical")})
    drawn = data.map("pca@lexical")
    middle = float(np.median(drawn.x))
    corners = np.array([[middle, -99], [99, -99], [99, 99], [middle, 99]])
    recipe = Recipe(
        steps=(snapshots.region_step(data, "pca@lexical", corners, "the right half"), step("random", budget=5))
    )
    first = export(run(data, recipe), tmp_path / "out")
    assert [a.key for a in first.artefacts if a.family == "map"] == ["pca@lexical"]
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.rows.digest == first.rows.digest
    stored = replay(tmp_path / "out", [source], tmp_path / "stored", workspace=tmp_path / "w")
    assert stored.rows.digest == first.rows.digest
    source.write_text(source.read_text().replace("red apple", "green pear"))
    with pytest.raises(EngineError, match="the right half.*drawn on a map of other rows"):
        replay(tmp_path / "out", [source], tmp_path / "other")


def test_a_run_leaves_the_roles_and_the_marks_of_a_dataset_that_looks_otherwise(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    marks.tag(data, np.array([3]), "good")
    recipe = Recipe(source_options={"id": "n", "text": "note"}, text_view=of_column("note").json())
    for out in ("first", "second"):
        replay(saved(tmp_path, recipe), [source], tmp_path / out, workspace=tmp_path / "w")
    found = [Dataset.load(store) for store in datasets(tmp_path / "w")]
    assert [(d.text_view.columns, d.info("n").role) for d in found] == [(("text",), ""), (("note",), "id")]
    assert marks.rows_with(found[0], "tag", "good").tolist() == [3]


def test_an_edit_of_the_same_name_that_does_something_else_is_refused(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    first = spec("edit", "replace", {"pattern": "sky", "by": "sea"}, on="text")
    data = build(data, {"changed": first})
    recipe = Recipe(steps=(step("text", column="changed", find="sea"),))
    made = export(run(data, recipe), tmp_path / "out")
    assert made.rows.kept == 10
    build(data, {"changed": spec("edit", "replace", {"pattern": "sky", "by": "rain"}, on="text")})
    with pytest.raises(EngineError, match="'changed' is made in another way in 'sky' than in the recipe"):
        replay(tmp_path / "out", [source], tmp_path / "again", workspace=tmp_path / "w")
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.rows.digest == made.rows.digest


def test_topics_that_leave_out_an_edited_column_are_made_again_from_the_source(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    edit, embedding = spec("edit", "trim", on="note"), spec("embedding", "lexical", {"dimensions": 8})
    key = key_of(embedding)
    found = spec("topics", "kmeans_without", {"column": "short", "topics": 3}, on=key)
    data = build(data, {"short": edit, key: embedding, key_of(found): found})
    recipe = Recipe(steps=(step("stratified", budget=9, column=value_key("topic", key_of(found))),))
    made = export(run(data, recipe), tmp_path / "out")
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.rows.digest == made.rows.digest


def test_a_step_that_is_off_may_name_what_is_gone(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    off = [
        Step("number_range", {"column": "gone"}, on=False),
        Step("sql", {"where": "gone > 1"}, on=False),
        Step("random", {"budget": {"amount": 9, "unit": "tokens"}}, on=False),
    ]
    made = export(run(data, Recipe(steps=tuple(s.checked() for s in off))), tmp_path / "out")
    assert made.rows.kept == 40


def test_columns_treated_as_categories_are_categories_when_it_is_run_again(tmp_path: Path, source: Path) -> None:
    data = treat_as_category(open_source([source], tmp_path / "w", options=SourceOptions(text="text")), "n")
    export(run(data, Recipe()), tmp_path / "out")
    replay(tmp_path / "out", [source], tmp_path / "again", workspace=tmp_path / "elsewhere")
    assert Dataset.load(datasets(tmp_path / "elsewhere")[0]).info("n").type == "category"


def test_a_signal_beside_a_column_of_its_name_is_computed_when_it_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("words,density,text\n9,1,one two three\n9,1,one\n")
    beside = Step("number_range", {"column": "words (signal)", "low": 2}).checked()
    made = replay(saved(tmp_path, Recipe(steps=(beside,))), [path], tmp_path / "signal")
    assert made.rows.kept == 1  # three words; the column says nine in both rows
    plain = Recipe(steps=(step("number_range", column="words", low=2), step("number_range", column="density", low=1)))
    assert replay(saved(tmp_path, plain), [path], tmp_path / "column").rows.kept == 2


def test_an_expression_finds_the_signals_that_the_recipe_describes(tmp_path: Path, source: Path) -> None:
    data = build(open_source(source, tmp_path / "w", name="sky"), {"words": spec("signal", "words")})
    sql = Recipe(steps=(step("sql", where="words = 3 and n < 8"),))
    first = export(run(data, sql), tmp_path / "first")
    again = replay(tmp_path / "first" / "recipe.json", [source], tmp_path / "again")
    assert first.rows.digest == again.rows.digest
    assert first.rows.kept == 8


def test_an_edit_that_no_step_reads_goes_out_again(tmp_path: Path, source: Path) -> None:
    edit = spec("edit", "strip_prefix", {"prefix": "other "}, on="note")
    data = build(open_source(source, tmp_path / "w", name="sky"), {"note bare": edit})
    first = export(run(data, Recipe()), tmp_path / "first")
    again = replay(tmp_path / "first" / "recipe.json", [source], tmp_path / "again")
    assert [c.name for c in first.columns] == [c.name for c in again.columns] == ["n", "text", "note", "note bare"]


def test_farthest_is_replayed_without_a_graph_where_it_leaves_nothing_out(tmp_path: Path, source: Path) -> None:
    wanted = {"lexical": spec("embedding", "lexical"), "graph@lexical": spec("graph", on="lexical")}
    data = build(open_source(source, tmp_path / "w", name="sky"), wanted)
    recipe = Recipe(steps=(step("farthest", budget=4, embedding="lexical"),))
    export(run(data, recipe), tmp_path / "first")
    assert set(Recipe.from_text((tmp_path / "first" / "recipe.json").read_text()).needs) == {"lexical"}


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ('"output": {"columns": 5}', "In a recipe's output, 'columns' is 5. It must be a list"),
        ('"output": {"format": ["x"]}', "'format' is ['x']. It must be a text"),
        ('"output": {"params": {"compression": 5}}', "compression = 5 does not fit"),
        ('"edits": {"x": {"family": "edit", "member": "eval", "on": "a"}}', "'x' under 'edits' of the recipe: No edit"),
        ('"edits": {"x": {"family": "signal", "member": "words"}}', "of the family 'signal'. Move it"),
        ('"edits": {"x": {"family": "edit", "member": "trim", "params": {"a": 1}}}', "No parameter of trim named 'a'"),
        ('"needs": {"x": {"family": "signal", "member": "words", "version": 99}}', "a newer version of 'words' (99"),
        ('"needs": {"m": {"family": "map", "member": "umap", "params": {"seed": -1}}}', "umap: seed = -1"),
        ('"needs": {"t": {"family": "topics", "member": "kmeans", "by_hand": [5]}}', "A change of topics is 5"),
    ],
)
def test_what_a_recipe_describes_is_checked_when_it_is_read(part: str, words: str) -> None:
    with pytest.raises(EngineError) as error:
        recipe_of(f'{{"format": 2, {part}}}')
    assert words in str(error.value)


def refs_in(folder: Path) -> set[str]:
    return {p.stem for p in (folder / "refs").glob("*.json")}


def test_the_refs_of_steps_that_are_off_travel_where_they_are_and_never_stand_in_the_way(
    tmp_path: Path, source: Path
) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    here, inside, gone = (snapshots.listed_step(data, np.array(rows)) for rows in ([1], [2, 3], [4]))
    (data.store.folder / "refs" / f"{gone.params['listed']}.json").unlink()
    steps = (
        replace(here, on=False),
        replace(gone, on=False),
        Step("any of", steps=(step("text", find="sky"), replace(inside, on=False), replace(gone, on=False))),
        Step("not", steps=(gone,), on=False),
    )
    made = export(run(data, Recipe(steps=steps)), tmp_path / "out")
    assert refs_in(tmp_path / "out") == {here.params["listed"], inside.params["listed"]}
    assert made.rows.kept == 10
    assert verify(tmp_path / "out").ok
    replayed = replay(tmp_path / "out", [source], tmp_path / "again")
    assert refs_in(tmp_path / "again") == refs_in(tmp_path / "out")
    assert replayed.rows.digest == made.rows.digest


def test_a_ref_that_a_step_needs_and_another_that_is_off_names_too_must_be_there(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    listed = snapshots.listed_step(data, np.array([1]))
    done = run(data, Recipe(steps=(listed, replace(listed, on=False))))
    (data.store.folder / "refs" / f"{listed.params['listed']}.json").unlink()
    with pytest.raises(EngineError, match="needs the ref"):
        export(done, tmp_path / "out")


def test_nothing_is_computed_for_steps_that_are_off(tmp_path: Path, source: Path) -> None:
    data = open_source([source], tmp_path / "w", options=SourceOptions(text="text"))
    data = build(data, {"trimmed": spec("edit", "trim", on="note"), **{k: plain_spec(k) for k in ("words", "lexical")}})
    off = (
        replace(step("number_range", column="words", low=1), on=False),
        Step("any of", steps=(step("text", find="sky"), replace(step("missing", column="trimmed"), on=False))),
        replace(step("farthest", budget=5, embedding="lexical"), on=False),
    )
    made = export(run(data, Recipe(steps=off)), tmp_path / "out", columns=["text"])
    kept = recipe_of((tmp_path / "out" / "recipe.json").read_text())
    assert {*kept.needs, *kept.edits} == {"words", "trimmed", "lexical"}  # what a person did is not lost
    assert needed(kept) == {}
    again = replay(tmp_path / "out", [source], tmp_path / "again", workspace=tmp_path / "fresh")
    assert again.rows.digest == made.rows.digest
    store = datasets(tmp_path / "fresh")[0]
    assert not [f for f in ("embedding", "signal", "edit") if store.artefacts(f)]


@pytest.mark.parametrize("kind", ["exact", "ivf"])
def test_another_machine_makes_the_graph_of_a_recipe_with_the_same_kind_of_index(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    other = {"exact": "ivf", "ivf": "exact"}
    monkeypatch.setattr(indexes, "choose", lambda m, d, **_: indexes.Choice(kind, "cpu", "as here"))
    data = build(open_source([source], tmp_path / "w", options=SourceOptions(text="text")), ["graph@lexical"])
    recipe = Recipe(steps=(step("facility_location", budget=9, embedding="lexical"),))
    export(run(data, recipe), tmp_path / "out")
    monkeypatch.setattr(indexes, "choose", lambda m, d, **_: indexes.Choice(other[kind], "cpu", "as there"))
    assert [c.words for c in verify(tmp_path / "out", rebuild=True).checks if not c.ok] == []
    text = (tmp_path / "out" / "recipe.json").read_text()
    with pytest.raises(EngineError, match="No kind of index named 'magic'"):
        replay(saved(tmp_path, recipe_of(text.replace(f'"{kind}"', '"magic"'))), [source], tmp_path / "again")

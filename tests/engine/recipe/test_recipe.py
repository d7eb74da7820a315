"""A recipe is JSON and back, says itself aloud, and refuses what it does not know by name."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import EngineError, NotFound
from engine.recipe.recipe import ByHand, Recipe, Step, same, step_digest
from engine.recipe.run import run
from engine.store.spec import Spec
from tests.engine.small import SIX, corpus

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "recipe_v2.json"

SHORT = Step("number_range", {"column": "characters", "high": 200.0})
NAMED = Step("values", {"column": "language", "values": ["de", "fr"]})
SOME = Step("random", {"budget": 10})


def recipe(*steps: Step) -> Recipe:
    made = Recipe()
    for step in steps:
        made = made.with_step(step)
    return made


def test_a_recipe_is_the_same_after_a_round_trip():
    nest = Step("any of", steps=(SHORT, Step("not", steps=(replace(NAMED, on=False, name="tongues"),))))
    made = replace(
        recipe(nest, SOME),
        name="Überblick",
        source_options={"sample": 5},
        text_view={"kind": "column", "columns": ["text"]},
        edits={"clean": Spec("edit", "trim", on="text")},
        needs={"characters": Spec("signal", "characters")},
        by_hand=ByHand(keep="0" * 64, drop="f" * 64),
        output={"format": "parquet"},
    )
    assert Recipe.from_json(made.json()) == made
    assert Recipe.from_text(made.text()) == made
    assert Recipe.from_text(made.text()).text() == made.text()
    assert made.digest == Recipe.from_text(made.text()).digest


def test_a_recipe_of_this_format_reads_writes_and_selects_as_on_the_day_it_was_kept(tmp_path):
    text = GOLDEN.read_text(encoding="utf-8")
    kept = Recipe.from_text(text)
    written = kept.json()
    assert list(written) == list(json.loads(text))
    assert holds(written, json.loads(text))
    # Lengths from 10 to 450 leave 0, 1, 2, 3, 5; English, German, or under 15 leaves 0 to 3; then the longer half.
    data = corpus(tmp_path, SIX)
    assert run(data, kept).rows.tolist() == [3, 2]


def holds(now: object, then: object) -> bool:
    """Whether everything that the old file said is said again; a new parameter may join with its default."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(k in now and holds(now[k], v) for k, v in then.items())
    if isinstance(then, list):
        return isinstance(now, list) and len(now) == len(then) and all(map(holds, now, then))
    return now == then


def test_a_step_is_written_with_every_parameter_and_its_version():
    assert recipe(SOME).json()["steps"] == [
        {
            "do": "random",
            "params": {"budget": {"amount": 10, "unit": "rows"}, "seed": 0},
            "on": True,
            "name": "",
            "version": 1,
        }
    ]


def test_a_recipe_says_itself_aloud_and_marks_what_is_off():
    made = recipe(SOME, replace(SOME, on=False))
    assert made.sentences() == ["Pick 10 rows at random (seed 0).", "Pick 10 rows at random (seed 0). (off)"]


def test_an_edit_makes_a_new_recipe_and_leaves_the_old():
    first = recipe(SHORT)
    more = first.with_step(NAMED).with_step(SOME, at=0)
    assert [s.do for s in first.steps] == ["number_range"]
    assert [s.do for s in more.steps] == ["random", "number_range", "values"]
    assert [s.do for s in more.moved(0, 2).steps] == ["number_range", "values", "random"]
    assert [s.do for s in more.without(1).steps] == ["random", "values"]
    assert [s.do for s in more.changed(0, SHORT).steps] == ["number_range", "number_range", "values"]


def test_recipes_are_the_same_when_they_say_the_same():
    assert same(recipe(SHORT), recipe(Step("number_range", {"high": 200, "column": "characters"})))
    assert not same(recipe(SHORT), recipe(NAMED))


def test_a_name_or_a_version_of_a_column_changes_the_identity_of_a_step_as_it_should():
    assert step_digest(SHORT, {}) == step_digest(replace(SHORT, name="short ones"), {})
    assert step_digest(SHORT, {"characters": "a"}) != step_digest(SHORT, {"characters": "b"})
    assert step_digest(SHORT, {}) != step_digest(replace(SHORT, params={"column": "characters", "high": 199}), {})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not JSON at line 1"),
        ("[]", "a recipe is a JSON object"),
        ("{}", "format None"),
        ('{"format": 1}', "reads format 2"),
        ('{"format": 2, "step": []}', "Did you mean 'steps'"),
        ('{"format": 2, "steps": 5}', "'steps' is 5. It must be a list"),
        ('{"format": 2, "steps": ["random"]}', "Step 1 needs 'do'"),
        ('{"format": 2, "steps": [{"do": "randm"}]}', "No step named 'randm'. Did you mean 'random'"),
        ('{"format": 2, "steps": [{"do": "random", "parms": {}}]}', "Did you mean 'params'"),
        ('{"format": 2, "steps": [{"do": "random", "params": 3}]}', "'params' is 3. It must be an object"),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": "lots"}}]}', "'lots' is not a budget"),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": 1, "sed": 1}}]}', "Did you mean 'seed'"),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": 1}, "version": 9}]}', "Update Winnow"),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": 1}, "on": "no"}]}', "must be true or false"),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": 1}, "version": true}]}', "a whole number"),
        (
            '{"format": 2, "steps": [{"do": "random", "params": {"budget": 1}, "steps": [{"do": "not"}]}]}',
            "cannot hold",
        ),
        (
            '{"format": 2, "steps": [{"do": "not", "steps": [{"do": "random", "params": {"budget": 1}}]}]}',
            "stands alone",
        ),
        ('{"format": 2, "steps": [{"do": "not", "params": {"k": 1}}]}', "no parameters of its own"),
        ('{"format": 2, "by_hand": {"kept": ""}}', "Did you mean 'keep'"),
        ('{"format": 2, "by_hand": ["a"]}', "must be an object"),
        ('{"format": 2, "needs": []}', "must be an object"),
        ('{"format": 2, "name": 7}', "must be a text"),
        (
            '{"format": 2, "steps": [{"do": "not"}, {"do": "number_range", "params": {"column": "a", "low": "x"}}]}',
            "Step 2: number_range: low = 'x' does not fit. Give a number",
        ),
        ('{"format": 2, "steps": [{"do": "not", "steps": [{"do": "not"}, 5]}]}', "Step 1, part 2 needs 'do'"),
        ('{"format": 2, "steps": [{"do": "not", "steps": 5}]}', "Step 1: 'steps' is 5. It must be a list"),
        (
            '{"format": 2, "steps": [{"do": "random", "params": {"budget": 1, "seed": -1}}]}',
            "Step 1: random: seed = -1",
        ),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": 1' + "0" * 400 + "}}]}", "is not a budget"),
        ('{"format": 2, "steps": [{"do": "random", "params": {"budget": [1]}}]}', "[1] is not a budget"),
        ('{"format": 2, "steps": [{"do": "text", "params": {"find": "\\ud800"}}]}', "does not fit. Give a text"),
        ('{"format": 2, "edits": [1]}', "'edits' is [1]. It must be an object"),
        ('{"format": 2, "edits": {"a": 1}}', "must be an object"),
        ('{"format": 2, "source_options": {"sample": "x"}}', "'sample' is 'x'. It must be a whole number"),
        ('{"format": 2, "source_options": {"seed": -1}}', "The seed -1 is below 0"),
        ('{"format": 2, "source_options": {"roles": []}}', "'roles' is []. It must be an object"),
        ('{"format": 2, "text_view": {"kind": "column", "columns": 5}}', "'columns' is 5. It must be a list"),
        ('{"format": 2, "text_view": {"kind": "pair", "columns": ["a"]}}', "reads 2 columns, not 1"),
        ('{"format": 2, "text_view": {"share": 1' + "0" * 400 + "}}", "It must be a number"),
        ('{"format": 2, "name": "\\ud800"}', "half a character"),
        ('{"format": 2, "output": {"params": {"a": NaN}}}', "NaN or Infinity"),
        ('{"format": 2, "name": ' + "9" * 5000 + "}", "a number that is too long"),
        ('{"format": 2, "steps": ' + "[" * 100_000, "nested too deep"),
        ('{"format": 2, "needs": {"a": ' + "[" * 300 + "]" * 300 + "}}", "nested too deep"),
        (
            '{"format": 2, "steps": [' + '{"do": "not", "steps": [' * 101 + "]}" * 101 + "]}",
            "100 filters inside each other are the most",
        ),
    ],
)
def test_a_file_that_is_no_recipe_is_refused_with_the_way_out(text, words):
    with pytest.raises(EngineError) as error:
        Recipe.from_text(text)
    assert words in str(error.value)


def test_a_hundred_filters_inside_each_other_are_read_said_and_run(tmp_path):
    text = '{"format": 2, "steps": [' + '{"do": "not", "steps": [' * 99 + '{"do": "not"}' + "]}" * 99 + "]}"
    made = Recipe.from_text(text)
    assert Recipe.from_text(made.text()) == made
    assert made.sentences() == ["Drop every row."]
    assert len(run(corpus(tmp_path, SIX), made).rows) == 0  # an empty nest keeps all, and 99 turns make an odd number


def test_the_selector_inside_a_nest_is_named_even_when_it_is_not_the_first():
    with pytest.raises(EngineError, match="a selector such as 'random' stands alone"):
        Step("all of", steps=(SHORT, SOME)).checked()


def test_what_a_step_reads_is_found_in_nests_but_not_where_it_is_off():
    nest = Step("any of", steps=(SHORT, replace(NAMED, on=False), Step("not", steps=(NAMED,))))
    assert list(nest.names("column")) == ["characters", "language"]


def test_an_unknown_step_is_an_error_when_it_is_added():
    with pytest.raises(NotFound, match="Did you mean 'random'"):
        Recipe().with_step(Step("randm"))

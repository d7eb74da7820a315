"""A recipe for datatrove and Data-Juicer: what is said means the same, what cannot be is named, nothing is injected."""

import ast
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.building import build, spec
from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.exporting.scale import data_juicer, datatrove
from engine.exporting.scale.translated import Translated
from engine.look import DIALECTS
from engine.opening import choose_view, treat_as_category
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.text.row_text import of_column
from tests.engine.exporting.exported import hard
from tests.engine.small import corpus

EVIL = "n'); import os\nos.system('x') #"
ROWS: dict[str, list[object]] = {
    "text": ["the cat", "a dog", "The end", "of the", "x"],
    "n": [1, -2, None, 0, 5],
    "kind": ["a", "b", None, "c", "a"],
    EVIL: [1, 2, 3, 4, 5],
}
STEPS = [
    Step("number_range", {"column": "n", "low": 0, "high": 4}),
    Step("number_range", {"column": "n", "low": -1, "keep_missing": True}),
    Step("number_range", {"column": "n"}),
    Step("values", {"column": "kind", "values": ["a", "c"]}),
    Step("values", {"column": "kind", "values": ["a"], "missing": True}),
    Step("values", {"column": "kind", "values": ["a"], "do": "drop"}),
    Step("values", {"column": "kind", "values": ["a"], "do": "drop", "missing": True}),
    Step("text", {"find": "the", "how": "contains", "match_case": True}),
    Step("text", {"find": "x", "how": "is", "match_case": True, "do": "drop"}),
    Step("number_range", {"column": "characters", "low": 2, "high": 6}),
]
NESTS = [
    Step("any of", steps=(STEPS[0], STEPS[4])),
    Step("not", steps=(STEPS[5], STEPS[7])),
    Step("all of", steps=(STEPS[1], STEPS[9])),
]


@pytest.fixture
def data(tmp_path: Path) -> Dataset:
    return build(corpus(tmp_path, ROWS), {"characters": spec("signal", "characters")})


def of_datatrove(text: str) -> list[int]:
    """The rows that the file's plain conditions keep, by Python itself."""
    tree = ast.parse(text)
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.Assign)]
    held: dict[str, object] = {"LambdaFilter": lambda condition: condition}
    exec(compile(ast.Module(found, []), "file", "exec"), held)  # noqa: S102 - what the file says is what is tested
    kept = []
    for row in range(5):
        fields = {name: values[row] for name, values in ROWS.items()}
        doc = SimpleNamespace(text=fields.pop("text"), metadata=fields)
        if all(one(doc) for one in held["FILTERS"]):  # type: ignore[attr-defined]
            kept.append(row)
    return kept


@pytest.mark.parametrize("step", [*STEPS, *NESTS])
def test_a_condition_on_fields_keeps_the_same_rows(data: Dataset, step: Step) -> None:
    recipe = Recipe(steps=(step.checked(),))
    made = datatrove(data, recipe)
    assert not made.untold
    assert of_datatrove(made.text) == run(data, recipe).rows.tolist()


def test_a_length_is_an_operator_and_all_else_one_condition(data: Dataset) -> None:
    recipe = Recipe(name="r", steps=(STEPS[0].checked(), STEPS[6].checked(), STEPS[9].checked()))
    made = data_juicer(data, recipe)
    assert not made.untold
    assert made.text.splitlines()[-5:] == [
        "  - text_length_filter:",
        "      min_len: 2",
        "      max_len: 6",
        "  - general_field_filter:",
        "      filter_condition: \"(n >= 0.0 and n <= 4.0) and (not ((kind in ['a']) or not (kind == kind)))\"",
    ]


def test_what_would_mean_something_else_is_named_with_the_reason(data: Dataset) -> None:
    steps = (
        Step("random", {"budget": "2 rows"}),
        Step("text", {"find": "cat"}),
        Step("regex", {"pattern": "c.t"}),
        Step("any of", steps=(STEPS[9], STEPS[0])),
        Step("number_range", {"column": EVIL, "low": 1}),
    )
    recipe = Recipe(steps=tuple(step.checked() for step in steps))
    there = {line.step.partition(":")[0]: line.why for line in datatrove(data, recipe).untold}
    assert list(there) == ["step 1", "step 2", "step 3"] and "budget" in there["step 1"]
    juicer = {line.step.partition(":")[0]: line.why for line in data_juicer(data, recipe).untold}
    assert list(juicer) == ["step 1", "step 2", "step 3", "step 4", "step 5"]
    assert "# Not in here, as it would mean something else:" in data_juicer(data, recipe).text


def of_lines(tmp_path: Path, *rows: dict[str, object]) -> Dataset:
    (tmp_path / "s.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return open_source(tmp_path / "s.jsonl", tmp_path / "w", options=SourceOptions(text="text"))


TOOLS = pytest.mark.parametrize("tool", [datatrove, data_juicer])


def whys(tool: Callable[[Dataset, Recipe], Translated], data: Dataset, *steps: Step) -> list[str]:
    return [line.why for line in tool(data, Recipe(steps=tuple(step.checked() for step in steps))).untold]


@TOOLS
def test_numbers_that_are_a_category_here_are_no_text_in_the_files(
    tmp_path: Path, tool: Callable[[Dataset, Recipe], Translated]
) -> None:
    rows = [{"text": f"t{i}", "cat": i % 2, "big": 10**30 + i, "mixed": ["x", 1][i % 2]} for i in range(4)]
    data = treat_as_category(of_lines(tmp_path, *rows), "cat")
    [why] = whys(tool, data, Step("values", {"column": "cat", "values": ["1"]}))
    assert "'cat' holds int64" in why
    data = treat_as_category(data, "big")
    [why] = whys(tool, data, Step("values", {"column": "big", "values": [str(10**30)]}))
    assert "'big' holds integer" in why
    [why] = whys(tool, data, Step("values", {"column": "mixed", "values": ["1"]}))
    assert "'mixed' does not hold text alone" in why


@TOOLS
def test_numbers_kept_as_text_and_a_name_that_stands_twice_cannot_be_said(
    tmp_path: Path, tool: Callable[[Dataset, Recipe], Translated]
) -> None:
    data = of_lines(tmp_path, *({"text": f"t{i}", "big": 10**30 + i} for i in range(4)))
    [why] = whys(tool, data, Step("number_range", {"column": "big", "low": 1}))
    assert "kept as text here, for their digits" in why
    [why] = whys(tool, hard(tmp_path), Step("values", {"column": "text (2)", "values": ["x"]}))
    assert why == "Two columns are called 'text' in the files."


@pytest.mark.parametrize("name", ["__dj__n", "class", "größe", "a b"])
def test_what_data_juicer_reads_as_no_field_of_a_row_is_not_named_to_it(tmp_path: Path, name: str) -> None:
    step = Step("number_range", {"column": name, "low": 1})
    assert whys(data_juicer, corpus(tmp_path, {name: [1, 2]}), step) == [
        f"Its conditions can name no field called {name!r}."
    ]


def test_a_column_of_the_source_called_characters_is_not_the_length_of_the_text(tmp_path: Path) -> None:
    data = of_lines(tmp_path, {"text": "a", "characters": 70}, {"text": "b", "characters": 3})
    said = data_juicer(data, Recipe(steps=(Step("number_range", {"column": "characters", "low": 50}).checked(),))).text
    assert "text_length_filter" not in said and "(characters >= 50.0)" in said


@TOOLS
def test_a_text_that_was_edited_here_is_a_field_of_no_file(
    tmp_path: Path, tool: Callable[[Dataset, Recipe], Translated]
) -> None:
    data = build(of_lines(tmp_path, {"text": " a "}, {"text": "b"}), {"trim@text": spec("edit", "trim", on="text")})
    data = build(choose_view(data, of_column("trim@text")), {"characters": spec("signal", "characters")})
    made = tool(data, Recipe(steps=(Step("number_range", {"column": "characters", "low": 2}).checked(),)))
    assert [line.step.partition(":")[0] for line in made.untold] == ["step 1", "the text of a row"]
    assert not any("trim@text" in line for line in made.text.splitlines() if not line.startswith("#"))


def test_no_name_of_a_recipe_or_column_becomes_code(data: Dataset) -> None:
    step = Step("number_range", {"column": EVIL, "low": 1}, name="x\nimport os\nos.system('x')").checked()
    other = Step("random", {"budget": "1 rows"}, name="y\nimport os").checked()
    named = Recipe(name='r"\nimport os \u2028🙂', steps=(step, other))
    made = datatrove(data, named)
    imports = [node for node in ast.walk(ast.parse(made.text)) if isinstance(node, ast.Import)]
    assert [alias.name for node in imports for alias in node.names] == ["sys"]
    assert of_datatrove(made.text) == [0, 1, 2, 3, 4]
    lines = [line for line in data_juicer(data, named).text.splitlines() if line and not line.startswith("#")]
    assert lines == [
        r'project_name: "r\"\U0000000aimport os \U00002028🙂"',
        'dataset_path: "INPUT.jsonl"',
        'export_path: "OUTPUT.jsonl"',
        'text_keys: "text"',
        "process: []",
    ]


def test_the_rules_of_gopher_and_fineweb_are_datatroves_own_each_limit_apart(tmp_path: Path) -> None:
    gopher, fineweb, nemo = (DIALECTS[name] for name in ("gopher", "fineweb", "nemo"))
    data = build(corpus(tmp_path, {"text": ["a b c"]}), {**gopher.specs(), **fineweb.specs(), **nemo.specs()})
    made = datatrove(data, Recipe(steps=(gopher.step(),)))
    assert not made.untold
    assert "min_doc_words=50.0, max_doc_words=None" in made.text or "min_doc_words=50, max_doc_words=None" in made.text
    assert made.text.count("max_symbol_word_ratio=0.1") == 2
    assert "top_n_grams=((2, 0.2),), dup_n_grams=()" in made.text
    ast.parse(made.text)
    assert all(line.note for line in made.lines if "words repeat" in line.step)
    assert not datatrove(data, Recipe(steps=(fineweb.step(),))).untold
    apart = datatrove(data, Recipe(steps=(nemo.step(),)))
    assert {line.why for line in apart.untold} == {
        "Words are parted by white space here; datatrove parts signs and endings from them."
    }
    hashes = replaced_limit(gopher.step(), "gopher_hashes", 0.2)
    assert len(datatrove(data, Recipe(steps=(hashes,))).untold) == 2


def replaced_limit(nest: Step, column: str, high: float) -> Step:
    from dataclasses import replace

    steps = tuple(
        replace(s, params={**s.params, "high": high}) if str(s.params["column"]).startswith(column) else s
        for s in nest.steps
    )
    return replace(nest, steps=steps)


def test_the_command_line_writes_both_and_says_what_is_not_in_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path))
    data = corpus(tmp_path, ROWS)
    recipe = Recipe(steps=(STEPS[0].checked(), Step("random", {"budget": "2 rows"}).checked()))
    Path("r.json").write_text(recipe.text())
    for tool, file in (("datatrove", "a.py"), ("data-juicer", "a.yaml")):
        assert main(["recipes", data.name, f"--{tool}", "r.json", file]) == 0
        said = capsys.readouterr().out
        assert "1 of 2 parts are in it" in said and "Not in it: step 2" in said
        assert main(["recipes", data.name, f"--{tool}", "r.json", file]) == 2

"""A source that has grown: what people made of it is still there."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from engine.building.build import build
from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.marks import marks
from engine.opening.describe import choose_role, choose_view, treat_as_category
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.reopen import _same
from engine.recipe import snapshots
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.text.row_text import of_column

FIRST = [{"text": f"text {i} – sent from my phone", "k": i % 2, "name": f"n{i}"} for i in range(4)]
MORE = [{"text": "text 4 – sent from my phone", "k": 1, "name": "n4"}]


def grown(path: Path, workspace: Path, rows: list[dict[str, object]], **options: object) -> Dataset:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return open_source(path, workspace, options=SourceOptions(**options))  # type: ignore[arg-type]


def test_marks_pins_edits_and_the_text_view_survive_rows_added_at_the_end(tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.jsonl", tmp_path / "w"
    data = grown(path, workspace, FIRST)
    cut = spec("edit", "strip_suffix", {"suffix": " – sent from my phone"}, on="text")
    data = choose_view(build(data, {"cut": cut}), of_column("cut"))
    marks.tag(data, np.array([1, 3]), "good")
    pins = ByHand(keep=snapshots.listed_ref(data, np.array([0])))
    recipe = Recipe(
        steps=(snapshots.marks_step(data, "tag:good"), Step("text", {"column": "cut", "find": "text"})), by_hand=pins
    )

    data = grown(path, workspace, [*FIRST, *MORE])
    assert (data.n, data.revision) == (5, 1)
    assert data.texts(data.rows()) == ["text 0", "text 1", "text 2", "text 3", "text 4"]
    assert marks.rows_with(data, "tag", "good").tolist() == [1, 3]
    assert run(data, recipe).rows.tolist() == [0, 1, 3]


def test_an_edit_of_a_column_that_is_gone_goes_with_it_and_the_text_is_guessed_anew(tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.jsonl", tmp_path / "w"
    data = grown(path, workspace, [{"text": "some words here", "old": " x "}], text="text")
    data = choose_view(build(data, {"short": spec("edit", "trim", on="old")}), of_column("short"))
    data = grown(path, workspace, [{"text": "some words here"}])
    assert (list(data.columns), data.text_view.columns) == (["text"], ("text",))


def test_a_role_that_is_given_anew_leaves_its_old_column(tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.jsonl", tmp_path / "w"
    data = choose_role(grown(path, workspace, FIRST), "name", "id")
    assert data.info("name").role == "id"
    data = grown(path, workspace, [*FIRST, *MORE], id="text")
    assert [c.key for c in data.columns.values() if c.role == "id"] == ["text"]


def test_what_is_chosen_while_a_source_is_compared_is_not_lost(tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.jsonl", tmp_path / "w"
    data = grown(path, workspace, FIRST)
    path.write_text("".join(json.dumps(row) + "\n" for row in [*FIRST, *MORE]))

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "Comparing with the rows that are there":
            treat_as_category(Dataset.load(data.store), "k")

    data = open_source(path, workspace, progress=meanwhile)
    assert (data.n, data.info("k").type) == (5, "category")


def test_of_two_that_open_a_grown_source_at_once_the_second_is_told(tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.jsonl", tmp_path / "w"
    grown(path, workspace, FIRST)
    path.write_text("".join(json.dumps(row) + "\n" for row in [*FIRST, *MORE]))
    first: list[Dataset] = []

    def meanwhile(stage: str, done: int, total: int) -> None:
        if stage == "Comparing with the rows that are there" and not first:
            first.append(open_source(path, workspace))

    with pytest.raises(EngineError, match="has just been opened anew elsewhere"):
        open_source(path, workspace, progress=meanwhile)
    assert open_source(path, workspace).n == first[0].n == 5


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{"text": "a text", "x": null}', '{"text": "a text"}'),
        ('{"text": "a text", "x": 1.50}', '{"text": "a text", "x": 1.5}'),
        ('{"text": "a text", "x": "true"}', '{"text": "a text", "x": true}'),
        ('{"text": "a text", "x": 1}', '{"x": 1, "text": "a text"}'),
    ],
)
def test_a_source_that_was_edited_is_not_taken_for_one_that_has_grown(before: str, after: str, tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.jsonl", tmp_path / "w"
    more = '{"text": "more text", "x": "some"}\n'
    path.write_text(f"{before}\n{more}")
    open_source(path, workspace)
    path.write_text(f"{after}\n{more}{more}")
    data = open_source(path, workspace)
    assert (data.revision, data.raw(np.array([0]))) == (2, [after.encode()])


def test_bits_decide_whether_values_are_the_same() -> None:
    nan = float("nan")
    zero = [[0.0], None, [nan]]
    assert _same(pa.array([nan, None]), pa.array([nan, None]))
    assert not _same(pa.array([0.0]), pa.array([-0.0]))
    assert _same(pa.array(zero), pa.array(zero))
    assert not _same(pa.array(zero), pa.array([[-0.0], None, [nan]]))
    assert not _same(pa.array([[1.0], []]), pa.array([[], [1.0]]))


@pytest.mark.parametrize("options", [{}, {"id": "i"}])
@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_a_row_that_changes_the_types_of_columns_loses_no_marks(
    name: str, options: dict[str, str], tmp_path: Path
) -> None:
    path, workspace = tmp_path / name, tmp_path / "w"
    rows = [
        {"i": 1, "price": 19.9, "whole": 2.0, "day": "2020-01-01", "time": "2020-01-01T10:00:00", "fair": True},
        {"i": 2, "price": 5.25, "whole": 3.5, "day": "2020-01-02", "time": "2020-01-01T10:00:01", "fair": False},
    ]
    odd = {"i": "x", "price": "dear", "whole": "some", "day": "Monday", "time": "noon", "fair": "perhaps"}

    def opened(rows: list[dict[str, object]]) -> Dataset:
        table = [{"text": f"the text of row {r['i']}", **r} for r in rows]
        if name == "a.jsonl":
            return grown(path, workspace, table, **options)
        path.write_text("".join(",".join(map(str, cells)) + "\n" for cells in [table[0], *(r.values() for r in table)]))
        return open_source(path, workspace, options=SourceOptions(**options))  # type: ignore[arg-type]

    data = opened(rows)
    kinds = {c.key: c.type for c in data.columns.values()}
    marks.tag(data, np.array([1]), "good")
    data = opened([*rows, odd])
    assert {c.key: c.type for c in data.columns.values()} != kinds
    assert marks.rows_with(data, "tag", "good").tolist() == [1]
    assert marks.of_rows(data, np.array([1]))[0].tags == ("good",)


def test_numbers_as_ids_and_days_keep_their_keys_when_a_text_comes(tmp_path: Path) -> None:
    path, workspace = tmp_path / "a.csv", tmp_path / "w"
    path.write_text("id,text\n1.0,a text\n2.0,another text\n")
    keys = open_source(path, workspace, options=SourceOptions(id="id")).keys(np.arange(2))
    path.write_text("id,text\n1.0,a text\n2.0,another text\nabc,third text\n")
    assert open_source(path, workspace, options=SourceOptions(id="id")).rows_of(keys).tolist() == [0, 1]
    days, more = tmp_path / "days.csv", workspace
    days.write_text("day,text\n2020-01-01,a text\n2020-01-02,another text\n")
    keys = open_source(days, more).keys(np.arange(2))
    days.write_text("day,text\n2020-01-01,a text\n2020-01-02,another text\nsoon,third text\n")
    assert open_source(days, more).rows_of(keys).tolist() == [0, 1]


def test_zero_in_an_object_is_not_minus_zero() -> None:
    plus, minus = (pa.array([{"a": x}]) for x in (0.0, -0.0))
    assert _same(plus, plus) and not _same(plus, minus)

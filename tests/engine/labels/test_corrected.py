"""Answers become a column that stands beside the labels that came, and travel with who said them and when."""

import json
import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from engine import export, replay, verify
from engine.building import build, corrected_column, key_of, lacks, spec, stale, with_corrected
from engine.commands.cli import main
from engine.errors import EngineError
from engine.labels import (
    ANSWERED,
    answered_column,
    beginning,
    corrections_ref,
    dealt,
    label_columns,
    labelled,
    worked,
    worked_through,
)
from engine.marks import MODEL, answer, correct, label_set, label_sets, name_labels, restore, settled, unanswer
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe import Recipe, Step, run
from tests.engine.exporting.tamperings import Tampering, at, fitted, put, table
from tests.engine.small import corpus


def rows(*numbers: int) -> np.ndarray:
    return np.array(numbers, np.int64)


NAME = "label (corrected)"


def test_what_was_answered_stands_beside_what_came_and_what_is_open_does_not(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", "a", None, "b"]})
    answer(data, rows(0, 3), "label", "b", annotator="ada")
    answer(data, rows(1), "label", "b", annotator="ada")
    answer(data, rows(4), "label", "a", annotator="ada")
    answer(data, rows(4), "label", "b", annotator="bo")
    assert (corrected_column(data, "label"), lacks(data, "label")) == (None, 3)
    data = with_corrected(data, "label")
    codes, names = data.codes(NAME)
    assert [names[c] for c in codes] == ["b", "b", "a", "b", "b"]
    assert data.strings("label", data.rows()) == ["a", "b", "a", None, "b"]
    assert (corrected_column(data, "label"), lacks(data, "label")) == (NAME, 0)
    assert label_columns(data) == ["label", NAME]
    differs = Step("sql", {"where": f'"label" IS DISTINCT FROM "{NAME}"'}).checked()
    assert run(data, Recipe(steps=(differs,))).rows.tolist() == [0, 3]
    answer(data, rows(2), "label", "a", annotator="bo")
    assert lacks(data, "label") == 1 and stale(data, data.rows(), [NAME])[2] == []  # it is right as it came
    answer(data, rows(2), "label", "b", annotator="bo")
    assert lacks(data, "label") == 1 and stale(data, data.rows(), [NAME])[2] == [NAME]
    data = with_corrected(data, "label")
    assert data.strings(NAME, rows(2)) == ["b"] and data.keys_of("edit") == [NAME]
    unanswer(data, rows(2), "label", annotator="bo")
    assert lacks(data, "label") == 1  # taken back
    found = worked(data, "label", data.rows())
    assert (found.confirmed, found.corrected, found.given, found.open, found.answered) == (1, 1, 1, 1, 4)
    assert found.annotators == ("ada", "bo")


def test_an_answer_counts_above_a_correction_of_the_same_cell(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", "a"]})
    for row in (0, 1):
        correct(data, row, "label", "of the reader", by="bo")
    answer(data, rows(0, 2), "label", "b", annotator="ada")
    data = with_corrected(data, "label")
    assert data.strings(NAME, data.rows()) == ["b", "of the reader", "b"]
    correct(data, 0, "label", "another", by="bo")
    assert lacks(data, "label") == 0
    unanswer(data, rows(0), "label", annotator="ada")
    restore(data, 1, "label")
    data = with_corrected(data, "label")
    assert data.strings(NAME, data.rows()) == ["another", "b", "b"]


def test_the_column_keeps_its_type_as_long_as_answers_fit_it(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": [1, 0, 0, None]})
    answer(data, rows(1), "label", "2", annotator="ada")
    correct(data, 3, "label", "1", by="bo")
    data = with_corrected(data, "label")
    assert (data.column(NAME).to_pylist(), data.info(NAME).type) == ([1, 2, 0, 1], "integer")
    answer(data, rows(2), "label", "neither", annotator="ada")
    data = with_corrected(data, "label")
    assert (data.column(NAME).to_pylist(), data.info(NAME).type) == (["1", "2", "neither", "1"], "text")


def test_a_recipe_that_cuts_by_the_corrected_label_takes_the_answers_along(tmp_path: Path) -> None:
    source = tmp_path / "s.csv"
    source.write_text("text,kind,label\none,p,a\ntwo,p,a\nthree,q,b\nfour,q,b\n")
    data = open_source(source, tmp_path / "w", options=SourceOptions(roles={"label": "label"}))
    answer(data, rows(1), "label", "b", annotator="ada")
    data = with_corrected(data, "label")
    assert label_columns(data) == ["label", NAME, "kind"]
    step = Step("values", {"column": NAME, "values": ["b"]}).checked()
    made = export(run(data, Recipe(steps=(step,))), tmp_path / "out")
    assert made.rows.kept == 3
    (ref,) = (tmp_path / "out" / "refs").iterdir()
    body = json.loads(ref.read_text())
    assert (body["kind"], body["labels"], body["annotators"]) == ("answers", ["b"], [["ada"]]) and body["at"]
    again = replay(tmp_path / "out" / "recipe.json", [source], tmp_path / "again")
    assert again.rows.digest == made.rows.digest


def test_an_export_says_beside_its_rows_which_labels_people_corrected(tmp_path: Path) -> None:
    source = tmp_path / "s.csv"
    source.write_text("text,label\none,a\ntwo,a\nthree,b\nfour,b\nfive,a\n")
    data = open_source(source, tmp_path / "w")
    answer(data, rows(1, 4), "label", "b", annotator="Smith, John")
    answer(data, rows(2), "label", "b", annotator="bo")  # right as it came
    answer(data, rows(0), "label", "b", annotator="bo")  # of a row that goes
    data = with_corrected(data, "label")
    step = Step("text", {"find": "one", "do": "drop"}).checked()
    out = tmp_path / "out"
    made = export(run(data, Recipe(steps=(step,))), out)
    (said,) = made.corrections or ()
    assert (said.column, said.corrected, said.confirmed, said.annotators) == ("label", 2, 1, ("Smith, John", "bo"))
    beside = pq.read_table(out / "corrections.parquet").to_pylist()
    assert [(r["row"], r["came"], r["corrected"], r["annotators"]) for r in beside] == [
        (1, "a", "b", ["Smith, John"]), (4, "a", "b", ["Smith, John"]),
    ]  # fmt: skip
    assert [r["key"] for r in beside] == data.keys(rows(1, 4)) and all(r["at"] for r in beside)
    assert "2 labels of these rows were corrected and 1 confirmed by Smith, John, bo" in (out / "README.md").read_text()
    assert verify(out, rebuild=True).ok
    # Elsewhere, from the folder and the source alone, it is the same: labels too.
    words = [str(out), str(source), "--workspace", str(tmp_path / "other"), "--out", str(tmp_path / "again"), "--quiet"]
    assert main(["run", *words]) == 0
    assert pq.read_table(out / "data.parquet")[NAME].to_pylist() == ["b", "b", "b", "b"]
    assert (tmp_path / "again" / "data.parquet").read_bytes() == (out / "data.parquet").read_bytes()
    assert pq.read_table(tmp_path / "again" / "corrections.parquet").to_pylist() == beside
    with pytest.raises(EngineError, match="cannot be masked"):
        export(run(data, Recipe()), tmp_path / "m", mask={"kinds": {"emails": "x"}, "columns": [NAME]})
    plain = export(run(data, Recipe()), tmp_path / "plain", columns=["text", "label"])
    assert plain.corrections is None and not (tmp_path / "plain" / "corrections.parquet").exists()
    for place, tamper in TAMPERED.items():
        copy = shutil.copytree(out, tmp_path / place)
        tamper(copy)
        assert not verify(copy).ok, place


TAMPERED: dict[str, Tampering] = {
    "another label": table("corrections.parquet", put(0, corrected="c")),
    "what came": table("corrections.parquet", put(0, came="b")),
    "a row less": table("corrections.parquet", lambda r: r[:1]),
    "a row twice": table("corrections.parquet", lambda r: [r[0], r[0]]),
    "who": at("corrections.0.annotators", ["eve"]),
    "how many": at("corrections.0.confirmed", 2),
    "another column": at("corrections.0.column", "text"),
    "no corrections": lambda d: (
        (d / "corrections.parquet").unlink(),
        fitted(d, lambda m: (m.pop("corrections"), m.update(files=[f for f in m["files"] if "corr" not in f["path"]]))),
    ),
}


def test_without_answers_and_for_a_label_that_is_none_it_is_said(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b"], "other": ["x", "x"]})
    with pytest.raises(EngineError, match="No label of 'label' is answered yet"):
        corrections_ref(data, "label")
    answer(data, rows(0), "label", "zzz", annotator="ada")
    with pytest.raises(EngineError, match="are about the column 'label', not 'other'"):
        build(data, {"x": spec("edit", "corrected", {"answers": corrections_ref(data, "label")}, on="other")})


def test_labels_that_people_named_and_sets_that_they_began_become_columns(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", "b"]})
    assert name_labels(data.store, "label", [" new  one "]) == ("new one",)
    answer(data, rows(2), "label", "new one", annotator="ada")
    found = labelled(data, "label")
    assert (found.names, found.came.tolist(), found.now.tolist()) == (("a", "b", "new one"), [0, 1, 1], [0, 1, 2])
    data = with_corrected(data, "label")
    assert data.strings(NAME, data.rows()) == ["a", "b", "new one"]
    name_labels(data.store, "topic", ["x", "y", "x"])
    assert label_sets(data.store) == ["label", "topic"] and label_set(data.store, "topic") == ("x", "y")
    answer(data, rows(0, 1), "topic", "y", annotator="ada")
    found = labelled(data, "topic")
    assert found.begun and found.came.tolist() == [-1, -1, -1] and found.now.tolist() == [1, 1, -1]
    made = spec("signal", ANSWERED, {"answers": corrections_ref(data, "topic")})
    data = build(data, {key_of(made): made})
    column = answered_column(data, "topic") or ""
    assert data.strings(column, data.rows()) == ["y", "y", None]
    step = Step("values", {"column": column, "values": ["y"]}).checked()
    (told,) = export(run(data, Recipe(steps=(step,))), tmp_path / "out", columns=["text", column]).corrections or ()
    assert (told.column, told.corrected, told.confirmed) == ("topic", 2, 0) and verify(tmp_path / "out").ok
    beside = pq.read_table(tmp_path / "out" / "corrections.parquet").to_pylist()
    assert [(r["came"], r["corrected"]) for r in beside] == [(None, "y")] * 2
    with pytest.raises(EngineError, match="needs a name"):
        name_labels(data.store, "topic", ["  "])


def test_what_a_person_says_wins_over_what_a_model_was_let_say_and_that_teaches_nothing(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": ["a", "b", None, "b", None, "b"]})
    answer(data, rows(0, 1, 2), "label", "b", annotator=f"{MODEL}ada")
    answer(data, rows(1), "label", "a", annotator="bo")
    answer(data, rows(3), "label", "new", annotator="bo")
    answer(data, rows(3), "label", "a", annotator="ada")
    answer(data, rows(4), "label", None, annotator="ada")
    found = settled(data, "label")
    assert found.rows.tolist() == [0, 1, 2] and found.labels == ("b", "a", "b") and found.open.tolist() == [3]
    on = labelled(data, "label")
    assert on.now.tolist() == [1, 0, 1, 1, -1, 1] and on.told.tolist() == [0, 0, -1, 1, -1, 1]
    assert np.flatnonzero(on.looked).tolist() == [3, 4] and on.names == ("a", "b", "new")  # also one that is open
    assert worked_through(data, "label", rows(0, 1, 2, 3, 5)) == 4
    assert beginning(data, "label", rows(0, 5, 1)) == 1


def test_a_boolean_label_is_one_word_everywhere(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"label": [True, False, True, False]})
    answer(data, rows(0), "label", data.codes("label")[1][0], annotator="ada")
    found = worked(data, "label", data.rows())
    assert (found.confirmed, found.corrected) == (1, 0)
    answer(data, rows(1), "label", "unknown", annotator="ada")
    data = with_corrected(data, "label")
    assert set(data.codes("label (corrected)")[1]) == {*data.codes("label")[1], "unknown"}


def test_a_queue_is_dealt_out_and_nobody_is_served_what_another_answered() -> None:
    queue = np.arange(10, 22)
    ada, bo = (dealt(queue, ["bo", "ada"], me, set(), set(), shared=4) for me in ("ada", "bo"))
    assert set(ada[:8]) & set(bo[:7]) == {10, 14, 18}  # every fourth goes to both
    assert sorted(ada) == sorted(bo) == queue.tolist()
    later = dealt(queue, ["bo", "ada"], "bo", set(ada[:3].tolist()), {12}, shared=4)
    assert 11 not in later and 12 in later and 10 in later
    with pytest.raises(EngineError, match="not among those"):
        dealt(queue, ["ada"], "cy", set(), set())


def test_columns_that_hold_labels_are_told_from_texts_and_names(tmp_path: Path) -> None:
    many = [f"text {i}" for i in range(8)]
    kinds = {"kind": list("aabbccdd"), "one": ["x"] * 8}
    data = corpus(tmp_path, {"id": [str(i) for i in range(8)], "text": many, **kinds})
    assert label_columns(data) == ["kind"]

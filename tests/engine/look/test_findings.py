"""Findings: each opens as exactly the rows that it counts."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import engine
from engine.building import build
from engine.dataset.dataset import Dataset
from engine.look.findings import Finding, dismiss, dismissed, findings, reopen, rows_behind, status_of
from engine.recipe import Recipe, run

NAMES = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo", "Gus"]


def rows_of(data: Dataset, finding: Finding) -> list[int]:
    return rows_behind(data, finding).tolist()


def planted() -> list[dict[str, object]]:
    """100 rows of prose with faults at known places."""
    rows: list[dict[str, object]] = [
        {
            "id": f"r{i}",
            "text": f"{NAMES[i % 7]} wrote letter number {i} on a rainy day, and it was long enough to read twice.",
            "size": i + 1,
            "group": "common",
            "made": f"2021-01-{i % 28 + 1:02}",
            "note": f"note {i}",
        }
        for i in range(100)
    ]
    rows[10] |= {"text": rows[3]["text"]}
    rows[20] |= {"text": "Write to ada@example.org about the letter that came on a rainy day, please."}
    rows[30] |= {"text": "A letter with <b>markup</b> &amp; escapes that came on a rainy day to be read."}
    rows[40] |= {"text": "A letter with dam\u00c3\u00a9ged words that came on a rainy day, long enough to read."}
    rows[50] |= {"text": "long " * 2000}
    rows[60] |= {"text": "tiny"}
    rows[70] |= {"size": 1_000_000}
    rows[80] |= {"group": "rare"}
    rows[90] |= {"note": None, "made": "1901-01-01"}
    for i in (91, 92):
        rows[i] |= {"note": "N/A"}
    return rows


@pytest.fixture
def found(open_rows: Callable[..., Dataset]) -> tuple[Dataset, list[Finding]]:
    data = open_rows(planted(), id="id", text="text")
    return data, findings(data, most=100)


@pytest.mark.parametrize(
    ("kind", "column", "rows"),
    [
        ("repeats", "", [10]),
        ("addresses", "", [20]),
        ("markup", "", [30]),
        ("damaged letters", "", [40]),
        ("long", "text", [50]),
        ("short", "text", [60]),
        ("far out", "size", [70]),
        ("imbalance", "group", [80]),
        ("gaps", "note", [90]),
        ("dates", "made", [90]),
        ("placeholders", "note", [91, 92]),
    ],
)
def test_a_planted_fault_is_found_and_opens_as_its_rows(
    found: tuple[Dataset, list[Finding]], kind: str, column: str, rows: list[int]
) -> None:
    data, every = found
    assert [rows_of(data, f) for f in every if f.kind == kind and f.column == column and f.count == len(rows)] == [rows]


def test_every_finding_opens_as_as_many_rows_as_it_says(found: tuple[Dataset, list[Finding]]) -> None:
    data, every = found
    for finding in every:
        if not finding.treat and finding.kind != "rejected":
            assert len(rows_of(data, finding)) == finding.count, finding.what
            assert set(finding.examples) <= set(rows_of(data, finding)) and 0 < len(finding.examples) <= 3


def test_the_rule_of_a_finding_drops_exactly_its_rows(found: tuple[Dataset, list[Finding]]) -> None:
    data, every = found
    ruled = [f for f in every if f.step is not None]
    assert {f.kind for f in ruled} >= {"repeats", "addresses", "markup", "long", "short", "far out", "gaps", "dates"}
    for finding in ruled:
        ready = build(data, finding.needs)
        done = run(ready, Recipe().with_step(finding.step))
        assert np.flatnonzero(~done.mask).tolist() == rows_of(data, finding), finding.what
        assert finding.portable


def test_every_finding_says_why_it_matters_and_is_called_the_same_on_every_run(
    found: tuple[Dataset, list[Finding]],
) -> None:
    data, every = found
    assert all(f.why.endswith(".") for f in every)
    assert len({f.id for f in every}) == len(every)
    again = Dataset.load(data.store)
    assert [f.id for f in findings(again, most=100)] == [f.id for f in every]


def test_a_finding_is_done_while_its_rule_is_in_the_recipe_or_its_rows_are_gone(
    found: tuple[Dataset, list[Finding]],
) -> None:
    data, every = found
    repeats, short = (next(f for f in every if f.kind == kind) for kind in ("repeats", "short"))
    data = build(data, {**repeats.needs, **short.needs})
    whole = np.ones(data.n, bool)
    ruled = Recipe().with_step(repeats.step)
    assert status_of(data, repeats, Recipe(), whole, set()) == "open"
    assert status_of(data, repeats, ruled, run(data, ruled).mask, set()) == "done"
    assert status_of(data, short, ruled, run(data, ruled).mask, set()) == "open"
    whole[60] = False
    assert status_of(data, short, Recipe(), whole, set()) == "done"


def test_a_finding_that_was_put_away_stays_so_until_it_is_brought_back(found: tuple[Dataset, list[Finding]]) -> None:
    data, every = found
    dismiss(data.store, every[0], who="ada")
    dismiss(data.store, every[1], who="bo")
    reopen(data.store, every[1], who="bo")
    put_away = dismissed(Dataset.load(data.store).store)
    assert put_away == {every[0].id}
    whole = np.ones(data.n, bool)
    assert [status_of(data, f, Recipe(), whole, put_away) for f in every[:2]] == ["dismissed", "open"]


def test_what_matters_most_is_shown_and_no_kind_takes_over(found: tuple[Dataset, list[Finding]]) -> None:
    data, _ = found
    shown = findings(data, most=10)
    assert len(shown) == 10
    assert all(sum(f.kind == g.kind for g in shown) <= 2 for f in shown)


def test_a_clean_little_dataset_has_nothing_to_say(open_rows: Callable[..., Dataset]) -> None:
    texts = ["Ada wrote a letter", "Bo read the paper twice", "Cy went home by train"]
    assert findings(open_rows([{"text": t} for t in texts])) == []


def test_numbers_without_outliers_and_signs_without_markup_are_no_news(open_rows: Callable[..., Dataset]) -> None:
    rows = [{"text": f"{i} < {i + 1} & all is well @home no. {i}", "size": (i * 37) % 101} for i in range(101)]
    assert [f.kind for f in findings(open_rows(rows)) if f.kind in ("far out", "markup", "addresses")] == []


def test_codes_and_lists_can_be_treated_as_such(open_rows: Callable[..., Dataset]) -> None:
    rows = [{"text": f"some words {i}", "code": i % 3, "tags": ("a;b", "b", "a;c")[i % 3]} for i in range(60)]
    treats = {(f.column, f.treat, f.delimiter) for f in findings(open_rows(rows))}
    assert treats == {("code", "categories", ""), ("tags", "list", ";")}


def test_a_repeated_id_is_found(open_rows: Callable[..., Dataset]) -> None:
    rows = [{"id": f"r{i}", "text": f"some words {i}"} for i in range(40)]
    rows[7]["id"] = "r3"
    data = open_rows(rows, id="id")
    assert [rows_of(data, f) for f in findings(data) if f.kind == "ids"] == [[3, 7]]


def test_long_texts_that_repeat_are_no_classes(open_rows: Callable[..., Dataset]) -> None:
    long = "a text of many words, again and again " * 10
    data = open_rows([{"text": f"row {i}", "about": long if i < 90 else f"{i % 2} {long}"} for i in range(100)])
    assert "imbalance" not in [f.kind for f in findings(data) if f.column == "about"]


def test_a_column_that_a_pooled_file_never_had_is_no_fault_of_its_rows(tmp_path: Path) -> None:
    rows = [{"prompt": f"question {at}", "answer": f"answer {at}"} for at in range(6)]
    files = {"a": [{**row, "topic": "t"} for row in rows], "b": rows}
    for name, some in files.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in some))
    data = engine.open([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], workspace=tmp_path / "w", name="d")
    said = {f.id: f for f in findings(data)}["gaps/topic"]
    assert said.what == "'topic' is no column of 'b.jsonl': 6 rows (50%) have none."
    assert said.step is None
    assert rows_of(data, said) == [6, 7, 8, 9, 10, 11]


def test_a_column_that_lacks_values_in_the_file_that_has_it_too_is_a_gap(tmp_path: Path) -> None:
    topics = ["t", None, "t", "t", "t", "t"]
    files = {"a": [{"text": f"a {at}", "topic": topic} for at, topic in enumerate(topics)], "b": [{"text": "b"}] * 3}
    for name, some in files.items():
        (tmp_path / f"{name}.jsonl").write_text("\n".join(json.dumps(row) for row in some))
    data = engine.open([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], workspace=tmp_path / "w", name="d")
    said = {f.id: f for f in findings(data)}["gaps/topic"]
    assert said.what == "'topic' is missing in 4 rows (44%)."
    assert said.step is not None

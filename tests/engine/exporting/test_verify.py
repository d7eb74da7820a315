"""Verify: a changed byte in any file of an export is caught and named."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.manifest import Manifest, WrittenFile
from engine.exporting.rebuild import least_cosine, shared
from engine.exporting.verify import verify
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.store.files import file_digest, write_bytes
from tests.engine.exporting.exported import hard
from tests.engine.small import corpus, embedded

FILES = ["README.md", "data.parquet", "dropped.parquet", "kept.parquet", "manifest.json", "recipe.json"]


def small(folder: Path) -> Path:
    """An export of rows 2 and 3 of four, with one row pinned to go."""
    data = corpus(folder, {"n": [0, 1, 2, 3]})
    ref = data.store.write_ref("rows", {"keys": data.keys(np.array([0]))})
    recipe = Recipe(steps=(Step("number_range", {"column": "n", "low": 2}).checked(),), by_hand=ByHand(drop=ref))
    export(run(data, recipe), folder / "out")
    return folder / "out"


def wrong(folder: Path) -> list[str]:
    return [c.name for c in verify(folder).checks if not c.ok]


def test_an_export_that_nobody_touched_is_good(tmp_path: Path) -> None:
    report = verify(small(tmp_path))
    assert report.ok
    assert [c.name for c in report.checks] == [
        "manifest", "file list", "files", "recipe", "steps", "order", "counts", "columns", "artefacts", "made with",
        "row digest", "every row", "rows",
    ]  # fmt: skip


@pytest.mark.parametrize("name", [*FILES, "refs"])
@pytest.mark.parametrize("place", [0.0, 0.5, 1.0])
def test_a_changed_byte_is_caught_and_the_file_named(name: str, place: float, tmp_path: Path) -> None:
    out = small(tmp_path)
    path = next((out / "refs").iterdir()) if name == "refs" else out / name
    body = bytearray(path.read_bytes())
    at = int(place * (len(body) - 1))
    body[at] ^= 1
    path.write_bytes(bytes(body))
    if name == "manifest.json":
        try:
            said = verify(out).checks[0]
            assert not said.ok and "manifest.json" in said.words
        except EngineError as error:
            assert "manifest.json" in str(error)
    else:
        assert path.relative_to(out).as_posix() in wrong(out)


@pytest.mark.parametrize("name", [n for n in FILES if n != "manifest.json"])
def test_a_file_that_is_gone_or_cut_short_is_named(name: str, tmp_path: Path) -> None:
    out = small(tmp_path)
    (out / name).write_bytes((out / name).read_bytes()[:-1])
    assert name in wrong(out)
    (out / name).unlink()
    assert name in wrong(out)


def test_a_file_that_was_added_is_named(tmp_path: Path) -> None:
    out = small(tmp_path)
    (out / "data-2.parquet").write_bytes(b"more")
    assert wrong(out) == ["data-2.parquet"]


def forged(out: Path, name: str, table: pa.Table) -> None:
    """Put another table in place of a file, and make the manifest agree with its bytes."""
    pq.write_table(table, out / name, row_group_size=8192)
    made = Manifest.read(out)
    new = WrittenFile(name, (out / name).stat().st_size, file_digest(out / name))
    files = tuple(new if f.path == name else f for f in made.files)
    write_bytes(out / "manifest.json", replace(made, files=files).text().encode())


def test_other_rows_under_a_matching_file_digest_are_caught_by_their_content(tmp_path: Path) -> None:
    out = small(tmp_path)
    table = pq.read_table(out / "data.parquet")
    forged(out, "data.parquet", table.set_column(0, "n", pa.array([2, 4])))
    assert [c.words for c in verify(out).checks if not c.ok] == ["data.parquet: row 1 is not the row that was chosen."]


def test_kept_rows_in_another_order_are_caught_by_the_row_digest(tmp_path: Path) -> None:
    out = small(tmp_path)
    forged(out, "kept.parquet", pq.read_table(out / "kept.parquet").take([1, 0]))
    assert wrong(out) == ["row digest", "every row"]


def test_a_drop_without_a_reason_is_caught_by_the_counts(tmp_path: Path) -> None:
    out = small(tmp_path)
    forged(out, "dropped.parquet", pq.read_table(out / "dropped.parquet").slice(1))
    assert wrong(out) == ["every row"]


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_every_format_verifies(name: str, tmp_path: Path) -> None:
    turns = {"user": "text"} if EXPORTERS[name].about.parts else None
    export(run(hard(tmp_path), Recipe()), tmp_path / "out", format=name, turns=turns)
    assert wrong(tmp_path / "out") == []


def test_a_folder_that_is_no_export_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="is not an export of Winnow"):
        verify(tmp_path)


def test_overlap_counts_rows_in_both_over_rows_in_either(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"n": [0, 1, 2, 3]})
    for name, low, high in (("a", 0, 2), ("b", 1, 3)):
        step = Step("number_range", {"column": "n", "low": low, "high": high}).checked()
        export(run(data, Recipe(steps=(step,))), tmp_path / name)
    assert shared(tmp_path / "a", tmp_path / "b") == 2 / 4


def test_least_cosine_is_that_of_the_row_that_turned_most(tmp_path: Path) -> None:
    made = []
    for name, last in (("a", [1.0, 0.0]), ("b", [0.6, 0.8])):
        data = embedded(corpus(tmp_path / name, {"text": ["x", "y"]}), np.array([[0.0, 1.0], last]))
        made.append(export(run(data, Recipe()), tmp_path / name / "out", embedding="given"))
    least = least_cosine(tmp_path / "a" / "out", made[0], tmp_path / "b" / "out", made[1])
    assert least == pytest.approx(0.6, abs=1e-3)


def test_an_export_of_an_older_format_is_refused_not_called_damaged(tmp_path: Path) -> None:
    out = small(tmp_path)
    path = out / "manifest.json"
    path.write_text(path.read_text().replace('"format": 2', '"format": 1', 1))
    with pytest.raises(EngineError, match="has format 1.*Export again"):
        verify(out)

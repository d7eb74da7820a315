"""The first rows on the page are those that the file will begin with, in every format."""

import gzip
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.output import Wanted
from engine.exporting.rendered import rendered
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.exporting.exported import chats, hard, table

CELL = st.one_of(st.none(), st.text(max_size=12), st.sampled_from(["", "a\nb", 'say "x"', "-.5", "ü, 中"]))
ROWS = st.lists(st.tuples(CELL, CELL, st.one_of(st.none(), st.floats())), min_size=1, max_size=40)


def same(data: Dataset, recipe: Recipe, wanted: Wanted, folder: Path) -> None:
    """The preview against the export of all rows."""
    done = run(data, recipe)
    seen = rendered(done, wanted)
    output = {k: v for k, v in wanted.json().items() if v}
    manifest = export(done, folder, **output)  # type: ignore[arg-type]
    path = folder / manifest.data_file
    assert seen.file == manifest.data_file
    member = EXPORTERS[wanted.format]
    reads: Callable[..., object] = member.about.reads
    assert repr(seen.rows) == repr(tuple(islice(reads(path, member.check(wanted.params)), 3)))  # type: ignore[call-overload]
    if not member.about.exact:
        with pa.input_stream(str(path), compression="detect") as file:
            whole = file.read().decode()
        assert whole.startswith(seen.text)
        assert bool(seen.text) == bool(whole)
    assert len(seen.rows) == min(3, manifest.rows.written)


@pytest.mark.parametrize("name", list(EXPORTERS))
@settings(max_examples=15, deadline=None)
@given(rows=ROWS, seed=st.integers(0, 5))
def test_what_is_shown_is_what_the_file_begins_with(name: str, rows: list[tuple[object, ...]], seed: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        asked, said, number = zip(*rows, strict=True)
        columns = [
            ("q", "q", "text", "", pa.array(asked, pa.string())),
            ("a", "a", "text", "", pa.array(said, pa.string())),
            ("n", "n", "number", "", pa.array(number, pa.float64())),
        ]
        turns = {"user": "q", "assistant": "a"} if EXPORTERS[name].about.parts else {}
        recipe = Recipe(steps=(Step("random", {"budget": "80%", "seed": seed}).checked(),))
        same(table(Path(place), columns), recipe, Wanted(name, turns=turns, rank=True), Path(place) / "out")


@pytest.mark.parametrize("name", list(EXPORTERS))
def test_what_is_hard_to_write_is_shown_as_it_is_written(name: str, tmp_path: Path) -> None:
    same(chats(tmp_path) if EXPORTERS[name].about.parts else hard(tmp_path), Recipe(), Wanted(name), tmp_path / "out")


@pytest.mark.parametrize("name", [n for n, m in EXPORTERS.items() if "gzip" in str([p.choices for p in m.params])])
def test_a_packed_file_is_shown_unpacked(name: str, tmp_path: Path) -> None:
    data = chats(tmp_path)
    same(data, Recipe(), Wanted(name, {"compression": "gzip"}), tmp_path / "out")
    (path,) = (tmp_path / "out").glob("*.gz")
    assert gzip.decompress(path.read_bytes()).decode().startswith(rendered(run(data, Recipe()), Wanted(name)).text)


def test_rows_that_do_not_fit_are_passed_over_until_some_do(tmp_path: Path) -> None:
    said = [None] * 50 + ["x", "y", "z", "later"]
    data = table(
        tmp_path,
        [("q", "q", "text", "", pa.array(["?"] * 54)), ("a", "a", "text", "", pa.array(said, pa.string()))],
    )
    wanted = Wanted("sharegpt", turns={"user": "q", "assistant": "a"})
    same(data, Recipe(), wanted, tmp_path / "out")
    assert rendered(run(data, Recipe()), wanted).text.count("\n") == 3


def test_what_would_be_refused_is_refused_here_too(tmp_path: Path) -> None:
    data = table(tmp_path, [("t", "t", "text", "text", pa.array(["who?"] * 9))])
    with pytest.raises(EngineError, match="In 9 of 9 chats no user says anything"):
        rendered(run(data, Recipe()), Wanted("messages"))
    with pytest.raises(EngineError, match="which column holds what the user says"):
        rendered(run(data, Recipe()), Wanted("messages", turns={"assistant": "t"}))

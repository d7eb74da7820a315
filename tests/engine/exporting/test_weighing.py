"""Rows go out with what they weigh: in every format, checked, proven, made again."""

import shutil
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.headless import replay
from engine.exporting.verify import verify
from engine.exporting.weighing import Weight, WrittenWeights
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.exporting.tamperings import Tampering, at, fitted, put, table
from tests.engine.small import corpus

HEAVY = [0.1, 2.0, None, 0.0, 1 / 3]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weighing") / "s.csv"
    rows = [f"t{i},a{i},{'' if w is None else repr(w)},w{i}\n" for i, w in enumerate(HEAVY)]
    path.write_text("ask,say,heavy,weight\n" + "".join(rows))
    return path


@pytest.fixture(scope="module")
def data(source: Path) -> Dataset:
    return open_source(source, source.parent / "w", options=SourceOptions(text="ask"))


@pytest.mark.parametrize("format", EXPORTERS)
def test_every_format_carries_the_weight_of_each_row_and_verify_sees_another(
    data: Dataset, tmp_path: Path, format: str
) -> None:
    """A column of the source is called weight already; one row falls to a step."""
    turns = {"user": "ask", "assistant": "say"} if EXPORTERS[format].about.parts else None
    recipe = Recipe(steps=(Step("text", {"find": "t0", "do": "drop"}).checked(),))
    out = tmp_path / "out"
    made = export(run(data, recipe), out, format=format, turns=turns, weight=Weight("heavy", 1.0), rank=True)
    assert made.weights == WrittenWeights(0.0, 2.0, 3 + 1 / 3, 1, 1)
    reads = EXPORTERS[format].about.reads
    assert reads is not None
    names = [c.name for c in made.columns if c.key.endswith("weight")][-1:]
    values = [float(str(dict(row)[names[0]])) for row in reads(out / made.data_file, made.output.params)]
    assert values == [2.0, 1.0, 0.0, 1 / 3] == pq.read_table(out / "kept.parquet")["weight"].to_pylist()
    assert "0 to 2, 0.8333 on average; 1 weigh nothing; 1 without a value weigh 1" in (out / "README.md").read_text()
    assert verify(out).ok
    file = out / made.data_file
    if file.suffix != ".parquet":
        file.write_bytes(file.read_bytes().replace(repr(1 / 3).encode(), repr(0.3).encode()))
    else:
        table(file.name, put(3, winnow_weight=0.3))(out)
    fitted(out)
    assert [c.name for c in verify(out).checks if not c.ok] == ["rows"]


def test_it_is_asked_for_on_the_command_line_and_replayed_and_rebuilt(
    data: Dataset, source: Path, tmp_path: Path
) -> None:
    words = ["--weight", "heavy", "--weight-missing", "0.5", "--out", str(tmp_path / "out"), "--quiet"]
    assert main(["export", data.name, "--workspace", str(source.parent / "w"), *words]) == 0
    assert verify(tmp_path / "out", rebuild=True).ok
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.output.weight == Weight("heavy", 0.5) and again.weights is not None and again.weights.filled == 1
    assert main(["export", data.name, "--workspace", str(source.parent / "w"), *words[2:]]) == 2
    # What nobody measured yet is measured for it.
    long = replay(tmp_path / "out", [source], tmp_path / "long", output={"weight": {"column": "characters"}})
    assert long.weights == WrittenWeights(2.0, 2.0, 10.0, 0, 0)
    for place, tamper in TAMPERED.items():
        copy = shutil.copytree(tmp_path / "out", tmp_path / place)
        tamper(copy)
        assert not verify(copy).ok, place


TAMPERED: dict[str, Tampering] = {
    "most": at("weights.most", 3.0),
    "filled": at("weights.filled", 9),
    "none": at("weights", None),
    "kept": table("kept.parquet", put(0, weight=0.2)),
    "below nothing": table("kept.parquet", put(0, weight=-1.0)),
    "another missing": at("output.weight.missing", 0.4),
}


@pytest.mark.parametrize(
    ("values", "missing", "why"),
    [
        ([1.0, -0.5], None, "1 rows have a value.*row 1: -0.5"),
        ([float("inf"), 1.0], 1.0, "finite and not below 0"),
        ([1.0, None], None, "1 of 2 rows have no value.*--weight-missing 1"),
        ([1e308, 1e308], None, "too large to be added up"),
        (["a", "b"], None, "holds text, which weighs nothing"),
    ],
)
def test_what_is_no_weight_is_refused_with_the_way_out(
    tmp_path: Path, values: list[object], missing: float | None, why: str
) -> None:
    data = corpus(tmp_path, {"heavy": values})
    with pytest.raises(EngineError, match=why):
        export(run(data, Recipe()), tmp_path / "out", weight=Weight("heavy", missing))
    assert not (tmp_path / "out").exists()
    with pytest.raises(EngineError, match="Take a number from 0 on"):
        Weight.from_json({"column": "heavy", "missing": -1})


def test_weights_are_those_of_the_rows_in_their_order(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"repeats": [1, 5, 0]})
    assert Weight("repeats").of(data, np.array([2, 0])).tolist() == [0.0, 1.0]

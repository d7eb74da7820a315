"""Soft labels go out beside the rows, with the weight that is advised for the share kept; proven and made again."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.softening import Soft, Told, can_be_soft
from engine.exporting.verify import verify
from engine.labels import advised_weight
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.exporting.tamperings import Tampering, at
from tests.engine.small import circle, corpus, embedded

SOFT = Soft("label", "given", 1)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Two heaps of ten, and a row that lies in the first and says the second; one row has no vector."""
    angles = [*range(0, 20, 2), *range(90, 110, 2), 5.0]
    vectors = np.vstack([circle(angles), [[np.nan, np.nan]]])
    labels = ["a"] * 10 + ["b"] * 11 + ["a"]
    return embedded(
        corpus(tmp_path_factory.mktemp("soft"), {"label": labels, "other": ["u", "v"] * 11, "n": list(range(22))}),
        vectors,
    )


def soft_of(row: dict[str, object]) -> dict[str, float]:
    """A soft label as it was read back: objects of JSON as pairs, cells of CSV as text."""
    said = row["soft_label"]
    found = json.loads(said) if isinstance(said, str) and said else said
    objects = [dict(each) for each in found or ()]
    return {str(one["label"]): float(one["probability"]) for one in objects}


@pytest.mark.parametrize("format", EXPORTERS)
def test_each_row_goes_out_with_what_the_others_take_it_for(data: Dataset, tmp_path: Path, format: str) -> None:
    turns = {"user": "text", "assistant": "label"} if EXPORTERS[format].about.parts else None
    recipe = Recipe(steps=(Step("number_range", {"column": "n", "low": 11}).checked(),))
    made = export(run(data, recipe), tmp_path / "out", format=format, turns=turns, soft=SOFT)
    reads = EXPORTERS[format].about.reads
    assert reads is not None
    said = [soft_of(dict(row)) for row in reads(tmp_path / "out" / made.data_file, made.output.params)]
    assert ["".join(one) for one in said] == ["b"] * 9 + ["a", ""]
    assert all(0.5 < chance <= 1 for one in said for chance in one.values())
    advice = advised_weight(0.5)
    assert made.soft is not None
    assert (made.soft.labels, made.soft.without, made.soft.weight) == (2, 1, advice.weight)
    card = (tmp_path / "out" / "README.md").read_text()
    assert "1 rows have none" in card and "0.33 for the soft labels" in card
    assert {"given", "graph@given"} <= {a.key for a in made.artefacts}
    assert verify(tmp_path / "out").ok
    assert Soft("other", "given", 1).of(data).labels == ("u", "v")  # nothing of one column is taken for another's


def test_they_are_asked_for_on_the_command_line_and_made_again_from_the_source_alone(tmp_path: Path) -> None:
    source, place = tmp_path / "s.csv", ["--workspace", str(tmp_path / "w"), "--quiet"]
    words = {"a": "tea cup pot", "b": "oak pine fir"}
    source.write_text("text,label\n" + "".join(f"{words[k]} {i},{k}\n" for i in range(15) for k in "ab"))
    assert main(["open", str(source), "--text", "text", *place]) == 0
    assert main(["embed", "s", "--embedder", "lexical", *place]) == 0
    out, soft = tmp_path / "out", ["--soft-label", "label", "--soft-embedding", "lexical", "--soft-most", "2"]
    assert main(["export", "s", *soft, "--out", str(out), *place]) == 0
    assert verify(out, rebuild=True).ok
    assert main(["export", "s", "--soft-label", "label", "--out", str(tmp_path / "none"), *place]) == 2
    for name, tamper in TAMPERED.items():
        copy = shutil.copytree(out, tmp_path / name)
        tamper(copy)
        assert not verify(copy).ok, name


TAMPERED: dict[str, Tampering] = {
    "weight": at("soft.weight", 0.9),
    "none": at("soft", None),
    "without": at("soft.without", 99),
    "most": at("output.soft.most", 3),
}


def test_they_are_offered_where_doubt_was_measured_and_refused_where_nothing_can_be_told(
    data: Dataset, tmp_path: Path
) -> None:
    assert can_be_soft(data) == {}
    made = spec("signal", "label_doubt", {"embedding": "given", "label": "label"})
    assert can_be_soft(build(data, {key_of(made): made})) == {"label": ("given",)}
    one = embedded(corpus(tmp_path, {"label": ["a", "a"]}), circle([0, 90]))
    with pytest.raises(EngineError, match="two labels"):
        export(run(one, Recipe()), tmp_path / "out", soft=SOFT)
    with pytest.raises(EngineError, match="1 to 1,000"):
        Soft.from_json({"label": "label", "embedding": "given", "most": 0})
    with pytest.raises(EngineError, match="cannot be masked"):
        export(run(data, Recipe()), tmp_path / "o", soft=SOFT, mask={"kinds": {"emails": "x"}, "columns": ["label"]})


def test_a_label_of_no_probability_is_left_out_and_an_unknown_row_has_none() -> None:
    told = Told(("a", "b"), "linear", np.array([[1, 0], [0, 1], [0, 1]]), np.array([[1, 0], [0.6, 0.4], [np.nan] * 2]))
    assert told.values(np.array([2, 0, 1])).to_pylist() == [
        None,
        [{"label": "b", "probability": 1.0}],
        [{"label": "a", "probability": 0.6}, {"label": "b", "probability": 0.4}],
    ]

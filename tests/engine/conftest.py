"""What the engine's tests share: a small dataset whose every value can be known by heart."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.dataset.dataset import Dataset
from engine.opening.open import open_source
from engine.opening.options import SourceOptions

SMALL = [
    # id, text, length, price, kind, label, day, likes
    ("a1", "The cat sat on the mat", 22, 1.5, "animal", 0, "2020-01-01", ["fish"]),
    ("a2", "The dog ran in the park", 23, 2.5, "animal", 0, "2020-01-02", ["meat", "bone"]),
    ("a3", "The cat sat on the mat", 22, None, "animal", 0, "2020-01-03", []),
    ("b1", "Bread is baked with flour", 25, 3.0, "food", 1, "2020-02-01", ["jam"]),
    ("b2", "Cheese is made from milk", 24, 4.0, "food", 1, "2020-02-02", None),
    ("b3", "Soup is best when hot", 21, 5.0, "food", 1, None, ["bread", "salt"]),
    ("c1", "Stars shine in the night sky", 28, 10.0, "space", 2, "2021-03-01", ["moon"]),
    ("c2", "The moon circles the earth", 26, 20.0, "space", 2, "2021-03-02", ["stars"]),
    ("c3", "A comet has a long tail", 23, 30.0, "space", 2, "2021-03-03", None),
    ("d1", "Ünïcödé wörds, too", 18, None, None, 3, "2022-04-01", None),
    ("d2", "", 0, 0.0, "empty", 3, "2022-04-02", None),
    ("d3", None, None, -1.0, "empty", 3, "2022-04-03", None),
]
NAMES = ("id", "text", "length", "price", "kind", "label", "day", "likes")


@pytest.fixture
def small_dataset(tmp_path: Path) -> Dataset:
    """12 rows opened from JSON lines, as `SMALL` lists them, in the workspace `tmp_path / "workspace"`, name `small`.

    Columns: id (text, role id: the row keys are "a1" … "d3"), text (the text view; rows 0 and 2 are equal, row 10 is
    empty, row 11 missing), length (integer, row 11 missing), price (number, rows 2 and 9 missing), kind (text of few
    values, row 9 missing), label (integer codes 0 to 3, three rows each), day (date, row 5 missing), likes (list).
    """
    return make_small(tmp_path)


@pytest.fixture
def open_rows(tmp_path: Path) -> Callable[..., Dataset]:
    """Opens rows given as dictionaries: `open_rows([{"text": "a"}], name="mine", text="text")`."""

    def open_(rows: list[dict[str, object]], *, name: str = "mine", **options: object) -> Dataset:
        path = tmp_path / f"{name}.jsonl"
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        return open_source(path, tmp_path / "workspace", options=SourceOptions(**options))  # type: ignore[arg-type]

    return open_


def make_small(folder: Path) -> Dataset:
    """The dataset of `small_dataset` in a folder of one's own."""
    path = folder / "small.jsonl"
    rows = [dict(zip(NAMES, row, strict=True)) for row in SMALL]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return open_source(path, folder / "workspace", options=SourceOptions(id="id", text="text"))

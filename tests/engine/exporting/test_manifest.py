"""The manifest: its names are frozen, and a changed byte in it shows."""

from pathlib import Path

import pytest

from engine.errors import Damaged, EngineError
from engine.exporting.export import export
from engine.exporting.manifest import Manifest, is_export
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.small import corpus

FIELDS = {
    "format": None,
    "writer": None,
    "name": None,
    "created": None,
    "source": {"dataset", "revision", "fingerprint", "rows", "rejected", "files", "drift", "rows_read", "options"},
    "recipe": {"file", "digest", "refs"},
    "steps": {"step", "do", "name", "sentence", "before", "kept", "dropped", "alone", "only", "notes"},
    "rows": {"total", "kept", "dropped", "written", "unfit", "digest"},
    "members": {"number_range", "parquet"},
    "seeds": set(),
    "artefacts": {"key", "family", "identity", "origin", "notes", "files"},
    "versions": None,
    "output": {"format", "params", "columns", "embedding", "vector_type", "signals", "marks", "rank", "turns"},
    "data_file": None,
    "columns": {"name", "key", "type", "origin", "held"},
    "files": {"path", "bytes", "sha256"},
    "command": None,
    "python": None,
    "changes": None,
    "order": {"step", "do", "seed", "shuffled"},
    "digest": None,
}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    recipe = Recipe(steps=(Step("number_range", {"column": "n", "low": 1}).checked(),))
    export(run(corpus(tmp_path, {"n": [0, 1, 2]}), recipe), tmp_path / "out")
    return tmp_path / "out"


def test_the_names_of_its_fields_are_frozen(out: Path) -> None:
    import json

    body = json.loads((out / "manifest.json").read_text())
    assert list(body) == list(FIELDS)
    assert (body["format"], body["writer"]) == (2, "winnow")
    for name, inside in FIELDS.items():
        if inside is not None:
            one = body[name][0] if isinstance(body[name], list) else body[name]
            assert set(one) == inside, name


def test_it_reads_back_as_it_was_written(out: Path) -> None:
    made = Manifest.read(out)
    assert made.text() == (out / "manifest.json").read_text()
    assert made.rows.kept == 2


@pytest.mark.parametrize(
    ("before", "after"), [('"kept": 2', '"kept": 3'), ("\n}", "\n }"), ('"writer": ', '"writer":  ')]
)
def test_a_changed_byte_shows(before: str, after: str, out: Path) -> None:
    path = out / "manifest.json"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))
    with pytest.raises(Damaged, match="has been changed"):
        Manifest.read(out)


def test_a_manifest_of_a_format_from_the_future_says_so(out: Path) -> None:
    path = out / "manifest.json"
    path.write_text(path.read_text().replace('"format": 2', '"format": 3', 1))
    with pytest.raises(EngineError, match="has format 3; this version of Winnow reads format 2"):
        Manifest.read(out)


def test_a_folder_of_others_is_no_export(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web page"}')
    assert not is_export(tmp_path)

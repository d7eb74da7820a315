"""Specs: paths that mean the same from every folder, and the fence around them."""

from pathlib import Path

import numpy as np
import pytest

from engine.building.build import build
from engine.building.key_names import key_of
from engine.building.spec import check_paths, spec
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.verify import verify
from engine.opening import open_source
from engine.recipe.recipe import Recipe
from engine.recipe.run import run


def path_of(typed: str) -> object:
    return spec("embedding", "given", {"path": typed}).params["path"]


def model_of(typed: str) -> object:
    return spec("embedding", "sentence", {"model": typed}).params["model"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, `in`, with `v.npy`; beside it lies `out`, empty, and `home`."""
    for name in ("in", "out", "home"):
        (tmp_path / name).mkdir()
    np.save(tmp_path / "in" / "v.npy", np.eye(3, dtype=np.float32))
    monkeypatch.chdir(tmp_path / "in")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path / "in"


def test_a_path_to_what_is_there_is_made_whole(here: Path) -> None:
    assert path_of("v.npy") == path_of("./v.npy") == path_of(f"{here}/v.npy") == f"{here}/v.npy"
    assert path_of("../in/v.npy") == f"{here}/../in/v.npy"
    (here.parent / "home" / "w.npy").touch()
    assert path_of("~/w.npy") == f"{here.parent}/home/w.npy"
    assert path_of("gone.npy") == "gone.npy"


def test_the_id_of_a_model_stays_as_it_is_unless_a_folder_is_called_so(here: Path) -> None:
    assert (model_of(""), model_of("org/name")) == ("", "org/name")
    (here / "org" / "name").mkdir(parents=True)
    assert model_of("org/name") == f"{here}/org/name"


def test_files_of_long_paths_have_keys_of_their_own(here: Path) -> None:
    keys = []
    for name in ("a.npy", "b.npy"):
        (here / name).touch()
        keys.append(key_of(spec("embedding", "given", {"path": name})))
    assert keys[0] != keys[1]
    assert keys[0].startswith("given(path=…") and keys[0].endswith("/in/a.npy)")


def test_an_export_with_vectors_of_a_file_is_made_again_from_another_folder(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "three.csv").write_text("text\none\ntwo\nthree\n")
    data = open_source("three.csv", here / "w")
    data = build(data, {"mine": spec("embedding", "given", {"path": "v.npy"})})
    export(run(data, Recipe()), here / "chosen", embedding="mine")
    monkeypatch.chdir(here.parent / "out")
    assert [c.words for c in verify(here / "chosen", rebuild=True).checks if not c.ok] == []


@pytest.mark.parametrize("typed", ["../out/v.npy", "~/v.npy", "../v.npy", "org/../../v.npy", "link/v.npy"])
def test_vectors_from_outside_are_refused_also_before_they_are_there(typed: str, here: Path) -> None:
    (here / "link").symlink_to(here.parent / "out")
    with pytest.raises(EngineError, match="outside the allowed folders"):
        check_paths([spec("embedding", "given", {"path": typed})], [here])


@pytest.mark.parametrize("typed", ["../model", "~/model", "./../model", "a/../../model", "org/linked"])
def test_a_model_from_outside_is_refused_also_before_it_is_there(typed: str, here: Path) -> None:
    (here / "org").mkdir()
    (here / "org" / "linked").symlink_to(here.parent / "out")
    with pytest.raises(EngineError, match="outside the allowed folders"):
        check_paths([spec("embedding", "sentence", {"model": typed})], [here])


def test_what_lies_inside_and_the_id_of_a_model_are_let_through(here: Path) -> None:
    paths = [spec("embedding", "given", {"path": typed}) for typed in ("v.npy", "gone.npy", "sub/gone.npy")]
    models = [spec("embedding", "sentence", {"model": typed}) for typed in ("", "org/name")]
    check_paths([*paths, *models, spec("signal", "words"), spec("graph", on="minilm")], [here])
    with pytest.raises(EngineError, match="outside the allowed folders"):  # what is no model is no id either
        check_paths([spec("embedding", "given", {"path": "org/name"})], [here.parent / "out"])

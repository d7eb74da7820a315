"""Who may import whom: the one description of the house that cannot go stale."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"engine", "indexes", "ui", "pages", "app"}
GUARDED = {"streamlit", "plotly", "faiss"}
# They take seconds to import, and `winnow --help` answers at once: inside functions only.
HEAVY = {
    *("torch", "transformers", "sentence_transformers", "umap", "pynndescent", "numba", "hdbscan", "sklearn", "faiss"),
    *("duckdb", "tantivy", "openvino", "onnx", "onnxruntime"),
}
FAMILIES = {
    *("sources", "edits", "embedders", "maps", "clusters", "signals", "models", "pairs"),
    *("filters", "selectors", "exporters"),
}
PAGE_LINES = 120

# What every member of a family may know. Beside it stands arithmetic: modules that import nothing of ours but these.
COMMON = {"engine.dataset", "engine.errors", "engine.registry", "engine.doctor"}

# room -> what it may import of ours (rooms, exact modules; the door = the names that engine/__init__.py offers), and of
# the guarded packages
ROOMS: dict[str, tuple[set[str], set[str]]] = {
    "indexes": ({"indexes"}, {"faiss"}),
    # A selector may make a graph of the rows left: indexes know nothing of ours.
    "plug-in": (COMMON | {"arithmetic", "indexes"}, set()),
    "engine": ({"engine", "indexes"}, set()),
    "ui": ({"ui", "the door"}, {"streamlit", "plotly"}),
    "pages": ({"ui", "the door"}, {"streamlit", "plotly"}),
    "app": (set(), {"streamlit"}),
}


@dataclass(frozen=True)
class Import:
    """One import: where, what (the longest name that is a module of ours), as which name of the door, in a function."""

    line: int
    target: str
    door: str
    in_function: bool


def room_of(path: str) -> str:
    """The room that a file stands in; a member of a family is a plug-in, the list of a family is of the engine."""
    parts = path.removesuffix(".py").split("/")
    if parts[0] == "engine" and len(parts) == 3 and parts[1] in FAMILIES and parts[2] != "__init__":
        return "plug-in"
    return parts[0]


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imports(path: str, source: str, modules: set[str]) -> Iterator[Import]:
    """Every import of a file; `from engine import recipe` counts as `engine.recipe` where that is a module."""
    package = module_of(path) if path.endswith("__init__.py") else module_of(path).rpartition(".")[0]

    def walk(node: ast.AST, in_function: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for name in child.names:
                    yield Import(child.lineno, name.name, "", in_function)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    base = ".".join([*package.split(".")[: len(package.split(".")) - child.level + 1], base]).strip(".")
                for name in child.names:
                    full = f"{base}.{name.name}"
                    door = name.name if base == "engine" else ""
                    yield Import(child.lineno, full if full in modules else base, door, in_function)
            elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                yield from walk(child, True)  # seen by the type checker only
            else:
                inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                yield from walk(child, inside)

    yield from walk(ast.parse(source), False)


def offered(door: str) -> set[str]:
    """The names in the `__all__` of the door."""
    lists = [
        n.value for n in ast.parse(door).body if isinstance(n, ast.Assign) and ast.unparse(n.targets[0]) == "__all__"
    ]
    return {name for found in lists for name in ast.literal_eval(found)}


def arithmetic(files: Mapping[str, str], modules: set[str]) -> set[str]:
    """The modules straight in engine/ that know no plug-in, recipe or store: they import `COMMON` and each other."""
    knows = {
        module_of(path): {i.target for i in imports(path, source, modules) if i.target.split(".")[0] in OURS} - COMMON
        for path, source in files.items()
        if path.startswith("engine/") and path.count("/") == 1 and module_of(path) not in ("engine", "engine.store")
    }
    while spoiled := {module for module, known in knows.items() if known - knows.keys()}:
        knows = {module: known for module, known in knows.items() if module not in spoiled}
    return set(knows)


def may(importer: str, item: Import, allowed: set[str], names: set[str], sums: set[str]) -> bool:
    """Whether a room that may import `allowed` may have this import of ours."""
    top = item.target.split(".")[0]
    if top in allowed or item.target in allowed:
        return True
    if "the door" in allowed and top == "engine":
        return item.door in names or (item.target == "engine" and not item.door)
    # What a family's members share stands beside them under a name with an underscore.
    parent, _, name = item.target.rpartition(".")
    beside = parent == importer.rpartition(".")[0] and name.startswith("_")
    return "arithmetic" in allowed and (item.target in sums or beside)


def violations(files: Mapping[str, str]) -> list[str]:
    """Each broken rule as `path:line: what`, over files given as path -> source."""
    modules = {module_of(path) for path in files}
    names, sums = offered(files.get("engine/__init__.py", "")), arithmetic(files, modules)
    found: list[str] = []
    for path, source in sorted(files.items()):
        room = room_of(path)
        if room == "pages" and source.count("\n") > PAGE_LINES:
            found.append(f"{path}: {source.count(chr(10))} lines; a page asks, calls, shows")
        for item in imports(path, source, modules):
            top, where = item.target.split(".")[0], f"{path}:{item.line}"
            if top in OURS and not may(module_of(path), item, ROOMS[room][0], names, sums):
                found.append(f"{where}: {room} imports {item.target}")
            if top in GUARDED and top not in ROOMS[room][1]:
                found.append(f"{where}: {room} imports {top}")
            elif top in HEAVY and not item.in_function and room != "pages":
                found.append(f"{where}: {top} is heavy: import it inside the function that needs it")
            if room == "pages" and top in HEAVY | {"numpy"}:
                found.append(f"{where}: a page does no {top} work")
    return list(dict.fromkeys(found))


def our_files() -> dict[str, str]:
    """Every Python file of the rooms, as git knows them; all that lie there when this is no checkout."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    names = (
        listed.stdout.split("\n") if listed.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*.py")]
    )
    names = [n for n in names if n.removesuffix(".py").split("/")[0] in OURS and (ROOT / n).is_file()]
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in names}


def test_every_file_imports_only_what_its_room_may() -> None:
    assert violations(our_files()) == []


HOUSE = {
    "engine/__init__.py": "__all__ = ['EngineError', 'recipe']",
    "engine/words.py": "from engine.errors import EngineError",
    "engine/store.py": "from engine.words import split",
    "engine/recipe.py": "from engine.filters import FILTERS",
    "engine/filters/__init__.py": "from engine.filters.regex import regex",
    "engine/filters/regex.py": "",
    "ui/charts.py": "",
}


@pytest.mark.parametrize(
    ("path", "source", "broken"),
    [
        ("engine/store.py", "import streamlit as st", "engine/store.py:1: engine imports streamlit"),
        ("engine/store.py", "def f():\n    import faiss", "engine/store.py:2: engine imports faiss"),
        ("engine/store.py", "from ui.charts import bar", "engine/store.py:1: engine imports ui.charts"),
        (
            "engine/store.py",
            "import torch",
            "engine/store.py:1: torch is heavy: import it inside the function that needs it",
        ),
        (
            "engine/filters/length.py",
            "from engine import store",
            "engine/filters/length.py:1: plug-in imports engine.store",
        ),
        (
            "engine/filters/length.py",
            "from .regex import f",
            "engine/filters/length.py:1: plug-in imports engine.filters.regex",
        ),
        (
            "indexes/exact.py",
            "from engine.errors import EngineError",
            "indexes/exact.py:1: indexes imports engine.errors",
        ),
        ("ui/drawer.py", "from engine import store", "ui/drawer.py:1: ui imports engine.store"),
        ("ui/drawer.py", "from engine.recipe import Step", "ui/drawer.py:1: ui imports engine.recipe"),
        ("pages/open.py", "import numpy as np", "pages/open.py:1: a page does no numpy work"),
        ("pages/open.py", "from pages.explore import x", "pages/open.py:1: pages imports pages.explore"),
        ("pages/open.py", "x = 1\n" * 121, "pages/open.py: 121 lines; a page asks, calls, shows"),
        ("app.py", "import ui", "app.py:1: app imports ui"),
    ],
)
def test_a_planted_violation_is_found(path: str, source: str, broken: str) -> None:
    assert violations(HOUSE | {path: source}) == [broken]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("engine/embedders/sentence.py", "def f():\n    import torch"),
        ("engine/embedders/sentence.py", "from engine.embedders._runtime import Runtime"),
        ("engine/filters/length.py", "from engine.words import split\nfrom engine import words"),
        ("ui/drawer.py", "import engine\nfrom engine import EngineError, recipe\nimport plotly.graph_objects as go"),
        ("pages/open.py", "import streamlit as st\nimport engine\nfrom ui.page import page"),
        ("engine/search.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tantivy"),
    ],
)
def test_what_is_allowed_is_not_reported(path: str, source: str) -> None:
    assert violations(HOUSE | {path: source}) == []


def test_the_door_opens_without_heavy_packages() -> None:
    code = f"import engine, engine.cli, sys; print(sorted({HEAVY | GUARDED | {'pandas'}!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.sub(r"\s", "", done.stdout) == "[]"

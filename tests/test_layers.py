"""Who may import whom: the one description of the house that cannot go stale."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
OURS = {"engine", "indexes", "ui", "pages", "app", "navigation"}
# They take seconds to import, and `winnow --help` answers at once: inside functions only.
HEAVY = {
    *(
        "torch",
        "transformers",
        "sentence_transformers",
        "umap",
        "openTSNE",
        "pynndescent",
        "numba",
        "hdbscan",
        "sklearn",
        "faiss",
    ),
    *("duckdb", "tantivy", "openvino", "onnx", "onnxruntime"),
}
# Packages that only these may import.
GUARDED = {
    "faiss": {"indexes"},
    "streamlit": {"ui", "pages", "app", "navigation"},
    "plotly": {"ui", "pages"},
}
FLAT = (
    *("engine/__init__.py", "engine/cache.py", "engine/compiled.py", "engine/errors.py", "engine/progress.py"),
    "engine/registry.py",
)
PAGE_LINES, FACE_LINES = 120, 100
FLOORS = 15

# The order of the rooms is the flow of the data: a file imports from its own room or from rooms above it in this list.
ORDER = (
    *(
        "indexes",
        "engine.errors",
        "engine.progress",
        "engine.cache",
        "engine.compiled",
        "engine.registry",
        "engine.store",
        "engine.text",
    ),
    *("engine.dataset", "engine.marks", "engine.opening", "engine.vectors", "engine.models", "engine.pairs"),
    *("engine.signals", "engine.labels"),
    *("engine.maps", "engine.topics", "engine.recipe", "engine.building", "engine.look", "engine.exporting"),
    *("engine.jobs", "engine", "engine.commands"),
    *("ui", "ui.widgets", "ui.map", "ui.reader", "ui.frame", "ui.open", "ui.overview", "ui.explore", "ui.clean"),
    *("ui.review", "ui.choose", "ui.export", "pages"),
)
# What Streamlit starts: the server's file knows the door, the pages' file knows nobody.
ENTRANCES = {"app": {"ui.frame.door"}, "navigation": set()}
# What belongs to one page: no other page's part may know it.
OF_A_PAGE = {"ui.open", "ui.overview", "ui.explore", "ui.clean", "ui.review", "ui.choose", "ui.export"}
# What a member of a family must not know. What it may: other rooms above it, and the arithmetic of its own.
NOT_FOR_MEMBERS = {"engine.store", "engine.marks", "engine.progress", "engine.cache"}


@dataclass(frozen=True)
class Import:
    """One import: where, which module of ours (or which package), which name of it, whether inside a function."""

    line: int
    target: str
    name: str
    in_function: bool


@dataclass(frozen=True)
class House:
    """The files of the rooms, path -> source."""

    files: Mapping[str, str]

    @cached_property
    def modules(self) -> dict[str, str]:
        """Module -> path."""
        return {module_of(path): path for path in self.files}

    @cached_property
    def faces(self) -> dict[str, set[str]]:
        """Package -> the names that its `__init__.py` hands on."""
        return {module_of(p): names_in(source) for p, source in self.files.items() if p.endswith("__init__.py")}

    @cached_property
    def members(self) -> set[str]:
        """The modules that hold a member of a family: its facts stand beside it, as `ABOUT`."""
        held = (p for p, s in self.files.items() if re.search(r"^ABOUT\b", s, re.M) and p.startswith("engine/"))
        return {module_of(p) for p in held}

    @cached_property
    def imports(self) -> dict[str, list[Import]]:
        """Module -> its imports."""
        return {module_of(path): list(self._imports(path, source)) for path, source in self.files.items()}

    def _imports(self, path: str, source: str) -> Iterator[Import]:
        package = module_of(path) if path.endswith("__init__.py") else module_of(path).rpartition(".")[0]

        def walk(node: ast.AST, in_function: bool) -> Iterator[Import]:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Import):
                    for name in child.names:
                        yield Import(child.lineno, name.name, "", in_function)
                elif isinstance(child, ast.ImportFrom):
                    parts = package.split(".")
                    above = parts[: len(parts) - child.level + 1] if child.level else []
                    base = ".".join([*above, *([child.module] if child.module else [])])
                    for name in child.names:
                        full = f"{base}.{name.name}"
                        # A face may hand on a function that is called as its file is: then that is what is meant.
                        handed = name.name in self.faces.get(base, ()) and package != base
                        is_module = full in self.modules and not handed
                        yield Import(
                            child.lineno, full if is_module else base, "" if is_module else name.name, in_function
                        )
                elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
                    yield from walk(child, True)  # seen by the type checker only
                else:
                    inside = in_function or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                    yield from walk(child, inside)

        return walk(ast.parse(source), False)

    @cached_property
    def arithmetic(self) -> set[str]:
        """Modules that members may share: they know no member of their room, and nothing that one must not know."""
        knows = {
            module: {i.target for i in found if i.target.startswith("engine.")}
            for module, found in self.imports.items()
            if module not in self.members and not self.modules[module].endswith("__init__.py")
        }
        lists = {m for m in self.faces if any(i.target in self.members for i in self.imports[m])}
        unfit = lists | self.members
        bad = {
            m
            for m, known in knows.items()
            if any(room_of(k) in NOT_FOR_MEMBERS or k in unfit and room_of(k) == room_of(m) for k in known)
        }
        while more := {m for m, known in knows.items() if m not in bad and known & bad}:
            bad |= more
        return knows.keys() - bad


def module_of(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def is_compiled(module: str) -> bool:
    """Whether it is a file of loops for numba, which it may import at its top: it is heavy itself."""
    return ".kernels." in f"{module}."


def room_of(module: str) -> str:
    """The room that a module stands in: `engine.recipe` for `engine.recipe.filters.sql`."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in ("engine", "ui") else parts[0]


def names_in(source: str) -> set[str]:
    """What can be imported from a file: what it imports, defines, or lists as handed on."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            found |= {name.asname or name.name for name in node.names}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {ast.unparse(target) for target in targets}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
    return found


def violations(house: House) -> list[str]:
    """Each broken rule as `path:line: what`."""
    found: list[str] = []
    for module, path in sorted(house.modules.items(), key=lambda pair: pair[1]):
        room, lines = room_of(module), house.files[path].count("\n")
        if room == "pages" and lines > PAGE_LINES:
            found.append(f"{path}: {lines} lines; a page asks, calls, shows")
        if path.endswith("__init__.py") and not room.startswith("ui") and lines > FACE_LINES and path not in FLAT:
            found.append(f"{path}: {lines} lines; a face is one sentence and names")
        if path.count("/") == 1 and path.startswith("engine/") and path not in FLAT:
            found.append(f"{path}: lies flat in engine/; which room is it?")
        for item in house.imports[module]:
            top, where = item.target.split(".")[0], f"{path}:{item.line}"
            if top in OURS:
                found += [f"{where}: {said}" for said in wrong(house, module, item)]
            if is_compiled(item.target) and not is_compiled(module) and not item.in_function:
                found.append(f"{where}: {item.target} is compiled when imported: import it inside the function")
            if top in GUARDED and room.split(".")[0] not in GUARDED[top]:
                found.append(f"{where}: {room} imports {top}")
            elif top in HEAVY and not item.in_function and room != "pages" and not is_compiled(module):
                found.append(f"{where}: {top} is heavy: import it inside the function that needs it")
            if room == "pages" and top in HEAVY | {"numpy"}:
                found.append(f"{where}: a page does no {top} work")
    return list(dict.fromkeys(found))


def wrong(house: House, module: str, item: Import) -> Iterator[str]:
    """What is wrong with one import of ours."""
    room, there = room_of(module), room_of(item.target)
    if module in ENTRANCES:
        if item.target not in ENTRANCES[module]:
            yield f"{module} imports {item.target}"
    elif room == there == "pages" or {room, there} <= OF_A_PAGE and room != there:
        yield f"a page imports another page, {item.target}"
    elif room == "indexes" and there != room:
        yield f"indexes imports {item.target}: it may not know the engine"
    elif there == "engine" and room.startswith("engine.") and room != "engine.commands":
        yield f"{room} goes through the front door: import the room"
    elif ORDER.index(there) > ORDER.index(room):
        yield f"{room} imports {there}, which stands below it"
    elif there != room and item.target != there and not there.startswith("ui."):
        yield f"{room} reaches into {there}: {item.target} is not its face"
    elif (
        there != room
        and item.name
        and there.startswith("engine.")
        and item.name not in house.faces.get(there, item.name)
    ):
        yield f"{there} does not hand on {item.name}"
    if module in house.members:
        if there in NOT_FOR_MEMBERS:
            yield f"a member imports {there}"
        elif item.target in house.members - {module}:
            yield f"a member imports another, {item.target}"
        elif there == room and item.target not in house.arithmetic | house.members:
            yield f"a member imports {item.target}, which is no arithmetic"


def circles(house: House) -> list[list[str]]:
    """Files that import each other in a loop; a loop over two rooms would break the order already."""
    inside = {
        m: {i.target for i in found if i.target in house.modules and i.target != m}
        for m, found in house.imports.items()
    }
    left = dict(inside)
    while ends := [m for m, known in left.items() if not known & left.keys()]:
        for m in ends:
            del left[m]
    while tops := [m for m in left if not any(m in known for known in left.values())]:
        for m in tops:
            del left[m]
    return [sorted(left)] if left else []


def floors(house: House) -> dict[str, int]:
    """How high each room stands: one above the highest that it imports. The screen counts as one room."""

    def wing(module: str) -> str:
        return "ui" if module.startswith("ui.") else room_of(module)

    below: dict[str, set[str]] = {}
    for module, found in house.imports.items():
        room = wing(module)
        below.setdefault(room, set()).update(wing(i.target) for i in found if i.target.split(".")[0] in OURS)
        below[room].discard(room)
    height: dict[str, int] = {}
    for room in [r for r in ORDER if r in below]:
        height[room] = 1 + max((height.get(r, 0) for r in below[room]), default=0)
    return height


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


@pytest.fixture(scope="module")
def house() -> House:
    return House(our_files())


def test_every_file_imports_only_what_its_room_may(house: House) -> None:
    assert violations(house) == []


def test_no_files_import_each_other_in_a_circle(house: House) -> None:
    assert circles(house) == []


def test_the_house_has_no_more_floors_than_it_needs(house: House) -> None:
    assert max(floors(house).values()) <= FLOORS


def test_every_room_stands_in_the_order(house: House) -> None:
    assert {room_of(m) for m in house.modules} - ENTRANCES.keys() == set(ORDER)


def test_loops_that_count_no_arrays_give_none_back(house: House) -> None:
    loops = [
        loop
        for path, source in house.files.items()
        if is_compiled(module_of(path))
        for loop in ast.parse(source).body
        if isinstance(loop, ast.FunctionDef) and "uncounted" in map(ast.unparse, loop.decorator_list)
    ]
    assert loops
    plain = {"None", "int", "bool", "np.uint64", "np.int64", "float"}
    given = {loop.name: re.sub(r"tuple\[|\]|,", " ", ast.unparse(loop.returns or ast.Name("?"))) for loop in loops}
    assert not {name for name, words in given.items() if not set(words.split()) <= plain}


SMALL = {
    "engine/__init__.py": "_NAMES = {}",
    "engine/errors.py": "class EngineError(Exception): ...",
    "engine/registry.py": "",
    "engine/store/__init__.py": "from engine.store.workspace import Store",
    "engine/store/workspace.py": "class Store: ...",
    "engine/text/__init__.py": "from engine.text.words import split",
    "engine/text/words.py": "from engine.errors import EngineError\ndef split(): ...",
    "engine/dataset/__init__.py": "from engine.dataset.dataset import Dataset",
    "engine/dataset/dataset.py": "from engine.store import Store\nfrom engine.text import split\nclass Dataset: ...",
    "engine/pairs/__init__.py": "from engine.pairs.exact import exact",
    "engine/pairs/exact.py": "ABOUT = 1",
    "engine/recipe/__init__.py": "from engine.recipe.filters import FILTERS\nfrom engine.recipe.run import run",
    "engine/recipe/run.py": "from engine.recipe.filters import FILTERS\ndef run(): ...",
    "engine/recipe/filters/__init__.py": "from engine.recipe.filters.regex import regex\nFILTERS = [regex]",
    "engine/recipe/filters/regex.py": "from engine.dataset import Dataset\nABOUT = 1",
    "engine/recipe/filters/_len.py": "from engine.pairs import exact",
    "engine/look/__init__.py": "",
    "ui/widgets/__init__.py": "",
    "ui/widgets/charts.py": "",
    "ui/frame/door.py": "class Door: ...",
}


@pytest.mark.parametrize(
    ("path", "source", "broken"),
    [
        (
            "engine/text/words.py",
            "from engine.recipe import run",
            ":1: engine.text imports engine.recipe, which stands below it",
        ),
        (
            "engine/text/words.py",
            "def f():\n    from engine import recipe",
            ":2: engine.text imports engine.recipe, which stands below it",
        ),
        (
            "engine/look/search.py",
            "from engine.recipe.run import run",
            ":1: engine.look reaches into engine.recipe: engine.recipe.run is not its face",
        ),
        ("engine/look/search.py", "from engine.recipe import _stage", ":1: engine.recipe does not hand on _stage"),
        (
            "engine/look/search.py",
            "from engine import Step",
            ":1: engine.look goes through the front door: import the room",
        ),
        ("engine/store/workspace.py", "import streamlit as st", ":1: engine.store imports streamlit"),
        ("engine/store/workspace.py", "def f():\n    import faiss", ":2: engine.store imports faiss"),
        (
            "engine/store/workspace.py",
            "from ui.widgets.charts import bar",
            ":1: engine.store imports ui.widgets, which stands below it",
        ),
        (
            "engine/store/workspace.py",
            "import torch",
            ":1: torch is heavy: import it inside the function that needs it",
        ),
        (
            "engine/pairs/groups.py",
            "from engine.pairs.kernels import walk",
            ":1: engine.pairs.kernels is compiled when imported: import it inside the function",
        ),
        ("engine/helpers.py", "", ": lies flat in engine/; which room is it?"),
        (
            "engine/recipe/filters/length.py",
            "from engine.store import Store\nABOUT = 1",
            ":1: a member imports engine.store",
        ),
        (
            "engine/recipe/filters/length.py",
            "from .regex import f\nABOUT = 1",
            ":1: a member imports another, engine.recipe.filters.regex",
        ),
        (
            "engine/recipe/filters/regex.py",
            "from engine.recipe.filters._all import all_of_them\nABOUT = 1",
            ":1: a member imports engine.recipe.filters._all, which is no arithmetic",
        ),
        (
            "engine/recipe/filters/length.py",
            "from engine.recipe.run import run\nABOUT = 1",
            ":1: a member imports engine.recipe.run, which is no arithmetic",
        ),
        (
            "indexes/exact.py",
            "from engine.errors import EngineError",
            ":1: indexes imports engine.errors: it may not know the engine",
        ),
        (
            "ui/frame/drawer.py",
            "from engine.recipe.run import run",
            ":1: ui.frame reaches into engine.recipe: engine.recipe.run is not its face",
        ),
        ("pages/open.py", "import numpy as np", ":1: a page does no numpy work"),
        ("pages/open.py", "from pages.explore import x", ":1: a page imports another page, pages.explore"),
        ("pages/open.py", "x = 1\n" * 121, ": 121 lines; a page asks, calls, shows"),
        ("app.py", "import ui", ":1: app imports ui"),
        ("navigation.py", "from ui.frame.door import Door", ":1: navigation imports ui.frame.door"),
    ],
)
def test_a_planted_violation_is_found(path: str, source: str, broken: str) -> None:
    planted = {"engine/recipe/filters/_all.py": "from engine.recipe.filters import FILTERS", "pages/explore.py": ""}
    assert violations(House(SMALL | planted | {path: source})) == [path + broken]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("engine/look/search.py", "from engine.recipe import run\nfrom engine.errors import EngineError"),
        ("engine/recipe/run.py", "from engine.recipe.filters.regex import regex"),
        (
            "engine/recipe/filters/length.py",
            "from engine.text import split\nfrom engine.recipe.filters._len import x\nABOUT = 1",
        ),
        ("engine/recipe/filters/length.py", "def f():\n    import torch\nABOUT = 1"),
        ("engine/pairs/kernels/walk.py", "from numba import njit"),
        ("engine/pairs/groups.py", "def f():\n    from engine.pairs.kernels import walk"),
        (
            "ui/frame/drawer.py",
            "import engine\nfrom engine import recipe\nfrom engine.recipe import run\nimport plotly.express",
        ),
        ("pages/open.py", "import streamlit as st\nimport engine\nfrom ui.widgets.charts import page"),
        ("engine/look/search.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import tantivy"),
    ],
)
def test_what_is_allowed_is_not_reported(path: str, source: str) -> None:
    assert violations(House(SMALL | {path: source})) == []


def test_a_circle_is_found() -> None:
    planted = {
        "engine/text/words.py": "def f():\n    from engine.text.terms import t",
        "engine/text/terms.py": "import engine.text.words",
    }
    assert circles(House(SMALL | planted)) == [["engine.text.terms", "engine.text.words"]]


def test_a_room_stands_one_floor_above_what_it_imports() -> None:
    found = floors(House(SMALL))
    assert (found["engine.errors"], found["engine.text"], found["engine.dataset"], found["engine.recipe"]) == (
        1,
        2,
        3,
        4,
    )


def test_the_door_opens_without_heavy_packages() -> None:
    heavy = HEAVY | set(GUARDED) | {"pandas", "numpy"}
    code = f"import engine, engine.commands.cli, sys; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.sub(r"\s", "", done.stdout) == "[]"


def test_every_room_opens_without_heavy_packages() -> None:
    heavy = HEAVY | set(GUARDED) | {"pandas"}
    rooms = ", ".join(room for room in ORDER if room.startswith("engine"))
    code = f"import {rooms}, sys; print(sorted({heavy!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert re.sub(r"\s", "", done.stdout) == "[]"


def test_the_page_of_the_house_describes_every_room_and_names_functions_that_are_there(house: House) -> None:
    page = (ROOT / "docs" / "house.md").read_text(encoding="utf-8")
    rooms = {room.rpartition(".")[2] for room in ORDER if not room.startswith("ui.") and room != "engine"}
    described = {name.strip() for bold in re.findall(r"\*\*([\w, ]+)\*\*", page) for name in bold.split(",")}
    assert rooms - described == set()
    named = re.findall(r"\| `(engine/[\w/.]+)` \| `(\w+)` \|", page)
    assert len(named) > 15
    assert [(path, name) for path, name in named if name not in names_in(house.files[path])] == []

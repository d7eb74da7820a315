"""The demo corpus: the docstrings of the Python packages on this machine, read from their source, never run."""

import ast
import hashlib
import math
import os
import sysconfig
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, writing

# Tests of packages describe nothing; the other two are copies of old code that no program imports.
_NOT_DOCUMENTATION = {"test", "tests", "__pycache__", "idlelib", "lib2to3"}
_LARGEST_FILE = 1_000_000  # bytes; what is larger is a generated table
_BATCH = 2_000  # rows written at a time
_STANDARD_LIBRARY = "python"

Row = dict[str, str | int]


@dataclass(frozen=True)
class DemoCorpus:
    """What was made: the file, its rows, the packages and files they come from; `unreadable` files are left out."""

    path: Path
    rows: int
    packages: int
    files: int
    unreadable: int


def demo_corpus(
    path: Path,
    *,
    limit: int = 20_000,
    roots: Sequence[Path] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> DemoCorpus:
    """Write the docstrings of the installed Python packages to a Parquet file.

    One row for each module, class, function and method that has a docstring: `package`, `module`, `object` (the
    qualified name), `kind`, `signature`, `lines` (of source), `text`. At most `limit` rows, in a spread: packages take
    turns, each as often as the square root of the number of its files, and its files come in an order that is
    mixed, yet the same on every run. So a small package is there in full, a big one in part, and none fills the map.
    `roots` are folders that hold packages; none means those of this Python and its standard library.
    `progress(done, total)` is called in rows. Raises `EngineError` where nothing was found.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema(
        [(name, pa.string()) for name in ("package", "module", "object", "kind", "signature")]
        + [("lines", pa.int32()), ("text", pa.string())]
    )
    partial = path.with_name(path.name + ".partial")
    rows = files = unreadable = 0
    packages: set[str] = set()
    batch: list[Row] = []
    try:
        with writing(path), pq.ParquetWriter(partial, schema, compression="zstd") as writer:
            for package, module, source in _turns(_sources(list(roots) or _installed_roots())):
                found = docstrings(source, package=package, module=module)
                if found is None:
                    unreadable += 1
                    continue
                found = found[: limit - rows]
                rows, files = rows + len(found), files + 1
                packages.update([package] if found else [])
                batch += found
                if len(batch) >= _BATCH or rows == limit:
                    writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                    batch = []
                    progress(rows, limit)
                if rows == limit:
                    break
            writer.write_table(pa.Table.from_pylist(batch, schema=schema))
        if not rows:
            raise EngineError(f"No docstring was found under {', '.join(map(str, roots)) or 'this Python'}.")
        with writing(path), partial.open("rb+") as file:
            os.fsync(file.fileno())
            partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    progress(rows, rows)
    return DemoCorpus(path, rows, len(packages), files, unreadable)


def docstrings(source: Path, *, package: str, module: str) -> list[Row] | None:
    """One row for each docstring in a Python file, in the order of the file; None where it cannot be read as Python."""
    try:
        if source.stat().st_size > _LARGEST_FILE:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old escapes in other people's code
            tree = ast.parse(source.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    lines = tree.body[-1].end_lineno or 0 if tree.body else 0
    rows = [_row(package, module, "", "module", "", lines, tree)]
    rows += [
        _row(package, module, name, kind, _signature(node), (node.end_lineno or 0) - node.lineno + 1, node)
        for name, kind, node in _definitions(tree.body)
    ]
    return [row for row in rows if row["text"]]


_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def _definitions(body: Sequence[ast.stmt], inside: str = "") -> Iterator[tuple[str, str, _Definition]]:
    """Classes, functions and methods with their qualified names; what a function holds inside is its own affair."""
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield inside + node.name, "class", node
            yield from _definitions(node.body, f"{inside}{node.name}.")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield inside + node.name, "method" if inside else "function", node
        elif isinstance(node, ast.If | ast.Try):
            handlers = [s for h in node.handlers for s in h.body] if isinstance(node, ast.Try) else []
            yield from _definitions([*node.body, *handlers, *node.orelse], inside)


def _signature(node: _Definition) -> str:
    if isinstance(node, ast.ClassDef):
        return f"({', '.join(ast.unparse(base) for base in node.bases)})"
    returns = f" -> {ast.unparse(node.returns)}" if node.returns else ""
    return f"({ast.unparse(node.args)}){returns}"


def _row(
    package: str, module: str, name: str, kind: str, signature: str, lines: int, node: ast.Module | _Definition
) -> Row:
    text = ast.get_docstring(node, clean=True) or ""
    # A lone half of a surrogate pair, as some docstrings about Unicode hold, is not text that a file can carry.
    texts = (part.encode("utf-8", "replace").decode() for part in (package, module, name, kind, signature))
    named = dict(zip(("package", "module", "object", "kind", "signature"), texts, strict=True))
    return {**named, "lines": lines, "text": text.encode("utf-8", "replace").decode().strip()}


def _installed_roots() -> list[Path]:
    paths = sysconfig.get_paths()
    return [Path(p) for p in dict.fromkeys((paths["stdlib"], paths["purelib"], paths["platlib"]))]


def _sources(roots: Sequence[Path]) -> dict[str, list[tuple[str, Path]]]:
    """The Python files of each package with their modules' names, in an order that is mixed but always the same."""
    standard = Path(sysconfig.get_paths()["stdlib"])
    packages: dict[str, list[tuple[str, Path]]] = {}
    for root in roots:
        for folder, inner, names in os.walk(root):
            inner[:] = sorted(n for n in inner if n.isidentifier() and n not in _NOT_DOCUMENTATION)
            for name in sorted(n for n in names if n.endswith(".py")):
                source = Path(folder, name)
                parts = source.relative_to(root).with_suffix("").parts
                module = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                packages.setdefault(_STANDARD_LIBRARY if root == standard else parts[0], []).append((module, source))
    # Mixed by a hash of the name, not by the disk: the same packages give the same corpus on every machine.
    return {
        p: sorted(files, key=lambda f: hashlib.sha1(f[0].encode()).digest()) for p, files in sorted(packages.items())
    }


def _turns(packages: dict[str, list[tuple[str, Path]]]) -> list[tuple[str, str, Path]]:
    """All files in the order of reading: at any point of it, each package has given about as large a part of its share.

    A share is the square root of what a package has.
    """
    turns: list[tuple[float, str, str, Path]] = []
    for package, files in packages.items():
        share = math.sqrt(len(files))
        turns += [((i + 0.5) / share, package, module, source) for i, (module, source) in enumerate(files)]
    return [(package, module, source) for _, package, module, source in sorted(turns)]

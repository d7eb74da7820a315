from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from engine.errors import EngineError
from engine.opening.demo import demo_corpus, docstrings

SOURCE = '''"""About the module."""
import nowhere_to_be_found


class Door(Frame, metaclass=Meta):
    """A way in.

        Indented.
    """

    def open(self, wide: bool = False) -> None:
        "Let somebody in."

    def silent(self): pass


async def knock(times: int) -> str:
    """Ask to come in."""

    def inner():
        """Not a thing of its own."""


if True:

    def fallback():
        """Only on some machines."""
'''


def package(folder: Path, name: str, files: int) -> None:
    (folder / name).mkdir(parents=True)
    for i in range(files):
        (folder / name / f"m{i}.py").write_text(f'"""Module {i} of {name}."""\n')


def rows(path: Path) -> list[dict[str, object]]:
    return pq.read_table(path).to_pylist()


def test_a_row_is_a_docstring_with_where_it_stands(tmp_path: Path) -> None:
    (tmp_path / "house").mkdir()
    (tmp_path / "house" / "doors.py").write_text(SOURCE)
    made = demo_corpus(tmp_path / "demo.parquet", roots=[tmp_path])
    assert (made.rows, made.packages, made.files, made.unreadable) == (5, 1, 1, 0)
    assert [(r["kind"], r["object"], r["signature"], r["lines"], r["text"]) for r in rows(made.path)] == [
        ("module", "", "", 27, "About the module."),
        ("class", "Door", "(Frame)", 10, "A way in.\n\nIndented."),
        ("method", "Door.open", "(self, wide: bool=False) -> None", 2, "Let somebody in."),
        ("function", "knock", "(times: int) -> str", 5, "Ask to come in."),
        ("function", "fallback", "()", 2, "Only on some machines."),
    ]
    assert {(r["package"], r["module"]) for r in rows(made.path)} == {("house", "house.doors")}


def test_a_file_that_is_not_python_is_skipped_and_counted(tmp_path: Path) -> None:
    package(tmp_path, "good", 1)
    (tmp_path / "good" / "broken.py").write_text("def (:")
    (tmp_path / "good" / "binary.py").write_bytes(b"\x00\xff\x00")
    (tmp_path / "good" / "latin.py").write_bytes(b'"""caf\xe9"""')
    (tmp_path / "good" / "huge.py").write_text("x = 1\n" * 200_000)
    made = demo_corpus(tmp_path / "demo.parquet", roots=[tmp_path])
    assert (made.rows, made.files, made.unreadable) == (1, 1, 4)


def test_source_is_read_and_never_run(tmp_path: Path) -> None:
    file = tmp_path / "trap.py"
    file.write_text(f'"""Harmless."""\nopen({str(tmp_path / "ran")!r}, "w")\n')
    assert [r["text"] for r in docstrings(file, package="trap", module="trap") or []] == ["Harmless."]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(("limit", "big", "small"), [(12, 10, 2), (24, 20, 4), (34, 30, 4), (999, 100, 4)])
def test_packages_give_by_the_square_root_of_what_they_have(tmp_path: Path, limit: int, big: int, small: int) -> None:
    package(tmp_path, "big", 100)
    package(tmp_path, "small", 4)
    made = demo_corpus(tmp_path / "demo.parquet", limit=limit, roots=[tmp_path])
    assert Counter(r["package"] for r in rows(made.path)) == {"big": big, "small": small}
    assert (made.rows, made.packages) == (big + small, 2)


def test_the_same_packages_give_the_same_rows_wherever_they_lie(tmp_path: Path) -> None:
    for place in ("here", "there"):
        package(tmp_path / place, "big", 30)
    one = demo_corpus(tmp_path / "1.parquet", limit=9, roots=[tmp_path / "here"])
    two = demo_corpus(tmp_path / "2.parquet", limit=9, roots=[tmp_path / "there"])
    assert rows(one.path) == rows(two.path)
    assert [r["module"] for r in rows(one.path)] != sorted(str(r["module"]) for r in rows(one.path))


def test_progress_counts_rows_up_to_the_end(tmp_path: Path) -> None:
    package(tmp_path, "big", 3)
    seen: list[tuple[int, int]] = []
    demo_corpus(tmp_path / "demo.parquet", limit=2, roots=[tmp_path], progress=lambda *at: seen.append(at))
    assert seen == [(2, 2), (2, 2)]


def test_a_folder_without_docstrings_is_an_error_that_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="No docstring was found under"):
        demo_corpus(tmp_path / "demo.parquet", roots=[tmp_path / "nothing"])
    assert list(tmp_path.iterdir()) == []


def test_half_a_surrogate_pair_becomes_a_question_mark(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_text('"""\\ud800 alone."""')
    made = demo_corpus(tmp_path / "demo.parquet", roots=[tmp_path])
    assert rows(made.path)[0]["text"] == "? alone."


def test_this_python_gives_many_texts_some_of_them_twice(tmp_path: Path) -> None:
    made = demo_corpus(tmp_path / "demo.parquet", limit=3000)
    texts = [r["text"] for r in rows(made.path)]
    assert made.rows == 3000
    assert {"python", "numpy", "pandas", "streamlit"} <= {r["package"] for r in rows(made.path)}
    assert len(set(texts)) < 3000
    assert all(texts)

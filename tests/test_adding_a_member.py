"""One file, one import, one word: what docs/adding-a-member.md says, done to a copy of the checkout, is enough."""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from difflib import ndiff
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.test_docs import Example, examples, write_tickets

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "adding-a-member.md"
COPIED = ("engine", "indexes", "ui", "pages", "tests", "docs")
# All contracts that go over whole families; a member is asked what its own family is asked.
CONTRACTS = ("tests/engine/test_contracts.py", "tests/engine/exporting/test_formats.py", "tests/indexes/test_kinds.py")
NAMED = re.compile(r"^(In )?`([\w/]+\.py)`:\n\n```python[^\n]*\n(.*?)^```$", re.M | re.S)
ONCE_THERE = "once it is in the list"
# What a person types once the member is there; also run before it is there, by tests/test_docs.py, where it can be.
USE = """
import json, os, sys
from tests.test_docs import commands, ended
for desk, typed in json.load(sys.stdin).items():
    os.chdir(desk)
    for language, code in typed:
        if language == "python":
            exec(code, {})
        else:
            for words in commands(code):
                assert ended(words[1:]) == 0, (desk, words)
"""


@dataclass(frozen=True)
class Member:
    """What the page says of one member.

    file, source: its file. list_file: the one that holds the list; import_line, list_line: the lines for it.
    uses: what a person does with it once it is there.
    """

    file: str
    source: str
    list_file: str
    import_line: str
    list_line: str
    uses: tuple[Example, ...]

    @property
    def name(self) -> str:
        return Path(self.file).stem

    @property
    def word(self) -> str:
        return self.import_line.split()[-1]


def members(text: str) -> list[Member]:
    """One for each section that shows a file and then a list."""
    found = []
    for section in re.split(r"^## ", text, flags=re.M)[1:]:
        named = NAMED.findall(section)
        if named:
            (_, file, source), (_, list_file, lines) = named
            import_line, list_line = lines.split("\n\n")
            uses = tuple(e for e in examples(section) if ONCE_THERE in e.info)
            found.append(Member(file, source, list_file, f"{import_line}\n", list_line, uses))
    return found


def joined(before: str, member: Member) -> str:
    """The list's file with the import at its place in the alphabet and the list as the page has it."""
    lines = before.splitlines(keepends=True)
    head = member.list_line.partition(" = ")[0]
    (at,) = (i for i, line in enumerate(lines) if line.startswith(f"{head} = "))
    lines[at] = member.list_line
    imports = [i for i, line in enumerate(lines) if line.startswith("from ")]
    lines.insert(next((i for i in imports if lines[i] > member.import_line), imports[-1] + 1), member.import_line)
    return "".join(lines)


def checkout(folder: Path) -> Path:
    """A copy of what is ours, to change at will."""
    copy = folder / "checkout"
    copy.mkdir()
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("node_modules", ".*"))
    for name in ("app.py", "navigation.py", "pyproject.toml", "README.md"):
        shutil.copyfile(ROOT / name, copy / name)
    return copy


def content(folder: Path) -> dict[str, bytes]:
    """Path -> bytes of every file, but for what Python and pytest keep for themselves."""
    files = (p for p in folder.rglob("*") if p.is_file())
    inside = ((p, p.relative_to(folder).parts) for p in files)
    return {"/".join(at): p.read_bytes() for p, at in inside if "__pycache__" not in at and not at[0].startswith(".")}


def python(copy: Path, *words: str, cwd: Path | None = None, said: str = "") -> str:
    """What Python prints, with the copy in place of the checkout; it must end well."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST_", "WINNOW_"))}
    done = subprocess.run(
        [sys.executable, *words],
        cwd=cwd or copy,
        env={**inherited, "PYTHONPATH": str(copy), "WINNOW_WORKSPACE": "workspace"},
        input=said,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def passed(report: Path) -> list[tuple[str, str]]:
    """File and name of every test that passed."""
    cases = ElementTree.parse(report).iter("testcase")
    return [(case.get("classname", ""), case.get("name", "")) for case in cases if not len(case)]


PAGES_MEMBERS = members(PAGE.read_text(encoding="utf-8"))


def test_the_page_shows_a_member_of_each_kind() -> None:
    assert [m.name for m in PAGES_MEMBERS] == ["repeated_lines", "nearest", "shortest", "letters", "markdown", "pivots"]
    assert all(m.uses for m in PAGES_MEMBERS)


@pytest.mark.parametrize("member", PAGES_MEMBERS, ids=lambda m: m.name)
def test_a_member_is_one_file_and_in_the_file_of_its_list_an_import_and_a_word(member: Member) -> None:
    assert not (ROOT / member.file).exists()
    old = (ROOT / member.list_file).read_text(encoding="utf-8")
    changed = [line for line in ndiff(old.splitlines(), joined(old, member).splitlines()) if line[0] in "+-"]
    was = member.list_line.strip().replace(f", {member.word}", "", 1)
    assert sorted(changed) == sorted([f"+ {member.import_line.strip()}", f"- {was}", f"+ {member.list_line.strip()}"])


@pytest.mark.slow
def test_one_file_one_import_and_one_word_are_enough(tmp_path: Path) -> None:
    # All of them in one checkout: they share no list, and the order of the house lets none know another.
    copy = checkout(tmp_path)
    before = content(copy)
    for member in PAGES_MEMBERS:
        (copy / member.file).write_text(member.source, encoding="utf-8")
        listed = copy / member.list_file
        listed.write_text(joined(listed.read_text(encoding="utf-8"), member), encoding="utf-8")
    touched = sorted({file for m in PAGES_MEMBERS for file in (m.file, m.list_file)})

    # Their families' contracts, and the order of the house.
    report, asked = tmp_path / "report.xml", " or ".join([*(m.name for m in PAGES_MEMBERS), "test_layers"])
    python(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--junitxml={report}", "-k", asked,
           *CONTRACTS, "tests/test_layers.py")  # fmt: skip
    ran = passed(report)
    assert [m.name for m in PAGES_MEMBERS if not any(m.name in name.partition("[")[2] for _, name in ran)] == []
    assert ("tests.test_layers", "test_every_file_imports_only_what_its_room_may") in ran
    if find_spec("ruff"):
        for check in (["check"], ["format", "--check"]):
            python(copy, "-m", "ruff", *check, "--no-cache", *touched)

    # The menu, and a person who uses each of them.
    menu = python(copy, "-m", "engine.commands.reference")
    in_menu = [m for m in PAGES_MEMBERS if m.list_file.startswith("engine/")]
    assert [m.name for m in in_menu if f"\n### `{m.name}`\n" not in menu] == []
    typed: dict[str, list[tuple[str, str]]] = {}
    for member in PAGES_MEMBERS:
        desk = tmp_path / "desks" / member.name
        desk.mkdir(parents=True)
        write_tickets(desk / "tickets.csv")
        typed[str(desk)] = [("bash", "winnow open tickets.csv --text text --id id")]
        typed[str(desk)] += [(e.language, e.code) for e in member.uses]
    python(copy, "-c", USE, cwd=tmp_path, said=json.dumps(typed))

    after = content(copy)
    assert {p for p in before | after if before.get(p) != after.get(p)} == set(touched)

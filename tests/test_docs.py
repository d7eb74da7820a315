"""The documentation holds: each example runs, each name in a menu is explained, each link leads somewhere.

How an example runs: the fences of one page run from top to bottom in one empty folder, which holds `tickets.csv` and is
the workspace too. `python` fences share their names. `bash` fences hold `winnow` commands only, each of which must
end well. What cannot run here says why in its info string: ```bash no-run: installs a whole environment. What a
reader need not see stands in a comment: <!-- python … -->.
"""

import csv
import doctest
import importlib
import pkgutil
import re
import shlex
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

from engine.registry import Bounds, Column, Help, Registry

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
FENCE = re.compile(
    r"^```(?P<language>\w+)(?P<info>[^\n]*)\n(?P<code>.*?)^```$|^<!-- python\n(?P<hidden>.*?)-->$", re.M | re.S
)


@dataclass(frozen=True)
class Example:
    """One fence: its language, what stands beside it, its code and the line it starts at."""

    language: str
    info: str
    code: str
    line: int

    @property
    def runs(self) -> bool:
        return self.language in ("python", "bash") and "no-run" not in self.info


def examples(text: str) -> list[Example]:
    found = []
    for match in FENCE.finditer(text):
        line = text[: match.start()].count("\n") + 1
        language, code = match["language"] or "python", match["code"] if match["language"] else match["hidden"]
        found.append(Example(language, (match["info"] or "").strip(), code, line))
    return found


def commands(code: str) -> list[list[str]]:
    """The words of each command of a bash fence; a line that ends in a backslash goes on."""
    lines = code.replace("\\\n", " ").splitlines()
    split = [shlex.split(line.removeprefix("$ "), comments=True) for line in lines]
    return [words for words in split if words]


def unexplained(names: Iterable[str], text: str) -> list[str]:
    """The names that stand nowhere in the text as code."""
    return [name for name in names if not re.search(rf"`{re.escape(name)}\b|\b{re.escape(name)}`", text)]


def write_tickets(path: Path) -> None:
    """48 support tickets: three topics, two languages, one missing text, four exact repeats."""
    topics = {
        "billing": ["The invoice shows the wrong amount for {}.", "I was charged twice in {}."],
        "login": ["I cannot log in since {}.", "The password link of {} has expired."],
        "delivery": ["The parcel of {} never arrived.", "Das Paket vom {} ist nicht angekommen."],
    }
    months = ["January", "February", "March", "April", "May", "June", "July"]
    rows = [
        (topic, "de" if "Paket" in text else "en", text.format(month))
        for month in months
        for topic, texts in topics.items()
        for text in texts
    ]
    rows += [rows[0], rows[0], rows[1], rows[2], ("login", "en", "Help"), ("billing", "en", "")]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "date", "topic", "language", "stars", "text"])
        for i, (topic, language, text) in enumerate(rows):
            writer.writerow(
                [f"T{i:03d}", f"2025-{1 + i % 12:02d}-{1 + i % 28:02d}", topic, language, 1 + i * 7 % 5, text]
            )


@pytest.mark.parametrize("document", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_example_of_a_page_runs(document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    to_run = [e for e in examples(document.read_text(encoding="utf-8")) if e.runs]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    monkeypatch.setenv("WINNOW_CONFIG", str(tmp_path / "config"))
    write_tickets(tmp_path / "tickets.csv")
    names: dict[str, object] = {"__name__": "example"}
    for example in to_run:
        where = f"{document.relative_to(ROOT)}:{example.line}"
        if example.language == "python":
            # Blank lines before it, so that a traceback names the line of the page.
            exec(compile("\n" * example.line + example.code, str(document), "exec"), names)  # noqa: S102 - our own pages
        else:
            for words in commands(example.code):
                assert words[0] == "winnow", (
                    f"{where}: {words[0]!r} cannot run in a test; mark the fence no-run and say why"
                )
                assert ended(words[1:]) == 0, f"{where}: {' '.join(words)}"


def ended(arguments: list[str]) -> int:
    """The exit code of the command line, called as a function."""
    from engine.commands.cli import main

    try:
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    return int(code or 0)


@pytest.mark.parametrize("document", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_an_example_that_does_not_run_says_why(document: Path) -> None:
    silent = [
        e.line for e in examples(document.read_text(encoding="utf-8")) if re.search(r"no-run(?!: \S+ \S+)", e.info)
    ]
    assert silent == []


@pytest.mark.parametrize("document", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", document.read_text(encoding="utf-8"))
    assert [link for link in links if not (document.parent / link).exists()] == []


def test_every_page_can_be_reached_from_the_index() -> None:
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    pages = [str(p.relative_to(ROOT / "docs")) for p in PAGES[1:] if p.name != "index.md"]
    assert [page for page in pages if f"]({page})" not in index] == []


def menus() -> dict[str, list[str]]:
    """Every name in every family's list, by family."""
    import engine

    found: dict[str, list[str]] = {}
    for module in pkgutil.walk_packages(engine.__path__, "engine."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Registry):
                found[value.family] = list(value)
    return found


def test_every_test_that_a_promise_names_is_there() -> None:
    named = set(re.findall(r"`(tests/[\w/.]+)`", (ROOT / "docs" / "promises.md").read_text()))
    assert len(named) > 20
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


def test_every_name_in_a_menu_is_explained() -> None:
    text = "\n".join(page.read_text(encoding="utf-8") for page in PAGES[1:])
    missing = {family: unexplained(names, text) for family, names in menus().items()}
    assert {family: names for family, names in missing.items() if names} == {}


def test_the_page_of_all_menus_is_what_the_lists_say() -> None:
    from engine.commands.reference import FAMILIES, reference

    assert {registry.family for _, _, registry in FAMILIES} == menus().keys()
    # Old? `make docs` draws it again.
    assert (ROOT / "docs" / "members.md").read_text(encoding="utf-8") == reference()


def test_a_member_is_drawn_with_its_sentence_its_knobs_and_its_defaults() -> None:
    from engine.commands.reference import member_lines

    def shorten(
        data: object, *, column: Column, most: Annotated[int, Bounds(1, 9), Help("a|b")] = 5, end: str = ""
    ) -> object:
        """Shorten {column} to {most}.

        The rest is gone.
        """

    assert list(member_lines(Registry("edit", [shorten])["shorten"])) == [
        "### `shorten`",
        "",
        "Shorten *column* to *most*.",
        "",
        "The rest is gone.",
        "",
        "| parameter | what fits | default | |",
        "| --- | --- | --- | --- |",
        "| `column` | the name of a column |  |  |",
        "| `most` | a whole number from 1 to 9 | `5` | a\\|b |",
        "| `end` | a text | — |  |",
    ]


def test_the_menus_are_found() -> None:
    assert "farthest" in [name for names in menus().values() for name in names]
    assert len(menus()) >= 8


def test_a_name_counts_as_explained_as_code_only() -> None:
    text = "`density(k=20)` says how crowded it is; take the top; `winnow top_k`"
    assert unexplained(["density", "top", "k"], text) == ["top", "k"]


PAGE = """# Page
```python
x = 1
```

<!-- python
y = 2
-->

```bash no-run: opens a browser
winnow app
```

```json
{}
```
"""


def test_fences_are_read_with_their_lines() -> None:
    read = examples(PAGE)
    assert [(e.language, e.code, e.line, e.runs) for e in read] == [
        ("python", "x = 1\n", 2, True),
        ("python", "y = 2\n", 6, True),
        ("bash", "winnow app\n", 10, False),
        ("json", "{}\n", 14, False),
    ]


def test_a_command_may_go_on_over_lines_and_carry_a_comment() -> None:
    code = "# first\n$ winnow open \\\n  'a b.csv'   # opens\n\nwinnow info\n"
    assert commands(code) == [["winnow", "open", "a b.csv"], ["winnow", "info"]]


def test_the_tickets_are_what_the_pages_say(tmp_path: Path) -> None:
    write_tickets(tmp_path / "tickets.csv")
    with (tmp_path / "tickets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    texts = [row["text"] for row in rows]
    assert (len(rows), len(rows) - len(set(texts)), texts.count("")) == (48, 4, 1)
    assert rows[0]["text"] == rows[42]["text"] == "The invoice shows the wrong amount for January."


EXAMPLES = sorted(
    path.relative_to(ROOT)
    for room in ("engine", "indexes", "ui")
    for path in (ROOT / room).rglob("*.py")
    if ">>>" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("path", EXAMPLES, ids=str)
def test_the_examples_in_docstrings_give_what_they_say(path: Path) -> None:
    module = importlib.import_module(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    found = doctest.testmod(module)
    assert found.attempted and not found.failed

"""The page of every member of every family, drawn from the functions: `python -m engine.commands.reference`."""

import inspect
import json
import sys
from collections.abc import Iterator

from engine.exporting import EXPORTERS
from engine.maps import MAPS
from engine.opening import CELL_EDITS, EDITS, LOG_EDITS, SOURCES
from engine.pairs import PAIRS
from engine.recipe import AMONG, FILTERS, SELECTORS
from engine.registry import Member, Param, Registry, Value, as_json
from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS
from engine.topics import TOPICS
from engine.vectors import EMBEDDERS

FAMILIES: tuple[tuple[str, str, Registry], ...] = (
    ("Sources", "A file becomes a table, and a list of the rows that could not be read.", SOURCES),
    ("Edits", "A column becomes a new column. The original stays.", EDITS),
    ("Edits of cells", "A column becomes a new column, cell by cell as people say. The original stays.", CELL_EDITS),
    ("Columns of a log", "What a file says of the rows that a column names becomes a new column.", LOG_EDITS),
    ("Embedders", "Texts become vectors.", EMBEDDERS),
    ("Maps", "Vectors and their neighbours become a place on the map.", MAPS),
    ("Topics", "Vectors and their neighbours become topics.", TOPICS),
    ("Pairs", "Rows that are each other's duplicates, each pair verified and stored once.", PAIRS),
    ("Row signals", "Each row gets a value, from that row alone.", ROW_SIGNALS),
    ("Corpus signals", "Each row gets a value that depends on all the others.", CORPUS_SIGNALS),
    ("Filters", "Steps that keep some of the rows that are left, each with a reason.", FILTERS),
    (
        "Filters among the rows left",
        "Steps that drop a row for another that stays, and name it; they stand in no nest.",
        AMONG,
    ),
    ("Selectors", "Steps that keep as many rows as you ask for.", SELECTORS),
    ("Formats", "What an export writes, and can read back.", EXPORTERS),
)


_NEEDS = {
    "graph": "neighbour graph",
    "graph_left": "graph of the rows left too: that one where enough neighbours are left in it, else one that it makes",
}


def reference() -> str:
    """The whole page as Markdown, in the order of the menus."""
    lines = [
        "# Everything in the menus",
        "",
        "This page is drawn from the functions themselves (`make docs`). A name here is the name on the screen, in a",
        "recipe and on the command line. Parameters without a default must be given.",
    ]
    for title, law, registry in FAMILIES:
        lines += ["", f"## {title}", "", law]
        for member in registry.values():
            lines += ["", *member_lines(member)]
    return "\n".join(lines) + "\n"


def member_lines(member: Member) -> Iterator[str]:
    """One member: its name, sentence, explanation and knobs, as lines of Markdown."""
    yield f"### `{member.name}`"
    yield ""
    yield member.outline("*{}*")
    _, _, more = (inspect.getdoc(member.function) or "").partition("\n\n")
    if more:
        yield ""
        yield more.strip()
    if facts := " ".join(_facts(member)):
        yield ""
        yield facts
    if member.params:
        yield ""
        yield "| parameter | what fits | default | |"
        yield "| --- | --- | --- | --- |"
        yield from (_row(param) for param in member.params)


def _facts(member: Member) -> Iterator[str]:
    """What its `ABOUT` says that a person should know beforehand."""
    for what, knob in member.about.needs.items():
        yield f"Needs the {_NEEDS[what]}{f' when `{knob}` is set' if knob else ''}."
    given = [f"`{name}` ({value.type}{f', {value.unit}' if value.unit else ''})" for name, value in _values(member)]
    if given:
        yield f"Gives each row {' and '.join(given)}."
    if member.about.portable != "portable":
        yield f"Portability: {member.about.portable}."


def _values(member: Member) -> Iterator[tuple[str, Value]]:
    return ((name, value) for name, value in member.about.values.items() if name != "value")


def _row(param: Param) -> str:
    missing = "" if param.required else _code(param.default)
    return f"| `{param.name}` | {_cell(param.wanted())} | {missing} | {_cell(param.help)} |"


def _code(value: object) -> str:
    said = as_json(value)
    return "—" if said is None or said in ("", []) else f"`{_cell(json.dumps(said))}`"


def _cell(text: str) -> str:
    """Text that a table cell can hold: a bar would end the cell, a tag would vanish."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


if __name__ == "__main__":
    sys.stdout.write(reference())

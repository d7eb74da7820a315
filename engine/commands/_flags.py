"""Flags drawn from the parameters of members: same names, defaults and help as the forms."""

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.registry import Member, Param, Registry
from engine.store import Store, datasets


def add_members(
    parser: argparse.ArgumentParser,
    words: Sequence[str],
    flag: str,
    registry: Registry,
    *,
    skip: Sequence[str] = (),
    chosen: str = "",
) -> None:
    """A flag that chooses a member of a family, and a flag for each parameter of the one that was chosen.

    chosen: how the command chooses where nothing is typed, in words; then the flag is None, else the first member.
    """
    first = next(iter(registry))
    default, name = chosen or first, typed(words, flag) or first
    others = [m for m in registry if m != name]
    more = f"; flags of {others[0]}: {flag} {others[0]} --help" if others else ""
    parser.add_argument(
        flag,
        choices=list(registry),
        default=None if chosen else first,
        help=f"{registry.family} (default: {default}{more})",
    )
    if name in registry:
        add_params(parser, registry[name], skip=skip)


def add_params(
    parser: argparse.ArgumentParser, member: Member, *, skip: Sequence[str] = (), known: Sequence[str] = ()
) -> None:
    """A flag for each parameter of a member, in a group of its own. known: those that need not be typed."""
    shown = [p for p in member.params if p.name not in skip]
    if not shown:
        return
    group = parser.add_argument_group(f"{member.family} {member.name}", member.text.replace("{", "").replace("}", ""))
    for p in shown:
        _add(group, p, p.required and p.name not in known)


def given(args: argparse.Namespace, member: Member, *, skip: Sequence[str] = ()) -> dict[str, object]:
    """The parameters of a member that were typed; what was not keeps its default."""
    values = {p.name: getattr(args, f"member_{p.name}", None) for p in member.params if p.name not in skip}
    return {k: v for k, v in values.items() if v is not None}


def dataset(args: argparse.Namespace) -> Dataset:
    """The dataset that was named, or the only one there is."""
    return Dataset.load(store(args))


def store(args: argparse.Namespace) -> Store:
    """The folder of the dataset that was named, or of the only one there is."""
    workspace = workspace_of(args)
    there = {s.folder.name: s for s in datasets(workspace)}
    name = getattr(args, "dataset", None)
    if name:
        if name not in there:
            raise unknown(f"dataset in {workspace}", name, there)
        return there[name]
    if len(there) == 1:
        return next(iter(there.values()))
    if not there:
        raise EngineError(f"There is no dataset in {workspace} yet. Open one with `winnow open FILE`.")
    raise EngineError(f"{workspace} has {len(there)} datasets: {', '.join(there)}. Name one.")


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """The dataset to work on; may be left out where there is only one."""
    parser.add_argument(
        "dataset", nargs="?", metavar="DATASET", help="its name (may be left out where there is only one)"
    )


def readable(path: str) -> Path:
    """A path as it was typed, with ~ for the home folder."""
    return Path(path).expanduser()


def _add(group: "argparse._ArgumentGroup", p: Param, required: bool) -> None:
    flag, dest = f"--{p.name.replace('_', '-')}", f"member_{p.name}"
    default = "" if p.default is None or p.required else f" (default: {_shown(p.default)})"
    text = f"{p.help or p.label}{default}".replace("%", "%%")
    if p.kind == "boolean":
        group.add_argument(flag, dest=dest, action=argparse.BooleanOptionalAction, default=None, help=text)
    elif p.many or p.kind in ("texts", "numbers"):
        kind: type = float if p.kind == "numbers" else str
        metavar = p.kind.upper() if p.many else "VALUE"
        group.add_argument(flag, dest=dest, nargs="+", type=kind, metavar=metavar, help=text, required=required)
    elif p.choices:
        group.add_argument(flag, dest=dest, choices=p.choices, help=text, required=required)
    else:
        kind = {"integer": int, "number": float}.get(p.kind, str)
        metavar = {"integer": "N", "number": "X"}.get(p.kind, p.kind.upper())
        group.add_argument(flag, dest=dest, type=kind, metavar=metavar, help=text, required=required)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value) or "none"


def typed(words: Sequence[str], flag: str) -> str:
    """What was typed after a flag (the last time), before the parser that depends on it exists."""
    found = ""
    for i, word in enumerate(words):
        if word == flag and i + 1 < len(words):
            found = words[i + 1]
        elif word.startswith(f"{flag}="):
            found = word.partition("=")[2]
    return found


def table(head: Sequence[str], rows: Sequence[Sequence[object]], *, right: Mapping[int, bool] | None = None) -> str:
    """Columns that line up; `right` says which stand at the right."""
    texts = [list(head), *([str(v) for v in row] for row in rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(head))]
    lines = [
        "  ".join(
            v.rjust(w) if (right or {}).get(i) else v.ljust(w) for i, (v, w) in enumerate(zip(row, widths, strict=True))
        )
        for row in texts
    ]
    return "\n".join(line.rstrip() for line in lines)


def plain_line(text: str) -> str:
    """Text of a corpus on one line of a terminal, without signs that would steer it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def workspace_of(args: argparse.Namespace) -> Path:
    """The workspace: `--workspace`, else $WINNOW_WORKSPACE, else ./winnow_workspace."""
    return Path(args.workspace or os.environ.get("WINNOW_WORKSPACE") or "winnow_workspace")

"""The commands of `winnow`, each a file; imported only when it is called, so that help answers at once."""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.registry import Json

COMMANDS: Mapping[str, str] = {
    "demo": "Make a corpus from the documentation on this machine and open the app on it.",
    "app": "Open the app in the browser.",
    "open": "Open files as a dataset.",
    "overview": "Look a dataset over: columns, missing values, repeats, findings.",
    "embed": "Turn the texts of a dataset into vectors.",
    "map": "Draw a dataset as a map with named topics.",
    "signals": "Give each row numbers to cut by: length, tokens, density, oddness.",
    "run": "Run a recipe on a source from start to export, unattended.",
    "export": "Run a recipe on a dataset that is open, and export.",
    "verify": "Check an export, byte by byte and row by row.",
    "jobs": "Show long work, follow it, stop it.",
    "info": "Show datasets and the room they take.",
    "clean": "List what a workspace could do without, and delete it.",
}
"""Every command with its sentence, in the order of the help."""


@dataclass(frozen=True)
class Answer:
    """What a command found. value: for `--json`; text: for people; code: the exit code."""

    value: "Mapping[str, Json]"
    text: str
    code: int = 0


def workspace_of(args: argparse.Namespace) -> Path:
    """The workspace: `--workspace`, else $WINNOW_WORKSPACE, else ./winnow_workspace."""
    return Path(args.workspace or os.environ.get("WINNOW_WORKSPACE") or "winnow_workspace")

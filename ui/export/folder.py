"""Where an export may be written."""

from pathlib import Path

import engine
from ui.frame import state


def refused(folder: Path, overwrite: bool) -> str:
    """Why nothing can be written to a folder, said before the work starts; empty when it can."""
    if folder.is_file():
        return f"{folder} is a file. Name a folder that does not exist yet."
    if folder.exists() and not overwrite:
        return f"{folder} exists already. Name another folder, or replace an earlier export there."
    if folder.exists() and any(folder.iterdir()) and not engine.exporting.is_export(folder):
        return f"{folder} holds other things than an export of Winnow, so it is not replaced. Name another folder."
    if folder.exists() and any(folder.iterdir()) and (said := engine.exporting.touched(folder, bytes_too=False)):
        return said
    if not folder.is_absolute():
        return f"{folder} is no whole path. Begin at the root, such as {state.WORKSPACE.parent / folder.name}."
    return ""

"""The app on a workspace of its own, for tests in a browser."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from ui.map.bundle import is_current

ROOT = Path(__file__).resolve().parent.parent.parent
RESTS = "[data-testid=stApp][data-test-script-state=notRunning]"


@contextmanager
def serving(script: str, **places: str) -> Iterator[str]:
    """A script of the house while a server of Streamlit runs it; gives its address. places: for its environment."""
    if not is_current():
        pytest.skip("the map's JavaScript is not built: python -m ui.map.bundle")
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    environment, quiet = {**os.environ, "PYTHONPATH": str(ROOT), **places}, subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=quiet, stderr=quiet)
    try:
        for _ in range(240):
            try:
                urlopen(f"http://localhost:{port}/_stcore/health", timeout=2).close()
                break
            except OSError:
                time.sleep(0.25)
        yield f"http://localhost:{port}"
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def served(workspace: Path, folders: Path) -> Iterator[str]:
    """The app while it runs, without a token (how one gets in is tested at the door); gives its address.

    folders: where files may be chosen.
    """
    with serving("app.py", WINNOW_WORKSPACE=str(workspace), WINNOW_FOLDERS=str(folders), WINNOW_TOKEN="") as address:
        yield address


def rest(page) -> None:
    """Until the script has run and nothing changes for a moment."""
    page.wait_for_selector(RESTS)
    page.wait_for_timeout(400)
    page.wait_for_selector(RESTS)


def ask_why(page, row: int) -> None:
    """Open "Why this row?" in the drawer, once nothing moves any more, and ask it about a row by number."""
    rest(page)
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.get_by_text("Why this row?").click()
    sidebar.get_by_label("Go to row").fill(str(row))
    sidebar.get_by_label("Go to row").press("Enter")

"""winnow app: the pages, in the browser."""

import argparse
import os
import re
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from engine.commands._entrance import leading_file
from engine.commands._flags import workspace_of
from engine.commands.answer import Answer
from engine.errors import EngineError, unknown
from engine.progress import Progress
from engine.store import datasets

EXAMPLE = "winnow app --port 8600"

_START_SECONDS = 60


PRIVATE = {
    "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
    "STREAMLIT_SERVER_ADDRESS": "localhost",
    "STREAMLIT_SERVER_HEADLESS": "true",
    "STREAMLIT_CLIENT_SHOW_SIDEBAR_NAVIGATION": "false",
}
"""What must hold also where the app is installed without the configuration file beside it."""


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Where to listen, and whether to open the browser."""
    add_app(parser)
    parser.add_argument("--dataset", default="", metavar="NAME", help="the dataset to show first")


def add_app(parser: argparse.ArgumentParser) -> None:
    """The flags of the app."""
    parser.add_argument("--port", type=int, default=8501, metavar="N", help="default: 8501; on localhost only")
    parser.add_argument("--no-browser", action="store_true", help="print the address, open no browser")
    parser.add_argument("--no-token", action="store_true", help="let in every program of this machine, without a token")
    folders = "the folders that files may be opened from (default: the home folder and this one)"
    parser.add_argument("--folders", nargs="+", metavar="DIR", help=folders)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Serve until stopped."""
    there = [store.folder.name for store in datasets(workspace_of(args))]
    if args.dataset and args.dataset not in there:
        raise unknown("dataset", args.dataset, there)
    return serve(args, "", args.dataset, progress)


def serve(args: argparse.Namespace, page: str, dataset: str, progress: Progress) -> Answer:
    """Start the server, open the browser on a page once it answers, and wait until it is stopped."""
    # In the environment, as everybody on the machine may read the words of a command.
    token = "" if args.no_token else token_of(os.environ.get("WINNOW_TOKEN"))
    environment = os.environ | PRIVATE | {"WINNOW_WORKSPACE": str(workspace_of(args).resolve()), "WINNOW_TOKEN": token}
    if args.folders:
        environment["WINNOW_FOLDERS"] = os.pathsep.join(str(Path(f).expanduser().resolve()) for f in args.folders)
    command = [sys.executable, "-m", "streamlit", "run", str(app_file()), "--server.port", str(args.port)]
    address = f"http://localhost:{args.port}"
    stopped = Answer({"address": address}, "Stopped. Everything is kept; work that was started goes on.")
    check_port(args.port)
    progress("Starting the app", 0, 0)
    server = subprocess.Popen([*command, "--server.address", "localhost"], env=environment, stdout=subprocess.DEVNULL)
    closing = ExitStack()
    try:
        wait_for(f"{address}/_stcore/health", server)
        query = urlencode({name: value for name, value in (("dataset", dataset), ("token", token)) if value})
        entrance = f"{address}/{page}{'?' if query else ''}{query}"
        print(f"Winnow is at {entrance}   (Ctrl-C stops it)", file=sys.stderr)  # noqa: T201
        if not args.no_browser:
            webbrowser.open(closing.enter_context(leading_file(entrance)))
        server.wait()
    except KeyboardInterrupt:
        return stopped
    finally:
        if server.poll() is None:
            server.terminate()
            server.wait()
        closing.close()
    if server.returncode:
        raise EngineError(f"The app has stopped with code {server.returncode}; what it said is above.")
    return stopped


def token_of(given: str | None) -> str:
    """The token that a person gave by `WINNOW_TOKEN`, empty for none; else one of this start."""
    if given is None:
        return secrets.token_urlsafe(32)
    if not re.fullmatch(r"[A-Za-z0-9_-]*", given):
        raise EngineError("WINNOW_TOKEN goes into an address: use letters, digits, '-' and '_' only.")
    return given


def check_port(port: int) -> None:
    """Raise `EngineError` where somebody listens on this port already, naming one that is free."""
    with socket.socket() as one:
        if one.connect_ex(("localhost", port)) != 0:
            return
    with socket.socket() as other:
        other.bind(("localhost", 0))
        free = other.getsockname()[1]
    raise EngineError(f"Port {port} is taken, perhaps by an app that runs already. Choose another: --port {free}.")


def app_file() -> Path:
    """app.py, beside the folder of the engine."""
    found = Path(__file__).resolve().parents[2] / "app.py"
    if not found.exists():
        raise EngineError(f"There is no app at {found}. Install Winnow as the README says.")
    return found


def wait_for(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Until the server answers; raises `EngineError` when it ends or stays silent."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        if server.poll() is not None:
            raise EngineError("The app did not start; what it said is above.")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise EngineError(
        f"The app did not answer within {_START_SECONDS} seconds. Try again, or another port: --port 8600."
    )

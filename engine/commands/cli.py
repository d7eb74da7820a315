"""The command line: the same calls, names and defaults as the pages."""

import argparse
import json
import os
import shlex
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING, Protocol, cast

from engine.commands.answer import Answer
from engine.errors import Cancelled, EngineError, unknown

COMMANDS: Mapping[str, str] = {
    "demo": "Make a corpus from the documentation on this machine and open the app on it.",
    "app": "Open the app in the browser.",
    "open": "Open files as a dataset.",
    "overview": "Look a dataset over: columns, missing values, repeats, findings.",
    "search": "Find rows by words, meaning, a pattern, or like other rows.",
    "embed": "Turn the texts of a dataset into vectors.",
    "map": "Draw a dataset as a map with named topics.",
    "pairs": "Find rows that repeat others, for the step dedup.",
    "leaks": "Find rows that hold items of another set, such as a benchmark.",
    "fit": "Fit a model on rows or files of your choice, for signals to measure by.",
    "signals": "Give each row numbers to cut by: length, tokens, density, oddness.",
    "labels": "See which labels are doubtful and how many are wrong, what to label next; labels out and back.",
    "plugins": "Show signals of your own, read one, approve it, take that back.",
    "choose": "Choose the best rows of a budget: for spread, toward a target, by a score, in a mix.",
    "run": "Run a recipe on a source from start to export, unattended.",
    "export": "Run a recipe on a dataset that is open, and export.",
    "evidence": "Measure what a recipe's choice is worth: beside random rows, losses, luck, what it teaches.",
    "compare": "Lay two sets of rows side by side: two choices, or what is kept and what is dropped.",
    "audit": "Audit a choice or a corpus: groups, words, dependence, associations, rows that drive a prediction.",
    "helpers": "Find rows of other datasets that are like a few examples.",
    "recipes": "Show saved recipes, write one as a file, apply one to a dataset.",
    "verify": "Check an export, byte by byte and row by row.",
    "provenance": "Test whether a model learned from an export in its order.",
    "jobs": "Show long work, follow it, stop it.",
    "info": "Show datasets and the room they take.",
    "rename": "Give a dataset another name.",
    "delete": "Delete a dataset, or bring it back.",
    "clean": "List what a workspace could do without, and delete it.",
}
"""Every command with its sentence, in the order of the help."""


if TYPE_CHECKING:
    from engine.progress import Progress

GOOD, DIFFERENT, BAD_INPUT, CANCELLED = 0, 1, 2, 130
"""Exit codes: all is well; a check found a difference; something to mend, said on the terminal; stopped by hand."""

WORKSPACE = "where datasets are kept (default: $WINNOW_WORKSPACE, else ./winnow_workspace)"


class Command(Protocol):
    """What a file in `engine/commands` has, and `plan` where it pays. arguments: adds flags that fit what was typed."""

    EXAMPLE: str
    arguments: Callable[[argparse.ArgumentParser, Sequence[str]], None]
    work: "Callable[[argparse.Namespace, Progress], Answer]"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code. Results go to stdout, progress and errors to stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    as_json = "--json" in words
    try:
        if not words or words[0] in ("-h", "--help", "help"):
            print(overview_of_commands(), flush=True)
            return GOOD if words else BAD_INPUT
        if words[0] == "--version":
            from importlib.metadata import version

            print(f"winnow {version('winnow')}")
            return GOOD
        if words[0] not in COMMANDS:
            raise unknown("command", words[0], COMMANDS)
        return _run(words[0], words[1:])
    except Cancelled as error:
        return _failed(str(error) or "Stopped; what was finished is kept.", CANCELLED, as_json)
    except KeyboardInterrupt:
        return _failed("Stopped; what was finished is kept.", CANCELLED, as_json)
    except EngineError as error:
        return _failed(str(error), BAD_INPUT, as_json)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone, as after `| head`
        return GOOD


def parser_of(name: str, words: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of one command. words: what was typed, as some flags depend on others (those of a member)."""
    command = _command(name)
    parser = argparse.ArgumentParser(
        prog=f"winnow {name}",
        description=COMMANDS[name],
        epilog=f"example:\n  {command.EXAMPLE}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    command.arguments(parser, words)
    common = parser.add_argument_group("everywhere")
    common.add_argument("--workspace", metavar="DIR", help=WORKSPACE)
    common.add_argument("--json", action="store_true", help="the result as JSON on stdout")
    common.add_argument("--quiet", action="store_true", help="no progress on stderr")
    if hasattr(command, "plan"):
        common.add_argument(
            "--plan", action="store_true", help="say what it would take (rows, time, disk) and do nothing"
        )
    return parser


def overview_of_commands() -> str:
    """The help of `winnow` itself."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {sentence}" for name, sentence in COMMANDS.items()]
    return "\n".join(
        [
            "usage: winnow COMMAND …\n",
            "See a corpus as a map, tune what stays, export the subset with its proof.\n",
            *lines,
            "\nHelp on one: winnow COMMAND --help",
            "Workspace: --workspace DIR, else $WINNOW_WORKSPACE, else ./winnow_workspace",
            "Exit codes: 0 good, 1 a check found a difference, 2 something to mend, 130 stopped by hand.",
            "\nexample:\n  winnow open texts.csv && winnow map texts && winnow app",
        ]
    )


def _command(name: str) -> Command:
    return cast(Command, import_module(f"engine.commands.{name}_"))


def _run(name: str, words: Sequence[str]) -> int:
    try:
        args = parser_of(name, words).parse_args(words)
    except SystemExit as stop:  # argparse has said what is wrong, or printed the help
        return int(stop.code or 0)
    command = _command(name)
    args.typed = shlex.join(["winnow", name, *words])
    if getattr(args, "plan", False):
        answer = cast(Callable[[argparse.Namespace], Answer], command.plan)(args)  # type: ignore[attr-defined]
    else:
        with _interruptible(), _progress(args.quiet) as progress:
            answer = command.work(args, progress)
    print(json.dumps(answer.value, indent=1, ensure_ascii=False) if args.json else answer.text)
    return answer.code


@contextmanager
def _progress(silent: bool):  # type: ignore[no-untyped-def]  # noqa: ANN202
    from engine.progress import quiet, terminal

    with nullcontext(quiet) if silent else terminal() as progress:
        yield progress


@contextmanager
def _interruptible() -> Iterator[None]:
    """Being told to end counts as Ctrl-C: drafts are cleared, the app's server does not outlive its command."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _failed(message: str, code: int, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"error": message}, ensure_ascii=False))
    print(f"winnow: {message}", file=sys.stderr)
    return code

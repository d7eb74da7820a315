"""winnow verify: is an export what it says?"""

import argparse
from collections.abc import Sequence

from engine.commands._flags import readable
from engine.commands.answer import Answer
from engine.exporting import verify
from engine.progress import Progress

EXAMPLE = "winnow verify chosen --rebuild"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The folder, and whether to make it once more."""
    parser.add_argument("folder", metavar="FOLDER", help="what was exported")
    parser.add_argument(
        "--rebuild", action="store_true", help="run the recipe again from the source and compare all that comes out"
    )
    parser.add_argument(
        "--signed-by", metavar="KEY", help="a public SSH key, or a list of allowed signers: who must have signed it"
    )
    parser.add_argument(
        "--search", action="store_true", help="find anew, in the files, the pairs that may not cross between the parts"
    )
    parser.add_argument("--source", metavar="FILE", help="where the source is now (default: where it was)")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Every check with its finding; exit code 1 where one fails."""
    report = verify(
        readable(args.folder), rebuild=args.rebuild, source=args.source, workspace=args.workspace,
        signed_by=readable(args.signed_by) if args.signed_by else None, search=args.search, progress=progress,
    )  # fmt: skip
    lines = [f"{'ok  ' if c.ok else 'BAD '} {c.name}: {c.words}" for c in report.checks]
    lines.append("The export is what it says." if report.ok else "The export is not what it says.")
    return Answer(report.json(), "\n".join(lines), 0 if report.ok else 1)

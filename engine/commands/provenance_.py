"""winnow provenance: has a model learned from an export in its order?"""

import argparse
from collections.abc import Sequence

from engine.commands._flags import readable
from engine.commands.answer import Answer
from engine.exporting import provenance
from engine.progress import Progress

EXAMPLE = "winnow provenance chosen likelihoods.csv --likelihood loglik --key id --beside reference"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The export, the table of likelihoods, and its columns."""
    parser.add_argument("folder", metavar="FOLDER", help="what was exported")
    parser.add_argument("table", metavar="TABLE", help="a file with the log-likelihood of each of some rows by a model")
    parser.add_argument("--likelihood", metavar="COLUMN", required=True, help="of the table: the log-likelihoods")
    parser.add_argument(
        "--key", metavar="COLUMN", default="",
        help="of the table: the key of each row as kept.parquet has it (default: every row, in the export's order)",
    )  # fmt: skip
    parser.add_argument(
        "--beside", metavar="COLUMN", nargs="+", default=[],
        help="of the table: what is taken out first, such as length or the log-likelihood by another model",
    )  # fmt: skip


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Test it."""
    found = provenance(
        readable(args.folder), readable(args.table), args.likelihood, key=args.key, beside=args.beside,
        progress=progress,
    )  # fmt: skip
    return Answer(found.json(), "\n".join(found.text()))

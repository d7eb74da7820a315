"""winnow evidence: what a recipe's choice is worth, measured and kept beside it."""

import argparse
from collections.abc import Sequence

from engine.building import pick
from engine.commands._flags import add_dataset, dataset
from engine.commands._recipes import RECIPE, add_bound, bound_of, recipe_file
from engine.commands.answer import Answer
from engine.errors import EngineError, unknown
from engine.exporting import fitted
from engine.look import kept
from engine.progress import Progress
from engine.recipe import Run
from engine.registry import Json

EXAMPLE = "winnow evidence tickets chosen --label intent"
KINDS: tuple[kept.Kind, ...] = ("coverage", "losses", "shifts", "stability", "teaching")


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, the recipe with its choice, and what is measured."""
    add_dataset(parser)
    parser.add_argument("recipe", metavar="RECIPE", help=RECIPE)
    parser.add_argument("--only", nargs="+", choices=KINDS, metavar="KIND", help=f"of {', '.join(KINDS)}")
    parser.add_argument("--embedding", metavar="KEY", help="that coverage and teaching are measured on (the newest)")
    parser.add_argument("--label", metavar="COLUMN", help="that small models learn; left out, the words of the texts")
    parser.add_argument(
        "--over", choices=("resamples", "seeds"), default="resamples",
        help="what stability draws anew: the rows to choose from, or the seed (default: resamples)",
    )  # fmt: skip
    add_bound(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Measure the choice; what was measured before is not measured again."""
    data = dataset(args)
    done = pick(*fitted(data, recipe_file(args, args.recipe, data), bound_of(args), progress), progress=progress)
    at = kept.choice_at(done)
    if at is None:
        raise EngineError(
            f"The recipe {args.recipe!r} chooses no rows, so nothing can be measured. Add a choice to it."
        )
    value: dict[str, Json] = {"dataset": done.data.name, "rows": done.stages[at].kept, "of": done.stages[at].before}
    text = [f"{done.stages[at].kept:,} of {done.stages[at].before:,} rows, by {done.stages[at].step.member.title}."]
    for asked in _wanted(done, args):
        found = kept.measure(done, at, asked, progress)
        value[asked.kind] = found.json()
        text += ["", f"{kept.MEASURES[asked.kind].title}:", *(found.text() or ["None."])]
    return Answer(value, "\n".join(text))


def _wanted(done: Run, args: argparse.Namespace) -> list[kept.Asked]:
    """What is measured, with the embedding and the label that were named."""
    data = done.data
    embedding = args.embedding or next(reversed(data.keys_of("embedding")), "")
    if embedding and embedding not in data.keys_of("embedding"):
        raise unknown("embedding", embedding, data.keys_of("embedding"))
    if args.label and args.label not in data.columns:
        raise unknown("column", args.label, data.columns)
    if args.label and not embedding:
        raise EngineError("Small models learn a label from vectors. Embed the texts first: `winnow embed`.")
    on = {"coverage": (embedding, ""), "teaching": (embedding, args.label or "")}
    knobs = {"stability": {"over": args.over}} if args.over != "resamples" else {}
    return [kept.Asked(kind, *on.get(kind, ("", "")), knobs.get(kind, {})) for kind in args.only or KINDS]

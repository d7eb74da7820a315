"""winnow export: a recipe on a dataset that is open."""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from engine.building import pick
from engine.commands._flags import dataset, readable
from engine.commands._follow import planned
from engine.commands._output import add_output, exported, output_of
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.exporting import built, export, needed, read_recipe, refs_beside, with_output
from engine.progress import Progress
from engine.recipe import Recipe, history

EXAMPLE = "winnow export tickets recipe.json --out chosen --format jsonl"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Dataset, recipe, and what to write."""
    parser.add_argument("dataset", metavar="DATASET", help="its name")
    recipe = "a file, the folder of an export, or the name of a saved one; none keeps every row"
    parser.add_argument("recipe", nargs="?", metavar="RECIPE", help=recipe)
    add_output(parser, words)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Compute what is missing, run, export."""
    data = dataset(args)
    recipe = _recipe(args, data)
    done = pick(built(data, recipe, progress), recipe, progress=progress)
    sign = readable(args.sign) if args.sign else None
    made = export(done, readable(args.out), overwrite=args.overwrite, command=args.typed, sign=sign, progress=progress)
    return exported(made, args.out)


def plan(args: argparse.Namespace) -> Answer:
    """What would have to be computed first."""
    data = dataset(args)
    return planned(data, needed(_recipe(args, data)))


def _recipe(args: argparse.Namespace, data: Dataset) -> Recipe:
    if not args.recipe:
        return with_output(Recipe(name=data.name), output_of(args))
    path = readable(args.recipe)
    if not path.exists() and args.recipe in history.names(data.store):
        saved = history.load(data.store, args.recipe).recipe
        return with_output(replace(saved, name=saved.name or args.recipe), output_of(args))
    recipe = read_recipe(path)
    data.store.take_refs(Path(refs_beside(path)))
    return with_output(recipe, output_of(args))

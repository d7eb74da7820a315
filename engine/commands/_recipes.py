"""Which recipe is meant, what becomes of steps that belong to another corpus, and the plan of it all in words."""

import argparse

from engine.building import cost_of_all
from engine.commands._flags import readable, workspace_of
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.exporting import Bound, Plan, RecipeFile, packed, read_file
from engine.recipe import SavedRecipe, find_saved
from engine.registry import Json

RECIPE = "a file, the folder of an export, or a saved one: its name, or DATASET/NAME"


def add_bound(parser: argparse.ArgumentParser) -> None:
    """The flags for steps that belong to another corpus; without one they are refused by name."""
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--skip-bound", action="store_true", help="switch steps off that belong to another corpus, instead of refusing"
    )
    which.add_argument(
        "--portable", action="store_true", help="take the portable form of such steps, and switch off what has none"
    )


def bound_of(args: argparse.Namespace) -> Bound:
    """What was typed about steps of another corpus."""
    return "portable" if args.portable else "skip" if args.skip_bound else "refuse"


def meant(args: argparse.Namespace, name: str, of: str = "") -> RecipeFile | SavedRecipe:
    """The recipe of a name; a file that is there comes before a saved recipe of the same name.

    of: the dataset whose saved recipes come first.
    """
    path = readable(name)
    if path.exists() or name.endswith(".json") or name.startswith((".", "/", "~")):
        return read_file(path)
    return find_saved(workspace_of(args), name, of or getattr(args, "dataset", None) or "")


def recipe_file(args: argparse.Namespace, name: str, data: Dataset | None = None) -> RecipeFile:
    """The recipe that is meant, with its snapshots and what may stand in for its steps.

    data: the dataset that it is for: its own saved recipes come first, and have all that they need.
    """
    one = meant(args, name, data.name if data else "")
    if isinstance(one, RecipeFile):
        return one
    if data is not None and one.store.folder == data.store.folder:
        return RecipeFile(one.recipe, rows=data.fingerprint)
    return packed(Dataset.load(one.store), one.recipe)


def plan_answer(plan: Plan, bound: Bound) -> Answer:
    """What each step would do, the ways there are where it is bound or broken, and what would have to be measured."""
    choice, lines = plan.unattended(bound), []
    for line, taken in zip(plan.lines, plan.taken(choice), strict=True):
        took = f", {cost_of_all(plan.data, taken.needs).words()}" if taken.needs else ""
        lines += [f"{line.at or '–'}. {line.sentence}", f"   {line.verdict}{took}. {line.why}".rstrip()]
        if line.verdict in ("bound", "broken"):
            lines += [f"   {'→' if way is taken else ' '} {way.words}" for way in line.ways]
    refused = plan.refused(bound)
    if refused:
        lines.append(
            f"Refused as it is: {', '.join(line.place for line in refused)}. Bound steps: --skip-bound switches them "
            "off, --portable takes the form that is offered. Broken ones: mend them in the recipe, or switch them off."
        )
    needs, cost = plan.needs(choice), plan.cost(choice)
    lines.append(f"Measures {', '.join(needs)}: {cost.words()}." if needs else "Nothing has to be measured.")
    value: dict[str, Json] = {
        "steps": plan.json(),
        "taken": [way.kind for way in plan.taken(choice)],
        "refused": [line.at for line in refused],
        "builds": list(needs),
        "rows": plan.data.n,
        "seconds": round(cost.seconds, 1),
        "memory": cost.memory,
        "disk": cost.disk,
        "remarks": list(plan.remarks),
    }
    return Answer(value, "\n".join([*lines, *plan.remarks]))

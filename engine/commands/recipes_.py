"""winnow recipes: the saved recipes of a workspace, and one of them applied to a dataset."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from engine.commands._flags import add_dataset, dataset, readable, store, table, workspace_of
from engine.commands._recipes import RECIPE, add_bound, bound_of, meant, plan_answer, recipe_file
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import Translated, data_juicer, datatrove, fitted, planned
from engine.progress import Progress
from engine.recipe import Recipe, SavedRecipe, all_saved, find_saved, history, rename, run, saved_in
from engine.registry import Json
from engine.store import plain, write_bytes

TOOLS: Mapping[str, Callable[[Dataset, Recipe], Translated]] = {"datatrove": datatrove, "data-juicer": data_juicer}
"""Tools that filter at scale, by the flag of each."""

EXAMPLE = "winnow recipes tickets --apply older/cleaned --plan"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, and what to do with which recipe."""
    add_dataset(parser)
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--show", metavar="RECIPE", help="say what it does, step by step")
    one.add_argument("--file", nargs=2, metavar=("RECIPE", "FILE"), help="write it as one file, its snapshots inside")
    for tool in TOOLS:
        one.add_argument(
            f"--{tool}", nargs=2, metavar=("RECIPE", "FILE"), help=f"write its thresholds for {tool}; needs DATASET"
        )
    one.add_argument("--apply", metavar="RECIPE", help="measure what it needs on DATASET, and save it there")
    one.add_argument("--rename", nargs=2, metavar=("RECIPE", "NAME"), help="give it another name")
    one.add_argument("--delete", metavar="RECIPE", help="take it from the list; its history stays")
    parser.add_argument("--as", dest="as_name", metavar="NAME", help="with --apply: the name to save it under")
    parser.epilog = f"RECIPE is {RECIPE}.\n\n{parser.epilog}"
    add_bound(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """All saved recipes, or what is to be done with one."""
    if args.apply:
        return _apply(args, progress)
    if args.show:
        recipe = meant(args, args.show).recipe
        lines = [f"{at}. {said}" for at, said in enumerate(recipe.sentences(), 1)]
        return Answer(recipe.json(), "\n".join([recipe.name, *(lines or ["No steps: every row stays."])]))
    if args.file:
        name, out = args.file
        if readable(out).exists():
            raise EngineError(f"{out} is there already. Give another name.")
        body = recipe_file(args, name).text().encode()
        write_bytes(readable(out), body)
        return Answer({"file": out, "bytes": len(body)}, f"Written: {out} ({len(body):,} bytes).")
    for tool, translate in TOOLS.items():
        if asked := getattr(args, tool.replace("-", "_")):
            return _translated(args, translate, *asked)
    if args.rename:
        one = find_saved(workspace_of(args), args.rename[0], args.dataset or "")
        rename(one, args.rename[1])
        return Answer({"dataset": one.dataset, "name": args.rename[1]}, f"{one.full_name} is now {args.rename[1]!r}.")
    if args.delete:
        one = find_saved(workspace_of(args), args.delete, args.dataset or "", unread=True)
        history.remove(one.store, one.name)
        return Answer({"deleted": one.full_name}, f"{one.full_name} is off the list; its history stays.")
    return _listed(saved_in(store(args)) if args.dataset else all_saved(workspace_of(args)))


def _translated(
    args: argparse.Namespace, translate: Callable[[Dataset, Recipe], Translated], name: str, out: str
) -> Answer:
    """A recipe as another tool's configuration, and what could not be said in it."""
    if readable(out).exists():
        raise EngineError(f"{out} is there already. Give another name.")
    data = dataset(args)
    made = translate(data, recipe_file(args, name, data).recipe)
    write_bytes(readable(out), made.text.encode())
    said = len(made.lines) - len(made.untold)
    lines = [f"Written: {out}. {said:,} of {len(made.lines):,} parts are in it."]
    lines += [f"Not in it: {line.step}. {line.why}" for line in made.untold]
    lines += [f"Not to the letter: {line.step}. {line.note}." for line in made.lines if line.note]
    return Answer({"file": out, "lines": plain(made.lines)}, "\n".join(lines))


def plan(args: argparse.Namespace) -> Answer:
    """What each step would do on the dataset, and what has to be measured."""
    if not args.apply:
        raise EngineError("There is nothing to plan: --plan goes with --apply.")
    data = dataset(args)
    return plan_answer(planned(data, recipe_file(args, args.apply, data)), bound_of(args))


def _apply(args: argparse.Namespace, progress: Progress) -> Answer:
    data, bound = dataset(args), bound_of(args)
    file = recipe_file(args, args.apply, data)
    made = planned(data, file)
    made.check(bound)
    said = plan_answer(made, bound)
    name = args.as_name or file.recipe.name
    if name in history.names(data.store):
        raise EngineError(f"A recipe is saved as {name!r} in {data.name!r} already. Give another name with --as.")
    data, recipe = fitted(data, file, bound, progress)
    done = run(data, recipe)
    history.save(data.store, name, replace(recipe, name=name), words=f"applied {args.apply}")
    text = f"{len(done.rows):,} of {data.n:,} rows stay. Saved as {name!r}; winnow export writes them."
    value = {**said.value, "dataset": data.name, "name": name, "kept": len(done.rows)}
    return Answer(value, f"{said.text}\n{text}")


def _listed(found: Sequence[SavedRecipe]) -> Answer:
    rows = [
        [one.dataset, one.name, "unreadable" if one.wrong else len(one.recipe.steps), one.at[:16].replace("T", " ")]
        for one in found
    ]
    value: list[Json] = [
        {"dataset": one.dataset, "name": one.name, "steps": len(one.recipe.steps), "at": one.at, "wrong": one.wrong}
        for one in found
    ]
    text = (
        table(["dataset", "name", "steps", "saved (UTC)"], rows, right={2: True})
        if found
        else "No recipe is saved yet."
    )
    return Answer({"recipes": value}, text)

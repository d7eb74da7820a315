"""winnow choose: the best rows of a budget, by any selector, toward a target or in a mix; saved as a recipe."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace

from engine.building import build, pick, picking_seconds, remedy
from engine.commands._flags import add_dataset, add_members, dataset, given
from engine.commands._pools import SAID, add_text, targets_of
from engine.commands._recipes import RECIPE, add_bound, bound_of, recipe_file
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import fitted
from engine.progress import Progress, quiet, words
from engine.recipe import EVIDENCE, SELECTORS, Recipe, Step, examples_ref, frozen, groups_in, history, listed_ref, run
from engine.registry import Budget, Counted, Evidence, Figure, Json, Mix, Names, Remark

EXAMPLE = "winnow choose tickets --selector nearest --budget 2000 --target topic=billing --save billing"
OWN = ("budget", "target", "embedding")


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, the selector with its parameters, the budget with its mix, and the name to save under."""
    add_dataset(parser)
    parser.add_argument("--budget", required=True, metavar="AMOUNT", help="2000, 10%%, or '1e6 tokens'")
    parser.add_argument("--recipe", metavar="RECIPE", help=f"the filters before the choice: {RECIPE}")
    parser.add_argument("--save", metavar="NAME", help="save filters and choice as a recipe; left out, only look")
    parser.add_argument(
        "--target", nargs="+", metavar="ROWS", help=f"examples of what is wanted: {SAID}; each a target"
    )
    add_text(parser)
    parser.add_argument("--embedding", metavar="KEY", help="that likeness is told by (the newest)")
    mix = parser.add_argument_group("the mix", "What groups of a column get of the budget.")
    mix.add_argument("--mix", metavar="COLUMN", help="the column whose values are the groups")
    mix.add_argument("--share", nargs="+", default=[], metavar="GROUP=SHARE", help="0 to 1; the others share the rest")
    mix.add_argument("--at-least", type=int, default=0, metavar="N", help="rows of each group")
    mix.add_argument("--at-most", type=int, metavar="N", help="rows of each group")
    mix.add_argument("--after", metavar="RECIPE", help="go on from what this recipe keeps: those come first and count")
    add_members(parser, words, "--selector", SELECTORS, skip=OWN)
    add_bound(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Choose, and save the recipe that did."""
    data, recipe = _before(args, progress)
    step = _step(args, data, progress)
    lacks = run(data, Recipe(steps=(step,)), pick=False, strict=False).broken.get(0)
    if lacks and (mends := remedy(data, recipe, lacks)):
        data = build(data, mends.specs, progress)
    done = pick(data, recipe.with_step(step), progress=progress)
    stage = done.stages[-1]
    text = [f"{stage.kept:,} of {stage.before:,} rows. {step.sentence()}"]
    text += _noted({**step.member.about.evidence, **EVIDENCE}, stage.notes)
    if args.save:
        whole = frozen(data, replace(done.recipe, name=args.save))
        there = history.load(data.store, args.save).revision if args.save in history.names(data.store) else 0
        history.save(data.store, args.save, whole, there, words="chosen on the command line")
        text.append(
            f"Saved as {args.save!r}: winnow evidence {data.name} {args.save}, winnow export {data.name} {args.save}"
        )
    else:
        text.append("Nothing is saved. Add --save NAME to keep it as a recipe.")
    value: dict[str, Json] = {
        "dataset": data.name, "rows": stage.kept, "of": stage.before, "saved": args.save or "",
        "step": step.json(), "notes": dict(stage.notes), "keys": list(data.keys(done.rows)),
    }  # fmt: skip
    return Answer(value, "\n".join(text))


def plan(args: argparse.Namespace) -> Answer:
    """What would be chosen from, and how long it takes; nothing is computed, so a target is not read."""
    data = dataset(args)
    recipe = recipe_file(args, args.recipe, data).recipe if args.recipe else Recipe()
    done = run(data, recipe, pick=False, strict=False)
    said = f"Chooses among {len(done.rows):,} rows"
    if done.broken or done.waiting:
        said = f"Chooses among {len(done.rows):,} rows at most: some filters need what is not computed yet"
    value: dict[str, Json] = {"rows": len(done.rows)}
    if args.target or args.after:
        return Answer(value, f"{said}.")
    step = _step(args, data, quiet)
    seconds = picking_seconds(data, step, done.rows)
    took = f"{said}; takes {f'about {words(seconds)}' if seconds >= 1 else 'a moment'}."
    return Answer({**value, "seconds": round(seconds, 1), "step": step.json()}, f"{step.sentence()}\n{took}")


def _before(args: argparse.Namespace, progress: Progress) -> tuple[Dataset, Recipe]:
    """The dataset, with what the filters need, and the filters."""
    data = dataset(args)
    if not args.recipe:
        return data, Recipe()
    return fitted(data, recipe_file(args, args.recipe, data), bound_of(args), progress)


def _step(args: argparse.Namespace, data: Dataset, progress: Progress) -> Step:
    """The choice as it was typed; raises `EngineError` where something is missing or contradicts itself."""
    member = SELECTORS[args.selector]
    values = given(args, member, skip=OWN)
    names = {param.name for param in member.params}
    embeddings = data.keys_of("embedding")
    if "embedding" in names:
        if not embeddings:
            raise EngineError(f"{member.title} needs vectors. Embed the texts first: `winnow embed {data.name}`.")
        values["embedding"] = args.embedding or embeddings[-1]
    if "target" in names:
        name, ref = _target(args, data, str(values.get("embedding", "")), progress)
        values = {"label": name[:60], **values, "target": ref} if "label" in names else {**values, "target": ref}
    elif args.target:
        raise EngineError(f"{member.title} chooses toward no target. Leave --target out, or choose --selector nearest.")
    budget = replace(Budget.read(args.budget), mix=_mix(args, data), after=_after(args, data, progress))
    return Step(member.name, {**values, "budget": budget.json()}).checked()  # type: ignore[dict-item]


def _target(args: argparse.Namespace, data: Dataset, embedding: str, progress: Progress) -> tuple[str, str]:
    """What the examples are called, and their ref."""
    if not args.target:
        raise EngineError(f"{SELECTORS[args.selector].title} needs examples of what is wanted. Give --target: {SAID}.")
    name, texts, rows = targets_of(data, args.target, args.set_text, progress)
    return name, examples_ref(data, name, texts, rows=rows, embedding=embedding)


def _mix(args: argparse.Namespace, data: Dataset) -> Mix | None:
    if not args.mix:
        if args.share or args.at_least or args.at_most is not None:
            raise EngineError("A share, a least or a most needs the column of its groups. Give --mix COLUMN.")
        return None
    shares = {}
    for said in args.share:
        group, there, share = said.rpartition("=")
        try:
            shares[group] = float(share)
        except ValueError:
            there = ""
        if not there:
            raise EngineError(f"--share {said!r} is no share. Write GROUP=SHARE, for example billing=0.5.")
    mix = Mix(args.mix, shares, args.at_least, args.at_most).checked()
    groups_in(data, mix)  # refuses a group that is not there
    return mix


def _after(args: argparse.Namespace, data: Dataset, progress: Progress) -> str:
    if not args.after:
        return ""
    done = pick(*fitted(data, recipe_file(args, args.after, data), bound_of(args), progress), progress=progress)
    return listed_ref(data, done.rows)


def _noted(says: Mapping[str, Evidence], notes: Mapping[str, Json]) -> list[str]:
    """A selector's notes as lines: figures, counts, remarks."""
    lines, unit = [], str(notes.get("unit", "rows"))
    for name, value in notes.items():
        how = says.get(name)
        if isinstance(how, Figure) and isinstance(value, int | float):
            lines.append(f"- {how.label.replace('{unit}', unit)}: {how.shape.format(value)}")
        elif isinstance(how, Counted) and isinstance(value, int | float) and value:
            lines.append(f"- {how.said(value, unit)}")
        elif isinstance(how, Remark) and value:
            lines.append(f"- {how.words}")
        elif isinstance(how, Names) and isinstance(value, list) and value:
            lines.append(f"- {how.words}: {', '.join(map(str, value[:8]))}{' …' if len(value) > 8 else ''}")
    return lines

"""Run a recipe on a source from the first byte to the proven export, with nobody watching."""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import cast

from engine.building import alike, build, pick
from engine.dataset import Dataset, read_record
from engine.errors import EngineError
from engine.exporting.applying import Bound, planned
from engine.exporting.contents import touched
from engine.exporting.export import export
from engine.exporting.manifest import Manifest, is_export
from engine.exporting.needs import needed
from engine.exporting.output import Wanted
from engine.exporting.portability import refuse_foreign
from engine.exporting.recipe_file import RecipeFile, read_file
from engine.exporting.tagging import moved
from engine.opening import SourceOptions, as_chats, choose_view, inputs_of, open_source, preview, unpooled
from engine.progress import Progress, quiet
from engine.recipe import Recipe, Run
from engine.registry import Json
from engine.store import check_free, datasets, digest_of, file_digest


def replay(
    recipe_file: Path | str,
    source: Sequence[str | Path],
    out: Path | str,
    *,
    workspace: Path | str | None = None,
    overwrite: bool = False,
    output: Mapping[str, Json] | None = None,
    bound: Bound = "refuse",
    command: str = "",
    sign: Path | str | None = None,
    then: Callable[[Run, Manifest], None] = lambda run, made: None,
    progress: Progress = quiet,
) -> Manifest:
    """Open a source as the recipe says, compute what its steps need and nothing else, run, export.

    recipe_file: a recipe with its snapshots inside, or in the folder `refs` beside it, or the folder of an export.
    workspace: what is stored there for this source is used and added to; None works in a temporary one. output: changes
    what the recipe says under `output`. bound: what becomes of steps that belong to another corpus, see `fitted`. sign:
    a private SSH key to sign with. then: called with what ran and what was written, while the workspace is there.
    Raises `EngineError` before any slow work when such a step is refused.
    """
    check_free(Path(out), overwrite, is_export, touched)
    with run_again(recipe_file, source, workspace=workspace, output=output, bound=bound, progress=progress) as done:
        temporary = workspace is None
        made = export(
            done, out, overwrite=overwrite, command=command, temporary=temporary, sign=sign, progress=progress
        )
        then(done, made)
        return made


@contextmanager
def run_again(
    recipe_file: Path | str,
    source: Sequence[str | Path],
    *,
    workspace: Path | str | None = None,
    output: Mapping[str, Json] | None = None,
    anew: bool = False,
    bound: Bound = "refuse",
    progress: Progress = quiet,
) -> Iterator[Run]:
    """A recipe run on a source that was opened for it; what it stands on is there until the end of the block.

    anew: its selectors pick once more, also where the workspace has what they picked.
    """
    file = read_file(recipe_file)
    file = replace(file, recipe=with_output(file.recipe, output or {}))
    with _workspace(workspace) as place:
        data, recipe = fitted(opened(file, source, place, progress), file, bound, progress)
        yield pick(data, recipe, anew=anew, progress=progress)


def stored_for(workspace: Path | str, source: Sequence[str | Path]) -> Dataset | None:
    """The dataset of a workspace that was opened from these very files, unchanged since; None where there is none."""
    paths = [str(Path(p).resolve()) for p in source]
    for store in datasets(workspace):
        files = read_record(store).files
        if [f.path for f in files] == paths and all(
            Path(p).is_file() and file_digest(Path(p)) == f.sha256 for p, f in zip(paths, files, strict=True)
        ):
            return Dataset.load(store)
    return None


def with_output(recipe: Recipe, changed: Mapping[str, Json]) -> Recipe:
    """The recipe with some of its output changed; another format starts from its own defaults.

    Of a split too, only what is given changes. A tag may name a step of the recipe by its place, from 1: that one drops
    no row any more, and tags by what it says. Raises `EngineError` where the output tags by another step already: that
    one would neither drop rows nor tag them.
    """
    said = dict(recipe.output)
    if isinstance(tag := changed.get("tag"), dict) and isinstance(at := tag.get("step"), int):
        if there := Wanted.from_json(said).tag:
            raise EngineError(
                f"The recipe tags rows by “{there.step.label()}” already; with step {at} in its place, rows that it "
                "would drop would go out untold. Put that step back first: press “Drop them again” on the page Export, "
                "or move it in the recipe's file from the output's `tag` to `steps`."
            )
        recipe, step = moved(recipe, at)
        changed = {**changed, "tag": {**tag, "step": step.json()}}
    if (before := said.get("split")) and (split := changed.get("split")):
        changed = {**changed, "split": {**cast(dict[str, Json], before), **cast(dict[str, Json], split)}}
    if changed.get("format", said.get("format")) != said.get("format"):
        said.pop("params", None)
        said.pop("turns", None)
    return replace(recipe, output=Wanted.from_json({**said, **changed}).json() if {**said, **changed} else {})


def opened(file: RecipeFile, source: Sequence[str | Path], workspace: Path, progress: Progress) -> Dataset:
    """The source as a dataset with the recipe's roles and text view; one that looks otherwise is left as it is."""
    recipe = file.recipe
    options = _for_these_files(SourceOptions.from_json(recipe.source_options), source)
    data = open_source(
        [*source],
        workspace,
        options=options,
        suits=lambda there: not recipe.text_view or _looks_as(there, recipe, options),
        beside=digest_of([recipe.text_view, options.json()])[:6],
        progress=progress,
    )
    if not recipe.text_view or _looks_as(data, recipe, options):
        return data
    view = recipe.view
    if all(column in data.columns for column in view.columns):
        return choose_view(data, view)
    file.put_into(data.store)
    data = build(data, recipe.edits, progress)  # the text view reads an edited column
    return choose_view(data, view)


def _for_these_files(options: SourceOptions, source: Sequence[str | Path]) -> SourceOptions:
    """The options of a recipe on pooled files, where others are read: those are pooled anew, in the same way."""
    names = [i.name for i in inputs_of([*source], options)]
    if all(name in names for name in (*options.file_roles, *options.file_views)):
        return options
    pooled = {role for roles in options.file_roles.values() for role in roles}
    roles = {role: column for role, column in options.roles.items() if role not in pooled}
    as_they_are = replace(unpooled(options), roles=roles)
    if not options.messages:
        return as_they_are  # opening pools them, where they differ
    seen = preview([*source], options=as_they_are)
    columns = {str(file["name"]): cast(list[str], file["columns"]) for file in seen.files}
    return as_chats(as_they_are, seen.own_views, columns)


def fitted(data: Dataset, file: RecipeFile, bound: Bound, progress: Progress = quiet) -> tuple[Dataset, Recipe]:
    """A dataset with all that a recipe's file needs, and the recipe as it runs there.

    bound: steps that belong to another corpus are refused by name, switched off (`skip`), or take the portable form
    that came with them (`portable`; one without a form is switched off). Raises `EngineError` before any slow work.
    """
    file.put_into(data.store)
    if bound == "refuse":
        return built(data, file.recipe, progress), file.recipe
    plan = planned(data, file)
    plan.check(bound)
    choice = plan.unattended(bound)
    if wanted := plan.needs(choice):  # the share of a number can be found once the number is there
        data = build(data, wanted, progress)
        plan = planned(data, file)
    recipe = plan.recipe(plan.unattended(bound))
    return built(data, recipe, progress), recipe


def built(data: Dataset, recipe: Recipe, progress: Progress) -> Dataset:
    """The dataset with all that the steps and the output need; refuses steps of another corpus before it starts.

    Raises `EngineError` where a key means something else here than in the recipe: neither may take the other's place.
    """
    refuse_foreign(recipe, data)
    source = [c.key for c in data.columns.values() if c.origin == "source"]
    # Without columns that are named, every edited one goes out.
    wanted = {**({} if Wanted.from_json(recipe.output).columns else recipe.edits), **needed(recipe, source)}
    for key, made in wanted.items():
        if key in data.added and not alike(data.added[key].spec, made):
            raise EngineError(
                f"{key!r} is made in another way in {data.name!r} than in the recipe. Run it without this workspace, "
                "or give one of the two another name."
            )
    missing = {k: m for k, m in wanted.items() if k not in data.added}
    return build(data, missing, progress) if missing else data


def _looks_as(data: Dataset, recipe: Recipe, options: SourceOptions) -> bool:
    roles = {c.role: c.key for c in data.columns.values() if c.origin == "source" and c.role not in ("", "source")}
    wanted = {**options.roles, **({"id": options.id} if options.id else {})}
    wanted.pop("source", None)
    return recipe.view == data.text_view and roles.get("id") == wanted.get("id")


@contextmanager
def _workspace(named: Path | str | None) -> Iterator[Path]:
    if named is not None:
        yield Path(named)
        return
    with tempfile.TemporaryDirectory(prefix="winnow-") as place:
        yield Path(place)

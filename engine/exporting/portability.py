"""What of a recipe can run on other data: which steps are portable, and which belong to one corpus."""

from collections.abc import Iterator, Mapping
from typing import cast

from engine.dataset import ColumnInfo, Dataset, drawn_digest
from engine.errors import EngineError
from engine.recipe import NESTS, Portable, Recipe, Step
from engine.registry import Json

_THIS_CORPUS = ("region", "listed", "marked", "topic")
_ORDER: tuple[Portable, ...] = ("portable", "carries a fitted model", "this corpus only")


def portability(step: Step, columns: Mapping[str, ColumnInfo]) -> Portable:
    """Whether a step can run on other data: as it is, with the model that it stands on, or not at all.

    columns: of a dataset that has them, for the columns that clusters and embeddings made.
    """
    if step.do in NESTS:
        return max((portability(s, columns) for s in step.steps if s.on), key=_ORDER.index, default="portable")
    read = [columns[c] for c in step.names("column") if c in columns]
    if step.do in _THIS_CORPUS or (not step.selects and any(c.origin == "clusters" for c in read)):
        return "this corpus only"
    fitted = any(True for kind in ("embedding", "map", "clusters", "target") for _ in step.names(kind))
    if fitted or any(c.origin == "clusters" or (c.origin == "signal" and "@" in c.key) for c in read):
        return "carries a fitted model"
    return "portable"


def refuse_foreign(recipe: Recipe, data: Dataset) -> None:
    """Raise `EngineError` that names the steps of another corpus; nothing is computed, whatever the steps need."""
    foreign = [
        f"step {at}, “{step.name or step.sentence().rstrip('.')}” ({reason})"
        for at, step in enumerate(recipe.steps, 1)
        if step.on and (reason := next(_reasons(step, recipe, data), ""))
    ]
    for ref, what in ((recipe.pins.keep, "to stay"), (recipe.pins.drop, "to go")):
        if ref and _no_row_here(data, ref):
            foreign.append(f"the pins {what} (none of their rows is here)")
    if foreign:
        listed = "; ".join(foreign)
        raise EngineError(
            f"The recipe holds what cannot run on {data.name!r}, as it belongs to another corpus: {listed}. "
            "Take it out or switch it off, and run again."
        )


def _reasons(step: Step, recipe: Recipe, data: Dataset) -> Iterator[str]:
    """Why a step, or one inside it, cannot run on this dataset."""
    if step.do in NESTS:
        for inner in step.steps:
            if inner.on:
                yield from _reasons(inner, recipe, data)
        return
    if step.do in ("listed", "marked"):
        if any(_no_row_here(data, ref) for ref in step.names("rows")):
            yield "none of its rows is here"
    elif step.do == "region":
        yield from _region_reasons(step, recipe, data)
    elif step.do == "topic":
        rows, _, digest = str(step.params.get("bound", "")).partition("/")
        if rows and rows != data.fingerprint:
            yield "topics of other rows"
        elif rows and str(step.params["clusters"]) in data.added:
            level = str(step.params.get("level", "topic"))
            if digest != drawn_digest(data, "clusters", str(step.params["clusters"]), (level,)):
                yield f"topics of other clusters than {step.params['clusters']!r} holds now"
    elif step.do == "similar_to":
        yield from _target_reasons(step, recipe, data)


def _region_reasons(step: Step, recipe: Recipe, data: Dataset) -> Iterator[str]:
    ref, key = data.store.read_ref(next(step.names("rows"))), str(step.params["map"])
    if ref["rows"] != data.fingerprint:
        yield f"drawn on a map of other rows, {ref['map']!r}"
    elif key in data.added:
        if ref["digest"] != drawn_digest(data, "maps", key, ("x", "y")):
            yield f"drawn on another map than {key!r} is now"
    elif cast(Mapping[str, Json], recipe.signals.get(key, {}).get("params", {})).get("mode") == "fast":
        yield (
            f"the map {key!r} is not here, and was drawn in the fast mode, which draws another one each time: run the "
            "recipe in the workspace that has the map, or draw in the exact mode"
        )


def _target_reasons(step: Step, recipe: Recipe, data: Dataset) -> Iterator[str]:
    ref = data.store.read_ref(next(step.names("target")))
    key = str(step.params["embedding"])
    there = data.added.get(key)
    if there is not None:
        if ref["identity"] != there.identity and not (
            ref["embedder"] and ref["embedder"] == there.spec.get("embedder")
        ):
            yield f"its target was made with other vectors than {key!r}"
    elif ref["rows"] != data.fingerprint:
        member = recipe.signals.get(key, {}).get("member")
        if member in ("lexical", "given"):
            yield f"its target was made with {member} vectors of other rows"


def _no_row_here(data: Dataset, ref: str) -> bool:
    keys = cast(list[str], data.store.read_ref(ref)["keys"])
    return len(keys) > 0 and bool((data.rows_of(keys) < 0).all())

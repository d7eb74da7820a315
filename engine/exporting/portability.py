"""What of a recipe can run on other data: which steps are portable, and which belong to one corpus."""

from collections.abc import Iterator, Mapping

from engine.building import stands_on_model
from engine.dataset import ColumnInfo, Dataset, listed_elsewhere
from engine.errors import EngineError
from engine.exporting.output import Wanted
from engine.recipe import KEYED, NESTS, Recipe, Step
from engine.registry import Portable

_ORDER: tuple[Portable, ...] = ("portable", "carries a fitted model", "this corpus only")


def portability(step: Step, columns: Mapping[str, ColumnInfo]) -> Portable:
    """Whether a step can run on other data: as it is, with the model that it stands on, or not at all.

    columns: of a dataset that has them, for the columns that topics and embeddings made.
    """
    if step.do in NESTS:
        return max((portability(s, columns) for s in step.steps if s.on), key=_ORDER.index, default="portable")
    read = [columns[c] for c in step.names("column") if c in columns]
    if not step.selects and any(c.origin == "topics" for c in read):
        return "this corpus only"
    # Pairs are found anew wherever the recipe runs, unless they stand on an embedding.
    fitted = any(kind != "pairs" or "@" in name for kind in (*KEYED, "target") for name in step.names(kind))
    fitted = fitted or any(c.origin == "signal" and stands_on_model(c.key) for c in read)
    if fitted or any(c.origin == "topics" or (c.origin == "signal" and "@" in c.key) for c in read):
        return max(step.member.about.portable, "carries a fitted model", key=_ORDER.index)
    return step.member.about.portable


def refuse_foreign(recipe: Recipe, data: Dataset) -> None:
    """Raise `EngineError` that names the steps of another corpus; nothing is computed, whatever the steps need."""
    foreign = [
        f"step {at}, “{step.name or step.sentence().rstrip('.')}” ({reason})"
        for at, step in enumerate(recipe.steps, 1)
        if step.on and (reason := next(_reasons(step, recipe, data), ""))
    ]
    tag = Wanted.from_json(recipe.output).tag
    if tag and (reason := next(_reasons(tag.step, recipe, data), "")):
        foreign.append(f"what the output tags by, “{tag.step.label()}” ({reason})")
    for ref, what in ((recipe.by_hand.keep, "always"), (recipe.by_hand.drop, "never")):
        if recipe.by_hand.on and ref and listed_elsewhere(data, ref):
            foreign.append(f"what is {what} kept by hand (none of those rows is here)")
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
    foreign = step.member.about.foreign
    if foreign and (reason := str(foreign(data, step.params, recipe.needs))):
        yield reason

"""Whether one filter or selector of a recipe fits a dataset that it was not made on, and what could stand in for it."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

import numpy as np

from engine.building import alike, check_models, plan
from engine.dataset import COLUMN_FITS, Dataset, read_ref
from engine.errors import EngineError
from engine.exporting.needs import columns_of, needed
from engine.exporting.recipe_file import RecipeFile
from engine.exporting.stand_ins import StandIn, name_of
from engine.recipe import KEYED, Step, columns_in, verdict
from engine.registry import Json
from engine.store import Spec
from engine.vectors import EMBEDDERS

Fit = Literal["runs as it is", "needs measuring", "switched off", "bound", "broken"]
FITS: tuple[Fit, ...] = ("runs as it is", "needs measuring", "switched off", "bound", "broken")
Kind = Literal["take", "portable", "instead", "off"]
NEAREST = 3
MEASURED = ("integer", "number", "boolean", "date")
"""Types of columns that can be read as numbers."""


@dataclass(frozen=True)
class Form:
    """A filter or selector in place of another. overlap: with it, where that is known; see `Way` for the rest."""

    kind: Kind
    step: Step
    words: str
    needs: Mapping[str, Spec] = field(default_factory=dict)
    waits: bool = False
    overlap: float = 0.0


@dataclass(frozen=True)
class Found:
    """How one filter or selector fits. runs: whether it can be taken as it is. forms: in its place, the best first."""

    verdict: Fit
    why: str = ""
    needs: Mapping[str, Spec] = field(default_factory=dict)
    runs: bool = False
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True)
class Fits:
    """The recipe's file and the dataset that its filters and selectors are tried on."""

    data: Dataset
    file: RecipeFile

    def of(self, leaf: Step) -> Found:
        """How a filter or selector fits here."""
        try:
            if reason := self._foreign(leaf):
                why = f"It belongs to the corpus that it was made on: {reason}."
                return Found("bound", why, forms=self._forms(leaf))
            needs = self._needs(leaf)
            self._check_names(leaf, needs)
        except EngineError as error:
            return Found("broken", str(error), forms=tuple(self._renamed(leaf)))
        if reason := self._means_else(leaf, needs):
            return Found("bound", reason, needs, True, self._forms(leaf))
        if needs:
            return Found("needs measuring", f"Not measured here yet: {', '.join(needs)}.", needs, True)
        try:
            if leaf.alone:
                verdict(self.data, leaf, self.data.rows()[:1])
        except EngineError as error:
            return Found("broken", str(error), forms=tuple(self._renamed(leaf)))
        return Found("runs as it is", self._rows_here(leaf), {}, True)

    @cached_property
    def _same_rows(self) -> bool:
        return self.file.rows == self.data.fingerprint

    def _needs(self, leaf: Step) -> dict[str, Spec]:
        """What has to be measured for it, in order; raises `EngineError` where nothing says how."""
        alone = replace(self.file.recipe, steps=(replace(leaf, on=True),), output={})
        wanted = needed(alone, [c.key for c in self.data.columns.values() if c.origin == "source"])
        order = plan(wanted, {**self.data.columns, **self.data.added})
        for key, made in order:
            member = EMBEDDERS.get(made.member) if made.family == "embedding" else None
            if key not in self.data.added and member and member.about.portable == "this corpus only":
                raise EngineError(f"The vectors {key!r} were brought along with the other corpus.")
        return {key: made for key, made in order if key not in self.data.added}

    def _check_names(self, leaf: Step, needs: Mapping[str, Spec]) -> None:
        """Raise `EngineError` for what a step names that is not here and cannot be made."""
        made = [column for key, spec in needs.items() for column in columns_of(key, spec)]
        for text in leaf.names("expression"):
            columns_in(text, [*self.data.columns, *made])
        for column in leaf.names("column"):
            if column not in made:
                self.data.info(column)
        for family in KEYED:
            for key in leaf.names(family):
                if key not in needs:
                    self.data.artefact(family, key)
        for param in leaf.member.params:
            for named in param.named(leaf.params.get(param.name)) if param.of == "number" else ():
                if named in self.data.columns and self.data.columns[named].type not in MEASURED:
                    raise EngineError(f"{named!r} holds {self.data.columns[named].type} here, not numbers.")
        for ref in (*leaf.names("rows"), *leaf.names("target")):
            read_ref(self.data, ref, "")
        for made_here in needs.values():
            check_models(self.data, made_here)

    def _foreign(self, leaf: Step) -> str:
        ask = leaf.member.about.foreign
        return str(ask(self.data, leaf.params, self.file.recipe.needs)) if ask else ""

    def _means_else(self, leaf: Step, needs: Mapping[str, Spec]) -> str:
        """Why what it reads means something else here, although it runs."""
        alone = replace(self.file.recipe, steps=(replace(leaf, on=True),), output={})
        wanted = needed(alone, [c.key for c in self.data.columns.values() if c.origin == "source"])
        other = [k for k, made in wanted.items() if k in self.data.added and not alike(self.data.added[k].spec, made)]
        if other:
            return f"{', '.join(map(repr, other))} is made in another way here."
        if self._same_rows:
            return ""
        of_topics = {c for k, made in wanted.items() if made.family == "topics" for c in columns_of(k, made)}
        if not leaf.selects and of_topics.intersection(leaf.names("column")):
            return "Topics are found and named anew on each corpus: those of here may be called otherwise."
        if any(one.by_share for one in self._stand_ins(leaf)):
            return (
                f"{next(leaf.names('column'))!r} hangs on all rows of a corpus: the same number is another share here."
            )
        return ""

    def _rows_here(self, leaf: Step) -> str:
        """How many of the rows that it lists are here, where that is not all of them."""
        for ref in leaf.names("rows"):
            said = read_ref(self.data, ref, "")
            if said["kind"] == "rows" and isinstance(keys := said.get("keys"), list):
                here = int((self.data.rows_of([str(key) for key in keys]) >= 0).sum())
                return "" if here == len(keys) else f"{here:,} of its {len(keys):,} rows are here."
        return ""

    def _stand_ins(self, leaf: Step) -> Sequence[StandIn]:
        return [one for one in self.file.instead if one.of == name_of(leaf)]

    def _forms(self, leaf: Step) -> tuple[Form, ...]:
        """What came with the file to stand in for a filter, as far as it runs here."""
        forms: list[Form] = []
        for one in self._stand_ins(leaf):
            if one.by_share:
                forms.append(self._same_share(one, leaf))
                continue
            needs: dict[str, Spec] = {}
            fits = [self.of(inner) for inner, _ in one.step.leaves()]
            if all(fit.verdict in ("runs as it is", "needs measuring") for fit in fits):
                for fit in fits:
                    needs |= fit.needs
                said = one.step.name or one.step.sentence().rstrip(".")
                words = f"{said}: where it is from, {one.overlap:.0%} of the rows are the same"
                forms.append(Form("portable", one.step, words, needs, overlap=one.overlap))
        return tuple(forms)

    def _same_share(self, one: StandIn, leaf: Step) -> Form:
        """The range with its ends where they leave the same share of this corpus."""
        column = next(leaf.names("column"))
        share = " and ".join(
            f"the {part} {share:.1%}" for part, share in (("lowest", one.below), ("highest", one.above)) if share
        )
        words = f"Leave out {share or 'nothing'} of {column}, as where it is from"
        needs = self._needs(leaf)
        if column not in self.data.columns:
            return Form("portable", leaf, f"{words}; once it is measured", needs, True, 1.0)
        low, high = ends_of_share(self.data.numbers(column), one.below, one.above)
        ends: dict[str, Json] = {"low": low, "high": high}
        said = " to ".join("…" if end is None else f"{end:.4g}" for end in (low, high))
        return Form("portable", replace(leaf, params={**leaf.params, **ends}), f"{words}: {said}", needs, False, 1.0)

    def _renamed(self, leaf: Step) -> Iterator[Form]:
        """The step on the columns or embeddings of here whose names are nearest to one that is not."""
        for param in leaf.member.params:
            given = leaf.params.get(param.name)
            if param.kind == "column":
                fit = COLUMN_FITS.get(param.of)
                options = [c.key for c in self.data.columns.values() if fit is None or c.type in fit]
            else:
                options = self.data.keys_of(param.kind) if param.kind == "embedding" else []
            named = next((one for one in param.named(given) if one not in options), "")
            if not named:
                continue
            likely = [o for o in options if o not in self.data.text_view.columns and o != self.data.id_column()]
            near = difflib.get_close_matches(named, options, n=NEAREST, cutoff=0.5) or likely[:NEAREST]
            for other in near:
                value: Json = [other if one == named else one for one in param.named(given)] if param.many else other
                step = replace(leaf, params={**leaf.params, param.name: value})
                found = self.of(step)
                if found.runs:
                    yield Form("instead", step, f"With {other!r} instead of {named!r}", found.needs)


def ends_of_share(values: np.ndarray, below: float | None, above: float | None) -> tuple[float | None, float | None]:
    """The low and the high end that leave these shares of the values out; NaN counts as none.

    >>> ends_of_share(np.array([1.0, 2.0, 3.0, 4.0]), 0.25, 0.25)
    (2.0, 3.0)
    """
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return None, None
    last = len(known) - 1
    low = None if below is None else float(known[min(round(below * len(known)), last)])
    high = None if above is None else float(known[max(last - round(above * len(known)), 0)])
    return low, high

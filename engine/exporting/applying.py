"""Before a recipe is applied elsewhere: what each step would do there, and the ways to take it over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from engine.building import alike, cost_of_all
from engine.dataset import Dataset, lend_refs, read_ref
from engine.errors import EngineError
from engine.exporting.fit import FITS, Fit, Fits, Found, Kind
from engine.exporting.needs import needed
from engine.exporting.output import Wanted
from engine.exporting.recipe_file import RecipeFile
from engine.exporting.stand_ins import name_of
from engine.recipe import NESTS, ByHand, Recipe, Step
from engine.registry import Cost, Json
from engine.store import Spec
from engine.text import TextView

Bound = Literal["refuse", "skip", "portable"]
NEAR = 0.8
"""A portable form that takes so many of the same rows where it is from is what is offered first."""


@dataclass(frozen=True)
class Way:
    """One way to take a step over.

    kind: as it is, in a portable form, on another column or embedding of here, or switched off. step: as it will stand
    in the recipe. needs: what has to be measured for it. waits: whether its values can only be found once that is done.
    """

    kind: Kind
    step: Step
    words: str
    needs: Mapping[str, Spec] = field(default_factory=dict)
    waits: bool = False


@dataclass(frozen=True)
class Line:
    """What a step would do here. at: its place in the recipe from 1, 0 for the verdicts by hand.

    why: more about the verdict, "" where there is nothing to say. ways: those there are, the one to suggest first.
    """

    at: int
    step: Step
    verdict: Fit
    why: str
    ways: tuple[Way, ...]

    @property
    def sentence(self) -> str:
        """The step as the recipe it is from says it."""
        return self.step.name or (self.step.sentence() if self.at else "Rows that are kept or left out by hand.")

    @property
    def place(self) -> str:
        """What it is called in a message: by its number, or as the verdicts that stand above the steps."""
        return f"step {self.at}" if self.at else "the verdicts by hand"


@dataclass(frozen=True)
class Plan:
    """A recipe's file, seen from a dataset. remarks: what differs for all steps."""

    data: Dataset
    file: RecipeFile
    lines: tuple[Line, ...]
    remarks: tuple[str, ...] = ()

    def taken(self, choice: Mapping[int, int]) -> list[Way]:
        """The way that is chosen for each line. choice: its number by `Line.at`; what is not there is the first."""
        return [line.ways[choice.get(line.at, 0)] for line in self.lines]

    def needs(self, choice: Mapping[int, int]) -> dict[str, Spec]:
        """All that has to be measured, for the steps and for what goes out."""
        of_steps = {key: made for way in self.taken(choice) for key, made in way.needs.items()}
        source = [c.key for c in self.data.columns.values() if c.origin == "source"]
        of_output = needed(replace(self.recipe(choice), steps=()), source)
        return of_steps | {key: made for key, made in of_output.items() if key not in self.data.added}

    def cost(self, choice: Mapping[int, int]) -> Cost:
        """What measuring will take, each thing counted once."""
        return cost_of_all(self.data, self.needs(choice))

    def recipe(self, choice: Mapping[int, int]) -> Recipe:
        """The recipe as it stands here: what is left off stays in it, switched off."""
        ways = dict(zip((line.at for line in self.lines), self.taken(choice), strict=True))
        whole = self.file.recipe
        described = {**self.data.columns, **whole.needs, **whole.edits}
        output = dict(whole.output)
        for named in ("columns", "signals"):
            if isinstance(listed := output.get(named), list):
                output[named] = [key for key in listed if key in described]
        if output.get("embedding") not in {**self.data.added, **whole.needs}:
            output.pop("embedding", None)
        return replace(
            whole,
            source_options={},
            text_view={},
            edits=_as_here(self.data, whole.edits),
            needs=_as_here(self.data, whole.needs),
            steps=tuple(ways[at].step for at, _ in enumerate(whole.steps, 1)),
            by_hand=whole.by_hand if 0 in ways and ways[0].kind == "take" else ByHand(),
            output=output,
        )

    def unattended(self, bound: Bound) -> dict[int, int]:
        """The choice where nobody is asked: each step as it is, one that belongs to the other corpus as `bound` says.

        skip switches it off; portable takes the form that is offered, and switches off what has none.
        """
        wanted: list[Kind] = ["take", "off"] if bound != "portable" else ["portable", "take", "off"]
        kinds = {line.at: [way.kind for way in line.ways] for line in self.lines}
        return {at: next(there.index(kind) for kind in wanted if kind in there) for at, there in kinds.items()}

    def refused(self, bound: Bound) -> list[Line]:
        """The lines that cannot run where nobody is asked: what is broken, and what is bound where `bound` says so."""
        return [
            line
            for line in self.lines
            if line.verdict == "broken"
            or (bound == "refuse" and line.verdict == "bound" and all(way.kind != "take" for way in line.ways))
        ]

    def check(self, bound: Bound) -> None:
        """Raise `EngineError` that names every step that is refused."""
        if refused := self.refused(bound):
            said = [
                line.place + (f", “{line.sentence.rstrip('.')}”" if line.at else "") + f" ({line.why.rstrip('.')})"
                for line in refused
            ]
            raise EngineError(
                f"The recipe cannot run on {self.data.name!r} as it is: {'; '.join(said)}. Take it out or switch it "
                "off, and run again; steps of another corpus can be skipped (`--skip-bound`, `--portable`)."
            )

    def json(self) -> list[Json]:
        """The lines, for programs."""
        return [
            {
                "step": line.at,
                "sentence": line.sentence,
                "verdict": line.verdict,
                "why": line.why,
                "ways": [
                    {
                        "kind": way.kind,
                        "words": way.words,
                        "measures": list(way.needs),
                        "seconds": round(cost_of_all(self.data, way.needs).seconds, 1),
                    }
                    for way in line.ways
                ],
            }
            for line in self.lines
        ]


def planned(data: Dataset, file: RecipeFile) -> Plan:
    """What each step of a recipe would do on a dataset; nothing is measured, written or refused."""
    lend_refs(data, file.refs)
    here = Fits(data, file)
    lines = [_line(here, at, step) for at, step in enumerate(file.recipe.steps, 1)]
    return Plan(data, file, (*_by_hand(data, file), *lines), tuple(_remarks(data, file.recipe)))


def _line(here: Fits, at: int, step: Step) -> Line:
    off = Way("off", replace(step, on=False), "Leave it off")
    if not step.on:
        return Line(at, step, "switched off", "", (replace(off, words="It stays switched off"),))
    found = {name_of(leaf): here.of(leaf) for leaf, runs in step.leaves() if runs}
    worst: Fit = max((one.verdict for one in found.values()), key=FITS.index, default="runs as it is")
    why = " ".join(dict.fromkeys(one.why for one in found.values() if one.why))
    ways = []
    if all(one.runs for one in found.values()):
        needs = {key: made for one in found.values() for key, made in one.needs.items()}
        ways.append(Way("take", step, "As it is", needs))
    ways += _forms(step, found)
    if worst in ("runs as it is", "needs measuring"):
        return Line(at, step, worst, why, (*ways, off))
    overlaps = [form.overlap for one in found.values() for form in one.forms[:1]]
    near = [way for way in ways if way.kind == "portable"][: min(overlaps, default=0.0) >= NEAR]
    first = next(iter([*near, *(way for way in ways if way.kind == "take")]), off)
    return Line(at, step, worst, why, (first, *(way for way in (*ways, off) if way is not first)))


def _forms(step: Step, found: Mapping[str, Found]) -> Iterator[Way]:
    """The step with other filters in place of those that mean something else here."""
    if step.do not in NESTS:
        for form in found[name_of(step)].forms:
            named = replace(form.step, name=form.step.name or step.name)
            yield Way(form.kind, named, form.words, form.needs, form.waits)
        return
    changed = {leaf: one for leaf, one in found.items() if one.forms or not one.runs}
    if not changed or not all(one.forms for one in changed.values()):
        return
    forms = {leaf: one.forms[0] for leaf, one in changed.items()}
    needs = {
        key: made for leaf, one in found.items() for key, made in (forms[leaf] if leaf in forms else one).needs.items()
    }
    kind: Kind = "portable" if all(form.kind == "portable" for form in forms.values()) else "instead"
    words = "; ".join(form.words for form in forms.values())
    with_forms = _replaced(step, {leaf: form.step for leaf, form in forms.items()})
    yield Way(kind, with_forms, words, needs, any(form.waits for form in forms.values()))


def _replaced(step: Step, others: Mapping[str, Step]) -> Step:
    if not step.on:
        return step
    if step.do not in NESTS:
        return others.get(name_of(step), step)
    return replace(step, steps=tuple(_replaced(inner, others) for inner in step.steps))


def _by_hand(data: Dataset, file: RecipeFile) -> Iterator[Line]:
    """The verdicts on rows: they are taken over as far as the rows are here."""
    step, refs = Step("by hand"), [ref for ref in (file.recipe.by_hand.keep, file.recipe.by_hand.drop) if ref]
    off = Way("off", step, "Leave them out")
    if not refs:
        return
    if not file.recipe.by_hand.on:
        yield Line(0, step, "switched off", "", (replace(off, words="They stay switched off"),))
        return
    if any(ref not in file.refs and not data.store.has_ref(ref) for ref in refs):
        yield Line(0, step, "broken", "The file does not say which rows.", (off,))
        return
    keys = [key for ref in refs for key in cast(list[str], read_ref(data, ref, "rows")["keys"])]
    here = int((data.rows_of(keys) >= 0).sum())
    why = f"{here:,} of its {len(keys):,} rows are here."
    if here:
        yield Line(0, step, "runs as it is", why, (Way("take", step, "Take over those that are here"), off))
    else:
        yield Line(0, step, "bound", why, (off,))


def _remarks(data: Dataset, recipe: Recipe) -> Iterator[str]:
    if recipe.text_view and recipe.view != data.text_view:
        yield (
            f"The text of a row is read from {_said(data.text_view)} here, and was read from {_said(recipe.view)} "
            "where the recipe is from."
        )
    wanted = Wanted.from_json(recipe.output)
    known = {**data.columns, **recipe.needs, **recipe.edits}
    gone = [key for key in (*wanted.columns, *wanted.signals) if key not in known]
    if wanted.split and (apart := [key for key in wanted.split.columns if key not in known]):
        yield f"The export cannot be split as it says: there is no column {', '.join(map(repr, apart))} here."
    if wanted.weight and wanted.weight.column not in known:
        yield f"The rows cannot be weighed as the export says: there is no column {wanted.weight.column!r} here."
    if wanted.soft and wanted.soft.label not in known:
        yield f"The export cannot have the soft labels of {wanted.soft.label!r}: there is no such column here."
    if gone:
        yield f"The export leaves out {', '.join(map(repr, gone))}: there is no such column here."


def _said(view: TextView) -> str:
    return ", ".join(map(repr, view.columns)) or "no column"


def _as_here(data: Dataset, described: Mapping[str, Spec]) -> dict[str, Spec]:
    """The specs of a recipe, without those that mean something else here."""
    return {k: made for k, made in described.items() if k not in data.added or alike(data.added[k].spec, made)}

"""Step and Recipe: a short list of steps, saved as JSON, that turns a dataset into the rows worth keeping."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace

from engine.errors import EngineError, unknown
from engine.opening import SourceOptions
from engine.recipe.filters import AMONG, FILTERS
from engine.recipe.nests import NESTS, Said, nested
from engine.recipe.selectors import SELECTORS
from engine.registry import Json, Member
from engine.store import FORMAT, Spec, canonical, check_format, digest_of, plain, read
from engine.text import TextView

DEEPEST = 100
"""So many filters may stand inside each other."""


@dataclass(frozen=True)
class Step:
    """One line of a recipe: a filter, a nest of filters, or a selector.

    do: name of a filter or selector, or one of `NESTS`. params: plain JSON, complete after `checked`.
    on: a step that is off is kept and skipped. version: of the member that wrote it.
    """

    do: str
    params: Mapping[str, Json] = field(default_factory=dict)
    steps: tuple["Step", ...] = ()
    on: bool = True
    name: str = ""
    version: int = 1

    @property
    def selects(self) -> bool:
        """Whether this is a selector: it picks with a budget, and what it picks depends on the rows left."""
        return self.do in SELECTORS

    @property
    def alone(self) -> bool:
        """Whether it judges each row by itself; what a selector or a filter such as `dedup` says depends on others."""
        return self.do not in SELECTORS and self.do not in AMONG

    @property
    def member(self) -> Member:
        """The function behind the step; raises `NotFound` offering the nearest name."""
        for family in (FILTERS, AMONG, SELECTORS):
            if self.do in family:
                return family[self.do]
        raise unknown("step", self.do, [*FILTERS, *AMONG, *SELECTORS, *NESTS])

    def checked(self) -> "Step":
        """The same step with every parameter checked and defaults written out."""
        if self.do in NESTS:
            inner = next((s.do for s in self.steps if s.selects), None)
            if inner:
                raise EngineError(f"{self.do!r} can hold filters only; a selector such as {inner!r} stands alone.")
            inner = next((s.do for s in self.steps if not s.alone), None)
            if inner:
                raise EngineError(
                    f"{inner!r} drops a row only for one that stays, which a filter beside it could drop: it stands in "
                    f"no {self.do!r}. Give it a line of its own in the recipe."
                )
            if self.params:
                raise EngineError(f"{self.do!r} has no parameters of its own; put them on the filters inside it.")
            return replace(self, steps=tuple(s.checked() for s in self.steps))
        if self.steps:
            raise EngineError(f"{self.do!r} cannot hold other steps; use {', '.join(map(repr, NESTS))}.")
        if self.version > self.member.version:
            raise EngineError(
                f"The step {self.do!r} was written by a newer version of Winnow "
                f"({self.version}, here {self.member.version}). Update Winnow."
            )
        return replace(self, params=self.member.json(self.params), version=self.member.version)

    def sentence(self) -> str:
        """The step as people speak: “Drop rows that repeat an earlier text.”"""
        return self.member.sentence(self.params) if self.selects else self._said().sentence()

    def verb(self) -> str:
        """What the step does: Keep, Drop or Pick."""
        return "Pick" if self.selects else self._said().verb

    def short(self) -> str:
        """What it does it to, in few words: “repeats of an earlier text”, “10 rows at random”."""
        if self.selects:
            return self.member.short(self.params) or self.sentence().rstrip(".").partition(" ")[2]
        return self._said(short=True).rows or "every row"

    def label(self) -> str:
        """The name that a person gave the step, else its sentence without the full stop."""
        return self.name or self.sentence().rstrip(".")

    def _said(self, short: bool = False) -> Said:
        """Which rows a filter or nest keeps or drops; short: in the few words of the members."""
        if self.do in NESTS:
            return nested(self.do, [s._said(short) for s in self.steps if s.on], "" if short else "those ")
        said = Said.of(self.member.sentence(self.params))
        few = self.member.short(self.params) if short else ""
        return replace(said, rows=few) if few else said

    def names(self, kind: str) -> Iterator[str]:
        """The columns, embeddings, maps, topics or refs that the step reads, nests included."""
        for inner in self.steps:
            if inner.on:
                yield from inner.names(kind)
        if self.do not in NESTS:
            yield from self.member.names(kind, self.params)

    def leaves(self, runs: bool = True) -> Iterator[tuple["Step", bool]]:
        """The filters and selectors of the step, nests opened, and whether each runs: all that it stands in is on."""
        runs = runs and self.on
        if self.do not in NESTS:
            yield self, runs
        for inner in self.steps:
            yield from inner.leaves(runs)

    def json(self) -> dict[str, Json]:
        """The step as it stands in a recipe file."""
        body: dict[str, Json] = {"do": self.do}
        if self.params:
            body["params"] = dict(self.params)
        if self.steps or self.do in NESTS:
            body["steps"] = [s.json() for s in self.steps]
        return body | {"on": self.on, "name": self.name, "version": self.version}

    @staticmethod
    def from_json(value: object) -> "Step":
        """Read a step; unknown names and wrong parameters are errors, not surprises later."""
        return _step(value, "The step")


@dataclass(frozen=True)
class ByHand:
    """The verdicts on rows: always kept and never kept, each a ref of row keys; they count toward budgets.

    A draft reads the dataset's verdicts as they are and has no refs of its own; `frozen` writes them. on: whether the
    verdicts count.
    """

    keep: str = ""
    drop: str = ""
    on: bool = True

    @property
    def counts(self) -> bool:
        """Whether there are verdicts, and they are on."""
        return self.on and bool(self.keep or self.drop)

    def json(self) -> dict[str, Json]:
        """As it stands in a recipe file. `on` is written only where it is off: other files stay as they always were."""
        return {"keep": self.keep, "drop": self.drop} | ({} if self.on else {"on": False})


@dataclass(frozen=True)
class Recipe:
    """What turns a source into the rows worth keeping. Frozen: an edit makes a new one.

    source_options: how the source was read. text_view: what counts as the text of a row.
    edits: columns made from columns, by key. needs: specs of everything added that the steps use, by key.
    output: what exporters receive (columns, embedding, signals, marks, rank).
    """

    name: str = "recipe"
    source_options: Mapping[str, Json] = field(default_factory=dict)
    text_view: Mapping[str, Json] = field(default_factory=dict)
    edits: Mapping[str, Spec] = field(default_factory=dict)
    needs: Mapping[str, Spec] = field(default_factory=dict)
    steps: tuple[Step, ...] = ()
    by_hand: ByHand = ByHand()
    output: Mapping[str, Json] = field(default_factory=dict)

    def json(self) -> dict[str, Json]:
        """The recipe as a JSON object; `Recipe.from_json(r.json()) == r`."""
        return {"format": FORMAT, **{f.name: plain(getattr(self, f.name)) for f in fields(self)}}

    def text(self) -> str:
        """The recipe as a file."""
        return json.dumps(self.json(), indent=1, ensure_ascii=False) + "\n"

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Recipe":
        """Read a recipe; what is unknown or does not fit is named, with its place and the way out."""
        _check_depth(value)
        body = check_format(value, FORMAT, "This recipe")
        found = read(Recipe, {**body, "steps": ()}, "the recipe")
        found = replace(found, steps=_steps(body.get("steps", ()), "In the recipe, ", "Step"))
        SourceOptions.from_json(found.source_options)
        if found.text_view:
            found.view.checked()
        _check_writable(found)
        return found

    @staticmethod
    def from_text(text: str) -> "Recipe":
        """Read a recipe from the text of a file."""
        return Recipe.from_json(parsed(text))

    @property
    def view(self) -> TextView:
        """What counts as the text of a row; raises `EngineError` for a field that is unknown or does not fit."""
        return read(TextView, self.text_view, "the text view")

    @property
    def digest(self) -> str:
        """Identity of the whole recipe."""
        return digest_of(self.json())

    def sentences(self) -> list[str]:
        """The recipe aloud, one sentence a step."""
        return [s.sentence() + ("" if s.on else " (off)") for s in self.steps]

    def with_step(self, step: Step, at: int | None = None) -> "Recipe":
        """A new recipe with one more step, at the end or before position `at`."""
        steps = list(self.steps)
        steps.insert(len(steps) if at is None else at, step.checked())
        return replace(self, steps=tuple(steps))

    def changed(self, at: int, step: Step) -> "Recipe":
        """A new recipe with the step at a position replaced."""
        return replace(self, steps=(*self.steps[:at], step.checked(), *self.steps[at + 1 :]))

    def without(self, at: int) -> "Recipe":
        """A new recipe without the step at a position."""
        return replace(self, steps=(*self.steps[:at], *self.steps[at + 1 :]))

    def moved(self, at: int, to: int) -> "Recipe":
        """A new recipe with one step moved."""
        steps = list(self.steps)
        steps.insert(to, steps.pop(at))
        return replace(self, steps=tuple(steps))


def turned(step: Step) -> Step:
    """The step the other way round: what it kept it drops, what it dropped it keeps."""
    if step.do == "not" and len(step.steps) == 1 and step.steps[0].on:
        return replace(step.steps[0], on=step.on)
    if step.do in ("not", "any of") and any(inner.on for inner in step.steps):
        return replace(step, do="not" if step.do == "any of" else "any of")
    if step.do not in NESTS and any(p.name == "do" and p.choices == ("keep", "drop") for p in step.member.params):
        now = step.checked()
        return replace(now, params={**now.params, "do": "keep" if now.params["do"] == "drop" else "drop"})
    return Step("not", steps=(replace(step, on=True),), on=step.on)


def parsed(text: str) -> dict[str, Json]:
    """The JSON object in the text of a recipe's file; raises `EngineError` where there is none."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        raise EngineError(f"This is not a recipe: not JSON at line {error.lineno}, column {error.colno}.") from error
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:  # Python reads no number of more than 4,300 digits
        raise EngineError(f"This is not a recipe: it holds a number that is too long ({error}).") from error
    if not isinstance(value, dict):
        raise EngineError("This is not a recipe: a recipe is a JSON object with 'format' and 'steps'.")
    return value


def step_digest(step: Step, identities: Mapping[str, str]) -> str:
    """Identity of a step: its function and parameters, and the identities of the columns that it reads."""
    body = {k: v for k, v in step.json().items() if k != "name"}
    return digest_of([body, sorted(identities.items())])


def same(a: Recipe, b: Recipe) -> bool:
    """Whether two recipes say the same."""
    return canonical(a.json()) == canonical(b.json())


def _steps(value: object, who: str, place: str) -> tuple[Step, ...]:
    """Steps read one by one, so that an error can name the place: “Step 3”, “Step 3, part 2”."""
    if not isinstance(value, list | tuple):
        raise EngineError(f"{who}'steps' is {value!r:.80}. It must be a list.")
    return tuple(_step(one, f"{place} {at}") for at, one in enumerate(value, 1))


def _step(value: object, place: str) -> Step:
    if not isinstance(value, Mapping) or not isinstance(value.get("do"), str):
        raise EngineError(f"{place} needs 'do', the name of a filter or selector; it is {value!r:.80}.")
    inner = _steps(value.get("steps", ()), f"{place}: ", f"{place}, part")
    try:
        return replace(read(Step, {**value, "steps": ()}, f"the step {value['do']!r}"), steps=inner).checked()
    except EngineError as error:
        raise type(error)(f"{place}: {error}") from error


def _check_depth(value: object) -> None:
    """Raise `EngineError` for what is nested too deep to be run, written or said; each nest is two levels of JSON."""
    level, most = [value], 2 * DEEPEST + 3
    for _ in range(most):
        level = [
            inner
            for one in level
            for inner in (one.values() if isinstance(one, Mapping) else one if isinstance(one, list | tuple) else ())
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> EngineError:
    return EngineError(f"The recipe is nested too deep: {DEEPEST} filters inside each other are the most. Flatten it.")


def _check_writable(recipe: Recipe) -> None:
    """Raise `EngineError` for what JSON can say and no file can hold: half a character, a number that is none."""
    try:
        canonical(recipe.json())
    except UnicodeEncodeError as error:
        raise EngineError(
            f"The recipe holds half a character ({error.object[error.start]!a}), which cannot be written. Take it out."
        ) from error
    except ValueError as error:
        raise EngineError("The recipe holds NaN or Infinity where JSON has no such number. Take it out.") from error

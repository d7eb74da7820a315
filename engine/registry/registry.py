"""One class for every family: a visible list of functions, from which forms, checks, flags and docs are drawn."""

import inspect
import sys
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.errors import unknown
from engine.registry.about import About, Need
from engine.registry.budget import Budget
from engine.registry.kinds import Json
from engine.registry.param import Param, param_of
from engine.registry.sentence import filled, outline


@dataclass(frozen=True)
class Member:
    """One function of a family with what can be read from it: name, knobs, sentence, version."""

    family: str
    name: str
    function: Callable[..., typing.Any]
    params: tuple[Param, ...]
    text: str
    about: About = About()

    @property
    def version(self) -> int:
        """Raised when the same parameters give something else."""
        return self.about.version

    @property
    def title(self) -> str:
        """What it is called on the screen."""
        return self.about.title or self.name.replace("_", " ").capitalize()

    def needs(self, what: Need, given: Mapping[str, object]) -> bool:
        """Whether it needs a thing (a graph) with these parameters."""
        knob = self.about.needs.get(what)
        return knob is not None and (not knob or bool(given.get(knob)))

    def check(self, given: Mapping[str, object]) -> dict[str, object]:
        """All parameters, checked, defaults filled in; raises `EngineError` naming the first that does not fit."""
        known = {p.name: p for p in self.params}
        for name in given:
            if name not in known:
                raise unknown(f"parameter of {self.name}", name, known)
        checked: dict[str, object] = {}
        for p in self.params:
            value = given.get(p.name, p.default)
            # A default is an answer already; only what was given, or must be, is checked.
            checked[p.name] = value if p.name not in given and not p.required else p.read(value, self.name)
        return checked

    def json(self, given: Mapping[str, object]) -> dict[str, Json]:
        """The checked parameters as they stand in a recipe: every one, defaults too."""
        return {k: as_json(v) for k, v in self.check(given).items()}

    def changed(self, given: Mapping[str, object]) -> dict[str, Json]:
        """Only the parameters that differ from their defaults."""
        default = {p.name: as_json(p.default) for p in self.params}
        return {k: v for k, v in self.json(given).items() if v != default[k]}

    def sentence(self, given: Mapping[str, object]) -> str:
        """The docstring's first line with the parameters in place of the braces; see `engine.registry.sentence`."""
        said = self._filled(self.text, given)
        return said[:1].upper() + said[1:]

    def short(self, given: Mapping[str, object]) -> str:
        """The few words of `ABOUT` for a line of the recipe; "" where it has none."""
        return self._filled(self.about.short, given) if self.about.short else ""

    def outline(self, shown: str) -> str:
        """The sentence before anything is filled in: each knob as `shown`, with {} in it for its name."""
        return outline(self.text, shown)

    def _filled(self, text: str, given: Mapping[str, object]) -> str:
        values = self.check(given)
        # A column that is left out is the text of the row.
        unnamed = {p.name: "text" for p in self.params if p.kind == "column" and values[p.name] is None}
        return filled(text, values, {**unnamed, **(self.about.words(values) if self.about.words else {})})

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Names of the parameters that name a thing of this kind."""
        return tuple(p.name for p in self.params if p.kind == kind)

    def names(self, kind: str, given: Mapping[str, object]) -> tuple[str, ...]:
        """The things of this kind that parameters name, by default where nothing is given."""
        named = [p.named(given.get(p.name, p.default)) for p in self.params if p.kind == kind]
        budgets = (p.name for p in self.params if p.kind == "budget" and p.name in given)
        named += [Budget.read(typing.cast(typing.Any, given[name])).names(kind) for name in budgets]
        return tuple(name for names in named for name in names)


def as_json(value: object) -> Json:
    """A parameter value as plain JSON."""
    if isinstance(value, Budget):
        return value.json()
    if isinstance(value, tuple | list):
        return [as_json(v) for v in value]
    return typing.cast(Json, value)


class Registry(Mapping[str, Member]):
    """A family: functions in the order of the menu.

    >>> from engine.registry import Registry
    >>> def longest(data: object, rows: object, *, budget: Budget, seed: int = 0) -> object:
    ...     "Keep the longest {budget}."
    >>> Registry("selector", [longest])["longest"].sentence({"budget": 5})
    'Keep the longest 5 rows.'
    """

    def __init__(self, family: str, functions: list[Callable[..., typing.Any]]) -> None:
        self.family = family
        self._members: dict[str, Member] = {}
        for function in functions:
            name = function.__name__.rstrip("_")
            if name in self._members:
                raise ValueError(f"{family} {name!r} is in the list twice")
            hints = typing.get_type_hints(function, include_extras=True)
            signature = inspect.signature(function).parameters
            params = tuple(param_of(k, p, hints[k]) for k, p in signature.items() if p.kind is p.KEYWORD_ONLY)
            doc = inspect.getdoc(function) or ""
            if not doc:
                raise ValueError(f"{family} {name!r} has no docstring to show")
            about = getattr(sys.modules[function.__module__], "ABOUT", About())
            self._members[name] = Member(family, name, function, params, doc.splitlines()[0], about)

    def __getitem__(self, name: str) -> Member:
        try:
            return self._members[name]
        except KeyError:
            raise unknown(self.family, name, self._members) from None

    def __contains__(self, name: object) -> bool:
        return name in self._members

    def __iter__(self) -> Iterator[str]:
        return iter(self._members)

    def __len__(self) -> int:
        return len(self._members)

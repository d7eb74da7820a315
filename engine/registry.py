"""One class for every family: a visible list of functions, from which forms, checks, flags and docs are drawn."""

import inspect
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args, get_origin

from engine.errors import EngineError, unknown

Json: typing.TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"


@dataclass(frozen=True)
class Bounds:
    """The least and greatest value that a number may take, both included."""

    low: float
    high: float


@dataclass(frozen=True)
class Help:
    """One line for the form and the docs: what the knob does, what both ends mean."""

    text: str


@dataclass(frozen=True)
class Kind:
    """What a text parameter names: a column, an embedding, a map, clusters, a ref, an expression, a budget."""

    name: str
    of: str = ""


Column = Annotated[str, Kind("column")]
NumberColumn = Annotated[str, Kind("column", "number")]
TextColumn = Annotated[str, Kind("column", "text")]
CategoryColumn = Annotated[str, Kind("column", "category")]
DateColumn = Annotated[str, Kind("column", "date")]
Embedding = Annotated[str, Kind("embedding")]
MapName = Annotated[str, Kind("map")]
Clusters = Annotated[str, Kind("clusters")]
RowsRef = Annotated[str, Kind("rows")]
RegionRef = Annotated[str, Kind("rows", "region")]
MarksRef = Annotated[str, Kind("rows", "marks")]
TargetRef = Annotated[str, Kind("target")]
Expression = Annotated[str, Kind("expression")]

_UNITS = ("rows", "percent", "tokens", "bytes")


@dataclass(frozen=True)
class Budget:
    """How much to keep: an amount of rows, percent of the rows left, tokens or bytes of text."""

    amount: float
    unit: Literal["rows", "percent", "tokens", "bytes"] = "rows"

    def __str__(self) -> str:
        number = f"{self.amount:,.0f}" if float(self.amount).is_integer() else f"{self.amount:,}"
        if self.unit == "percent":
            return f"{number} %"
        return f"{number} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"

    @staticmethod
    def read(value: "Budget | Mapping[str, Json] | int | float | str") -> "Budget":
        """A budget from JSON, a number of rows, or text such as `2000`, `10%`, `1e6 tokens`."""
        if isinstance(value, Budget):
            return value.checked()
        try:
            if isinstance(value, Mapping):
                return Budget(
                    float(typing.cast(float, value["amount"])), typing.cast(typing.Any, value.get("unit", "rows"))
                ).checked()
            if isinstance(value, bool):
                raise TypeError("true and false are no budget")
            if isinstance(value, int | float):
                return Budget(float(value)).checked()
            text = value.strip().replace(",", "").replace("%", " percent")
            amount, _, unit = text.partition(" ")
            return Budget(float(amount), typing.cast(typing.Any, unit.strip() or "rows")).checked()
        except (KeyError, TypeError, ValueError) as error:
            raise EngineError(f"{value!r} is not a budget. Write for example 2000, 10%, or 1000000 tokens.") from error

    def checked(self) -> "Budget":
        if self.unit not in _UNITS:
            raise EngineError(f"A budget is in {', '.join(_UNITS)}, not in {self.unit!r}.")
        if not 0 <= self.amount < float("inf"):
            raise EngineError(f"A budget cannot be {self.amount}. Give a number that is 0 or more.")
        if self.unit == "percent" and self.amount > 100:
            raise EngineError(f"A budget of {self.amount} % is more than everything. Give 0 to 100 %.")
        return self

    def json(self) -> dict[str, Json]:
        amount = int(self.amount) if float(self.amount).is_integer() else self.amount
        return {"amount": amount, "unit": self.unit}


@dataclass(frozen=True)
class Param:
    """One knob of a member, read from the function's signature.

    kind: number, integer, boolean, text, choice, texts, numbers, budget, or the name of a `Kind`.
    """

    name: str
    kind: str
    of: str
    default: object
    required: bool
    optional: bool
    bounds: Bounds | None
    choices: tuple[str, ...]
    help: str

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    def read(self, value: object, who: str) -> object:
        """The value as the function wants it, or an error that names the knob, the value and what fits."""
        if value is None:
            if self.optional:
                return None
            raise EngineError(f"{who}: {self.name!r} is missing. Give {self.wanted()}.")
        wrong = EngineError(f"{who}: {self.name} = {value!r} does not fit. Give {self.wanted()}.")
        if self.kind == "budget":
            return Budget.read(typing.cast(typing.Any, value))
        if self.kind == "boolean":
            if not isinstance(value, bool):
                raise wrong
            return value
        if self.kind in ("number", "integer"):
            return self._number(value, wrong)
        if self.kind in ("texts", "numbers"):
            if isinstance(value, str) or not isinstance(value, list | tuple):
                raise wrong
            if self.kind == "texts" and not all(isinstance(v, str) for v in value):
                raise wrong
            return tuple(self._number(v, wrong) if self.kind == "numbers" else v for v in value)
        if not isinstance(value, str) or (self.choices and value not in self.choices):
            raise wrong
        return value

    def _number(self, value: object, wrong: EngineError) -> float | int:
        # JSON has no way to say "not a number" or "infinite"; neither compares as small enough.
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
            raise wrong
        if self.kind == "integer":
            if not float(value).is_integer():
                raise wrong
            value = int(value)
        elif self.kind == "number":
            value = float(value)
        if self.bounds and not self.bounds.low <= value <= self.bounds.high:
            raise wrong
        return value

    def wanted(self) -> str:
        """What fits, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if self.bounds:
            return (
                f"a {'whole ' if self.kind == 'integer' else ''}number from {self.bounds.low:g} to {self.bounds.high:g}"
            )
        plain = {"integer": "a whole number", "number": "a number", "boolean": "true or false", "text": "a text"}
        lists = {"texts": "a list of texts", "numbers": "a list of numbers", "budget": "a budget such as 2000 or 10%"}
        return (
            plain.get(self.kind)
            or lists.get(self.kind)
            or f"the name of {'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}"
        )


def _param(name: str, parameter: inspect.Parameter, hint: object) -> Param:
    marks: list[object] = []
    optional = False
    while True:
        if get_origin(hint) is Annotated:
            hint, *more = get_args(hint)
            marks += more
        elif get_origin(hint) in (typing.Union, types.UnionType):
            optional = True
            (hint,) = [a for a in get_args(hint) if a is not type(None)]
        else:
            break
    choices: tuple[str, ...] = tuple(get_args(hint)) if get_origin(hint) is Literal else ()
    named = next((m for m in marks if isinstance(m, Kind)), None)
    plain: dict[object, str] = {bool: "boolean", int: "integer", float: "number", str: "text", Budget: "budget"}
    if named:
        kind = named.name
    elif choices:
        kind = "choice"
    elif get_origin(hint) is tuple:
        kind = "texts" if get_args(hint)[0] is str else "numbers"
    elif hint in plain:
        kind = plain[hint]
    else:
        raise TypeError(f"parameter {name}: no form can be drawn for {hint!r}")
    missing = parameter.default is inspect.Parameter.empty
    return Param(
        name=name,
        kind=kind,
        of=named.of if named else "",
        default=None if missing else parameter.default,
        required=missing and not optional,
        optional=optional,
        bounds=next((m for m in marks if isinstance(m, Bounds)), None),
        choices=choices,
        help=next((m.text for m in marks if isinstance(m, Help)), ""),
    )


@dataclass(frozen=True)
class Member:
    """One function of a family with what can be read from it: name, knobs, sentence, version."""

    family: str
    name: str
    function: Callable[..., typing.Any]
    params: tuple[Param, ...]
    text: str
    version: int

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
        """The docstring's first line with the parameters in place of the braces."""
        # A column that is left out is the text of the row.
        unnamed = {p.name: "text" if p.kind == "column" else "…" for p in self.params}
        values = {k: unnamed[k] if v is None else _words(v) for k, v in self.check(given).items()}
        said = self.text.format(**values)
        return said[:1].upper() + said[1:]

    def of_kind(self, kind: str) -> tuple[str, ...]:
        """Names of the parameters that name a thing of this kind."""
        return tuple(p.name for p in self.params if p.kind == kind)


def as_json(value: object) -> Json:
    """A parameter value as plain JSON."""
    if isinstance(value, Budget):
        return value.json()
    if isinstance(value, tuple | list):
        return [as_json(v) for v in value]
    return typing.cast(Json, value)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple | list):
        shown = ", ".join(str(v) for v in value[:5])
        return shown + (f" and {len(value) - 5} more" if len(value) > 5 else "")
    return str(value)


class Registry(Mapping[str, Member]):
    """A family: functions in the order of the menu.

    >>> from engine.registry import Registry
    >>> def longest(data: object, rows: object, *, budget: Budget, seed: int = 0) -> object:
    ...     "Keep the longest {budget}."
    >>> Registry("selector", [longest])["longest"].sentence({"budget": 5})
    'Keep the longest 5 rows.'
    """

    def __init__(
        self, family: str, functions: list[Callable[..., typing.Any]], versions: Mapping[str, int] | None = None
    ) -> None:
        self.family = family
        self._members: dict[str, Member] = {}
        for function in functions:
            name = function.__name__.rstrip("_")
            if name in self._members:
                raise ValueError(f"{family} {name!r} is in the list twice")
            hints = typing.get_type_hints(function, include_extras=True)
            signature = inspect.signature(function).parameters
            params = tuple(_param(k, p, hints[k]) for k, p in signature.items() if p.kind is p.KEYWORD_ONLY)
            doc = inspect.getdoc(function) or ""
            if not doc:
                raise ValueError(f"{family} {name!r} has no docstring to show")
            self._members[name] = Member(
                family, name, function, params, doc.splitlines()[0], (versions or {}).get(name, 1)
            )

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

"""One knob of a member, read from the function's signature: what fits, and how it is checked."""

import inspect
import sys
import types
import typing
from dataclasses import dataclass
from typing import Annotated, Literal, get_args, get_origin

from engine.errors import EngineError
from engine.registry.budget import Budget
from engine.registry.kinds import Bounds, Ends, Help, Kind


@dataclass(frozen=True)
class Param:
    """One knob of a member, read from the function's signature.

    kind: number, integer, boolean, text, choice, texts, numbers, budget, or the name of a `Kind`.
    many: it names several things of its kind. ends: what both ends of a number are called, None for no slider.
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
    many: bool = False
    ends: Ends | None = None

    @property
    def label(self) -> str:
        return self.name.replace("_", " ").capitalize()

    def named(self, value: object) -> tuple[str, ...]:
        """The names in a value: all of a list, the one name, none where nothing is named."""
        if not value:
            return ()
        return tuple(map(str, value)) if isinstance(value, list | tuple) else (str(value),)

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
        if self.many or self.kind in ("texts", "numbers"):
            if isinstance(value, str) or not isinstance(value, list | tuple):
                raise wrong
            if self.kind != "numbers" and not all(isinstance(v, str) and _whole(v) for v in value):
                raise wrong
            return tuple(self._number(v, wrong) if self.kind == "numbers" else v for v in value)
        if not isinstance(value, str) or not _whole(value) or (self.choices and value not in self.choices):
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
            whole = "whole " if self.kind == "integer" else ""
            return f"a {whole}number from {self.bounds.low:.15g} to {self.bounds.high:.15g}"
        plain = {
            "integer": "a whole number",
            "number": "a number",
            "boolean": "true or false",
            "text": "a text",
            "path": "a path",
            "target": "a ref of a target",
            "rows": f"a ref of {self.of or 'rows'}",
        }
        if self.many:
            return f"a list of names of {self.kind}s"
        lists = {"texts": "a list of texts", "numbers": "a list of numbers", "budget": "a budget such as 2000 or 10%"}
        return (
            plain.get(self.kind)
            or lists.get(self.kind)
            or f"the name of {'an' if self.kind[0] in 'aeiou' else 'a'} {self.kind}"
        )


def _whole(text: str) -> bool:
    """Whether a text can be written as UTF-8: JSON can say half a character, which no file can hold."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def param_of(name: str, parameter: inspect.Parameter, hint: object) -> Param:
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
        many=named is not None and get_origin(hint) is tuple,
        ends=next((m for m in marks if isinstance(m, Ends)), None),
    )

"""Frozen classes as JSON and back: one class says what a record holds, writes it, and checks it when it is read."""

import sys
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from types import UnionType
from typing import Literal, TypeVar, Union, cast, get_args, get_origin

from engine.errors import Damaged, EngineError, unknown
from engine.registry import Json

T = TypeVar("T")

_WORDS = {dict: "an object", tuple: "a list", bool: "true or false", int: "a whole number", str: "a text"}


def plain(value: object) -> Json:
    """A frozen class, with all that is in it, as JSON: fields by name, tuples as lists.

    A class with a method `json` writes itself.
    """
    if hasattr(value, "json"):
        return cast(Json, value.json())
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, tuple | list):
        return [plain(v) for v in value]
    return cast(Json, value)


def read(cls: type[T], value: object, who: str) -> T:
    """A frozen class from JSON; who: what is read, for the error.

    Raises `EngineError` for a field that is unknown or missing, and for one of another type than the class says.
    """
    if not isinstance(value, Mapping):
        raise EngineError(f"{who[:1].upper()}{who[1:]} is {_shown(value)}. It must be an object.")
    known = {f.name: f for f in fields(cls)}  # type: ignore[arg-type]
    for name in value:
        if name not in known:
            raise unknown(f"field of {who}", str(name), known)
    found = {name: _field(value, f, who, cls) for name, f in known.items() if name in value or _wanted(f, who)}
    return cls(**found)


def read_stored(cls: type[T], value: object, who: str) -> T:
    """A frozen class from JSON that Winnow wrote; raises `Damaged` where it is not what was written."""
    try:
        return read(cls, value, who)
    except EngineError as error:
        raise Damaged(f"{error} Restore it, or open the source again in a new workspace.") from error


def _wanted(f: "Field[object]", who: str) -> bool:
    """False for a field that may be left out; raises `EngineError` for one that must be there."""
    if f.default is MISSING and f.default_factory is MISSING:
        raise EngineError(f"In {who}, {f.name!r} is missing.")
    return False


def _field(value: Mapping[str, object], f: "Field[object]", who: str, owner: type) -> object:
    return _as(f.type, value[f.name], f"{f.name!r}", who, owner)


def check_format(value: Mapping[str, object], format: int, what: str) -> dict[str, object]:
    """A record without its format; raises `EngineError` for one of another format."""
    if value.get("format") != format:
        raise EngineError(
            f"{what} has format {_shown(value.get('format'))}; this version of Winnow reads format {format}. "
            "Make it again, or use the version that wrote it."
        )
    return {k: v for k, v in value.items() if k != "format"}


def _as(kind: object, value: object, name: str, who: str, owner: type) -> object:
    """A value as a field's type has it. A type that is text names a class that reads itself, or is `Json`: anything."""
    origin, args = get_origin(kind), get_args(kind)
    if isinstance(kind, str) or kind is object:
        return owner.from_json(value) if kind == owner.__name__ else value  # type: ignore[attr-defined]
    if origin in (Union, UnionType):
        if value is None and type(None) in args:
            return None
        return _as(next(a for a in args if a is not type(None)), value, name, who, owner)
    if origin is Literal:
        if value not in args or isinstance(value, bool):
            raise EngineError(f"In {who}, {name} is {_shown(value)}. It must be one of {', '.join(map(str, args))}.")
        return value
    if origin is tuple:
        if not isinstance(value, list | tuple):
            raise _wrong(tuple, value, name, who)
        kinds = [args[0]] * len(value) if args[-1] is Ellipsis else args
        if len(kinds) != len(value):
            raise EngineError(f"In {who}, {name} has {len(value)} parts. It must have {len(kinds)}.")
        return tuple(
            _as(kind, v, f"{name}[{i}]", who, owner) for i, (kind, v) in enumerate(zip(kinds, value, strict=True))
        )
    if origin is not None:  # a mapping by text
        if not isinstance(value, Mapping) or not all(isinstance(k, str) for k in value):
            raise _wrong(dict, value, name, who)
        return {k: _as(args[1], v, f"{name}[{k!r}]", who, owner) for k, v in value.items()}
    if hasattr(kind, "from_json"):
        return kind.from_json(value)
    if is_dataclass(kind):
        return read(cast(type[object], kind), value, f"{name} of {who}")
    if kind is float and isinstance(value, int) and not isinstance(value, bool) and abs(value) <= sys.float_info.max:
        return float(value)
    if not isinstance(value, cast(type, kind)) or (kind is int and isinstance(value, bool)):
        raise _wrong(cast(type, kind), value, name, who)
    return value


def _wrong(kind: type, value: object, name: str, who: str) -> EngineError:
    return EngineError(f"In {who}, {name} is {_shown(value)}. It must be {_WORDS.get(kind, 'a number')}.")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"

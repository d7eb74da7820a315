"""What a file with an own signal says of itself, read as text: nothing in it is run."""

import ast
import codecs
import hashlib
import inspect
import io
import tokenize
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Literal, cast, get_args

import numpy as np

from engine.errors import EngineError
from engine.registry import About, Bounds, Help, Member, Param, Registry, Value, row_cost

LARGEST = 1 << 20
"""Bytes of a file. A person reads it before approving it."""
PROBLEMS = ("raised an error", "took too long", "took too much memory", "gave no number")
"""Why a row has no value."""

_KNOWN = {
    **{kind.__name__: kind for kind in (bool, int, float, str, list, dict, tuple)},
    **{name.__name__: name for name in (About, Value, Bounds, Help, row_cost)},
    "Literal": Literal,
    "Annotated": Annotated,
    "np": np,
}
_MADE = {"About", "Value", "Bounds", "Help", "row_cost"}
_SAYS = ("title", "values", "cost")


@dataclass(frozen=True)
class OwnSignal:
    """An own signal as its file says it. digest: SHA-256 of the file's bytes; member: its form, without a function."""

    digest: str
    name: str
    text: str
    member: Member

    @property
    def called(self) -> str:
        """What its column is called: another version of the file, another column."""
        return f"{self.name}-{self.digest[:6]}"


def read_own(content: bytes, file: str) -> OwnSignal:
    """Read the bytes of a file; raises `EngineError` that names the line for what an own signal cannot be.

    It holds one function of texts, written like a built-in signal, and an `ABOUT` with one value.
    """
    if len(content) > LARGEST:
        raise EngineError(f"{file} has {len(content):,} bytes; a signal of your own has at most {LARGEST:,}.")
    digest = hashlib.sha256(content).hexdigest()
    try:
        coding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        if codecs.lookup(coding).name not in ("utf-8", "utf-8-sig"):  # other tools would show another text
            raise EngineError(f"{file} says that it is written in {coding!r}. Save it in UTF-8, without that line.")
        text = content.decode("utf-8-sig")
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise EngineError(f"{file} is not Python that can be read: {error}.") from error
    functions = [n for n in tree.body if isinstance(n, ast.FunctionDef) and not n.name.startswith("_")]
    if len(functions) != 1:
        raise EngineError(
            f"{file} has {len(functions)} functions without an underscore in front; a signal of your own has one."
        )
    (function,) = functions
    about = _about(tree, file)
    if [a.arg for a in (*function.args.posonlyargs, *function.args.args)] != ["texts"] or function.args.vararg:
        raise _wrong(file, function, f"{function.name} must take (texts, *, knobs …)")
    try:
        member = Registry("row signal", [_signature(function, file)])[function.name.rstrip("_")]
        for knob in member.params:
            _check_knob(knob)
        replace(member, params=tuple(replace(knob, required=False) for knob in member.params)).sentence({})
    except KeyError as error:
        raise _wrong(file, function, f"the first line of its docstring names {error}, which is no knob") from error
    except (TypeError, ValueError, NameError, AttributeError, IndexError, RecursionError) as error:
        raise _wrong(file, function, str(error)) from error
    own = OwnSignal(digest, member.name, text, member)
    if len(about.values) != 1 or next(iter(about.values.values())).type not in ("number", "integer"):
        raise EngineError(f"{file}: ABOUT must say one value, a number: values={{{member.name!r}: Value('number')}}.")
    (value,) = about.values.values()
    problem = Value("category", labels=PROBLEMS)
    values = {own.called: replace(value, type="number"), f"{own.called}-problem": problem}
    about = replace(about, called=own.called, values=values)
    about = replace(about, title=about.title or f"{member.title} (your own)")
    return replace(own, member=replace(member, name=f"{member.name}:{digest}", about=about))


def _about(tree: ast.Module, file: str) -> About:
    """The facts beside the function, from what stands there literally."""
    found = [
        n.value
        for n in tree.body
        if isinstance(n, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "ABOUT" for t in n.targets)
    ]
    made = found[0] if len(found) == 1 else None
    if not isinstance(made, ast.Call) or made.args or not isinstance(made.func, ast.Name) or made.func.id != "About":
        raise EngineError(f"{file} must say ABOUT = About(values={{…}}), once and as it stands.")
    if odd := next((k.arg for k in made.keywords if k.arg not in _SAYS), None):
        raise _wrong(file, made, f"ABOUT says {odd!r}; for a signal of your own it says {', '.join(_SAYS)}")
    try:
        return cast(About, _value(made, file))
    except (TypeError, ValueError, RecursionError) as error:
        raise _wrong(file, made, str(error)) from error


def _signature(function: ast.FunctionDef, file: str) -> Callable[..., dict[str, np.ndarray]]:
    """A function that does nothing, with the same name, knobs and docstring."""
    arguments = function.args
    if arguments.kwarg or arguments.defaults:
        raise _wrong(file, function, "knobs stand after the star, each by its name")
    said = ast.get_docstring(function)
    if not said:
        raise _wrong(file, function, "it has no docstring, whose first line is shown")

    def own(texts: list[str]) -> dict[str, np.ndarray]:
        raise NotImplementedError

    if bare := next((a for a in arguments.kwonlyargs if a.annotation is None), None):
        raise _wrong(file, bare, f"the knob {bare.arg!r} has no type, such as {bare.arg}: int = 1")
    own.__name__, own.__doc__ = function.name, said
    own.__annotations__ = {a.arg: _value(a.annotation, file) for a in arguments.kwonlyargs}
    own.__kwdefaults__ = {}

    knobs = [
        inspect.Parameter(
            a.arg,
            inspect.Parameter.KEYWORD_ONLY,
            default=inspect.Parameter.empty if default is None else _value(default, file),
        )
        for a, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    first = inspect.Parameter("texts", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    own.__signature__ = inspect.Signature([first, *knobs])  # type: ignore[attr-defined]
    return own


def _value(node: ast.expr | None, file: str) -> object:
    """What an expression says that is literal, or one of the few makers of facts; nothing else is looked at."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Name) and node.id in _KNOWN:
        return _KNOWN[node.id]
    if isinstance(node, ast.Tuple | ast.List):
        found = tuple(_value(one, file) for one in node.elts)
        return found if isinstance(node, ast.Tuple) else list(found)
    if isinstance(node, ast.Dict) and all(isinstance(k, ast.Constant) for k in node.keys):
        return {_value(k, file): _value(v, file) for k, v in zip(node.keys, node.values, strict=True)}
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        if isinstance(value, int | float):
            return -value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _value(node.left, file) | _value(node.right, file)  # type: ignore[operator]
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
        return _value(node.value, file)[_value(node.slice, file)]  # type: ignore[index]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _MADE:
        named = {k.arg: _value(k.value, file) for k in node.keywords if k.arg}
        if len(named) == len(node.keywords):
            maker = cast(Callable[..., object], _KNOWN[node.func.id])
            given = [_value(one, file) for one in node.args]
            if maker is row_cost and not all(_number(rate) > 0 for rate in (*given, *named.values())):
                raise _wrong(file, node, "row_cost is called with rows a second, a number above 0")
            made = maker(*given, **named)
            if odd := _odd(made):
                raise _wrong(file, node, odd)
            return made
    raise _wrong(file, node, "it must say this literally, as nothing in the file is run to read it")


def _odd(made: object) -> str:
    """What is wrong with a fact that a file states; "" where it is of the types that its class says."""
    match made:
        case Value():
            if made.type not in get_args(Value.__annotations__["type"]):
                return f"{made.type!r} is no type of a Value"
            texts = isinstance(made.labels, tuple) and all(isinstance(label, str) for label in made.labels)
            return "" if texts and isinstance(made.unit, str) else "the unit and the labels of a Value are texts"
        case Bounds() if not _number(made.low) <= _number(made.high):
            return f"Bounds({made.low!r}, {made.high!r}) are not two numbers, the lower one first"
        case Help() if not isinstance(made.text, str):
            return f"Help({made.text!r}) is no text"
        case About():
            values = made.values.items() if isinstance(made.values, dict) else [(None, None)]
            if not all(isinstance(name, str) and isinstance(value, Value) for name, value in values):
                return "ABOUT must say values={'a_name': Value('number')}"
            if not isinstance(made.title, str):
                return f"the title {made.title!r} is no text"
            cost: object = made.cost
            if cost is not None and (cost is row_cost or not inspect.isfunction(cost)):
                return "the cost is said as row_cost(ROWS_A_SECOND)"
    return ""


def _number(value: object) -> float:
    """A number as it is, NaN for what is none: that compares with nothing."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else float("nan")


def _check_knob(knob: Param) -> None:
    """Raise `ValueError` for a knob whose form could not be drawn, or whose default would not be taken."""
    if not all(isinstance(choice, str) for choice in knob.choices):
        raise ValueError(f"{knob.name}: a choice is a text, not one of {knob.choices!r}")
    if not knob.required:
        knob.read(knob.default, "a default")


def _wrong(file: str, node: ast.AST | None, what: str) -> EngineError:
    return EngineError(f"{file}, line {getattr(node, 'lineno', 1)}: {what}.")

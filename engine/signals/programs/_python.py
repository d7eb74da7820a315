"""Python in texts: read by Python's own parser within limits, never run; and names that nothing defines."""

import ast
import builtins
import io
import re
import symtable
import tokenize
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

MOST = 100_000
"""Characters of a program that are read. A longer one is not judged."""
DEEPEST = 60
"""Brackets in each other. A wrong program that nests deeper takes the parser a time that doubles with each."""

_FENCE = re.compile(r"^[ \t]{0,3}```([^\n]*)\n(.*?)^[ \t]{0,3}```", re.M | re.S)
_NAME = re.compile(r"[ \t]*(\w*)")
_KNOWN = frozenset(dir(builtins)) | {"__file__", "__path__"}


@dataclass(frozen=True)
class Program:
    """What the parser says. error_line: of the first error, from 1; 0 where it parses."""

    error_line: int
    statements: int = 0
    undefined: int = 0
    unused: int = 0


def program_of(text: str) -> str:
    """The program in a text: the fenced blocks that name Python or no language, else all of it."""
    if "```" not in text:
        return text
    fenced = ((_NAME.match(line), code) for line, code in _FENCE.findall(text[:MOST]))
    blocks = [code for name, code in fenced if name and name[1].lower() in ("", "python", "py", "python3")]
    return "\n".join(blocks) if blocks else text


def read(program: str) -> Program | None:
    """Parse a program; None where it is empty, too long, or nests too deep."""
    if not program.strip() or len(program) > MOST:
        return None
    if deep(program):
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(program)
            scopes = symtable.symtable(program, "program", "exec")
    except SyntaxError as error:
        return Program(max(error.lineno or 1, 1))
    except ValueError:  # a NUL, or half a character
        return Program(1)
    except (RecursionError, MemoryError):  # a sum of thousands nests beyond what the parser holds
        return None
    undefined, unused = _names(scopes, any(_takes_all(node) for node in tree.body))
    statements = sum(isinstance(node, ast.stmt) for node in ast.walk(tree))
    return Program(0, statements, undefined, unused)


def deep(program: str) -> bool:
    """Whether brackets, or what begins an expression, stand in each other deeper than is read.

    A comment underlined with dashes does not count, nor what a string holds; both are taken out only where it matters.
    """
    return _nested(program) and _nested(_code(program))


def _nested(code: str) -> bool:
    depth = 0
    for bracket in re.findall(r"[\[({})\]]", code):
        depth = depth + 1 if bracket in "([{" else max(depth - 1, 0)
        if depth > DEEPEST:
            return True
    return bool(re.search(r"(?:(?:\b(?:not|lambda|await|yield)\b:?|[-+~])[ \t]*){60}", code))


def _code(program: str) -> str:
    """A program without its comments and strings; one with an f stays, as it holds expressions."""
    kept = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(program).readline):
            if token.type == tokenize.ERRORTOKEN and token.string[0] in "'\"":  # no end: the parser stops here too
                break
            if token.type == tokenize.STRING and "f" not in token.string.lower().partition(token.string[-1])[0]:
                kept.append("''")
            elif token.type != tokenize.COMMENT:
                kept.append(token.string)
    except tokenize.TokenError:  # nor have these: a bracket, a string of several lines
        pass
    except (SyntaxError, ValueError):
        return program
    return " ".join(kept)


def _takes_all(node: ast.AST) -> bool:
    """Whether it is `from … import *`, after which any name may be defined."""
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _names(scopes: symtable.SymbolTable, any_name: bool) -> tuple[int, int]:
    """How many names are used that nothing defines, and how many imports of the module nothing uses."""
    top = {symbol.get_name(): symbol for symbol in scopes.get_symbols()}
    inner = [symbol for scope in _inside(scopes) for symbol in scope.get_symbols()]
    set_inside = {s.get_name() for s in inner if s.is_declared_global() and s.is_assigned()}
    defined = _KNOWN | set_inside | {name for name, s in top.items() if s.is_assigned() or s.is_imported()}
    defined |= {child.get_name() for child in scopes.get_children()}
    used = {s.get_name() for s in inner if s.is_referenced() and s.is_global()}
    used |= {name for name, s in top.items() if s.is_referenced()}
    unused = {name for name, s in top.items() if s.is_imported()} - used
    return 0 if any_name else len(used - defined), len(unused)


def _inside(scope: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    waiting = scope.get_children()
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.get_children()

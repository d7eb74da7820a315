"""Programs as words that say what they do, not what its things are called: two that differ in names alone are equal."""

import re

import pyarrow as pa

NAME, NUMBER, STRING = "i", "n", "s"
"""What stands for any name, number and string; no keyword has one letter."""

# Reserved in one common language and no usual name in another: such as `end`, `type` or `match` are names.
_KEYWORDS = frozenset(
    """
    False None True and as assert async await auto bool boolean break byte case catch char class const constexpr
    continue def default del delete do double elif else elsif enum except explicit export extends extern false final
    finally float fn for foreach from func function global go goto if impl implements import in inline instanceof int
    interface is lambda let long mut namespace new nil nonlocal not null nullptr operator or package pass private
    protected pub public raise return short signed sizeof static struct super switch synchronized template this throw
    throws trait true try typedef typename typeof undefined union unless unsigned using var virtual void volatile where
    while with yield
    """.split()
)
_OPERATORS = (
    *(">>>=", "===", "!==", "**=", "//=", "<<=", ">>=", ">>>", "...", "<=>", "->", "=>", "==", "!=", "<=", ">=", "&&"),
    *("||", "++", "--", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<", ">>", "::", ":=", "**", "//", "??", "?."),
)
# Every part either matches or fails at its first signs, so that reading is linear: a string, or a comment, that nobody
# closes ends with its line, or with the text.
_STRING = r"""[rbfuRBFUL]{0,2}(?:"(?:[^"\\\n]+|\\[\s\S])*"?|'(?:[^'\\\n]+|\\[\s\S])*'?)"""
_REST = (
    r"(?P<name>[^\W\d$][\w$]*|\$[\w$]*)|(?P<number>\.?\d(?:[eEpP][+-]|[\w.])*)"
    rf"|(?P<sign>{'|'.join(map(re.escape, _OPERATORS))}|\S)"
)
_OF_HASHES = re.compile(
    rf"""(?P<comment>\#[^\n]*)
    |(?P<string>[rbfuRBFU]{{0,2}}(?:\"\"\"[\s\S]*?(?:\"\"\"|\Z)|'''[\s\S]*?(?:'''|\Z))|{_STRING})|{_REST}""".replace(
        "\n    ", ""
    )
)
_OF_SLASHES = re.compile(
    rf"(?P<comment>//[^\n]*|/\*[\s\S]*?(?:\*/|\Z))|(?P<string>`(?:[^`\\]+|\\[\s\S])*`?|{_STRING})|{_REST}"
)
_BLOCKS = {"def", "elif", "then", "fi", "done", "end"}


def code_words(texts: pa.Array) -> pa.Array:
    """Programs as words with single spaces between: large_string in, the same out; null stays null.

    Comments and layout go. Names are all one word, numbers another, strings a third; keywords of the common languages
    stay, and each operator is a word of letters and digits. So two programs that differ in names, literals, comments
    and layout alone become equal (clones of type 2). # begins a comment where lines end in : more often than in ; or
    braces, else // and /* do. A text that is no program becomes words too, and any two sentences of the same length
    look alike: it is meant for code.

    >>> import pyarrow as pa
    >>> code_words(pa.array(["total = 1  # so far", "n=25"], pa.large_string())).to_pylist()
    ['i o3d n', 'i o3d n']
    """
    return pa.array([None if text is None else _words(text) for text in texts.to_pylist()], pa.large_string())


def _words(text: str) -> str:
    pattern = _OF_SLASHES if _has_braces(text) else _OF_HASHES
    return " ".join(filter(None, (_word(str(token.lastgroup), token.group()) for token in pattern.finditer(text))))


def _has_braces(text: str) -> bool:
    """Whether a program is of a language with braces, whose comments begin with slashes."""
    braces = hashes = 0
    for line in text.splitlines():
        bare = line.partition("//")[0].rstrip(" \t),")
        braces += bare.endswith((";", "{", "}"))
        code = line.partition("#")[0].strip()
        hashes += code.endswith(":") or line.lstrip().startswith(("# ", "#!")) or code.partition(" ")[0] in _BLOCKS
    return braces > hashes or (braces == hashes and ("//" in text or "/*" in text) and "#" not in text)


def _word(kind: str, token: str) -> str:
    if kind == "name":
        return token if token in _KEYWORDS else NAME
    if kind == "sign":
        return "".join(f"o{ord(sign):x}" for sign in token)
    return {"comment": "", "number": NUMBER, "string": STRING}[kind]

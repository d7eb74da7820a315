"""How lines look: like code, like what a speaker says."""

import re

_CODE_BEGINS = re.compile(
    r"\s*(?:def|class|import|from \S+ import|return|if ?\(|elif|else\b ?[:{]|for ?\(|for \w+ in\b|while\b|try\b ?[:{]|"
    r"public|private|protected|static|void|int|char|float|double|var|let|const|function|func|fn|package|using|"
    r"namespace|struct|enum|interface|#include|#define|#!|//|/\*|<\?php|</?[a-zA-Z][\w-]*[ />]|@\w+|\$\w+|"
    r"do|done|fi|then|echo|with \S+\(|# |SELECT\b|FROM\b|WHERE\b|INSERT\b|UPDATE\b|CREATE\b|print\(|console\.|System\.)"
)
_CODE_ENDS = re.compile(r"(?:[;{}\[\]]|\):|\)\s*\{|\),?|=>|\\|/>|</\w+>)\s*$")
_CODE_HOLDS = re.compile(
    r"\w\(|[=!<>]=|->|=>|::|\w\+\+[;)]|&&|\|\||\w\.\w+\(|\bSELECT\b.+\bFROM\b|\bWHERE\b.+[=<>]|\w\[\w+\]|\s=\s|</\w+>|^\s*\w+=\S|\$[({\w]"
)
_SPEAKER = re.compile(r"\s*(?:<\|?)?([A-Za-z][A-Za-z0-9_ ]{0,19})(?:\|?>|:)(?:\s|$)")


def written_lines(text: str) -> list[str]:
    """The lines of a text that are not blank."""
    return [line for line in text.splitlines() if line.strip()]


def code_signs(line: str) -> int:
    """How many of three: it begins as code does, ends so, holds what only code holds; a lone bracket is two."""
    bare = line.strip()
    if len(bare) <= 2:
        return 2 if set(bare) <= set("{}[]();,") else 0
    return sum(
        sign is not None for sign in (_CODE_BEGINS.match(line), _CODE_ENDS.search(line), _CODE_HOLDS.search(line))
    )


def speaker(line: str) -> str:
    """Who speaks a line, in small letters: what stands before its colon, or in a mark like <|user|>; "" for nobody."""
    found = _SPEAKER.match(line)
    return found[1].strip().lower() if found else ""

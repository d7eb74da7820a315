"""On what terms a row may be used, as far as it says so itself."""

import re
from collections.abc import Iterator
from typing import Annotated

import numpy as np

from engine.dataset import Dataset, text_blocks
from engine.registry import About, Column, Help, Value, row_cost

LABELS = (
    *("CC0", "CC BY", "CC BY-SA", "CC BY-ND", "CC BY-NC", "CC BY-NC-SA", "CC BY-NC-ND", "public domain"),
    *("MIT", "Apache", "BSD", "MPL", "LGPL", "GPL", "AGPL", "all rights reserved"),
)
_TERMS = r"[Ll]icen[cs]ed?\b"
_UNDER = rf"{_TERMS}:? (?:under (?:the )?)?"
_VERSION = r"(?:v(?:ersion )?)?"
_CC = r"\bCC(?:[\s_-]{1,3}|:)?BY|creativecommons\.org/licenses/by"
_LONG = r"[\s/,–-]{1,3}(?:Non[- ]?[Cc]ommercial|Share[- ]?[Aa]like|No ?-?Deriv(?:atives|s)?)"
# What licences are called. The bare name of MIT, Apache and BSD is an institute, a server and a system.
_CALLED = {
    "cc0": (r"\bCC0\b", r"\bCC[ -]Zero\b", r"creativecommons\.org/publicdomain/zero"),
    "cc": (
        rf"(?:{_CC})(?:[\s_-]{{1,3}}(?:NC|SA|ND|nc|sa|nd)\b)*(?![A-Za-z])",
        rf"\bCreative Commons Attribution(?:{_LONG})*",
    ),
    "pd": (
        r"creativecommons\.org/publicdomain/mark",
        r"\b(?:in(?:to)?|released (?:in)?to|dedicated to|[Ss]tatus:|[Ll]icen[cs]e:) (?:the )?[Pp]ublic [Dd]omain\b",
    ),
    "mit": (rf"\b(?:MIT|Expat)(?:[ /-](?:X11|style))?[ -]{_TERMS}", rf"\b(?:{_UNDER}|License-Identifier: )MIT\b"),
    "apache": (
        rf"\bApache(?: Software)?,? {_TERMS}",
        rf"\bApache[- ]{_VERSION}[12]\.[01]\b",
        rf"\b{_UNDER}Apache\b",
    ),
    "bsd": (
        rf"\bBSD(?:[ -]style)?[ -]{_TERMS}",
        r"\bBSD[ -][0234][ -][Cc]lause",
        r"\b[234][ -][Cc]lause BSD\b",
        rf"\b{_UNDER}BSD\b",
    ),
    "mpl": (rf"\bMozilla Public {_TERMS}", rf"\bMPL[ -]?{_VERSION}[12]\.[01]\b"),
    "agpl": (r"\bAGPL(?:\b|(?=v?[123]))", rf"\b(?:GNU )?Affero General Public {_TERMS}"),
    "lgpl": (r"\bLGPL(?:\b|(?=v?[123]))", rf"\b(?:GNU )?(?:Lesser|Library) General Public {_TERMS}"),
    "gpl": (r"\bGPL(?:\b|(?=v?[123]))", rf"\b(?:GNU (?:General )?|General )Public {_TERMS}"),
    "all": (
        r"\b[Aa]ll [Rr]ights [Rr]eserved\b",
        r"\bALL RIGHTS RESERVED\b",
        r"\b[Tt]ous droits réservés\b",
        r"\b[Aa]lle Rechte vorbehalten\b",
        r"\b[Tt]odos los derechos reservados\b",
    ),
}
_KINDS = re.compile("|".join(f"(?P<{name}>{'|'.join(patterns)})" for name, patterns in _CALLED.items()))
READ = 100_000
"""Characters that are read at the beginning of a text, and as many at its end."""
_CLUES = (
    "icen",
    "CC",
    "GPL",
    "MPL",
    "BSD",
    "Apache",
    "omain",
    "reative",
    "erved",
    "ERVED",
    "réserv",
    "vorbeh",
    "reserv",
)
_NAMED = {"cc0": "CC0", "pd": "public domain", "mit": "MIT", "apache": "Apache", "bsd": "BSD", "mpl": "MPL"}
_NAMED |= {"agpl": "AGPL", "lgpl": "LGPL", "gpl": "GPL", "all": "all rights reserved"}
_HOLDER = re.compile(
    r"(?:©|\([cC]\)|\b[Cc]opyright\b|\bCOPYRIGHT\b)[:\s]{0,2}(?:©|\([cC]\))?[:\s]{0,2}(?:by )?"
    r"(?:(?:19|20)\d\d(?:\s?[-–,]\s?(?:19|20)?\d\d){0,3},?\s{1,2}(?:by )?)?[A-Z]\w[^\n.;]{0,60}"
    r"|(?m:^[^\w\n]{0,3})(?:[Pp]hoto(?:graph)?|[Ii]mage|[Ii]llustration|[Tt]ext|[Vv]ideo|[Ww]ritten|[Pp]osted|[Tt]ranslated|[Cc]ompiled)"
    r"(?: credits?)?(?: by|:) (?:[A-Z]\w|https?://)[^\n.;]{0,60}"
    r"|(?m:^[^\w\n]{0,3})[Aa]uthors?: ?[A-Z]\w[^\n.;]{0,60}"
)


def _spans(data: Dataset, rows: np.ndarray, *, column: str | None) -> list[list[tuple[int, int]]]:
    if column:
        return [[] for _ in rows]
    return [_places(text) for text in data.texts(rows)]


def _places(text: str) -> list[tuple[int, int]]:
    """Licences and who is named, in order; of two that overlap the first."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(match.span() for pattern in (_KINDS, _HOLDER) for match in _matches(pattern, text)):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


ABOUT = About(
    title="Licence and attribution",
    values={
        "licence": Value("category", labels=LABELS),
        "licences": Value("integer", "kinds named"),
        "attribution": Value("boolean", "somebody is named as author or holder of rights"),
    },
    spans=_spans,
    cost=row_cost(10_000),
)


def licence(
    data: Dataset,
    *,
    column: Annotated[
        Column | None, Help("Where licences stand, such as a field of metadata. Left out: the text.")
    ] = None,
) -> dict[str, np.ndarray]:
    """Find the licence that {column} names, and whether somebody is named with it.

    int8: the first that is named, -1 for none; int32: how many kinds are; boolean: a copyright line, a credit or an
    author with a name. Known are Creative Commons by short and long name and by address, public domain, MIT, Apache,
    BSD, MPL, LGPL, GPL, AGPL, and “all rights reserved” in English, German, French and Spanish. What is named need not
    be the licence of the text itself, and most texts that are protected say nothing. The first and the last 100,000
    characters are read. Source: the licence and
    attribution fields of PASS (Asano et al. 2021).
    """
    found = np.full(data.n, -1, np.int8)
    kinds, named = np.zeros(data.n, np.int32), np.zeros(data.n, bool)
    for start, block in text_blocks(data, column, data.rows()):
        for row, text in enumerate(block.to_pylist(), start):
            if text:
                said = licences(text)
                found[row] = LABELS.index(said[0]) if said else -1
                kinds[row], named[row] = len(set(said)), any(_matches(_HOLDER, text))
    return {"licence": found, "licences": kinds, "attribution": named}


def licences(text: str) -> list[str]:
    """The licences that a text names, in order.

    >>> licences("Text under CC BY-SA 4.0, code under the MIT license.")
    ['CC BY-SA', 'MIT']
    """
    # Most texts have none of what each name has in it, and are done many times faster.
    return [_name(match) for match in _matches(_KINDS, text)] if any(clue in text for clue in _CLUES) else []


def _matches(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    yield from pattern.finditer(text, 0, READ)
    yield from pattern.finditer(text, max(READ, len(text) - READ))


def _name(match: re.Match[str]) -> str:
    kind = str(match.lastgroup)
    if kind != "cc":
        return _NAMED[kind]
    said = re.sub("[- ]", "", match[0].lower())
    tail = said[said.index("attribution" if "attribution" in said else "by") :]
    parts = {"NC": ("nc", "noncommercial"), "SA": ("sa", "sharealike"), "ND": ("nd", "noderiv")}
    return "-".join(["CC BY", *(short for short, names in parts.items() if any(name in tail for name in names))])

"""Nests in words: parts that keep and parts that drop become one sentence, as people speak.

“Keep a, and drop b” is “keep rows a, except those b”; “not (a or b)” is “drop rows a or b”.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NESTS = ("all of", "any of", "not")
"""Filters that hold other filters."""


@dataclass(frozen=True)
class Said:
    """Which rows an expression keeps or drops. rows: what follows “rows”, "" for every row; several: holds others."""

    drops: bool
    rows: str
    several: bool = False

    @staticmethod
    def of(sentence: str) -> "Said":
        """A filter's sentence taken apart: “Drop rows that are short.” drops “that are short”."""
        verb, _, rows = sentence.rstrip(".").partition(" ")
        return Said(verb == "Drop", rows.removeprefix("rows "))

    @property
    def verb(self) -> str:
        return "Drop" if self.drops else "Keep"

    def sentence(self) -> str:
        """The whole of it, as a sentence."""
        return f"{self.verb} rows {self.rows}." if self.rows else f"{self.verb} every row."


def nested(nest: str, parts: Sequence[Said], those: str = "those ") -> Said:
    """What a nest says of rows, from what its parts say. An empty one keeps every row.

    those: what stands before the rows of an exception; "" where the parts are few words and no clauses.

    >>> nested("not", [Said(False, "that are short"), Said(False, "that are odd")]).sentence()
    'Drop rows that are short or that are odd.'
    """
    if not parts:
        return Said(False, "")
    if nest == "not":
        inner = nested("any of", parts, those)
        return Said(not inner.drops, inner.rows, inner.several)
    if len(parts) == 1:
        return parts[0]
    keeps, drops = ([part for part in parts if part.drops == down] for down in (False, True))
    every = nest == "all of"
    # With all of, a row must escape every drop; with any of, only a row that no part keeps is dropped.
    if not (keeps and drops):
        return Said(bool(drops), _joined(parts, "and" if every != bool(drops) else "or"), several=True)
    first, second = (keeps, drops) if every else (drops, keeps)
    rows = f"{_joined(first, 'and')}, except {those}{_joined(second, 'or')}"
    return Said(not every, rows, several=True)


def _joined(parts: Sequence[Said], word: str) -> str:
    rows = [f"({part.rows})" if part.several else part.rows or "of any kind" for part in parts]
    return f" {word} ".join(filter(None, [", ".join(rows[:-1]), rows[-1]]))

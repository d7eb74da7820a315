"""Another set that rows are compared with, by its texts alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import EngineError


@dataclass(frozen=True)
class TextSet:
    """Another set that rows are compared with: a benchmark, an earlier release.

    name: on the screen. texts: distinct, none blank. rows: the row of each in the set, the first where it is repeated.
    """

    name: str
    texts: tuple[str, ...]
    rows: tuple[int, ...]

    def __post_init__(self) -> None:
        if len(self.rows) != len(self.texts):
            raise EngineError(
                f"The set {self.name!r} has {len(self.texts):,} texts, but {len(self.rows):,} rows of them."
            )

    @staticmethod
    def of(name: str, texts: Sequence[str | None]) -> "TextSet":
        """The texts of a set, of equal ones the first; raises `EngineError` where none of them says anything."""
        first: dict[str, int] = {}
        for row, text in enumerate(texts):
            if text and not text.isspace():
                first.setdefault(text, row)
        if not first:
            raise EngineError(
                f"{name} has no text to compare with: all of its {len(texts):,} rows are empty. Name its text column."
            )
        return TextSet(name, tuple(first), tuple(first.values()))

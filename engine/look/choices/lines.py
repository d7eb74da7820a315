"""Figures and text of a corpus as they stand in a line, and what was found as JSON and lines."""

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

import numpy as np

from engine.registry import Json
from engine.store import plain

LONGEST = 80


def one_line(text: str) -> str:
    """Text of a corpus on one line of a terminal, cut, without signs that would steer it."""
    said = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def shielded(text: str) -> str:
    r"""The same in a line of Markdown: nothing in it makes a link, an image, a table or a tag.

    >>> shielded("[a](b) <i>")
    '\\[a\\](b) \\<i\\>'
    """
    return re.sub(r"([\\`*_{}\[\]<>|#!~&$:])", r"\\\1", one_line(text))


def number(value: float) -> str:
    """A figure in a line.

    >>> number(1234.0), number(0.123456), number(float("nan"))
    ('1,234', '0.1235', 'unknown')
    """
    if np.isnan(value):
        return "unknown"
    return f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 2 else f"{value:,.4g}"


def day(seconds: float) -> str:
    """The day of a moment in seconds since 1970.

    >>> day(1_000_000_000.0)
    '2001-09-09'
    """
    return "unknown" if np.isnan(seconds) else str(np.datetime64(int(seconds), "s").astype("datetime64[D]"))


def share(part: float) -> str:
    """A share of rows, 0 to 1, in percent."""
    return "unknown" if np.isnan(part) else f"{part:.1%}"


def p_words(p: float) -> str:
    """How likely chance alone is, in a line."""
    return "not tested" if np.isnan(p) else "p < 0.001" if p < 0.001 else f"p {p:.3f}"


def finite(value: Json) -> Json:
    """The same with null for a number that is none, which JSON does not know."""
    if isinstance(value, float):
        return value if np.isfinite(value) else None
    if isinstance(value, list):
        return [finite(v) for v in value]
    if isinstance(value, dict):
        return {k: finite(v) for k, v in value.items()}
    return value


class Told(ABC):
    """A frozen class of what was found, which tells it as JSON, as Markdown and for a terminal."""

    @abstractmethod
    def said(self, safe: Callable[[str], str]) -> Iterable[str]:
        """Its lines of Markdown. safe: makes text of a corpus fit for where they stand."""

    def json(self) -> dict[str, Json]:
        """All of it, as it is kept with a recipe; a number that is not there is null."""
        return {name: finite(plain(value)) for name, value in vars(self).items()}

    def markdown(self) -> list[str]:
        """Lines of Markdown, nothing in which a corpus could steer a page."""
        return list(self.said(shielded))

    def text(self) -> list[str]:
        """The same lines for a terminal."""
        return list(self.said(one_line))

"""A member's sentence: the first line of its docstring, with the values of its knobs in place of the braces.

`{low}` is the value in words. `from {low} to {high}` says an end that is left out as people do: “at most 5”.
`{missing: or missing}` is said only where the knob is set; a … in it stands for the value.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

LONGEST = 120
"""Signs of a text that a sentence shows; what is longer ends in …."""

_KNOB = re.compile(r"from \{(\w+)\} to \{(\w+)\}|\{(\w+)(?::([^{}]*))?\}")
_NONE: Mapping[str, str] = MappingProxyType({})


def filled(text: str, values: Mapping[str, object], said: Mapping[str, str] = _NONE) -> str:
    """The sentence. said: words for knobs whose value alone would read badly.

    >>> filled("Keep rows whose {column} is from {low} to {high}.", {"column": "n", "low": None, "high": 5.0})
    'Keep rows whose n is at most 5.'
    """

    def part(knob: re.Match[str]) -> str:
        low, high, name, when = knob.groups()
        if low:
            return _between(values[low], values[high])
        word = shortened(said[name]) if name in said else words(values[name])
        return word if when is None else when.replace("…", word) if values[name] else ""

    return re.sub(r" +", " ", _KNOB.sub(part, text)).replace(" .", ".").strip()


def outline(text: str, shown: str) -> str:
    """The sentence before anything is filled in: each knob as `shown`, with {} in it for its name.

    >>> outline("{do} rows whose {column} is {values}{missing: or missing}.", "*{}*")
    '*do* rows whose *column* is *values*.'
    """
    whole = re.sub(r"\{(\w+):[^{}]*\}", "", text)
    return re.sub(r"\{(\w+)\}", lambda knob: shown.replace("{}", knob[1]), whole)


def words(value: object) -> str:
    """A value as people read it."""
    if value is None:
        return "…"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return f"{value:,.0f}"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, tuple | list):
        named = [f"“{words(v)}”" for v in value[:5]] + ([f"{len(value) - 5} more"] if len(value) > 5 else [])
        return " or ".join(filter(None, [", ".join(named[:-1]), *named[-1:]])) or "nothing"
    return shortened(str(value))


def shortened(text: str) -> str:
    """A text on one line, cut where it gets long."""
    line = re.sub(r"\s+", " ", text)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _between(low: object, high: object) -> str:
    if low is None and high is None:
        return "any value"
    dates = isinstance(low, str) or isinstance(high, str)
    if high is None:
        return f"{words(low)} or later" if dates else f"at least {words(low)}"
    if low is None:
        return f"{words(high)} or earlier" if dates else f"at most {words(high)}"
    return f"from {words(low)} to {words(high)}"

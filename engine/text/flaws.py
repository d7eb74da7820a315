"""Traces in texts: damaged letters, markup, addresses, control characters, refusals; found in one pass each."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TAGS = "p|br|div|span|a|b|i|li|ul|table|td|tr|script"


@dataclass(frozen=True)
class Flaw:
    """Something to find in texts. says: goes on after “12 rows …”; pattern: RE2; weight: how much it matters.

    clues: letters one of which every match holds; looking for them first is many times faster than the pattern.
    """

    kind: str
    says: str
    pattern: str
    weight: float
    clues: tuple[str, ...] = ()


FLAWS = (
    Flaw(
        "damaged letters",
        "hold letters that were damaged on the way (\ufffd or Ã©)",
        "\ufffd|Ã[\u0080-\u00bf]|â€[\u0080-\u00bf™œ]",
        8.0,
        ("\ufffd", "Ã", "â€"),
    ),
    Flaw(
        "markup",
        "hold HTML markup or escapes such as &amp;",
        rf"(?i)&(amp|lt|gt|quot|nbsp|#[0-9]{{2,5}});|</?({_TAGS})( [^<>]*)?/?>",
        6.0,
        ("&", "<"),
    ),
    Flaw(
        "addresses",
        "hold an e-mail address",
        r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
        7.0,
        ("@",),
    ),
    Flaw("control characters", "hold control characters", r"[\x00-\x08\x0b\x0e-\x1f\x7f]", 7.0),
    Flaw(
        "refusals",
        "speak as an AI or refuse",
        r"\b[Aa]s an AI( language)? model\b|\bI('m| am) sorry,? but I can('|no)t\b",
        6.0,
        ("s an AI", "sorry, but", "sorry but"),
    ),
    Flaw("no letters", "hold no letter of any alphabet", r"^\PL*[^\s\pL]\PL*$", 6.0),
    Flaw(
        "invisible signs",
        "hold signs that cannot be seen, such as spaces without width",
        "[\u200b\u2060\ufeff\u00ad]",
        5.0,
        ("\u200b", "\u2060", "\ufeff", "\u00ad"),
    ),
    Flaw(
        "mixed alphabets",
        "hold words with letters of two alphabets, such as a Cyrillic а among Latin ones",
        r"[A-Za-z][\p{Cyrillic}\p{Greek}]|[\p{Cyrillic}\p{Greek}][A-Za-z]",
        6.0,
    ),
)


def pattern_name(pattern: str) -> str:
    """What Winnow calls a pattern that it looks for by itself; "" for any other."""
    return next((flaw.kind for flaw in FLAWS if flaw.pattern == pattern), "")


def positions(trace: Flaw, texts: pa.Array) -> np.ndarray:
    """int64, ascending: which of the texts hold the trace."""
    if not trace.clues:
        return _where(pc.match_substring_regex(texts, trace.pattern))
    near = np.unique(np.concatenate([_where(pc.match_substring(texts, clue)) for clue in trace.clues]))
    return near[_where(pc.match_substring_regex(texts.take(pa.array(near)), trace.pattern))]


def _where(mask: pa.Array) -> np.ndarray:
    return np.flatnonzero(pc.fill_null(mask, False).to_numpy(zero_copy_only=False))

"""How texts look, as a few coarse features; and how rare each is among the texts."""

import re

import numpy as np

_READ = 100_000
_LETTERS = re.compile(r"[^\W\d_]")
_LIST = re.compile(r"(?m)^[^\S\n]*(?:[-*•·–]|\d{1,3}[.)]|\w[.)])\s")
_SIGNS = (
    ("letters", _LETTERS),
    ("figures", re.compile(r"\d")),
    ("capitals", re.compile(r"[A-ZÀ-ÖØ-Þ]")),
    ("blanks", re.compile(r"[^\S\n]")),
    ("line breaks", re.compile(r"\n")),
    ("brackets", re.compile(r"[][{}()<>]")),
    ("marks of sentences", re.compile(r"[.,;:!?]")),
    ("other signs", re.compile(r"[^\w\s.,;:!?\][{}()<>]|_")),
)
FEATURES = len(_SIGNS) + 5
_STEPS = np.array([0.0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.85])


def form(text: str) -> list[int]:
    """The features of one text, small whole numbers: shares of kinds of signs in steps, lines, beginning and end."""
    read = text[:_READ].strip()
    if not read:
        return [-1] * FEATURES
    lines = read.split("\n")
    shares = np.array([len(signs.findall(read)) for _, signs in _SIGNS]) / len(read)
    listed = len(_LIST.findall(read)) / len(lines)
    return [
        *np.searchsorted(_STEPS, shares, "left").tolist(),
        int(np.searchsorted(_STEPS, listed, "left")),
        len(lines).bit_length(),
        (len(read) // len(lines)).bit_length(),
        _kind(read[0]),
        _kind(read[-1]),
    ]


def _kind(sign: str) -> int:
    """A class for a sign: small and capital letter, figure; each mark of ASCII is its own, others are one."""
    if sign.isalpha():
        return 1 if sign.isupper() else 0
    if sign.isdigit():
        return 2
    return ord(sign) if sign.isascii() else 3


def surprise(forms: np.ndarray) -> np.ndarray:
    """float64 (n,): bits by which each row of features (n, f) is rarer than usual, all features together.

    Each feature counts by the logarithm of how rare its value is; rows without a text (-1) are NaN and do not count.
    """
    there = forms[:, 0] >= 0
    bits = np.zeros(len(forms))
    for column in forms.T:
        _, at, counts = np.unique(column[there], return_inverse=True, return_counts=True)
        bits[there] -= np.log2(counts / max(there.sum(), 1))[at]
    return np.where(there, bits, np.nan)

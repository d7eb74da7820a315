"""The lists of signals: row signals see one text at a time, corpus signals the whole dataset."""

from engine.registry import Registry
from engine.signals import characters as _characters
from engine.signals import density as _density
from engine.signals import outlier as _outlier
from engine.signals import tokens as _tokens
from engine.signals import utf8_bytes as _utf8_bytes
from engine.signals import words as _words

ROW_SIGNALS = Registry("row signal", [_characters.characters, _words.words, _tokens.tokens, _utf8_bytes.utf8_bytes])
CORPUS_SIGNALS = Registry("corpus signal", [_density.density, _outlier.outlier])

VALUES: dict[str, tuple[str, str]] = {
    **_characters.VALUES,
    **_words.VALUES,
    **_tokens.VALUES,
    **_utf8_bytes.VALUES,
    **_density.VALUES,
    **_outlier.VALUES,
}
"""Type and unit of every value that a signal gives."""

__all__ = ["CORPUS_SIGNALS", "ROW_SIGNALS", "VALUES"]

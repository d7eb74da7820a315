"""Rows get values: row signals see one text at a time, corpus signals the whole dataset."""

from engine.registry import Registry
from engine.signals.characters import characters
from engine.signals.density import density
from engine.signals.outlier import outlier
from engine.signals.rehydration import rehydration
from engine.signals.repeated_share import repeated_share
from engine.signals.score import corpus_signal, row_signal
from engine.signals.tokens import tokens
from engine.signals.utf8_bytes import utf8_bytes
from engine.signals.words import words

ROW_SIGNALS = Registry("row signal", [characters, words, tokens, utf8_bytes, repeated_share])
CORPUS_SIGNALS = Registry("corpus signal", [density, outlier, rehydration])

"""Rows get values: row signals see one text at a time, corpus signals the whole dataset."""

from engine.registry import Registry
from engine.signals.corpus.density import density
from engine.signals.corpus.outlier import outlier
from engine.signals.corpus.rehydration import rehydration
from engine.signals.language.compression import compression
from engine.signals.language.encoding_damage import encoding_damage
from engine.signals.language.entropy import entropy
from engine.signals.language.language import language
from engine.signals.language.lexical_diversity import lexical_diversity
from engine.signals.language.readability import readability
from engine.signals.language.truncated import truncated
from engine.signals.rules.repeated_share import repeated_share
from engine.signals.score import corpus_signal, row_signal
from engine.signals.sizes.characters import characters
from engine.signals.sizes.tokens import tokens
from engine.signals.sizes.utf8_bytes import utf8_bytes
from engine.signals.sizes.words import words

_SIZES = [characters, words, tokens, utf8_bytes]
_LANGUAGE = [language, encoding_damage, truncated, readability, lexical_diversity, compression, entropy]

ROW_SIGNALS = Registry("row signal", [*_SIZES, repeated_share, *_LANGUAGE])
CORPUS_SIGNALS = Registry("corpus signal", [density, outlier, rehydration])

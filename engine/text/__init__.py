"""Texts by themselves: no table, no disk."""

from engine.text import row_text
from engine.text.clauses import CLAUSE, SENTENCE, pieces
from engine.text.column_values import python_values, seconds, too_far
from engine.text.differing import differing
from engine.text.flaws import FLAWS, pattern_name, positions
from engine.text.patterns import checked_pattern, pattern_spans, readable
from engine.text.repeated import parts as text_parts
from engine.text.repeated import repeated_spans, share_repeated, without_repeated
from engine.text.row_text import TextView, Turn, render, split, texts, turns
from engine.text.terms import Term, distinctive_terms
from engine.text.words import (
    SIGN,
    UNSEEN,
    WORD,
    Query,
    holds,
    merged,
    normalised,
    query,
    signed,
    spans,
    typed,
    unsigned,
    word_places,
    words_of,
)

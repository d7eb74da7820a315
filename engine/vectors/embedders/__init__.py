"""Embedders: what turns texts into vectors, in the order of the menu."""

from engine.registry import Registry
from engine.vectors.embedders._weights import is_model_id
from engine.vectors.embedders.given import given
from engine.vectors.embedders.lexical import lexical
from engine.vectors.embedders.sentence import sentence

EMBEDDERS = Registry("embedder", [sentence, lexical, given])

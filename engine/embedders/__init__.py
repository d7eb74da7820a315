"""Embedders: what turns texts into vectors, in the order of the menu."""

from engine.embedders.given import given
from engine.embedders.lexical import lexical
from engine.embedders.sentence import sentence
from engine.registry import Registry

EMBEDDERS = Registry("embedder", [sentence, lexical, given])

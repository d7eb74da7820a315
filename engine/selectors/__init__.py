"""The list of selectors: rows and a budget go in, rows in pick order come out."""

from engine.registry import Registry
from engine.selectors.random_ import random_

SELECTORS = Registry("selector", [random_])

__all__ = ["SELECTORS"]

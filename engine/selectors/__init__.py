"""The list of selectors: rows and a budget go in, rows in pick order come out."""

from engine.registry import Registry
from engine.selectors.facility_location import facility_location
from engine.selectors.farthest import farthest
from engine.selectors.random_ import random_
from engine.selectors.stratified import stratified
from engine.selectors.top import top

SELECTORS = Registry("selector", [random_, stratified, top, farthest, facility_location])

__all__ = ["SELECTORS"]

"""The list of selectors: rows and a budget go in, rows in pick order come out."""

from engine.recipe.selectors.facility_location import facility_location
from engine.recipe.selectors.farthest import farthest
from engine.recipe.selectors.random_ import random_
from engine.recipe.selectors.stratified import stratified
from engine.recipe.selectors.top import top
from engine.recipe.selectors.weighted import weighted
from engine.registry import Registry

SELECTORS = Registry("selector", [random_, stratified, weighted, top, farthest, facility_location])

__all__ = ["SELECTORS"]

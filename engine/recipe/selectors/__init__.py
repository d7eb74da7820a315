"""The list of selectors, in folders by purpose: rows and a budget go in, rows in pick order come out."""

from engine.recipe.selectors.plain.band import band
from engine.recipe.selectors.plain.random_ import random_
from engine.recipe.selectors.plain.repeated_random import repeated_random
from engine.recipe.selectors.plain.stratified import stratified
from engine.recipe.selectors.plain.top import top
from engine.recipe.selectors.plain.weighted import weighted
from engine.recipe.selectors.spread.add_one_in import add_one_in
from engine.recipe.selectors.spread.facility_location import facility_location
from engine.recipe.selectors.spread.farthest import farthest
from engine.recipe.selectors.spread.log_det import log_det
from engine.recipe.selectors.spread.mmr import mmr
from engine.recipe.selectors.spread.per_topic import per_topic
from engine.recipe.selectors.spread.spread_quality import spread_quality
from engine.recipe.selectors.target.betr import betr
from engine.recipe.selectors.target.dsir import dsir
from engine.recipe.selectors.target.got_d import got_d
from engine.recipe.selectors.target.nearest import nearest
from engine.recipe.selectors.target.search_and_prune import search_and_prune
from engine.recipe.selectors.target.simcore import simcore
from engine.registry import Registry

_PLAIN = (random_, repeated_random, stratified, weighted, top, band)
_SPREAD = (farthest, facility_location, spread_quality, mmr, log_det, per_topic, add_one_in)
_TARGET = (nearest, betr, simcore, got_d, search_and_prune, dsir)
SELECTORS = Registry("selector", [*_PLAIN, *_SPREAD, *_TARGET])

__all__ = ["SELECTORS"]

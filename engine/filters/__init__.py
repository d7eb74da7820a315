"""Filters: dataset and rows in, a mask over those rows and the reason for each out."""

from engine.filters.number_range import number_range
from engine.filters.text import text
from engine.filters.values import values
from engine.registry import Registry

FILTERS = Registry("filter", [number_range, values, text])

"""Filters: dataset and rows in, a mask over those rows and the reason for each out."""

from engine.recipe.filters.at_most import at_most
from engine.recipe.filters.date_range import date_range
from engine.recipe.filters.dedup import dedup
from engine.recipe.filters.few_repeats import few_repeats
from engine.recipe.filters.listed import listed
from engine.recipe.filters.marked import marked
from engine.recipe.filters.missing import missing
from engine.recipe.filters.number_range import number_range
from engine.recipe.filters.overlaps import overlaps
from engine.recipe.filters.overlaps_part import overlaps_part
from engine.recipe.filters.regex import regex
from engine.recipe.filters.region import region
from engine.recipe.filters.similar_to import similar_to
from engine.recipe.filters.sql import sql
from engine.recipe.filters.text import text
from engine.recipe.filters.topic import topic
from engine.recipe.filters.values import values
from engine.registry import Registry

FILTERS = Registry(
    "filter",
    [
        *(number_range, values, text, regex, missing, date_range),
        *(topic, similar_to, region, listed, marked),
        *(overlaps, overlaps_part, sql),
    ],
)

AMONG = Registry("filter among the rows left", [dedup, few_repeats, at_most])
"""Filters that judge a row by the others left; called with those certain to stay too (bool). They stand in no nest."""

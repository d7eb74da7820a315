"""Filters: dataset and rows in, a mask over those rows and the reason for each out."""

from engine.filters.date_range import date_range
from engine.filters.listed import listed
from engine.filters.marked import marked
from engine.filters.missing import missing
from engine.filters.number_range import number_range
from engine.filters.regex import regex
from engine.filters.region import region
from engine.filters.similar_to import similar_to
from engine.filters.sql import sql
from engine.filters.text import text
from engine.filters.topic import topic
from engine.filters.values import values
from engine.registry import Registry

FILTERS = Registry(
    "filter",
    [
        number_range,
        values,
        text,
        regex,
        missing,
        date_range,
        topic,
        similar_to,
        region,
        listed,
        marked,
        sql,
    ],
)

"""The family of sources: a path, or several, becomes batches of rows, plus the rows that could not be read."""

from engine.opening.sources.csv import csv
from engine.opening.sources.dataframe import dataframe
from engine.opening.sources.folder import folder
from engine.opening.sources.json import json
from engine.opening.sources.jsonl import jsonl
from engine.opening.sources.lines import lines
from engine.opening.sources.parquet import parquet
from engine.registry import Registry

SOURCES = Registry("source", [csv, json, jsonl, parquet, folder, lines, dataframe])
FILE_FORMATS = tuple(name for name in SOURCES if name != "dataframe")

"""Exporters: rows become files that other programs read; what was written is read back to prove it."""

from engine.exporting.formats.alpaca import alpaca
from engine.exporting.formats.csv import csv
from engine.exporting.formats.jsonl import jsonl
from engine.exporting.formats.messages import messages
from engine.exporting.formats.parquet import parquet
from engine.exporting.formats.sharegpt import sharegpt
from engine.registry import Registry

EXPORTERS = Registry("format", [parquet, jsonl, csv, messages, alpaca, sharegpt])

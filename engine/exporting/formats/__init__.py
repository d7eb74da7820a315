"""Exporters: rows -> files that other programs read, and the readers that prove it."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from engine.exporting.formats._output import BATCH, Extra, Output, Row, Turn, Written
from engine.exporting.formats.alpaca import alpaca, read_alpaca
from engine.exporting.formats.csv import csv, read_csv
from engine.exporting.formats.jsonl import jsonl, read_jsonl
from engine.exporting.formats.messages import messages, read_messages
from engine.exporting.formats.parquet import parquet, read_parquet
from engine.exporting.formats.sharegpt import read_sharegpt, sharegpt
from engine.registry import Registry

EXPORTERS = Registry("format", [parquet, jsonl, csv, messages, alpaca, sharegpt])

READERS: Mapping[str, Callable[[Path, Mapping[str, str]], Iterator[Row]]] = {
    "parquet": read_parquet,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "messages": read_messages,
    "alpaca": read_alpaca,
    "sharegpt": read_sharegpt,
}
"""What each format wrote, read back row by row: path and the options that it was written with."""

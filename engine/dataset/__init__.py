"""The one table, and what was added to it."""

from engine.dataset.columns import ColumnInfo, ColumnType, without_origin
from engine.dataset.content import hashes, repeats
from engine.dataset.dataset import Dataset
from engine.dataset.distinct import (
    distinct,
    distinct_texts,
    edits_read,
    publish_distinct,
    share_of,
    texts_spec,
    texts_with_breaks,
)
from engine.dataset.gather import in_a_row
from engine.dataset.identity import artefact_spec, store_keys
from engine.dataset.info import Info, bytes_words, disk_use, info, infos
from engine.dataset.refs import drawn_digest, listed_rows, read_ref
from engine.dataset.shapes import Graph, Map, Nodes, Picked, Vectors, Verdict
from engine.dataset.texts import excerpt, rows_where, text_blocks
from engine.dataset.unused import abandoned, clean, standing_on, unreferenced

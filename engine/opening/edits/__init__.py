"""The family of edits: a column becomes a new column, the original stays."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import ColumnType, Dataset
from engine.errors import EngineError
from engine.opening.edits.replace import replace
from engine.opening.edits.split_list import split_list
from engine.opening.edits.strip import strip_prefix, strip_suffix
from engine.opening.edits.trim import trim
from engine.opening.edits.unescape_html import unescape_html
from engine.opening.edits.unicode_form import unicode_form
from engine.registry import Help, Json, Registry
from engine.text import texts

EDITS = Registry("edit", [strip_suffix, strip_prefix, replace, trim, unescape_html, unicode_form, split_list])

"""The family of edits: a column becomes a new column, the original stays."""

from engine.opening.edits.corrected import corrected
from engine.opening.edits.drop_repeated import drop_repeated
from engine.opening.edits.logged import logged
from engine.opening.edits.relabel import relabel
from engine.opening.edits.replace import replace
from engine.opening.edits.site import site
from engine.opening.edits.split_list import split_list
from engine.opening.edits.strip_prefix import strip_prefix
from engine.opening.edits.strip_suffix import strip_suffix
from engine.opening.edits.trim import trim
from engine.opening.edits.unescape_html import unescape_html
from engine.opening.edits.unicode_form import unicode_form
from engine.registry import Registry

EDITS = Registry(
    "edit",
    [strip_suffix, strip_prefix, replace, trim, unescape_html, unicode_form, drop_repeated, split_list, site, relabel],
)

CELL_EDITS = Registry("edit", [corrected])
"""Edits of single cells: called with the dataset and the column, as they must know the rows; each keeps the type."""

LOG_EDITS = Registry("edit", [logged])
"""Columns of what a file says of rows that a column names: called as edits of cells are; each says its type."""

"""What people do with rows: append-only, with undo."""

from engine.marks import lanes, log
from engine.marks.file import changing, reading
from engine.marks.marks import (
    Kind,
    RowMarks,
    Summary,
    changes,
    drop,
    keep,
    keys_with,
    note,
    of_rows,
    redo,
    rename_tag,
    restore,
    rows_with,
    summary,
    tag,
    trash,
    undecide,
    undo,
    untag,
)

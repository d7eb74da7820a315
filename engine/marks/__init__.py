"""What people do with rows: append-only, with undo."""

from engine.marks import dismissals, lanes, log
from engine.marks.answers import MODEL, Answer, Settled, answer, answers, bring_in, by_models, settle, settled, unanswer
from engine.marks.corrections import (
    LONGEST_CELL,
    Corrected,
    Correction,
    correct,
    corrected,
    corrections,
    corrections_at,
    corrections_now,
    corrections_snapshot,
    restore,
)
from engine.marks.desk import Desk, Part, Taken, share
from engine.marks.file import changing, reading
from engine.marks.judged_pairs import JudgedPairs, judged_pairs, keep_this, tell_apart
from engine.marks.judgements import judge, judgements
from engine.marks.label_sets import label_set, label_sets, name_labels
from engine.marks.marks import (
    Kind,
    RowMarks,
    Summary,
    changes,
    keys_with,
    note,
    of_rows,
    redo,
    rename_tag,
    rows_with,
    short_name,
    summary,
    tag,
    undo,
    untag,
)
from engine.marks.verdicts import always_keep, never_keep, take_over, undecide, verdicts

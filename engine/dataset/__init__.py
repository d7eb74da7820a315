"""The one table, and what was added to it."""

from engine.dataset.arrow_types import as_stored, known_zone, order_of, schema_of, schema_text, stored_type, with_order
from engine.dataset.columns import COLUMN_FITS, MISSING, AddedColumn, ColumnInfo, ColumnType, without_origin
from engine.dataset.content import hash_of, hashes, repeats, text_as
from engine.dataset.dataset import Dataset
from engine.dataset.distinct import (
    distinct,
    distinct_count,
    distinct_texts,
    edits_read,
    hashes_of,
    share_of,
    store_distinct,
    store_texts,
    texts_with_breaks,
)
from engine.dataset.examples import Examples
from engine.dataset.fitted_model import MOST_BYTES, MOST_NAME, FittedModel, PackedArray, check_name, name_from
from engine.dataset.gather import evenly
from engine.dataset.identity import origin_of, store_keys
from engine.dataset.info import Info, bytes_words, disk_use, info, infos, size_of
from engine.dataset.record import (
    Drift,
    Record,
    Rows,
    SourceColumn,
    SourceFile,
    change_record,
    make_current,
    read_record,
    write_record,
)
from engine.dataset.refs import (
    AnsweredLabels,
    CorrectedCells,
    answered_labels,
    corrected_cells,
    drawn_digest,
    examples,
    fitted_model,
    lend_refs,
    listed_elsewhere,
    listed_rows,
    read_ref,
    ref_from_outside,
    row_numbers,
    row_series,
    said_by_people,
)
from engine.dataset.text_set import TextSet, part_set
from engine.dataset.texts import excerpt, rows_where, text_blocks, texts
from engine.dataset.titles import LONGEST_TITLE, called, name_columns, row_words, title_column, titles, with_names
from engine.dataset.typed_artefacts import (
    DistinctTexts,
    Graph,
    Map,
    Pairs,
    Picked,
    TopicLevel,
    Topics,
    Vectors,
    Verdict,
)
from engine.dataset.typed_cell import can_be_written, cell_texts, checked_cell, typed_cells, values_of, written_as
from engine.dataset.unused import abandoned, clean, standing_on, unreferenced
from engine.store import Key, Spec

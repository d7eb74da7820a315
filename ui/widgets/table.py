"""Tables in pages of at most 1,000 rows; text is shown as text, vectors never travel."""

from collections.abc import Mapping, Sequence

import numpy as np
import streamlit as st

from engine import Dataset

PAGE_ROWS = 50
SNIPPET = 300


def table(
    data: Dataset,
    rows: np.ndarray,
    key: str,
    columns: Sequence[str] = (),
    *,
    extra: Mapping[str, Sequence[object]] | None = None,
    first: bool = False,
) -> int | None:
    """Show some rows, a page at a time; returns the row that was clicked, if any.

    rows: int64, in the order to show. extra: more columns for all of `rows`, such as a similarity. first: the columns
    stand before the text.
    """
    if not len(rows):
        st.caption("No rows here.")
        return None
    pages = -(-len(rows) // PAGE_ROWS)
    page = 1
    if pages > 1:
        page = st.pagination(pages, key=f"{key}/page") or 1
    part = slice((page - 1) * PAGE_ROWS, page * PAGE_ROWS)
    here = rows[part]
    body: dict[str, Sequence[object]] = {"Row": here.tolist()}
    body |= {name: list(values[part]) for name, values in (extra or {}).items()}
    texts = {"Text": [_snippet(text) for text in data.texts(here)]}
    body |= {} if first else texts
    for column in columns:
        info = data.info(column)
        if info.type in ("integer", "number"):
            values = data.numbers(column, here)
            body[column] = [None if v != v else v for v in values.tolist()]
        else:
            body[column] = [None if v is None else _snippet(v) for v in data.strings(column, here)]
    body |= texts
    if pages > 1:
        st.caption(f"{len(rows):,} rows, page {page:,} of {pages:,}")
    event = st.dataframe(
        body,
        key=f"{key}/rows/{page}",
        hide_index=True,
        width="stretch",
        height=min(35 * (len(here) + 1) + 2, 560),
        on_select="rerun",
        selection_mode="single-row",
        column_config={
            "Row": st.column_config.NumberColumn(width=70),
            "Text": st.column_config.TextColumn(width="large"),
        },
    )
    picked = event.selection.rows
    return int(here[picked[0]]) if picked else None


def _snippet(text: str) -> str:
    return text if len(text) <= SNIPPET else text[: SNIPPET - 1] + "…"

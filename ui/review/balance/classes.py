"""Labels side by side: how many rows each has, how well it is told from the others, whom weighing it up would hurt."""

import streamlit as st

import engine
from engine import Dataset
from engine.labels import Balance, Reweighed
from ui.review.labels import Reviewed
from ui.widgets.say import plain

CROSSED, WARNED = 20, 3
MOST = 1_000
"""Labels in the table at most: of more, the largest and the smallest."""
_PERCENT = st.column_config.NumberColumn(format="%.0f%%")


def draw(data: Dataset, of: Reviewed) -> None:
    """The table of labels, what weighing up would cost, and the labels that lie among each other."""
    found = balanced(digest(data, of), of.label, of.embedding, data)
    st.markdown(_said(found))
    for one in [one for one in found.reweighed if one.warns][:WARNED]:
        st.warning(plain(one.words()), icon=":material/balance:")
    _table(found)
    if len(found.classes) > MOST:
        st.caption(f"The {MOST // 2:,} largest and the {MOST // 2:,} smallest labels.")
    st.caption(
        "All rows of the corpus, whatever the recipe drops. What weighing up does is counted on votes of neighbours: a "
        "model can gain more and lose less."
    )
    if found.pairs:
        with st.expander("Labels that lie among each other", key="review/balance/pairs"):
            st.dataframe(
                {
                    "Label": [pair.label for pair in found.pairs[:CROSSED]],
                    "has among its neighbours": [pair.other for pair in found.pairs[:CROSSED]],
                    "so many": [100 * pair.crossed for pair in found.pairs[:CROSSED]],
                    "and the other way": [100 * pair.back for pair in found.pairs[:CROSSED]],
                },
                hide_index=True, width="stretch",
                column_config={"so many": _PERCENT, "and the other way": _PERCENT},
            )  # fmt: skip


def digest(data: Dataset, of: Reviewed) -> str:
    """Names the labels and the vectors that they are looked at by."""
    graph = data.added[f"graph@{of.embedding}"].identity
    return engine.store.digest_of([data.fingerprint, of.label, data.info(of.label).identity, graph])


@st.cache_data(max_entries=16, show_spinner="Comparing every label with its neighbours…")
def balanced(digest: str, label: str, embedding: str, _data: Dataset) -> Balance:
    """How even the labels are; worked out once for one column and graph."""
    return engine.labels.balance(_data, label, embedding)


def _said(found: Balance) -> str:
    most, least = found.classes[0], found.classes[-1]
    badly = sum(row.told == "badly" for row in found.classes)
    said = (
        f"**{len(found.classes):,}** labels. The largest, “{plain(most.label)}”, has {most.rows:,} "
        f"{'row' if most.rows == 1 else 'rows'}, the smallest, “{plain(least.label)}”, {least.rows:,}: "
        f"{most.rows / least.rows:,.1f} times fewer. "
    )
    said += f"{badly:,} can be told badly from the others. " if badly else "None can be told badly from the others. "
    if not found.reweighed:
        said += "None is rare (under half of an even share), so there is no need to weigh any up."
    if found.without_label:
        said += f" {found.without_label:,} {'row has' if found.without_label == 1 else 'rows have'} no label."
    return said


def _table(found: Balance) -> None:
    rare = {one.label: one for one in found.reweighed}
    rows = found.classes if len(found.classes) <= MOST else found.classes[: MOST // 2] + found.classes[-MOST // 2 :]
    columns: dict[str, list[object]] = {
        "Label": [row.label for row in rows],
        "Rows": [row.rows for row in rows],
        "Share": [100 * row.share for row in rows],
        "Can be told": [row.told for row in rows],
        "Most confused with": [row.confused for row in rows],
        "of its neighbours": [100 * row.crossed if row.confused else None for row in rows],
    }
    if rare:
        columns["Weighing it up"] = [_costs(rare[row.label]) if row.label in rare else "" for row in rows]
    columns["Neighbours agree"] = [100 * row.agreement for row in rows]
    columns["Beyond chance"] = [100 * row.beyond_chance for row in rows]
    columns["Silhouette"] = [row.silhouette for row in rows]
    columns["Even weight"] = [row.weight for row in rows]
    number = st.column_config.NumberColumn
    st.dataframe(
        columns, hide_index=True, width="stretch", height=min(38 + 35 * len(rows), 460), key="review/balance/classes",
        column_config={
            "Label": st.column_config.TextColumn(pinned=True),
            "Rows": number(format="localized"),
            "Share": number(format="%.1f%%", help="Of the rows that have a label"),
            "Can be told": st.column_config.TextColumn(
                help="By the share of neighbours that agree, beyond chance: badly below a half, well from 80% on"
            ),
            "Most confused with": st.column_config.TextColumn(help="The other label that most of its neighbours have"),
            "of its neighbours": number(format="%.0f%%", help="How many of its neighbours have that other label"),
            "Weighing it up": st.column_config.TextColumn(
                width="large",
                help="For rare labels: rows of it that neighbours would then name rightly, rows of other labels that "
                "they would no longer, and which labels lose most",
            ),
            "Neighbours agree": number(format="%.0f%%", help="Neighbours of its rows that have the same label"),
            "Beyond chance": number(format="%.0f%%", help="The same with what chance gives taken off"),
            "Silhouette": number(
                format="%.2f", help="How much nearer its rows are to the mean of their own label than to the next one"
            ),
            "Even weight": number(format="%.2f", help="What a row counts where all labels weigh the same"),
        },
    )  # fmt: skip


def _costs(one: Reweighed) -> str:
    hurt = ", ".join(f"{rows:,} of “{name}”" for name, rows in one.hurt[:3])
    return f"× {one.weight:.3g}: {one.gained:,} gained, {one.lost:,} lost{f' ({hurt})' if hurt else ''}"

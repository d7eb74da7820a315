"""What personal data and secrets would go out: looked for in the chosen rows before anything is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.building import key_of, spec, value_key
from engine.dataset import Dataset, evenly
from engine.exporting.formats import EXPORTERS
from engine.exporting.masking import WORDS, Mask, masked_columns
from engine.exporting.output import Wanted
from engine.exporting.rewritten import Counts, Rewritten, rewritten, text_columns
from engine.recipe import Run, Step
from engine.registry import Member
from engine.signals import PLACEHOLDERS, ROW_SIGNALS
from engine.store import Spec

SAMPLE = 1_000
"""Rows that are looked at, evenly spread: all would take minutes where there are millions."""
CHARACTERS = 4_000_000
"""Where texts are long, fewer rows are looked at: so many characters take seconds."""
EXAMPLES = 10
_PARTS = 20


@dataclass(frozen=True)
class Things:
    """How much of one kind was found. rows: how many; examples: the first of them, int64; columns: places by column."""

    places: int
    rows: int
    examples: np.ndarray
    columns: Mapping[str, int]


@dataclass(frozen=True)
class PrivateThings:
    """What was found in some of the rows. looked, of: rows; kinds: all there are, also those that were not found."""

    looked: int
    of: int
    kinds: Mapping[str, Things]


def private_things(data: Dataset, rows: np.ndarray, columns: Sequence[str], mask: Mask | None) -> PrivateThings:
    """What stands in some columns of the rows that go out, int64, of all kinds whatever is masked.

    columns: keys; none means every column of texts. mask: for its region, and where secrets begin.
    """
    some = evenly(rows, SAMPLE)
    all_kinds = Mask(PLACEHOLDERS) if mask is None else Mask(PLACEHOLDERS, (), mask.region, mask.least_bits)
    texts = [key for key in text_columns(data) if not columns or key in columns]
    read = 0

    def looked(text: str, row: int, counts: Counts) -> str:
        nonlocal read
        read += len(text)
        return all_kinds.masked(text, counts)

    seen = rewritten(data, dict.fromkeys(texts, looked))
    parts = [some[at::_PARTS] for at in range(_PARTS)]
    while parts and read < CHARACTERS:
        for key in texts:
            seen.cells(key, parts[0])
        parts = parts[1:]
    done = seen.done if isinstance(seen, Rewritten) else {}
    kinds = {}
    for kind in PLACEHOLDERS:
        by_column = {key: of_column[kind][some] for key, of_column in done.items() if kind in of_column}
        found = some[np.any([places > 0 for places in by_column.values()], axis=0)] if by_column else some[:0]
        where = {key: int(places.sum()) for key, places in by_column.items() if places.any()}
        kinds[kind] = Things(sum(where.values()), len(found), np.sort(found)[:EXAMPLES], where)
    return PrivateThings(len(some) - sum(map(len, parts)), len(rows), kinds)


@dataclass(frozen=True)
class Unmasked:
    """What goes out as it came. kinds: places by kind, of those that have any; looked, of: rows."""

    kinds: Mapping[str, int]
    looked: int
    of: int

    def words(self) -> str:
        """In a sentence, "" for nothing.

        >>> Unmasked({"emails": 3, "cards": 1}, 1000, 4200).words()
        'Goes out unmasked in 1,000 of 4,200 rows: e-mail addresses (3), numbers of payment cards (1).'
        """
        among = "" if self.looked == self.of else f" in {self.looked:,} of {self.of:,} rows"
        left = ", ".join(f"{WORDS[kind]} ({places:,})" for kind, places in self.kinds.items())
        return f"Goes out unmasked{among}: {left}." if left else ""


def going_out(data: Dataset, wanted: Wanted) -> list[str]:
    """Keys of the columns of which something goes out, none for all: also of one whose values go before the text.

    Of a format of chats these are the columns of the turns, those of the text where no turns are named.
    """
    beside = [wanted.prefix.column] if wanted.prefix else []
    chats = EXPORTERS[wanted.format].about.parts
    spoken = (list(wanted.turns.values()) or list(data.text_view.columns)) if chats else []
    named = [*spoken, *wanted.columns]
    return list(dict.fromkeys([*named, *beside])) if named else []


def unmasked(data: Dataset, wanted: Wanted, found: PrivateThings) -> Unmasked:
    """What of the things that were found in the columns that go out is not masked there."""
    mask, masked = wanted.mask, set[str]()
    if mask:
        masked |= {*masked_columns(data, mask, [*wanted.turns.values()], wanted.columns)}
        # A value that goes before the text, and not out by itself, is masked wherever there is a mask.
        masked |= {*going_out(data, wanted)} - {*going_out(data, replace(wanted, prefix=None))}
    kinds = {
        kind: sum(n for key, n in things.columns.items() if not (mask and kind in mask.kinds and key in masked))
        for kind, things in found.kinds.items()
    }
    return Unmasked({kind: places for kind, places in kinds.items() if places}, found.looked, found.of)


def left_unmasked(run: Run, wanted: Wanted) -> Unmasked | None:
    """What an output of a run leaves unmasked, where somebody had it measured; None where nobody asked for it."""
    finders = {_finder(kind).name for kind in PLACEHOLDERS}
    if finders.isdisjoint(made.spec.member for made in run.data.added.values()):
        return None
    rows = np.flatnonzero(run.mask)
    return unmasked(run.data, wanted, private_things(run.data, rows, going_out(run.data, wanted), wanted.mask))


def dropping(kind: str) -> tuple[Step, dict[str, Spec]]:
    """The step that drops every row whose text holds a kind, and what must be measured for it, by key."""
    made = spec("signal", _finder(kind).name)
    key = key_of(made)
    column = value_key(kind, key) if len(_finder(kind).about.values) > 1 else key
    return Step("number_range", {"column": column, "high": 0}).checked(), {key: made}


def _finder(kind: str) -> Member:
    return next(member for member in ROW_SIGNALS.values() if kind in member.about.values)

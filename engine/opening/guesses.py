"""What the columns of a source seem to be: id, label, date, language and the text, each with its reason.

What a column is called is a hint; what is in it decides. Each rule is a function of its own, and says why.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.dataset import ColumnType
from engine.opening.first_rows import Table
from engine.text import TextView, row_text

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")
_IDS = ("id", "ids", "uuid", "guid", "key", "index", "row", "rowid")
_LABELS = (
    "label",
    "labels",
    "class",
    "intent",
    "category",
    "sentiment",
    "topic",
    "target",
    "tag",
    "section",
    "kind",
    "task",
)
_DATES = ("date", "datetime", "created", "published", "timestamp", "time", "day", "updated", "added")
_LANGUAGES = ("language", "lang", "locale")
_CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z0-9]{2,8})*")
_NAMES = frozenset(
    "arabic bengali chinese czech danish dutch english finnish french german greek hebrew hindi hungarian indonesian "
    "italian japanese korean norwegian persian polish portuguese romanian russian spanish swedish thai turkish "
    "ukrainian urdu vietnamese".split()
)
_BLANK = re.compile(r"\s")
_NO_LABELS = ("year", "month", "source", "split", "file", "origin", "volume", "version")
"""Names of columns that have few values without being what a row is."""

_LONGEST_LABEL = 60
"""Characters: a longer value is a text, not the name of a class."""


@dataclass(frozen=True)
class Guess:
    """That a column plays a role, and why, in a sentence. role: as in `ROLES`, or chat."""

    role: str
    column: str
    why: str


@dataclass(frozen=True)
class _Column:
    """A column with the values that are there, as text. rows: looked at, missing ones counted."""

    name: str
    type: ColumnType
    values: Sequence[str]
    rows: int

    @property
    def words(self) -> list[str]:
        """What its name is made of: `givenLabel_2` is given, label, 2."""
        return [word.lower() for word in _WORD.findall(self.name)]

    @property
    def different(self) -> int:
        return len(set(self.values))

    def called(self, names: Sequence[str]) -> int:
        """How well the name fits, 0 for not at all: most where it is one of the names, the first ones before others."""
        if self.name.lower() in names:
            return 2 * len(names) - names.index(self.name.lower())
        return max((len(names) - names.index(w) for w in self.words if w in names), default=0)


def guesses(table: Table, view: TextView) -> tuple[Guess, ...]:
    """The roles that columns seem to play. view: what counts as the text, of which no column is an id or a label."""
    found = [*_text(view)]
    columns = [
        _Column(key, type_, [t for t in row_text.texts(table.values.column(key)) if t], table.values.num_rows)
        for key, type_ in table.types.items()
        if key not in view.columns
    ]
    # A column plays one role: that of the first rule that it fits.
    for role, rule in _RULES:
        taken = {guess.column for guess in found}
        if guess := rule([c for c in columns if c.name not in taken and c.values]):
            found.append(Guess(role, *guess))
    return tuple(found)


def _text(view: TextView) -> list[Guess]:
    """The columns of the text view, by what they are in it."""
    if view.kind == "chat" and view.chat != "alpaca":
        return [Guess("chat", view.columns[0], f"its values are chats ({view.chat}): turns with who speaks and what")]
    if view.kind == "chat":
        roles = {"instruction": "prompt", "output": "answer", "system": "system"}
        why = "together they are instructions with their answers (Alpaca)"
        pairs = zip(view.fields, view.columns, strict=True)
        return [Guess(roles[field], column, why) for field, column in pairs if field in roles]
    if view.kind == "pair":
        prompt, answer = view.columns
        return [
            Guess("prompt", prompt, f"its name says so, and {answer!r} has the answers"),
            Guess("answer", answer, f"its name says so, and {prompt!r} has the prompts"),
        ]
    if view.kind == "column" and view.columns:
        return [
            Guess("text", view.columns[0], "of all columns its texts are the longest that are no ids and no classes")
        ]
    return []


def _language(columns: Sequence[_Column]) -> tuple[str, str] | None:
    """Codes (en, pt-BR, deu) or names of languages under such a name; without one, names only."""
    for c in sorted(columns, key=lambda c: -c.called(_LANGUAGES)):
        if c.type != "text":
            continue
        coded = sum(_CODE.fullmatch(v) is not None for v in c.values) >= 0.9 * len(c.values)
        named = sum(v.lower() in _NAMES for v in c.values) >= 0.9 * len(c.values)
        if named or (coded and c.called(_LANGUAGES)):
            return c.name, f"its values are {'names' if named else 'codes'} of languages, such as {c.values[-1]}"
    return None


def _date(columns: Sequence[_Column]) -> tuple[str, str] | None:
    """A column whose every value is a date; of several the one whose name says it best."""
    dates = [c for c in columns if c.type == "date"]
    if not dates:
        return None
    best = max(dates, key=lambda c: c.called(_DATES))
    return best.name, f"every value is a date or a time, such as {best.values[0][:40]}"


def _id(columns: Sequence[_Column]) -> tuple[str, str] | None:
    """Values that are all there, different and short: under the name of an id, counting up, or codes of one shape."""
    whole = [
        c for c in columns
        if c.type in ("text", "integer") and len(c.values) == c.rows == c.different and max(map(len, c.values)) <= 200
    ]  # fmt: skip
    told = "all values looked at are there and different"
    for c in sorted(whole, key=lambda c: -c.called(_IDS)):
        if c.called(_IDS):
            return c.name, f"{told}, and its name says so"
        if c.rows > 1 and c.type == "integer" and _counts_up(c):
            return c.name, f"{told}, and they count up"
        if c.rows > 1 and _single_words(c) and len({re.sub("[0-9]+", "0", v) for v in c.values}) == 1:
            return c.name, f"{told}, and they are codes of one shape, such as {c.values[0][:40]}"
    first = columns[0] if columns else None
    if first in whole and first.rows > 1 and _single_words(first):
        return first.name, f"{told}, single words, in the first column"
    return None


def _label(columns: Sequence[_Column]) -> tuple[str, str] | None:
    """Few short values that come again and again: under the name of a label, or the only such column."""
    few = [
        c for c in columns
        if c.type in ("text", "integer", "boolean", "category") and max(map(len, c.values)) <= _LONGEST_LABEL
        and 1 <= c.different <= 0.5 * len(c.values)
    ]  # fmt: skip
    named = [c for c in few if c.called(_LABELS) and (c.different > 1 or c.called(_LABELS) > len(_LABELS))]
    if named:
        # The name of a class says more than its number.
        best = max(named, key=lambda c: (c.called(_LABELS), c.type == "text"))
        return best.name, f"its name says so, and {best.different:,} different values come again and again"
    other = [c for c in few if c.type != "boolean" and not c.called(_NO_LABELS)]
    plain = [c for c in other if 1 < c.different <= 0.1 * len(c.values)]
    if len(plain) == 1:
        return plain[0].name, f"of all columns only this one has few values ({plain[0].different:,}) again and again"
    return None


def _single_words(column: _Column) -> bool:
    return column.type == "text" and not any(map(_BLANK.search, column.values))


def _counts_up(column: _Column) -> bool:
    numbers = [int(v) for v in column.values]
    return numbers[0] in (0, 1) and all(a < b for a, b in zip(numbers, numbers[1:], strict=False))


_Rule = Callable[[Sequence[_Column]], tuple[str, str] | None]
_RULES: tuple[tuple[str, _Rule], ...] = (("date", _date), ("language", _language), ("id", _id), ("label", _label))

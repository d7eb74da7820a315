"""What is true of a member: its facts stand beside its function, as `ABOUT`, and nowhere else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.progress import words as time_words
from engine.registry.kinds import Json

Portable = Literal["portable", "carries a fitted model", "this corpus only"]
Need = Literal["graph", "graph_left"]
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Value:
    """One value that a member gives each row.

    labels: of a category, its names: the values are whole numbers, the places of these, -1 for none. labels_of: the
    knob that names the column whose labels these are, where they are not known beforehand; names: or what tells them
    from the dataset and the parameters. good: whether a row is the better the higher it is.
    """

    type: Literal["text", "integer", "number", "boolean", "date", "list", "json", "category"]
    unit: str = ""
    labels: tuple[str, ...] = ()
    labels_of: str = ""
    names: Callable[..., Sequence[str]] | None = None
    good: bool = False


@dataclass(frozen=True)
class Cost:
    """seconds; memory: bytes at the peak; disk: bytes that stay. guessed: of the seconds, those never measured here."""

    seconds: float
    memory: int = 0
    disk: int = 0
    guessed: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        """One after the other: times and disk add up, the larger peak counts."""
        memory, guessed = max(self.memory, other.memory), self.guessed + other.guessed
        return Cost(self.seconds + other.seconds, memory, self.disk + other.disk, guessed)

    def words(self) -> str:
        """As the card says it.

        >>> Cost(300, 900 << 20, 47 << 20).words()
        'about 5 min, 900 MB of memory, 47 MB of disk'
        >>> Cost(300, 900 << 20, 47 << 20, guessed=200).words()
        'at a guess 5 min, 900 MB of memory, 47 MB of disk'
        """
        sizes = (f"{max(1, round(b / MEGABYTE)):,} MB" for b in (self.memory, self.disk))
        return f"{self.time()}, {next(sizes)} of memory, {next(sizes)} of disk"

    def time(self) -> str:
        """Only how long it takes: “about 5 min”."""
        if self.seconds < 1:
            return "under a second"
        return f"{'at a guess' if self.guessed > self.seconds / 5 else 'about'} {time_words(self.seconds)}"


@dataclass(frozen=True)
class Load:
    """How much work there is.

    rows: of the dataset, for a selector those left. texts: distinct ones. dimension: of the vectors. characters: mean
    length of a text, longer ones counted as the most given. picks: rows that a selector is asked for; kept: rows that
    count already, beside which it picks; examples: of its target.
    """

    rows: int
    texts: int
    dimension: int = 384
    characters: Callable[[int], float] = lambda most: 400.0
    picks: float = 0.0
    kept: float = 0.0
    examples: float = 200.0
    params: Mapping[str, Json] = field(default_factory=dict)


def row_cost(rows_a_second: float) -> Callable[[Load], Cost]:
    """The cost of a value for each row, counted row by row at this rate (on one core of a server of 2024)."""
    return lambda load: Cost(load.rows / rows_a_second + 0.2, 300 * MEGABYTE + load.rows * 16, load.rows * 8)


@dataclass(frozen=True)
class Figure:
    """Evidence that is one number. label: {unit} in it is what a budget is counted in. shape: how it is written."""

    label: str
    help: str
    shape: str = "{:,.0f}"


@dataclass(frozen=True)
class Counted:
    """Evidence that is a count of picks, said where it is not 0: “12 picks …”.

    one: the words for a single one; "" for the same. {unit} in them is what a budget is counted in.
    """

    words: str
    one: str = ""

    def said(self, count: float, unit: str = "rows") -> str:
        """The count in words.

        >>> Counted("picks lie outside", "pick lies outside").said(1200), Counted("{unit} short").said(1, "tokens")
        ('1,200 picks lie outside', '1 token short')
        """
        alone = count == 1
        words = self.one if alone and self.one else self.words
        return f"{count:,.0f} {words.replace('{unit}', unit.removesuffix('s') if alone else unit)}"


@dataclass(frozen=True)
class Curve:
    """Evidence that is a line: pairs of x and y.

    adds: where x counts picks and y is a share of something that each pick adds to, what that is; "" elsewhere.
    """

    title: str
    x: str
    y: str
    adds: str = ""


@dataclass(frozen=True)
class Amounts:
    """Evidence that is a number for each name, as a table."""

    title: str
    name: str
    amount: str


@dataclass(frozen=True)
class Names:
    """Evidence that is a list of names, said where there are any."""

    words: str


@dataclass(frozen=True)
class Remark:
    """Evidence that is true or not; said where it is true."""

    words: str


Evidence = Figure | Counted | Curve | Amounts | Names | Remark


@dataclass(frozen=True)
class About:
    """The facts about a member.

    title: on the screen; "" is its name as words. short: few words for a line of the recipe, with knobs in braces as in
    the docstring. words: what stands for knobs whose value alone reads badly, from all parameters.
    version: raised when the same parameters give something else.
    portable: whether a step of it can run on other data, of an embedder whether its vectors mean the same there.
    foreign: why a step cannot run on a dataset, "" where it can: called with the dataset, the step's parameters and the
    recipe's specs by key.
    needs: what must be there ("graph"), or may have to be made while it picks ("graph_left", of the rows left), and the
    knob that asks for it, "" for always.
    cost: of the work, from how much there is; None where it is nothing to speak of.
    values: what it gives each row, by name. called: what the thing that it makes is called, where that is not its name;
    called_by: the knob that names it where it is set (the last part of a path).
    told_by: the knob that alone tells it from others in its key, where it is set: a name that a person gave.
    counts: the unit of a budget that is counted on its value. spans: of a signal, where in the texts stands what it
    counts: of a row signal called with texts and all parameters, of a corpus signal with the dataset, rows and all
    parameters; gives for each text (start, end) in characters, in order. suffixes: of a source, the file names that it
    reads.
    count: of a source, how many records a file holds, found without the reader: called with the input, what the reader
    said about it (encoding, delimiter …), and a tick for each so many bytes.
    evidence: how its notes are shown, by name. suggested: offered first where what it needs is there. purpose: of a
    selector, what it is for; first: whether one begins with it for that. shuffles: of a selector, whether its pick
    order is drawn at random whatever the rows hold.
    kept: of a map, the share of true neighbours that it keeps on 20,000 texts of a public set; None where none is said.
    begins: of a selector, values that the page begins with instead of the defaults, where the graph is there that
    `needs` names; a recipe without the knob keeps its default.
    shares: of a row signal, what it makes of each text that other members make too: those that name the same, asked for
    together with the same knobs, see a batch of texts one after the other, so that it is made once.
    reads: of a format, the function that reads back what was written. exact: of a format, whether the data file is
    Parquet, with every column as it was. columns: of a format that holds the source's columns, the function that reads
    them back with their types, so that rows can be hashed anew; None where it does not. hashed: of a format, the
    function that gives a hash of each row as it stands in the file. parts: of a format of chats, what it calls each
    part of one (system, user, input, assistant). expects: of pairs, what a run can be expected to
    find: called with the dataset and all parameters; again: the pairs among some rows, called with them, a
    threshold and how many of those alike stay too; across: exact search between rows, called with the least similarity,
    some rows and others (int64): pairs of one of each, int64 (2, p), at least one of each row that has any.
    """

    title: str = ""
    short: str = ""
    words: Callable[[Mapping[str, object]], Mapping[str, str]] | None = None
    version: int = 1
    portable: Portable = "portable"
    foreign: Callable[..., str] | None = None
    needs: Mapping[Need, str] = field(default_factory=dict)
    cost: Callable[[Load], Cost] | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    called: str = ""
    called_by: str = ""
    told_by: str = ""
    counts: Literal["tokens", "bytes", ""] = ""
    spans: Callable[..., Any] | None = None
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    suffixes: tuple[str, ...] = ()
    count: Callable[..., int] | None = None
    suggested: bool = False
    kept: float | None = None
    purpose: Literal["cover", "target", "best", "thin", "balance", ""] = ""
    first: bool = False
    shuffles: bool = False
    begins: Mapping[str, Json] = field(default_factory=dict)
    shares: str = ""
    reads: Callable[..., Any] | None = None
    exact: bool = False
    columns: Callable[..., Any] | None = None
    hashed: Callable[..., Any] | None = None
    across: Callable[..., Any] | None = None
    parts: Mapping[str, str] = field(default_factory=dict)
    expects: Callable[..., Any] | None = None
    again: Callable[..., Any] | None = None

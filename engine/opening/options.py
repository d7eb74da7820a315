"""How a source is read: format, encoding, roles, text view, sample; part of a recipe, so that it can be read again."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from engine.errors import EngineError, unknown
from engine.registry import Json
from engine.store import plain, read
from engine.text import TextView

ROLES = ("text", "prompt", "answer", "system", "id", "title", "label", "date", "source", "language")


@dataclass(frozen=True)
class SourceOptions:
    """How files become a table. Everything has a good default.

    format, encoding, delimiter, quote: found by themselves when "". header: of delimited text.
    text: key of the text column; template: several, as in `{title}\\n\\n{body}`; chat: key of a column of chats.
    id: key of the column that names rows. roles: role -> column. file_roles: file name -> role -> its column, for
    pooling files of different schemas. categories: columns that count as categories, such as the codes 0, 1, 2.
    view: the text of a row, whole, where text, template and chat cannot say it (a pair, an Alpaca chat).
    messages: name of a column in which each row becomes a chat, so that chats and pairs have one text; file_views: file
    name -> what its chat is made from.
    largest_row: MB of one row, line, cell or text; a larger one is rejected without being held in memory.
    sample, seed: so many rows, chosen at random. strict: stop at a row that cannot be read.
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str = ""
    header: bool = True
    largest_row: int = 64
    text: str = ""
    template: str = ""
    chat: str = ""
    id: str = ""
    roles: Mapping[str, str] = field(default_factory=dict)
    file_roles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    view: TextView | None = None
    messages: str = ""
    file_views: Mapping[str, TextView] = field(default_factory=dict)
    sample: int | None = None
    seed: int = 0
    strict: bool = False

    def json(self) -> dict[str, Json]:
        """Only what differs from the defaults."""
        default = SourceOptions()
        found: dict[str, Json] = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if value != getattr(default, f.name):
                found[f.name] = plain(value)
        return found

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "SourceOptions":
        """Read options; raises `EngineError` for one that is unknown or does not fit."""
        return read(SourceOptions, value, "the options of a source").checked()

    def checked(self) -> "SourceOptions":
        """The same options, or an `EngineError` for the first that does not fit."""
        for roles in (self.roles, *self.file_roles.values()):
            for role in roles:
                if role not in ROLES:
                    raise unknown("role", role, ROLES)
        for view in (*self.file_views.values(), *([self.view] if self.view else [])):
            view.checked()
        if bool(self.messages) != bool(self.file_views):
            raise EngineError(
                "Chats from several files need the name of their column (messages) and what each file's are made from "
                "(file_views). Give both, or none."
            )
        if self.sample is not None and self.sample < 1:
            raise EngineError(f"A sample of {self.sample} rows is nothing. Give 1 or more.")
        if not 1 <= self.largest_row <= 2000:
            raise EngineError(f"A largest row of {self.largest_row} MB does not fit. Give 1 to 2,000.")
        if self.seed < 0:
            raise EngineError(f"The seed {self.seed} is below 0. Give 0 or more.")
        for name, value in (("delimiter", self.delimiter), ("quote", self.quote)):
            if len(value) > 1 or not value.isascii() or value in ("\0", "\r", "\n"):
                example = repr(";" if name == "delimiter" else "'")
                raise EngineError(f"The {name} {value!r} cannot be used. Give one ASCII character, such as {example}.")
        if self.delimiter and self.delimiter == (self.quote or '"'):
            raise EngineError(f"{self.delimiter!r} cannot be both the delimiter and the quote. Give another delimiter.")
        return self

    @property
    def names_text(self) -> bool:
        """Whether they say what the text is, rather than leave it to a guess."""
        given = {*self.roles, *(role for roles in self.file_roles.values() for role in roles)}
        named = self.text or self.template or self.chat or self.view or self.messages
        return bool(named or "text" in given or {"prompt", "answer"} <= given)

    def reading(self) -> dict[str, Json]:
        """What decides which rows there are, and how their columns are called: part of the fingerprint."""
        whole = self.json()
        names = ("format", "encoding", "delimiter", "quote", "header", "largest_row", "file_roles", "sample", "seed")
        return {k: whole[k] for k in (*names, "messages", "file_views") if k in whole}

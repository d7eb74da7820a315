"""What slow work is asked to add."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import unknown
from engine.registry import Json
from engine.store.families import FAMILIES
from engine.store.frozen import read


@dataclass(frozen=True)
class Spec:
    """What to add: a member of a family with its parameters, and what it stands on.

    params: complete, as `Member.json` gives them. on: the key of the embedding (of an edit: the column) below it.
    by_hand: the changes that people made to it afterwards (topics), None where nobody says: then those of the history.
    """

    family: str
    member: str = ""
    version: int = 1
    params: Mapping[str, Json] = field(default_factory=dict)
    on: str = ""
    by_hand: tuple[Json, ...] | None = None

    def json(self) -> dict[str, Json]:
        """The spec as it stands in a recipe: what it does not have is left out."""
        body: dict[str, Json] = {"family": self.family, "member": self.member, "version": self.version}
        body["params"] = dict(self.params)
        if self.on:
            body["on"] = self.on
        if self.by_hand is not None:
            body["by_hand"] = list(self.by_hand)
        return body

    @staticmethod
    def from_json(value: object) -> "Spec":
        """Read a spec; raises `EngineError` for a field that is unknown or does not fit, and for an unknown family."""
        found = read(Spec, value, "a spec")
        if found.family not in FAMILIES:
            raise unknown("family", found.family, FAMILIES)
        return found

    @property
    def embedding(self) -> str:
        """The key of the embedding that it stands on, "" for none."""
        return "" if self.family == "edit" else self.on or str(self.params.get("embedding") or "")

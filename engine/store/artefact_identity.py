"""What an artefact was made from; the digest of it is the identity of the artefact."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.registry import Json
from engine.store.families import FAMILIES
from engine.store.files import digest_of
from engine.store.frozen import plain
from engine.store.spec import Spec


@dataclass(frozen=True)
class Origin:
    """Everything that an artefact's identity is the digest of.

    rows: fingerprint of the revision. text_view: that it sees the rows through, as JSON; None where it reads no text.
    inputs: identities of the artefacts that it was made from, by what they are to it. columns: identities of the
    added columns that it read, by key. facts: what else the outcome depends on, such as the digest of a model; once it
    is made also `made`, the digest of what came out, in the families where that is no function of the rest.
    """

    spec: Spec
    rows: str = ""
    text_view: Mapping[str, Json] | None = None
    inputs: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Json] = field(default_factory=dict)

    @property
    def identity(self) -> str:
        """32 hexadecimal digits: what the artefact is called on disk."""
        return digest_of(plain(self))

    @property
    def asked(self) -> "Origin":
        """The origin as it is known before the work."""
        return replace(self, facts={k: v for k, v in self.facts.items() if k != "made"})

    def made(self, outcome: Json) -> "Origin":
        """The origin of what came out. outcome: digests of its files, by name."""
        if not FAMILIES[self.spec.family].by_outcome:
            return self
        return replace(self, facts={**self.facts, "made": digest_of(outcome)})

"""Personal data and secrets that go out as a placeholder: what is asked for, and one text masked."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from engine.dataset import Dataset
from engine.errors import EngineError, unknown
from engine.exporting.rewritten import in_json, made_from, standing_under
from engine.registry import Json
from engine.signals import PLACEHOLDERS, Region, private_places
from engine.store import read

LONGEST = 200
WORDS: Mapping[str, str] = {
    "emails": "e-mail addresses",
    "phones": "telephone numbers",
    "ip_addresses": "IP addresses",
    "cards": "numbers of payment cards",
    "ibans": "bank account numbers",
    "national_ids": "national identity numbers",
    "street_addresses": "street addresses",
    "secrets": "keys, tokens and passwords",
}
"""What each kind is called in a sentence."""


@dataclass(frozen=True)
class Mask:
    """What is masked, as it stands under `mask` in a recipe's output. What is not named goes out as it came.

    kinds: what stands in the place of each, by kind. columns: keys of the columns to look in; none means those that the
    text view and the parts of a chat stand on, and what edits made of these. region, least_bits: as in the signals of
    personal data and of secrets.
    """

    kinds: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    region: Region = "any"
    least_bits: float = 2.7

    @staticmethod
    def from_json(value: Mapping[str, Json]) -> "Mask":
        """Read `mask` of an output; raises `EngineError` for a kind that there is not, and for an odd placeholder."""
        found = read(Mask, value, "the mask of an output")
        for kind, placeholder in found.kinds.items():
            if kind not in PLACEHOLDERS:
                raise unknown("kind of personal data", kind, PLACEHOLDERS)
            if len(placeholder) > LONGEST or not _is_text(placeholder):
                raise EngineError(
                    f"What stands in the place of {kind} is {placeholder[:40]!r}, which is longer than {LONGEST} "
                    "characters or no text. Take a word such as <EMAIL>."
                )
        if not found.kinds:
            raise EngineError(f"The mask of an output names no kind. Name one of {', '.join(PLACEHOLDERS)}.")
        if not 0 <= found.least_bits <= 6:
            raise EngineError(f"The mask counts secrets from {found.least_bits:g} bits on. Take 0 to 6.")
        return replace(found, kinds={kind: found.kinds[kind] for kind in PLACEHOLDERS if kind in found.kinds})

    def masked(self, text: str, counts: Counter[str]) -> str:
        """A text with its placeholders. counts: each place is added to it, by kind.

        Of JSON each text is masked first as it reads (a line end before an address is no letter of it), so that it
        stays JSON; then the whole, where a name says what a value is.
        """
        return self._once(in_json(text, lambda one: self._once(one, counts)), counts)

    def _once(self, text: str, counts: Counter[str]) -> str:
        kinds = frozenset(kind for kind in PLACEHOLDERS if kind in self.kinds)
        parts, at = [], 0
        for place in private_places(text, kinds, region=self.region, least_bits=self.least_bits):
            there, word = text[place.start : place.end], self.kinds[place.kind]
            parts += [text[at : place.start], word]
            at = place.end
            counts[place.kind] += there != word
        return "".join([*parts, text[at:]])


def masked_columns(data: Dataset, mask: Mask, more: Sequence[str] = (), out: Sequence[str] = ()) -> list[str]:
    """The columns that a mask looks in. more: those that the parts of a chat stand on. out: those that go out.

    Where the mask names none, an edit that was made from one of them holds the same text, and is masked where it goes
    out: none under `out` means that every one does.
    """
    if mask.columns:
        return list(mask.columns)
    found = standing_under(data, [*data.text_view.columns, *more])
    return found + [key for key in made_from(data, found) if not out or key in out]


def _is_text(placeholder: str) -> bool:
    try:
        placeholder.encode()
    except UnicodeEncodeError:  # half a character
        return False
    return True

"""Personal data and secrets in one text together: what can be masked when it goes out."""

from collections.abc import Mapping
from typing import NamedTuple

from engine.signals.private._personal import KINDS, personal
from engine.signals.private._phones import Region
from engine.signals.private._secrets import secrets

PLACEHOLDERS: Mapping[str, str] = {
    "emails": "<EMAIL>",
    "phones": "<PHONE>",
    "ip_addresses": "<IP>",
    "cards": "<CARD>",
    "ibans": "<IBAN>",
    "national_ids": "<ID>",
    "street_addresses": "<ADDRESS>",
    "secrets": "<SECRET>",
}
"""What usually stands in the place of each kind."""


class PrivatePlace(NamedTuple):
    """A place in a text, in characters."""

    start: int
    end: int
    kind: str


def private_places(
    text: str, kinds: frozenset[str], *, region: Region = "any", least_bits: float = 2.7
) -> list[PrivatePlace]:
    """Where these kinds stand in a text, in order; no two places overlap, and no sign of any is left out.

    Personal data is looked for in all kinds, so that a part of a card's number is no telephone number where cards are
    not asked for. A secret that overlaps personal data is one place with it, and counts as a secret. region,
    least_bits: as in the signals.
    """
    found = [PrivatePlace(*place) for place in personal(text, frozenset(KINDS), region) if place.kind in kinds]
    if "secrets" in kinds:
        found += (PrivatePlace(start, end, "secrets") for start, end in secrets(text, least_bits))
    apart: list[PrivatePlace] = []
    for place in sorted(found):
        if apart and place.start < apart[-1].end:
            before = apart.pop()
            kind = "secrets" if "secrets" in (before.kind, place.kind) else before.kind
            place = PrivatePlace(before.start, max(before.end, place.end), kind)
        apart.append(place)
    return apart

"""Personal data of all kinds in a text, each place with its kind: what a signal counts, and what can be masked."""

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from engine.signals.private._accounts import cards, ibans
from engine.signals.private._emails import emails
from engine.signals.private._ips import ips
from engine.signals.private._linear import Span
from engine.signals.private._national_ids import national_ids
from engine.signals.private._phones import Region, phones
from engine.signals.private._streets import streets
from engine.text import readable

Kind = Literal["emails", "phones", "ip_addresses", "cards", "ibans", "national_ids", "street_addresses"]

# In this order: where two kinds claim one place, the one that is more certain has it.
_FINDERS: Mapping[Kind, Callable[[str, Region], list[Span]]] = {
    "emails": lambda text, region: emails(text),
    "ibans": lambda text, region: ibans(text),
    "cards": lambda text, region: cards(text),
    "national_ids": national_ids,
    "ip_addresses": lambda text, region: ips(text),
    "phones": phones,
    "street_addresses": lambda text, region: streets(text),
}
KINDS: tuple[Kind, ...] = ("emails", "phones", "ip_addresses", "cards", "ibans", "national_ids", "street_addresses")
_DIGIT = re.compile(r"\d")


class Found(NamedTuple):
    """A place in a text, in characters."""

    start: int
    end: int
    kind: Kind


def personal(text: str, kinds: frozenset[Kind], region: Region) -> list[Found]:
    """Personal data of these kinds in a text, in order; no two places overlap.

    region: where numbers without a country are at home.
    """
    text = readable(text)
    numbers = bool(_DIGIT.search(text))
    found: list[Found] = []
    for kind, finder in _FINDERS.items():
        if kind in kinds and (numbers or kind in ("emails", "ip_addresses")):
            found += (Found(start, end, kind) for start, end in finder(text, region))
    return _apart(found)


def _apart(found: list[Found]) -> list[Found]:
    """The places that overlap no place of a kind before theirs, by start."""
    rank = {kind: i for i, kind in enumerate(_FINDERS)}
    taken: list[Found] = []
    for place in sorted(found):
        while taken and place.start < taken[-1].end and rank[place.kind] < rank[taken[-1].kind]:
            taken.pop()
        if not taken or place.start >= taken[-1].end:
            taken.append(place)
    return taken

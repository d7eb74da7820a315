"""Which map is drawn first: the one that keeps most true neighbours within the time that a person has."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from engine.building.cost import cost
from engine.building.key_names import key_of
from engine.building.spec import spec
from engine.dataset import Dataset
from engine.maps import MAPS, kept_share, percent
from engine.registry import Cost, Member
from engine.store import Key, Spec

PATIENCE = 120.0
"""Seconds that a person waits for a first map before a quicker one serves better."""


@dataclass(frozen=True)
class LayoutOffer:
    """One layout on an embedding, and the cost of drawing it alone.

    kept: the share of true neighbours that it keeps; measured: on this corpus, where it is drawn. Else it is that of a
    public set, times what layouts that are drawn here keep for each neighbour that they keep there.
    """

    member: Member
    key: str
    made: Spec
    kept: float
    measured: bool
    cost: Cost


def layout_offers(data: Dataset, on: str, *, repeatable: bool = True) -> list[LayoutOffer]:
    """The layouts whose truth is known, the truest first. on: the key of an embedding, which need not be there yet."""
    found = []
    for name, member in MAPS.items():
        if member.about.kept is None:
            continue
        modes = {"mode": "exact" if repeatable else "fast"} if any(p.name == "mode" for p in member.params) else {}
        made = spec("map", name, modes, on=on)
        drawn = [k for k in data.keys_of("map") if data.added[k].spec.member == name and data.added[k].spec.on == on]
        shares = [share for k in drawn if (share := kept_share(data.added[k].notes)) is not None]
        key = drawn[-1] if drawn else key_of(made)
        kept = shares[-1] if shares else member.about.kept
        found.append(LayoutOffer(member, key, made, kept, bool(shares), cost(data, made)))
    here = [offer.kept / cast(float, offer.member.about.kept) for offer in found if offer.measured]
    if here:  # what one keeps of this corpus says how hard it is to draw for the others too
        times = sum(here) / len(here)
        found = [o if o.measured else replace(o, kept=min(1.0, o.kept * times)) for o in found]
    return sorted(found, key=lambda offer: -offer.kept)


def first_layout(data: Dataset, on: str, *, repeatable: bool = True) -> str:
    """The member that draws the first map: the one that drew a map of this embedding before, else by `most_in_time`."""
    before = [a.spec.member for a in data.store.artefacts("map") if Key.read(a.key).on == on and a.spec.member in MAPS]
    return before[-1] if before else most_in_time(layout_offers(data, on, repeatable=repeatable)).member.name


def most_in_time(offers: Iterable[LayoutOffer]) -> LayoutOffer:
    """The truest that is drawn within `PATIENCE`; where none is, the quickest."""
    by_truth = sorted(offers, key=lambda offer: -offer.kept)
    quickest = min(by_truth, key=lambda offer: offer.cost.seconds)
    return next((offer for offer in by_truth if offer.cost.seconds <= PATIENCE), quickest)


def layouts_sentence(data: Dataset, offers: list[LayoutOffer]) -> str:
    """What each layout keeps and takes, in one line, the truest first.

    “t-SNE keeps about 42 % of true neighbours, UMAP 31 %; t-SNE takes at a guess 60 s, UMAP is there. …”
    """
    names = [o.member.title for o in offers]
    kept = [("" if o.measured else "about ") + percent(o.kept) for o in offers]
    ready = ["is there" if o.key in data.added else f"takes {o.cost.time()}" for o in offers]
    others = "".join(f", {name} {share}" for name, share in zip(names[1:], kept[1:], strict=True))
    times = ", ".join(f"{name} {when}" for name, when in zip(names, ready, strict=True))
    said = f"{names[0]} keeps {kept[0]} of true neighbours{others}; {times}."
    return said if all(o.measured for o in offers) else f"{said} “About” goes by a public set of 20,000 texts."

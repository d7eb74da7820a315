"""How much personal data a text holds, by kind."""

from typing import Annotated

import numpy as np

from engine.registry import About, Help, Value, row_cost
from engine.signals.private._personal import KINDS, Kind, personal
from engine.signals.private._phones import Region


def _spans(texts: list[str], *, region: Region, **looked: bool) -> list[list[tuple[int, int]]]:
    kinds = _kinds(**looked)
    return [[(place.start, place.end) for place in personal(text, kinds, region)] for text in texts]


ABOUT = About(
    title="Personal data",
    values={kind: Value("integer", "places in the text") for kind in ("personal_data", *KINDS)},
    spans=_spans,
    cost=row_cost(10_000),
)


def personal_data(
    texts: list[str],
    *,
    region: Annotated[
        Region,
        Help("Where telephone numbers without + are at home; ids that are bare digits are looked for at home only."),
    ] = "any",
    emails: bool = True,
    phones: bool = True,
    ip_addresses: Annotated[bool, Help("Public ones; versions and private networks do not count.")] = True,
    cards: Annotated[bool, Help("Payment cards whose check digit is right.")] = True,
    ibans: Annotated[bool, Help("International bank account numbers whose check digits are right.")] = True,
    national_ids: Annotated[bool, Help("Of 14 countries anywhere; of 17 more at home.")] = True,
    street_addresses: Annotated[bool, Help("By rules in some languages: many are missed.")] = True,
) -> dict[str, np.ndarray]:
    """Count personal data in the text, by kind.

    int64: `personal_data` is the sum of the kinds that are looked for; each of them is a value too. Numbers must pass
    what their issuers check (Luhn, ISO 13616, the numbering plans of phonenumbers, python-stdnum). Names of persons are
    not looked for. A place counts for one kind.
    """
    kinds = _kinds(
        emails=emails, phones=phones, ip_addresses=ip_addresses, cards=cards, ibans=ibans, national_ids=national_ids,
        street_addresses=street_addresses,
    )  # fmt: skip
    shown = [kind for kind in KINDS if kind in kinds]
    counts = np.zeros((len(shown), len(texts)), np.int64)
    for row, text in enumerate(texts):
        for place in personal(text, kinds, region):
            counts[shown.index(place.kind), row] += 1
    return {"personal_data": counts.sum(axis=0), **dict(zip(shown, counts, strict=True))}


def _kinds(**looked: bool) -> frozenset[Kind]:
    return frozenset(kind for kind in KINDS if looked[kind])

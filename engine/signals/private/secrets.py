"""How many keys, tokens and passwords a text holds."""

from typing import Annotated

import numpy as np

from engine.registry import About, Bounds, Help, Value, row_cost
from engine.signals.private._secrets import secrets as found


def _spans(texts: list[str], *, least_bits: float) -> list[list[tuple[int, int]]]:
    return [found(text, least_bits) for text in texts]


ABOUT = About(
    title="Secrets",
    values={"secrets": Value("integer", "places in the text")},
    spans=_spans,
    cost=row_cost(20_000),
)


def secrets(
    texts: list[str],
    *,
    least_bits: Annotated[
        float,
        Bounds(0, 6),
        Help("Of values assigned to a name such as password: bits a character. 2: words too; 4: random keys only."),
    ] = 2.7,
) -> dict[str, np.ndarray]:
    """Count keys, tokens and passwords in the text.

    int64. Tokens in the forms of their issuers (Amazon, GitHub, GitLab, Slack, Stripe, Google and others), private key
    blocks, JSON web tokens, passwords in addresses, and values assigned to such names as `password`, `api_key` or
    `token`. Placeholders such as `your-key-here` do not count. Whether a secret still opens anything is not asked.
    """
    return {"secrets": np.fromiter((len(found(text, least_bits)) for text in texts), np.int64, len(texts))}

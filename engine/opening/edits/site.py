"""Which site an address of the web belongs to."""

import re
from typing import Annotated, Literal

import pyarrow as pa

from engine.opening.edits._text import TEXT, as_text, writing_texts
from engine.registry import About, Help

ABOUT = About(title="Site of an address", values=TEXT, cost=writing_texts)

Part = Literal["site", "host", "ending"]

# An address with its scheme, or one that begins the cell without it.
_HOST = re.compile(
    r"(?:https?://|ftp://|//)(?:[^\s/@?#]{0,200}@)?(\[[0-9a-fA-F:.]{2,45}\]|[^\s/:?#\"'<>\\]{1,253})|^\s*((?:[\w-]{1,63}\.)+[a-zA-Z]{2,24})(?=[\s/:?#]|$)"
)
# Under these a country's names begin one label further left: bbc.co.uk. The endings that the network's list of public
# suffixes has beyond them (city names, github.io) are not known here: such a site is taken for the whole of them.
_SECOND = frozenset(
    "co com ac edu gov gob gouv go gv org net or ne mil nom info asn id sch school ltd plc nhs police".split()
)


def site(
    values: pa.ChunkedArray,
    *,
    part: Annotated[Part, Help("Site: bbc.co.uk. Host: news.bbc.co.uk. Ending: co.uk.")] = "site",
) -> pa.ChunkedArray:
    """Take the {part} of the first address of the web.

    In small letters, without “www.”; missing where there is no address. Of an address of numbers all parts are the
    whole. Which endings one can register under is told by a rule (com, org …; co, ac, gov … under a country), not by
    the network's list: pages on shared hosts such as github.io count as one site.
    """
    chunks = [
        pa.array([None if t is None else _part(t, part) for t in chunk.to_pylist()], pa.large_string())
        for chunk in as_text(values).chunks
    ]
    return pa.chunked_array(chunks, pa.large_string())


def _part(text: str, part: Part) -> str | None:
    found = _HOST.search(text)
    if not found:
        return None
    host = (found[1] or found[2]).lower().rstrip(".,;)").removeprefix("www.")
    labels = host.split(".")
    if part == "host" or len(labels) < 2 or host.startswith("[") or all(label.isdigit() for label in labels):
        return host or None
    ending = 2 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND else 1
    return ".".join(labels[-ending:] if part == "ending" else labels[-ending - 1 :])

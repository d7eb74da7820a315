"""The identity of rows and of what slow work adds: what is stored under which digest."""

from collections.abc import Mapping
from typing import cast

from engine.dataset.dataset import Dataset
from engine.dataset.keys import keys_spec
from engine.registry import Json
from engine.store import Artefact, digest_of


def artefact_spec(data: Dataset, made: Mapping[str, Json], **inputs: str) -> dict[str, Json]:
    """The spec with the identities of its inputs: what the artefact's identity is the digest of."""
    body: dict[str, Json] = {k: made[k] for k in ("family", "member", "version", "params", "on") if k in made}
    return body | {"rows": data.fingerprint, "inputs": cast(Json, inputs)}


def store_keys(data: Dataset) -> Artefact:
    """Keep the keys of all rows on disk, once for a revision: content uint64 (n,), repeat int32 (n,).

    Whoever writes something by key (a mark, an export) calls it first, so that nobody has to make them again.
    """
    spec = keys_spec(data.fingerprint, data.id_column())
    there = data.store.find("keys", digest_of(spec))
    if there:
        return there
    keys = data._row_keys()
    return data.store.publish("keys", "keys", spec, {"content": keys.content, "repeat": keys.repeat})

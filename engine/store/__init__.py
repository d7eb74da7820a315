"""Files that appear whole, known by their digests: artefacts, refs and records of a workspace."""

from engine.store.artefact import Artefact, Segment
from engine.store.artefact_identity import Origin
from engine.store.atomic_folder import check_free, whole_folder
from engine.store.families import FAMILIES, Family
from engine.store.files import (
    FORMAT,
    alone,
    canonical,
    digest_of,
    file_digest,
    new_array,
    read_json,
    sync,
    write_bytes,
    write_json,
)
from engine.store.frozen import check_format, plain, read, read_stored
from engine.store.key import Key
from engine.store.lineage import everything, with_origins
from engine.store.spec import Spec
from engine.store.workspace import Store, datasets, deleted_folder

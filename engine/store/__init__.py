"""Files that appear whole, known by their digests: artefacts, refs and records of a workspace."""

from engine.store.artefact import Artefact
from engine.store.files import FORMAT, canonical, digest_of, file_digest, new_array, read_json, write_bytes, write_json
from engine.store.folder import check_free, sync, whole_folder
from engine.store.lineage import everything, with_origins
from engine.store.store import FAMILIES, Store, datasets

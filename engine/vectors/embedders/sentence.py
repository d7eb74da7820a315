"""Texts by their meaning, with a sentence-transformers model that is on this machine."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np

from engine.errors import EngineError
from engine.registry import MEGABYTE, About, Cost, Help, Json, Kind, Load
from engine.vectors.embedders._protocols import Embedded, Tick
from engine.vectors.embedders._runtimes import Runtime, choose_runtime
from engine.vectors.embedders._tokens import Reading, batches, padded_batch, read
from engine.vectors.embedders._weights import DEFAULT_NAME, model_digests, model_folder, stay_offline

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Tokens a batch, padding included: enough to fill two cores, or a GPU, and small enough for their caches.
ROOM = {"cpu": 4096, "cuda": 131072}

_PROOF = (
    "the quick brown fox jumps over a lazy dog while 3 grey cats (and one parrot) watch from the roof of an old "
    "library; nobody knows why the archive kept every letter, e-mail and receipt since 1987, but the index is complete"
).split()


# Seconds on two cores of a server of 2024 at 63,666 texts of 408 characters; good to a factor of two or so.
CHARACTERS_A_SECOND = {"openvino": 36_000.0, "torch": 14_000.0, "cuda": 3_000_000.0}  # for each core
CHARACTERS_READ = 1000  # 256 tokens, the limit of the default model
START = 12.0


def _cost(load: Load) -> Cost:
    seconds = load.texts * load.characters(CHARACTERS_READ) / _rate(load)
    disk = load.texts * (load.dimension * 2 + 28) + load.rows * 4
    return Cost(START + seconds, 1300 * MEGABYTE + load.rows * 40, disk)


def _rate(load: Load) -> float:
    """Characters a second. A GPU is looked for by its device file: asking PyTorch takes seconds."""
    if load.params.get("device") != "cpu" and os.path.exists("/dev/nvidia0"):
        return CHARACTERS_A_SECOND["cuda"]
    runtime = "torch" if load.params.get("runtime") == "torch" else "openvino"
    return CHARACTERS_A_SECOND[runtime] * (os.cpu_count() or 1)


ABOUT = About(called="minilm", called_by="model", cost=_cost)


def sentence(
    *,
    model: Annotated[
        str,
        Kind("path", "model"),
        Help("folder of a model, or its id when it is on this machine; empty: all-MiniLM-L6-v2"),
    ] = "",
    device: Literal["auto", "cpu", "cuda"] = "auto",
    runtime: Literal["auto", "openvino", "onnx", "torch"] = "auto",
    precision: Literal["auto", "float32", "bfloat16", "float16"] = "auto",
) -> "Sentence":
    """Compare texts by their meaning, with the sentence model {model} (empty: the one that comes with Winnow).

    Only safetensors are read and no code of a model is run. A runtime other than float32 PyTorch is used only after 64
    padded texts gave the same vectors (cosine at least 0.999). What is in use stands in the notes.
    """
    folder = model_folder(model)
    return Sentence(folder, model or DEFAULT_NAME, device, runtime, precision, shipped=not model)


class Sentence:
    """A sentence model, known by its digest, not loaded yet."""

    chunk = 1024

    def __init__(self, folder: Path, name: str, device: str, runtime: str, precision: str, *, shipped: bool) -> None:
        self.folder, self.name = folder, name
        self.device, self.runtime, self.precision = device, runtime, precision
        digest, self.weights = model_digests(folder, shipped=shipped)
        self.source: dict[str, Json] = {"model": digest}

    def load(self, like: Mapping[str, Json] | None = None) -> "SentenceModel":
        """The model ready for work; like: facts of earlier vectors, whose runtime is used where this machine has it."""
        stay_offline()
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            inner = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True, trust_remote_code=False)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError, ImportError, SafetensorError) as error:
            raise EngineError(
                f"{self.folder} cannot be loaded as a sentence model: {error}. Choose another."
            ) from error
        tokenizer = Tokenizer(inner)
        proof = _proof(tokenizer)
        if like:
            try:
                chosen = choose_runtime(
                    inner,
                    proof,
                    device=str(like["device"]),
                    runtime=str(like["runtime"]),
                    precision=str(like["precision"]),
                )
                return SentenceModel(self, inner, tokenizer, chosen)
            except EngineError:  # another machine than the one that embedded: near enough for a query
                pass
        chosen = choose_runtime(inner, proof, device=self.device, runtime=self.runtime, precision=self.precision)
        return SentenceModel(self, inner, tokenizer, chosen)


class Tokenizer:
    """The model's own tokenizer with its limit and prompts."""

    def __init__(self, model: "SentenceTransformer") -> None:
        inner = getattr(model[0], "tokenizer", None)
        backend = getattr(inner, "backend_tokenizer", None)
        if backend is None:
            raise EngineError(
                "The model has no fast tokenizer (tokenizer.json), so what it leaves out of a long text could not be "
                "told. Choose a model that has one."
            )
        self._encode = backend
        backend.no_truncation()
        backend.no_padding()
        stated = model.max_seq_length or getattr(inner, "model_max_length", 0)
        self.limit = int(stated) if 0 < int(stated or 0) < 1_000_000 else 512
        self.pad = int(getattr(inner, "pad_token_id", None) or 0)
        self.lower = bool(getattr(model[0], "do_lower_case", False))
        prompts = dict(model.prompts or {})
        default = prompts.get(model.default_prompt_name or "", "")
        self.prompts = {
            "document": prompts.get("document") or prompts.get("passage") or default,
            "query": prompts.get("query") or default,
        }

    def read(self, texts: Sequence[str], breaks: Sequence[int], share: float, prompt: str) -> list[Reading]:
        """The tokens that the model reads of each text."""
        before = self.prompts[prompt]
        whole = [before + (t.lower() if self.lower else t) for t in texts]
        # A lone half of a surrogate pair is no text to the tokenizer.
        whole = [t if t.isascii() else t.encode("utf-8", "replace").decode() for t in whole]
        found = []
        for encoding, answer_at in zip(self._encode.encode_batch(whole), breaks, strict=True):
            at = answer_at + len(before) if answer_at > 0 else -1
            special, offsets = encoding.special_tokens_mask, encoding.offsets
            reading = read(encoding.ids, special, offsets, limit=self.limit, answer_at=at, share=share)
            cut = reading.cut if reading.cut < 0 else max(reading.cut - len(before), 0)
            found.append(Reading(reading.ids, reading.tokens, cut))
        return found


class SentenceModel:
    """A sentence model, ready: tokenizer, and the runtime that was chosen and proven."""

    def __init__(self, of: Sentence, inner: "SentenceTransformer", tokenizer: Tokenizer, runtime: Runtime) -> None:
        self._tokenizer, self._runtime = tokenizer, runtime
        self.limit = tokenizer.limit
        self.dimension = int(inner.get_embedding_dimension() or 0)
        self.facts: dict[str, Json] = {
            "runtime": runtime.name,
            "precision": runtime.precision,
            "device": runtime.device,
            "limit": self.limit,
        }
        self.notes: dict[str, Json] = {
            "model": of.name,
            "model_digest": str(of.source["model"]),
            "weights": dict(of.weights),
            "runtime": runtime.name,
            "precision": runtime.precision,
            "device": runtime.device,
            "least_cosine_with_torch": round(runtime.cosine, 6),
            "not_used": runtime.reason,
            "versions": dict(runtime.versions),
        }

    def embed(
        self, texts: Sequence[str], breaks: Sequence[int], share: float, tick: Tick, *, query: bool = False
    ) -> Embedded:
        """float32 (k, d), in batches of one length, the longest first."""
        readings = self._tokenizer.read(texts, breaks, share, "query" if query else "document")
        vectors = np.zeros((len(texts), self.dimension), np.float32)
        done = 0
        lengths = [len(r.ids) for r in readings]
        for length, rows in batches(lengths, limit=self.limit, room=ROOM[self._runtime.device]):
            ids, mask = padded_batch([readings[i] for i in rows], length, self._tokenizer.pad)
            vectors[rows] = self._runtime.run(ids, mask)
            done += len(rows)
            tick(done)
        tokens, cut = (np.array(x, np.int32) for x in ([r.tokens for r in readings], [r.cut for r in readings]))
        return Embedded(vectors, tokens, cut)


def _proof(tokenizer: Tokenizer) -> list[tuple[np.ndarray, np.ndarray]]:
    """64 texts of 1 to 64 words in two batches, each padded to its longest: a mask that is ignored shows at once."""
    texts = [" ".join(_PROOF[(i + j) % len(_PROOF)] for j in range(i)) for i in range(1, 65)]
    readings = tokenizer.read(texts, [-1] * len(texts), 0.5, "document")
    halves = [readings[0::2], readings[1::2]]
    return [padded_batch(half, max(len(r.ids) for r in half), tokenizer.pad) for half in halves]

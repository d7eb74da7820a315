"""The sentence embedder: what it refuses, what it reads, and that each runtime gives the vectors of PyTorch."""

import json
import os
import shutil
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import Damaged, EngineError, NotFound
from engine.store.spec import Spec
from engine.vectors import query
from engine.vectors.embed import embed
from engine.vectors.embedders import EMBEDDERS
from engine.vectors.embedders._runtimes import LEAST_COSINE, choose_runtime, least_cosine
from engine.vectors.embedders._tokens import Reading, batches, padded_batch, read
from engine.vectors.embedders._weights import DEFAULT_SHA256, check_folder, model_folder
from engine.vectors.embedders.sentence import Sentence, SentenceModel
from engine.vectors.embedders.usable import similarity
from indexes.grid import to_grid
from tests.engine.small import corpus

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

TEXTS = [
    "A cat sleeps on the sofa.",
    "A kitten naps on the couch.",
    "The stock market fell sharply today.",
    "Shares dropped on the exchange this afternoon.",
    " ".join(["word"] * 400),
    *(
        f"The {w} number {i} of the long list"
        for i, w in enumerate("river stone bread wolf lamp ship glass".split() * 4)
    ),
]


def vectors(model: SentenceModel, texts: list[str]) -> np.ndarray:
    return model.embed(texts, [-1] * len(texts), 0.5, lambda done: None).vectors


@pytest.fixture(scope="session")
def opened() -> Sentence:
    found = EMBEDDERS["sentence"].function(device="cpu")
    assert isinstance(found, Sentence)
    return found


@pytest.fixture(scope="session")
def model(opened: Sentence) -> SentenceModel:
    return opened.load()


@pytest.fixture(scope="session")
def inner(opened: Sentence) -> "SentenceTransformer":
    """The same model as sentence-transformers itself runs it."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(opened.folder), device="cpu", local_files_only=True)


def test_the_default_model_is_the_published_one_and_says_how_it_runs(model: SentenceModel) -> None:
    assert model.notes["weights"] == {"model.safetensors": DEFAULT_SHA256}
    assert (model.dimension, model.limit) == (384, 256)
    assert model.facts["runtime"] in ("openvino", "onnx", "torch")
    assert model.notes["least_cosine_with_torch"] >= LEAST_COSINE  # type: ignore[operator]
    assert set(model.notes["versions"]) >= {"torch", "tokenizers"}  # type: ignore[arg-type]


def test_meaning_counts_not_words(model: SentenceModel) -> None:
    grid = to_grid(vectors(model, TEXTS[:4]))
    found = similarity(grid, grid)
    assert found[0, 1] > 0.5 > found[0, 2]
    assert found[2, 3] > 0.5 > found[1, 3]


def test_the_vectors_are_those_of_sentence_transformers(model: SentenceModel, inner: "SentenceTransformer") -> None:
    expected = inner.encode(TEXTS, normalize_embeddings=True)
    found = vectors(model, TEXTS)
    assert (expected * found / np.linalg.norm(found, axis=1)[:, None]).sum(axis=1).min() > 0.9995


@pytest.mark.parametrize(
    ("runtime", "precision"),
    [("openvino", "float32"), ("openvino", "bfloat16"), ("onnx", "float32"), ("torch", "float32")],
)
def test_every_runtime_that_is_here_is_proven_on_padded_texts(
    inner: "SentenceTransformer", runtime: str, precision: str
) -> None:
    pytest.importorskip({"openvino": "openvino", "onnx": "onnxruntime", "torch": "torch"}[runtime])
    tokens = [[101, *range(2000, 2000 + n), 102] for n in (1, 5, 30)]
    proof = [padded_batch([Reading(t, len(t), -1) for t in tokens], 48, 0)]
    try:
        found = choose_runtime(inner, proof, device="cpu", runtime=runtime, precision=precision)
    except EngineError as error:
        assert precision == "bfloat16"
        pytest.skip(str(error))
    assert (found.name, found.precision) == (runtime, precision)
    assert found.cosine > (0.999999 if precision == "float32" else LEAST_COSINE)


def test_a_runtime_that_gives_other_vectors_is_not_used(
    inner: "SentenceTransformer", monkeypatch: pytest.MonkeyPatch
) -> None:
    from engine.vectors.embedders import _runtimes

    def ignores_the_mask(model: object, device: str, precision: str) -> _runtimes.Run:
        run = _runtimes._torch(inner, device, "float32")
        return lambda ids, mask: run(ids, np.ones_like(mask))

    def does_not_convert(model: object, device: str, precision: str) -> _runtimes.Run:
        raise RuntimeError("unsupported operation")

    monkeypatch.setitem(_runtimes._MAKERS, "openvino", ignores_the_mask)
    monkeypatch.setitem(_runtimes._MAKERS, "onnx", does_not_convert)
    proof = [padded_batch([Reading([101, 2000, 102], 3, -1), Reading([101] * 40, 40, -1)], 40, 0)]
    found = choose_runtime(inner, proof, device="cpu", runtime="auto", precision="auto")
    assert (found.name, found.precision, found.cosine) == ("torch", "float32", 1.0)
    assert "least cosine" in found.reason
    assert "onnx float32: RuntimeError: unsupported operation" in found.reason
    with pytest.raises(EngineError, match="unsupported operation.*Leave them at auto"):
        choose_runtime(inner, proof, device="cpu", runtime="onnx", precision="auto")


def test_the_least_cosine_finds_the_one_row_that_differs() -> None:
    same = np.eye(3, dtype=np.float32)
    turned = same.copy()
    turned[1] = [0.6, 0.8, 0]
    assert least_cosine([same], [turned]) == pytest.approx(0.8)
    assert least_cosine([same], [same * np.nan]) == -1


def test_a_text_has_the_same_vector_alone_and_among_others(model: SentenceModel) -> None:
    if model.facts["runtime"] != "openvino":
        pytest.skip("measured for OpenVINO only")
    together = to_grid(vectors(model, TEXTS))
    alone = np.concatenate([to_grid(vectors(model, [t])) for t in TEXTS])
    assert np.array_equal(together, alone)


def test_a_corpus_is_embedded_searched_and_its_long_texts_counted(
    tmp_path: Path, model: SentenceModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(self: socket.socket, address: object) -> None:
        raise AssertionError(f"something called {address}")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(Sentence, "load", lambda self, like=None: model)
    data = corpus(tmp_path, {"text": [*TEXTS, TEXTS[0], TEXTS[4]]})
    made = embed(data, Spec("embedding", "sentence"), "minilm")
    # 400 words of one token each, and the two marks at the ends.
    assert made.notes["truncated"] == {"limit": 256, "texts": 1, "rows": 2, "longest": 402, "median_over": 146}
    assert made.array("cut")[4] == len("word ") * 254
    assert made.notes["model_digest"] == made.origin.facts["source"]["model"]  # type: ignore[index, call-overload]
    data = Dataset.load(data.store)
    (asked,) = query.embed_texts(data, "minilm", ["a pet is sleeping"])
    assert similarity(asked[None], data.embedding("minilm").grid)[0].argsort()[-2:].tolist() in ([0, 1], [1, 0])


def test_surrogates_nul_and_markup_are_texts_like_others(model: SentenceModel) -> None:
    found = vectors(model, ["\ud800", "a\x00b", "<script>alert(1)</script>", "\u200b"])
    assert np.isfinite(found).all()
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=0.01)


# What the model reads of a text: [CLS] = 1, [SEP] = 2, words from 10 on, each of two characters.


def reading(words: int, limit: int, answer_at: int = -1, share: float = 0.5) -> Reading:
    ids = [1, *range(10, 10 + words), 2]
    special = [1, *[0] * words, 1]
    offsets = [(0, 0), *((2 * i, 2 * i + 2) for i in range(words)), (0, 0)]
    return read(ids, special, offsets, limit=limit, answer_at=answer_at, share=share)


def test_a_short_text_is_read_whole() -> None:
    assert reading(3, 5) == Reading([1, 10, 11, 12, 2], 5, -1)


def test_a_long_text_is_cut_and_keeps_the_marks_at_its_ends() -> None:
    assert reading(6, 5) == Reading([1, 10, 11, 12, 2], 8, 6)


def test_of_a_long_pair_each_part_keeps_its_share() -> None:
    # Prompt of 6 words, answer of 6, room for 4: a quarter is one word of the prompt and three of the answer.
    assert reading(12, 6, answer_at=12, share=0.25) == Reading([1, 10, 16, 17, 18, 2], 14, 2)


def test_a_part_that_is_short_leaves_its_room_to_the_other() -> None:
    assert reading(7, 6, answer_at=12, share=0.25).ids == [1, 10, 11, 12, 16, 2]
    assert reading(7, 6, answer_at=2, share=0.75) == Reading([1, 10, 11, 12, 13, 2], 9, 8)


def test_a_batch_holds_one_padded_length_and_stays_within_its_room() -> None:
    found = [(length, rows.tolist()) for length, rows in batches([3, 9, 8, 16, 2, 20], limit=20, room=16)]
    assert found == [(20, [5]), (16, [1]), (16, [3]), (8, [0, 2]), (8, [4])]


def test_padding_is_masked() -> None:
    ids, mask = padded_batch([Reading([1, 5, 2], 3, -1)], 4, 9)
    assert (ids.tolist(), mask.tolist()) == ([[1, 5, 2, 9]], [[1, 1, 1, 0]])


# What is refused. The folders are real models with one thing wrong.


@pytest.fixture
def folder(tmp_path: Path, opened: Sentence) -> Path:
    """A copy of the default model; its weights are linked."""
    target = tmp_path / "model"
    shutil.copytree(opened.folder, target, copy_function=_link)
    return target


def _link(source: str, target: str) -> str:
    if source.endswith(".safetensors"):
        os.symlink(source, target)
    else:
        shutil.copyfile(source, target)
    return target


def test_a_model_by_path_is_the_same_model(folder: Path, opened: Sentence) -> None:
    found = EMBEDDERS["sentence"].function(model=str(folder))
    assert isinstance(found, Sentence)
    assert found.source == opened.source


def test_a_changed_tokenizer_is_another_model(folder: Path, opened: Sentence) -> None:
    (folder / "vocab.txt").write_text("changed")
    assert EMBEDDERS["sentence"].function(model=str(folder)).source != opened.source


def test_pickled_weights_are_refused(folder: Path) -> None:
    (folder / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(EngineError, match=r"holds pytorch_model\.bin, a format that can run code"):
        check_folder(folder)


def test_a_model_without_safetensors_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(EngineError, match="no weights as safetensors"):
        check_folder(folder)


def test_code_of_a_model_is_refused_however_it_comes(folder: Path) -> None:
    (folder / "modeling_mine.py").write_text("")
    with pytest.raises(EngineError, match=r"modeling_mine\.py.*never run"):
        check_folder(folder)
    (folder / "modeling_mine.py").unlink()
    modules = json.loads((folder / "modules.json").read_text())
    (folder / "modules.json").write_text(
        json.dumps([*modules, {"idx": 3, "name": "3", "path": "", "type": "mine.Layer"}])
    )
    with pytest.raises(EngineError, match=r"mine\.Layer"):
        check_folder(folder)
    (folder / "modules.json").write_text(json.dumps(modules))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(config | {"auto_map": {"AutoModel": "mine.Model"}}))
    with pytest.raises(EngineError, match="auto_map"):
        check_folder(folder)


def test_what_is_no_model_is_said_with_the_way_out(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"not a sentence-transformers model \(no modules.json\)"):
        model_folder(str(tmp_path))
    (tmp_path / "x.txt").write_text("")
    with pytest.raises(EngineError, match="is a file"):
        model_folder(str(tmp_path / "x.txt"))
    with pytest.raises(NotFound, match="There is no model at"):
        model_folder("/no/such/folder")
    with pytest.raises(NotFound, match="not on this machine, and nothing is downloaded unasked"):
        model_folder("nobody/has-this-model")


def test_a_default_model_with_other_weights_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"other weights")
    with pytest.raises(Damaged, match="not the published ones"):
        Sentence(folder, "", "auto", "auto", "auto", shipped=True)


def test_weights_that_are_cut_off_are_said(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors").write_bytes(b"cut")
    found = EMBEDDERS["sentence"].function(model=str(folder))
    assert isinstance(found, Sentence)
    with pytest.raises(EngineError, match="cannot be loaded as a sentence model"):
        found.load()

"""How a sentence model runs: PyTorch, OpenVINO or ONNX Runtime; a faster one is used only after it proved equal."""

import io
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, cast

import numpy as np

from engine.errors import EngineError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer

Run = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""int64 ids (b, l) and mask (b, l) → float32 (b, d)."""

LEAST_COSINE = 0.999
# What converting and running a model of unknown make may raise; all of it means: not this runtime.
NOT_THIS_ONE = (
    RuntimeError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    NotImplementedError,
    ImportError,
    OSError,
)


@dataclass(frozen=True)
class Runtime:
    """A way to run the model. cosine: the least found when it was proven against float32 PyTorch."""

    name: str
    precision: str
    device: str
    run: Run
    cosine: float
    versions: dict[str, str]
    reason: str


def choose_runtime(
    model: "SentenceTransformer",
    proof: Sequence[tuple[np.ndarray, np.ndarray]],
    *,
    device: str,
    runtime: str,
    precision: str,
) -> Runtime:
    """The fastest runtime that gives the same vectors as float32 PyTorch on the texts of `proof`, padded batches.

    Each value may be `auto`. Raises `EngineError` when what was asked for by name cannot be had.
    """
    place = _device(device)
    reference = _torch(model, place, "float32")
    expected = [reference(ids, mask) for ids, mask in proof]
    wanted = [
        (name, kind)
        for name, kind in _candidates(model, place)
        if runtime in ("auto", name) and precision in ("auto", kind)
    ]
    reasons: list[str] = []
    for name, kind in wanted:
        try:
            run = reference if (name, kind) == ("torch", "float32") else _MAKERS[name](model, place, kind)
            cosine = least_cosine(expected, [run(ids, mask) for ids, mask in proof])
        except NOT_THIS_ONE as error:
            reasons.append(
                f"{name} {kind}: {type(error).__name__}: {str(error).splitlines()[0][:200] if str(error) else ''}"
            )
            continue
        if cosine >= LEAST_COSINE:
            return Runtime(name, kind, place, run, cosine, versions(name), "; ".join(reasons))
        reasons.append(f"{name} {kind}: least cosine {cosine:.4f} with PyTorch, under {LEAST_COSINE}")
    tried = f" Tried: {'; '.join(reasons)}." if reasons else ""
    raise EngineError(
        f"The model cannot run with runtime {runtime!r}, precision {precision!r}, device {device!r} here.{tried} "
        "Leave them at auto."
    )


def least_cosine(expected: Sequence[np.ndarray], got: Sequence[np.ndarray]) -> float:
    """The smallest cosine between vectors of two runtimes; -1 where one is not finite."""
    a, b = (np.concatenate(x).astype(np.float64) for x in (expected, got))
    if a.shape != b.shape or not np.isfinite(b).all():
        return -1.0
    length = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return float(((a * b).sum(axis=1) / np.where(length > 0, length, np.inf)).min(initial=1.0))


def is_plain(model: "SentenceTransformer") -> bool:
    """Whether it is a transformer, mean or first-token pooling, and nothing more than normalising."""
    kinds = [type(m).__name__ for m in model]
    return kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"]) and model[1].pooling_mode in (
        "mean",
        "cls",
    )


def versions(runtime: str) -> dict[str, str]:
    """Versions of the packages that decide what comes out."""
    names = ("torch", "transformers", "sentence-transformers", "tokenizers", *_PACKAGES.get(runtime, ()))
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "?"
    return found


_PACKAGES = {"openvino": ("openvino",), "onnx": ("onnxruntime", "onnx")}


def _device(asked: str) -> str:
    import torch

    if asked == "cuda" and not torch.cuda.is_available():
        raise EngineError("No GPU is visible to PyTorch here. Choose the device auto or cpu.")
    return "cuda" if asked != "cpu" and torch.cuda.is_available() else "cpu"


def _candidates(model: "SentenceTransformer", device: str) -> list[tuple[str, str]]:
    """Runtimes and precisions, the fastest first. bfloat16 on a CPU only where OpenVINO finds it in the hardware."""
    if device == "cuda":
        return [("torch", "float16"), ("torch", "float32"), ("torch", "bfloat16")]
    found: list[tuple[str, str]] = []
    if is_plain(model):
        if find_spec("openvino"):
            quiet_openvino()
            import openvino

            if "BF16" in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
                found.append(("openvino", "bfloat16"))
            found.append(("openvino", "float32"))
        if find_spec("onnxruntime") and find_spec("onnx"):
            found.append(("onnx", "float32"))
    return [*found, ("torch", "float32"), ("torch", "bfloat16")]


def _torch(model: "SentenceTransformer", device: str, precision: str) -> Run:
    import copy

    import torch

    kind = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}[precision]
    mine = (model if precision == "float32" else copy.deepcopy(model)).to(device=device, dtype=kind).eval()

    def run(ids: np.ndarray, mask: np.ndarray) -> np.ndarray:
        with torch.inference_mode():
            features = {
                "input_ids": torch.from_numpy(ids).to(device),
                "attention_mask": torch.from_numpy(mask).to(device),
            }
            found: torch.Tensor = mine(features)["sentence_embedding"]
            return np.asarray(found.float().cpu().numpy())

    return run


def _traceable(model: "SentenceTransformer") -> "torch.nn.Module":
    """Transformer, pooling and normalising as one module of two tensors, for the other runtimes."""
    import torch

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = model[0].auto_model
            self.mean = model[1].pooling_mode == "mean"

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            hidden = self.inner(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            if self.mean:
                weight = attention_mask.unsqueeze(-1).to(hidden.dtype)
                pooled = (hidden * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            else:
                pooled = hidden[:, 0]
            return torch.nn.functional.normalize(pooled, dim=1)

    return Whole().eval()


def _example() -> dict[str, "torch.Tensor"]:
    """Two rows, one of them padded, so that a tracer sees a mask that matters."""
    import torch

    mask = torch.ones((2, 8), dtype=torch.int64)
    mask[1, 5:] = 0
    return {"input_ids": torch.ones((2, 8), dtype=torch.int64), "attention_mask": mask}


def _openvino(model: "SentenceTransformer", device: str, precision: str) -> Run:
    quiet_openvino()
    import openvino
    import torch

    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        converted = openvino.convert_model(
            _traceable(model),
            example_input=_example(),
            input=[(name, [-1, -1], openvino.Type.i64) for name in ("input_ids", "attention_mask")],
        )
    hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
    compiled = openvino.Core().compile_model(
        converted, "CPU", {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "LATENCY"}
    )
    return lambda ids, mask: np.array(compiled([ids, mask])[0], np.float32)


def _onnx(model: "SentenceTransformer", device: str, precision: str) -> Run:
    import onnxruntime
    import torch

    body = io.BytesIO()
    example = _example()
    names = list(example)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        # Not the newer exporter (dynamo=True): on padded batches it gave wrong vectors without a word.
        torch.onnx.export(
            _traceable(model),
            tuple(example.values()),
            body,
            dynamo=False,
            input_names=names,
            output_names=["vector"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names} | {"vector": {0: "batch"}},
            opset_version=17,
        )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(body.getvalue(), options, providers=["CPUExecutionProvider"])
    return lambda ids, mask: np.asarray(session.run(None, {"input_ids": ids, "attention_mask": mask})[0])


_MAKERS: dict[str, Callable[["SentenceTransformer", str, str], Run]] = {
    "torch": _torch,
    "openvino": _openvino,
    "onnx": _onnx,
}


def quiet_openvino() -> None:
    """Keep OpenVINO from reporting its use to its maker; call it before `import openvino`.

    Its import alone sends an event to an analytics service and leaves files in the home folder, unless its package
    for that is missing: then it uses a stub of its own. So here the package is missing.
    """
    sys.modules["openvino_telemetry"] = cast(ModuleType, None)

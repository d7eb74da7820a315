"""Which kind of search suits the vectors and the machine, and why."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from indexes.kinds import INDEXES
from indexes.memory import available_memory
from indexes.tiles import CpuTiles, Tiles

Device = Literal["cpu", "faiss-gpu", "torch-gpu"]

# Products with the best columns kept, a core: 34 GFLOP/s measured on two cores of a 2020s server, rounded down.
_FLOPS_PER_CORE = 30e9
_GPU_FLOPS = 20e12
_PATIENCE_SECONDS = 240.0


@dataclass(frozen=True)
class Choice:
    """The kind of index, where it runs, and the reason in words."""

    kind: str
    device: Device
    reason: str


@cache
def gpu_seen() -> Device:
    """Where block products should run: on a GPU through faiss, on one through torch, or on the CPU."""
    import faiss

    if getattr(faiss, "get_num_gpus", lambda: 0)() > 0:
        return "faiss-gpu"
    # torch is slow to import: only where there is a driver to speak to.
    if not os.path.exists("/dev/nvidiactl"):
        return "cpu"
    import torch

    return "torch-gpu" if torch.cuda.is_available() else "cpu"


def tiles_on(device: Device, vectors: np.ndarray) -> Tiles:
    """Block products for these vectors on a device."""
    if device == "torch-gpu":
        from indexes.torch_gpu import TorchTiles

        return TorchTiles(vectors)
    if device == "faiss-gpu":
        from indexes.faiss_gpu import FaissGpuTiles

        return FaissGpuTiles(vectors)
    return CpuTiles(vectors)


def choose(
    m: int,
    dimension: int,
    *,
    memory_bytes: int | None = None,
    cores: int | None = None,
    device: Device | None = None,
    patience_seconds: float = _PATIENCE_SECONDS,
) -> Choice:
    """Choose the kind of index for m vectors from the time of an exact graph and the memory the lists would take.

    Left out, memory, cores and device are those of this machine. Exact search is taken where its graph is done within
    `patience_seconds`, and where there is not the memory to hold any other kind.
    """
    cores = cores or len(os.sched_getaffinity(0))
    device = device or gpu_seen()
    speed = _FLOPS_PER_CORE * cores if device == "cpu" else _GPU_FLOPS
    seconds = 2.0 * m * m * dimension / speed
    place = f"on {cores} cores" if device == "cpu" else "on the GPU"
    what = f"{m:,} vectors of {dimension} dimensions"
    exact = next(name for name, index in INDEXES.items() if index.about.exact)
    if seconds <= patience_seconds:
        return Choice(exact, device, f"Exact: {what} take about {_spoken(seconds)} {place}.")
    memory = memory_bytes if memory_bytes is not None else available_memory()
    shortage = ""
    for name, index in INDEXES.items():
        needed = index.about.memory(m, dimension)
        if index.about.exact:
            continue
        if needed <= memory:
            reason = f"{index.about.title}: exact neighbours of {what} would take {_spoken(seconds)} {place}."
            return Choice(name, device, reason)
        shortage = (
            f"{index.about.title.lower()} would take {needed / 2**30:.1f} GiB of the {memory / 2**30:.1f} GiB free"
        )
    return Choice(exact, device, f"Exact, about {_spoken(seconds)} {place}: {shortage}.")


def _spoken(seconds: float) -> str:
    """A duration as one says it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    if seconds < 5400:
        return f"{round(seconds / 60)} min"
    return f"{seconds / 3600:.1f} h"

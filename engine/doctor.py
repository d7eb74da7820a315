"""Is the machine fit for the work: exactly one faiss, and no package that reports home."""

import sys
from importlib.metadata import PackageNotFoundError, version
from types import ModuleType
from typing import cast

from engine.errors import EngineError

_FAISS = ("faiss-cpu", "faiss-gpu", "faiss-gpu-cuvs", "faiss-gpu-cu12", "faiss-gpu-cu11")


def one_faiss() -> str:
    """The one faiss package that is installed.

    All of them install the same folder, `faiss`: with two, what runs is a mixture of both; with none, nothing runs.
    Raises `EngineError` in both cases. Asked before faiss is first imported, as the import itself may crash.
    """
    found = [name for name in _FAISS if _installed(name)]
    if not found:
        raise EngineError(
            "No faiss is installed, so neighbours cannot be found. Run `make setup`, or in your own environment "
            "`pip install faiss-cpu` (with an NVIDIA GPU on Linux: `pip install faiss-gpu`)."
        )
    if len(found) > 1:
        raise EngineError(
            f"{' and '.join(found)} are installed together and write over each other's files. Keep one: "
            f"`pip uninstall {' '.join(found)}`, then `pip install faiss-cpu` (with an NVIDIA GPU on Linux: "
            "`pip install faiss-gpu`)."
        )
    return found[0]


def quiet_openvino() -> None:
    """Keep OpenVINO from reporting its use to its maker; call it before `import openvino`.

    Its import alone sends an event to an analytics service and leaves files in the home folder, unless its package
    for that is missing: then it uses a stub of its own. So here the package is missing.
    """
    sys.modules["openvino_telemetry"] = cast(ModuleType, None)


def _installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True

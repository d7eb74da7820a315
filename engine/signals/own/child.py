"""The process in which an own signal runs: started with a file, its hash, a function's name; answers in JSON lines.

It is no sandbox: an approved file can do what its person can. It keeps the app alive, whatever the file does.
"""

import ctypes
import hashlib
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TextIO

_END_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of <linux/prctl.h>."""


def main(path: str, digest: str, name: str, out: str, memory: str) -> None:
    """Load the file, then judge texts as they are asked for, until nobody asks."""
    resource.setrlimit(resource.RLIMIT_AS, (int(memory), int(memory)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # who asked is gone, also where it was killed: then it ends too, whatever it does
        ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
    sys.path[0] = str(Path(__file__).resolve().parents[3])  # where `engine` is, and not the folder of this file
    with os.fdopen(int(out), "w", encoding="ascii") as say:
        lines = iter(sys.stdin.buffer.readline, b"")
        try:
            knobs = json.loads(next(lines))["knobs"]
            function = _loaded(Path(path), digest, name)
        except BaseException as error:  # noqa: BLE001 - whatever a file raises while it is loaded, SystemExit too
            _say(say, {"error": _words(error)})
            return
        _say(say, {})
        for line in lines:
            _say(say, _judged(function, json.loads(line)["texts"], knobs))


def _loaded(path: Path, digest: str, name: str) -> Callable[..., Any]:
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise RuntimeError("its file is not the one that was approved")
    held: dict[str, Any] = {"__name__": name, "__file__": str(path)}
    text = content.decode("utf-8-sig")  # as it was read and shown: of bytes, Python follows a line that names a coding
    exec(compile(text, str(path), "exec"), held)  # noqa: S102 - this is what was approved
    return next(value for key, value in held.items() if key.rstrip("_") == name and callable(value))


def _judged(function: Callable[..., Any], texts: list[str], knobs: Mapping[str, object]) -> dict[str, object]:
    try:
        fitting = {key: tuple(v) if isinstance(v, list) else v for key, v in knobs.items()}
        found = function(texts, **fitting)
        (values,) = found.values()
        return {"values": [float(v) if _is_number(v) else None for v in values]}
    except MemoryError:
        return {"memory": True}
    except BaseException as error:  # noqa: BLE001 - said to the one who asked, whatever it is
        return {"error": _words(error)}


def _is_number(value: object) -> bool:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return False
    return number == number and abs(number) != float("inf")


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:500]


def _say(out: TextIO, value: object) -> None:
    out.write(json.dumps(value) + "\n")
    out.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])

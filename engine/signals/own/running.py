"""An own signal at work: in a process of its own, within limits; a row that breaks it has no value, and says why."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.errors import EngineError
from engine.signals.own.reading import PROBLEMS

BATCH_SECONDS = 60.0
"""Of a batch of texts together; one that takes longer, or breaks, is gone through text by text."""
ROW_SECONDS = 2.0
START_SECONDS = 60.0
"""For loading the file and what it imports."""
MOST_LATE = 20
"""Texts one after the other that may take too long, or end the process: after that nobody waits for the others."""
MEMORY = 4 << 30
"""Bytes of address space that the process may have."""
_CHILD = Path(__file__).with_name("child.py")
_RAISED, _LATE, _MEMORY, _NO_NUMBER = range(len(PROBLEMS))


@dataclass(frozen=True)
class Runs:
    """Calls the function of an approved file in another process; texts -> its value and what is wrong, by name.

    path: of the approved copy; digest: what it must still have. value, problem: names of the columns.
    """

    path: str
    digest: str
    name: str
    value: str
    problem: str

    def __call__(self, texts: list[str], **knobs: object) -> dict[str, np.ndarray]:
        """float64 (n,), NaN where there is none; int8 (n,), the place of the problem in `PROBLEMS`, -1 for none.

        Raises `EngineError` where the file cannot be loaded at all, and where it takes too long for one text after the
        other, or ends its process.
        """
        values, problems = np.full(len(texts), np.nan), np.full(len(texts), -1, np.int8)
        if texts and not self._at_once(texts, knobs, values, problems):
            self._one_by_one(texts, knobs, values, problems)
        return {self.value: values, self.problem: problems}

    def _at_once(self, texts: list[str], knobs: dict[str, object], values: np.ndarray, problems: np.ndarray) -> bool:
        """All texts in one call; False where that breaks, and says nothing of any single text."""
        with _Child(self, knobs) as child:
            child.ask(texts)
            answer = child.answer(BATCH_SECONDS)
        found = answer.get("values") if isinstance(answer, dict) else None
        if not isinstance(found, list) or len(found) != len(texts):
            return False
        values[:], problems[:] = zip(*map(_number, found), strict=True)
        return True

    def _one_by_one(self, texts: list[str], knobs: dict[str, object], values: np.ndarray, problems: np.ndarray) -> None:
        at = late = 0
        while at < len(texts):
            with _Child(self, knobs) as child:
                while at < len(texts):
                    child.ask(texts[at : at + 1])
                    answer = child.answer(ROW_SECONDS)
                    values[at], problems[at] = _of_row(answer)
                    late = 0 if isinstance(answer, dict) else late + 1
                    at += 1
                    if late == MOST_LATE:
                        raise EngineError(
                            f"The signal {self.name!r} of your own took longer than {ROW_SECONDS:g} seconds, or ended "
                            f"its process, for each of {late} texts one after the other, so it was ended. Make it "
                            "faster, and approve it again."
                        )
                    if not isinstance(answer, dict):
                        break  # it was killed, or has ended: the next text gets a new process


def tried(runs: Runs, text: str, knobs: Mapping[str, object]) -> str:
    """What the signal says of one text, in words, with the whole message where it breaks."""
    with _Child(runs, knobs) as child:
        child.ask([text])
        answer = child.answer(ROW_SECONDS)
    if isinstance(answer, dict) and "error" in answer:
        return str(answer["error"])
    value, problem = _of_row(answer)
    return f"{value:g}" if problem < 0 else PROBLEMS[problem]


def _of_row(answer: object) -> tuple[float, int]:
    if answer is None:
        return np.nan, _LATE
    if not isinstance(answer, dict):
        return np.nan, _RAISED  # the process is gone
    if answer.get("memory"):
        return np.nan, _MEMORY
    found = answer.get("values")
    if not isinstance(found, list):
        return np.nan, _RAISED
    return _number(found[0]) if len(found) == 1 else (np.nan, _NO_NUMBER)


def _number(value: object) -> tuple[float, int]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= sys.float_info.max:
        return np.nan, _NO_NUMBER
    return float(value), -1


class _Child:
    """A process that has loaded the file. It answers in JSON: nothing that it says is run here."""

    def __init__(self, runs: Runs, knobs: Mapping[str, object]) -> None:
        read, write = os.pipe()
        command = [sys.executable, str(_CHILD), runs.path, runs.digest, runs.name, str(write), str(MEMORY)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, pass_fds=(write,),
            start_new_session=True, env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        )  # fmt: skip
        os.close(write)
        assert self._process.stdin is not None
        self._write = self._process.stdin.fileno()
        os.set_blocking(self._write, False)  # what does not read shall not block who asks
        self._read, self._rest, self._unsaid = read, b"", memoryview(b"")
        try:
            self._say({"knobs": knobs})
            loaded = self.answer(START_SECONDS)
            if not isinstance(loaded, dict) or "error" in loaded:
                why = loaded["error"] if isinstance(loaded, dict) else "it ended, or took too long"
                raise EngineError(
                    f"The signal {runs.name!r} of your own cannot be loaded: {why}. Mend its file, and approve it "
                    "again."
                )
        except BaseException:
            self.__exit__()
            raise

    def __enter__(self) -> "_Child":
        return self

    def __exit__(self, *_: object) -> None:
        """End it, and whatever it has started."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self._process.wait()
        if self._process.stdin:
            try:
                self._process.stdin.close()
            except OSError:  # what was not yet written is for nobody
                pass
        os.close(self._read)

    def ask(self, texts: list[str]) -> None:
        """Texts to be judged in one call."""
        self._say({"texts": texts})

    def _say(self, value: object) -> None:
        """Have it written while its answer is waited for."""
        self._unsaid = memoryview(bytes(self._unsaid) + json.dumps(value).encode() + b"\n")

    def _write_more(self) -> None:
        try:
            self._unsaid = self._unsaid[os.write(self._write, self._unsaid) :]
        except OSError:  # it is gone: it will not answer either
            self._unsaid = memoryview(b"")

    def answer(self, seconds: float) -> object:
        """The next line that it says; None where it takes too long, also to be asked, False where it has ended."""
        until = time.monotonic() + seconds
        while b"\n" not in self._rest:
            if (left := until - time.monotonic()) <= 0:
                return None
            ready, free, _ = select.select([self._read], [self._write] if self._unsaid else [], [], left)
            if free:
                self._write_more()
            if not ready:
                continue
            more = os.read(self._read, 1 << 20)
            if not more:
                return False
            self._rest += more
        line, _, self._rest = self._rest.partition(b"\n")
        try:
            return json.loads(line)
        except (ValueError, RecursionError):
            return False

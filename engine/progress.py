"""How far long work is: the callable that work reports to, the time left, a bar for the terminal."""

import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol, TextIO


class Progress(Protocol):
    """Called by long work with the stage in plain words, what is done and the total; raises `Cancelled` to stop it."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


def quiet(stage: str, done: int, total: int) -> None:
    """Report to nobody."""


@dataclass
class TimeLeft:
    """Seconds left, from the rate of the last half minute; the whole run's rate while there is less.

    clock: gives seconds; another one in tests.
    """

    window: float = 30.0
    clock: Callable[[], float] = time.monotonic
    _seen: deque[tuple[float, int]] = field(default_factory=deque)
    _stage: str = ""

    def __call__(self, stage: str, done: int, total: int) -> float | None:
        """Take note of a step and say how many seconds are left, or None while nothing is known."""
        now = self.clock()
        if stage != self._stage or (self._seen and done < self._seen[-1][1]):
            self._stage = stage
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= self.window:
            self._seen.popleft()
        then, before = self._seen[0]
        if done <= before or now <= then:
            return 0.0 if total and done >= total else None
        return (total - done) * (now - then) / (done - before)


def words(seconds: float | None) -> str:
    """A time span as people say it: `40 s`, `3 min`, `2 h 5 min`."""
    if seconds is None:
        return "time left unknown"
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


@contextmanager
def terminal(out: TextIO | None = None) -> Iterator[Progress]:
    """Progress on the terminal: a bar that redraws itself; one plain line a stage when nobody watches."""
    stream = out or sys.stderr
    live = stream.isatty()
    left = TimeLeft()
    shown: list[str] = []
    drawn = [0.0]

    def show(stage: str, done: int, total: int) -> None:
        seconds = left(stage, done, total)
        if not live:
            if shown != [stage]:
                stream.write(f"{stage} …\n")
                stream.flush()
        else:
            fresh = shown != [stage]
            if fresh and shown:
                stream.write("\n")
            now = time.monotonic()
            if fresh or done >= total or now - drawn[0] > 0.1:
                drawn[0] = now
                stream.write(f"\r\x1b[K{bar(stage, done, total, seconds)}")
                stream.flush()
        shown[:] = [stage]

    try:
        yield show
    finally:
        if live and shown:
            stream.write("\n")
            stream.flush()


def bar(stage: str, done: int, total: int, seconds: float | None) -> str:
    """One line: stage, bar, counts, time left.

    >>> bar("embed", 50, 100, 12)
    'embed  [##########..........]  50 of 100, 12 s left'
    """
    if total <= 0:
        return stage
    filled = min(20, 20 * done // total)
    tail = "done" if done >= total else "time left unknown" if seconds is None else f"{words(seconds)} left"
    return f"{stage}  [{'#' * filled}{'.' * (20 - filled)}]  {done:,} of {total:,}, {tail}"

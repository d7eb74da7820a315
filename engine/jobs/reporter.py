"""Progress of a job, written down where anybody can read it; the request to stop comes back the same way."""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any

from engine.errors import Cancelled
from engine.jobs.files import State, Status, write_state
from engine.progress import TimeLeft

FIRST_TEXTS = 2000
"""A first map is drawn once so many texts are embedded: enough to see a shape, soon enough not to wait."""


EVERY = 0.5
"""Seconds between two writes of the state while nothing but numbers change."""


class Reporter:
    """Progress that is written to the job's state; raises `Cancelled` once the process was asked to stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stopped = False
        self.item, self.items = 0, 1
        self.expected: list[float] = []
        self.first_map: Callable[[], object] | None = None
        self._left = TimeLeft()
        self._stage, self._at = "", 0.0
        self._part_since = self._stage_since = time.monotonic()
        self._last = State(started=datetime.now(UTC).isoformat())

    def stop(self, number: int, frame: FrameType | None) -> None:
        """The handler of the signal to stop."""
        self.stopped = True

    def part(self, item: int, items: int, expected: list[float]) -> None:
        """Which part of the work begins, of how many; expected: seconds of each part, for the time left."""
        self.item, self.items, self.expected = item, items, expected
        self._part_since = time.monotonic()

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self.stopped:
            raise Cancelled("Stopped. What was finished is kept; resume goes on from there.")
        if self.first_map and stage == "embedding" and done >= FIRST_TEXTS and total > 2 * FIRST_TEXTS:
            draw, self.first_map = self.first_map, None
            draw()
        seconds = self._left(stage, done, total)
        now = time.monotonic()
        fresh = stage != self._stage
        if fresh:
            self._stage_since = now
            sys.stdout.write(f"{datetime.now():%H:%M:%S}  {stage}  {done:,} of {total:,}\n")
        if fresh or now - self._at >= EVERY:
            self._stage, self._at = stage, now
            expected = self.expected[self.item] if self.item < len(self.expected) else 0.0
            here = left_in_part(seconds, now - self._stage_since, now - self._part_since, expected)
            whole = None if here is None else here + sum(self.expected[self.item + 1 :])
            self.write("running", stage=stage, done=done, total=total, seconds_left=whole)

    def write(self, status: Status, **more: Any) -> None:  # noqa: ANN401
        """Write the state down. more: fields of `State` that change."""
        now = datetime.now(UTC).isoformat()
        self._last = replace(self._last, status=status, item=self.item, items=self.items, updated=now, **more)
        write_state(self.folder, self._last)


def left_in_part(seconds: float | None, in_stage: float, in_part: float, expected: float) -> float | None:
    """Seconds left in a part of the work: by the rate of its stage, where that stage is a good share of the part.

    A short stage at the start (reading, loading) says nothing about the long one behind it: until then, what was
    expected of the whole part counts. The first moments of a long stage, with everything cold, say little too: the rate
    counts more from moment to moment, and alone after a fifth of what was expected, or half-way. None while nothing is
    known.
    """
    if not expected:
        return seconds
    if seconds is None or in_stage + seconds < expected / 5:
        return max(expected - in_part, seconds or 0.0)
    trust = min(1.0, max(5 * in_stage / expected, 2 * in_stage / (in_stage + seconds)))
    return trust * seconds + (1 - trust) * max(expected - in_part, 0.0)

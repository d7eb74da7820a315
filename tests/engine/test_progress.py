"""How far long work is, in numbers and in words."""

import io

from engine.progress import TimeLeft, bar, terminal, words


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_time_left_follows_the_rate() -> None:
    clock = Clock()
    left = TimeLeft(clock=clock)
    assert left("embedding", 0, 100) is None
    clock.now = 10
    assert left("embedding", 20, 100) == 40


def test_an_old_rate_is_forgotten_after_half_a_minute() -> None:
    clock = Clock()
    left = TimeLeft(window=30, clock=clock)
    for now, done in ((0, 0), (10, 100), (20, 110), (30, 120), (40, 130)):
        clock.now = now
        seconds = left("embedding", done, 230)
    # The first hundred went in ten seconds; since then it is one a second, and a hundred are left.
    assert seconds == 100


def test_a_new_stage_starts_anew() -> None:
    clock = Clock()
    left = TimeLeft(clock=clock)
    left("reading", 0, 10)
    clock.now = 1
    assert left("reading", 5, 10) == 1
    assert left("embedding", 0, 10) is None


def test_time_is_said_as_people_say_it() -> None:
    assert [words(s) for s in (None, 0.4, 40, 200, 7500)] == ["time left unknown", "0 s", "40 s", "3 min", "2 h 5 min"]


def test_the_bar_says_stage_counts_and_time() -> None:
    assert bar("embedding", 1234, 2468, 100) == "embedding  [##########..........]  1,234 of 2,468, 2 min left"
    assert bar("embedding", 5, 5, 0) == "embedding  [####################]  5 of 5, done"
    assert bar("loading", 0, 0, None) == "loading"


def test_where_nobody_watches_each_stage_is_one_line() -> None:
    out = io.StringIO()
    with terminal(out) as progress:
        for done in range(4):
            progress("embedding", done, 3)
        progress("drawing", 0, 1)
    assert out.getvalue() == "embedding …\ndrawing …\n"


def test_on_a_terminal_the_bar_redraws_itself_in_place() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    out = Terminal()
    with terminal(out) as progress:
        progress("embedding", 0, 2)
        progress("embedding", 2, 2)
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().endswith("[####################]  2 of 2, done\n")

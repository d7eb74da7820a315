"""The reader's arithmetic in JavaScript, run by Node: word differences, heights of rows, ranges of ticks."""

import json
import random
import subprocess

import pytest

from engine.errors import EngineError
from ui.map.bundle import HERE, npm_command

SOURCES = HERE.parent / "reader" / "src"


def node(code: str) -> object:
    """The value of some JavaScript that sees the reader's modules."""
    try:
        _, folder = npm_command()
    except EngineError as error:
        pytest.skip(str(error))
    imports = "".join(
        f"import {{ {name} }} from '{(SOURCES / file).as_uri()}';"
        for name, file in (("difference", "difference.js"), ("Heights", "heights.js"), ("Ranges", "ranges.js"))
    )
    command = [str(folder / "node"), "--input-type=module"]
    script = f"{imports}console.log(JSON.stringify((() => {{ {code} }})()));"
    return json.loads(subprocess.run(command, input=script, capture_output=True, text=True, check=True).stdout)


def differences(pairs: list[tuple[str, str]]) -> list[dict]:
    return node(f"return {json.dumps(pairs)}.map(([a, b]) => difference(a, b));")


def test_the_words_that_differ_are_marked_on_both_sides():
    found, same, empty, wide = differences(
        [
            ("how do i reset my password", "how can i reset the password"),
            ("the same", "the same"),
            ("", "new words"),
            ("héllo, wörld 😀!", "héllo, world 😀!"),
        ]
    )
    assert found["left"] == [["how ", False], ["do", True], [" i reset ", False], ["my", True], [" password", False]]
    assert found["right"] == [["how ", False], ["can", True], [" i reset ", False], ["the", True], [" password", False]]
    assert (same["left"], same["share"]) == ([["the same", False]], 1)
    assert (empty["left"], empty["right"]) == ([], [["new words", True]])
    assert [text for text, differs in wide["left"] if differs] == ["wörld"]


def test_both_sides_of_any_difference_make_up_the_texts_and_share_what_is_not_marked():
    rng = random.Random(0)
    words = ["a", "b", "c", " ", " ", "\n", ".", "word"]
    pairs = [tuple("".join(rng.choices(words, k=rng.randrange(60))) for _ in range(2)) for _ in range(80)]
    # Long ones are compared by lines first; two without a line in common are given up as different.
    long = "\n".join("".join(rng.choices(words, k=12)) for _ in range(3000))
    pairs += [(long, long.replace("word", "other", 40)), ("x y " * 40_000, "z " * 90_000)]
    for (left, right), found in zip(pairs, differences(pairs), strict=True):
        assert "".join(text for text, _ in found["left"]) == left
        assert "".join(text for text, _ in found["right"]) == right
        shared = ["".join(t for t, differs in found[side] if not differs) for side in ("left", "right")]
        # A space between two differing words is marked with them, on either side.
        assert shared[0].replace(" ", "") == shared[1].replace(" ", "")


def test_a_row_lies_where_the_heights_before_it_say():
    assert node("""
        const h = new Heights(2000, 10);
        h.set(0, 30); h.set(1500, 110);
        const before = [h.total, h.top(1), h.top(1501), h.at(0), h.at(29), h.at(30), h.at(15020 + 105), h.at(1e9)];
        h.guess(20);
        return [before, h.total, h.top(1), h.at(30)];
    """) == [[20120, 30, 15130, 0, 0, 1, 1500, 1999], 40100, 30, 1]


def test_ranges_of_ticks_join_part_and_count():
    assert node("""
        const r = new Ranges();
        r.add(0, 3); r.add(5, 8); r.add(3, 5); r.remove(1, 2); r.add(20, 21);
        return [r.parts, r.count, r.has(1), r.has(2), r.has(20), r.first(3)];
    """) == [[[0, 1], [2, 8], [20, 21]], 8, False, True, True, [0, 2, 3]]

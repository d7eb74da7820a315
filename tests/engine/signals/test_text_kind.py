"""The kind of a text: one of each, and what is easily taken for another."""

import pytest

from engine.signals import ROW_SIGNALS
from engine.signals.rules.text_kind import KINDS


def kind(text: str) -> str:
    code = int(ROW_SIGNALS["text_kind"].function([text])["text_kind"][0])
    return KINDS[code] if code >= 0 else "none"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained all day, and nobody left the house. In the evening we lit a fire and told stories.", "prose"),
        ("def f(x):\n    return x + 1\n\nprint(f(2))", "code"),
        ("#!/bin/sh\nfor file in *.txt\ndo\n  wc -l $file\ndone", "code"),
        ("SELECT name FROM people\nWHERE age >= 18;", "code"),
        ("User: How do I boil an egg?\nAssistant: Seven minutes in hot water.", "chat"),
        ("Q: Who wrote it?\nA: Nobody knows.\nQ: When?\nA: Long ago.", "chat"),
        ("name\tage\nAnn\t3\nBob\t4", "table"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "table"),
        ("id,name,size\n1,box,3\n2,bag,4", "table"),
        ("- milk\n- bread\n- two eggs", "list"),
        ("1. Wash it.\n2. Cut it.\n3. Eat it.", "list"),
        ("Red shoes", "short"),
        ("red blue green house tree sky water stone fire wind rain snow ice sun moon", "other"),
        ("", "none"),
        ("!!! ???", "none"),
        ("Dear Anna: thank you for the letter, which came today, and for the book, which I like a lot.", "prose"),
        ("What is it?\nA.\nParis is a town.\nB.\nRome is a town.\nC.\nBonn is a town in the west.", "prose"),
        ("Who came? Anna, Bob, Carl.\nWho left? Dora, Emil, Fay.\nWho stayed? Gus, Hans, Ida.", "prose"),
    ],
)
def test_each_kind_is_told(text: str, expected: str) -> None:
    assert kind(text) == expected

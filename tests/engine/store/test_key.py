"""Keys: what is written is read back the same, whatever a column is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.store.key import Key


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("characters", Key("characters")),
        ("density(k=20)@minilm", Key("density", "k=20", "minilm")),
        ("graph@minilm", Key("graph", on="minilm")),
        ("topics(kmeans_without, column=a@b)@lexical", Key("topics", "kmeans_without, column=a@b", "lexical")),
        ("topics(kmeans_without, column=a(b))@lexical", Key("topics", "kmeans_without, column=a(b)", "lexical")),
        ("strip_prefix(prefix=x)@size (m)", Key("strip_prefix", "prefix=x", "size (m)")),
        ("user@", Key("user@")),
        ("size()", Key("size()")),
        ("words (signal)", Key("words ", "signal")),
    ],
)
def test_a_key_is_read_as_it_was_meant(text: str, key: Key) -> None:
    assert Key.read(text) == key


@given(st.text("ab@() =", max_size=12))
def test_what_is_written_is_read_back_the_same(text: str) -> None:
    assert str(Key.read(text)) == text

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given
from hypothesis import strategies as st

from engine.pairs.kernels import candidates
from engine.pairs.shingling import Shingling, ready


def made_ready(texts: list[str]) -> list[str]:
    some = ready(pa.array(texts, pa.large_string()), Shingling())
    return [bytes(some.text[a:b]).decode() for a, b in zip(some.offsets[:-1], some.offsets[1:], strict=True)]


def test_only_what_is_not_yet_in_its_form_is_rewritten() -> None:
    texts = [
        "Plain ASCII",
        "“Straße” – naïve",
        "École",
        "e\u0301te\u0301",
        "half\u00a0past",
        "ﬁsh",
        "\u1112\u1161\u11ab",
    ]
    assert made_ready(texts) == [
        "Plain ASCII",
        "“Straße” – naïve",
        "école",
        "\u00e9t\u00e9",
        "half past",
        "fish",
        "\ud55c",
    ]


@given(st.lists(st.text(max_size=12), max_size=8))
def test_a_text_left_as_it_is_was_in_its_form(texts: list[str]) -> None:
    formed = pc.utf8_lower(pc.utf8_normalize(pa.array(texts, pa.large_string()), "NFKC")).to_pylist()
    folded = str.maketrans({chr(b): chr(b + 32) for b in range(65, 91)})
    assert [text.translate(folded) for text in made_ready(texts)] == formed


def test_keys_that_come_once_are_left_out_and_no_others() -> None:
    keys = np.random.default_rng(0).integers(0, 2**64, 500, dtype=np.uint64)
    keys[100:200] = keys[:100]
    found = candidates.perhaps_shared(keys, 9)
    numbers = found & np.uint64(511)
    assert set(range(200)) <= set(numbers.tolist())
    assert len(found) < 260
    np.testing.assert_array_equal(found >> np.uint64(9), keys[numbers] >> np.uint64(9))

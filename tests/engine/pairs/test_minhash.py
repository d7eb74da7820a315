"""Near repeats: every pair verified, what counts as a word, and texts that would break a careless search."""

import re
import tracemalloc
import unicodedata
from itertools import combinations
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.building import build, key_of, spec
from engine.dataset import Pairs
from engine.dataset.dataset import Dataset
from engine.errors import Cancelled, EngineError
from engine.pairs import PAIRS, grouped
from engine.pairs.shingles import near, shingling, signing
from engine.pairs.shingles.lsh import wished
from engine.pairs.shingles.shingling import Shingling
from engine.pairs.tick import silent
from engine.recipe import Recipe, Step, run
from tests.engine.small import corpus


def found(data: Dataset, **params: object) -> Pairs:
    return PAIRS["minhash"].function(data, **PAIRS["minhash"].check(params))


def shingles(text: str, size: int) -> set[tuple[str, ...]]:
    """The runs of words of a text, by the definition."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    if len(words) < size:
        return {tuple(words)} if words else {("signs", text)} if text.strip() else set()
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}


def jaccard(a: str, b: str, size: int) -> float:
    one, other = shingles(a, size), shingles(b, size)
    return len(one & other) / len(one | other) if one | other else 0.0


TEXTS = st.lists(st.lists(st.sampled_from("ab bé c? dD - 7".split()), max_size=14).map(" ".join), max_size=12)


@given(TEXTS, st.integers(1, 4))
@settings(max_examples=60, deadline=None)
def test_every_pair_has_its_true_similarity_and_none_that_is_missing_was_likely_to_be_found(
    texts: list[str], size: int
) -> None:
    values = pa.array(texts, pa.large_string())
    got = near.near(
        values.take, len(texts), Shingling("words", size), wished(0.5, 0.9999), lowest=0.5, probes=16, tick=silent
    )
    stored = dict(zip(zip(got.a.tolist(), got.b.tolist(), strict=True), got.similarity.tolist(), strict=True))
    for i, j in combinations(range(len(texts)), 2):
        true = jaccard(texts[i], texts[j], size)
        a, b = sorted((int(got.of_text[i]), int(got.of_text[j])))
        if a < 0:
            assert not texts[i].strip() or not texts[j].strip()
        elif a == b:
            assert true == 1
        elif (a, b) in stored:
            assert stored[a, b] == pytest.approx(true, abs=1e-6) and true >= 0.5
        else:
            assert true < 0.75


def test_words_are_told_in_every_script_and_case_and_punctuation_do_not_count(tmp_path: Path) -> None:
    pairs = [
        ("The quick, brown FOX", "the quick brown fox"),
        ("CAFÉ ﬁne", "cafe\u0301 fine"),
        ("pass\u00adword re\u200bset\ufe0f", "password reset"),
        ("東京は日本の首都です", "東京 は 日本 の 首都 です"),
        ("สวัสดี ครับ", "สวัสดีครับ"),
        ("नमस्ते दुनिया", "नमस्ते, दुनिया!"),
        ("שלום עולם", "שלום-עולם"),
        ("٣ أسماء", "٣  أسماء"),
    ]
    data = corpus(tmp_path, {"text": [text for pair in pairs for text in pair]})
    assert found(data).of_row.tolist() == [i // 2 for i in range(2 * len(pairs))]


def test_one_sign_changed_in_a_script_without_spaces_is_a_near_repeat(tmp_path: Path) -> None:
    text = "人工知能は人間の知的な活動を計算機によって行うための技術である"
    data = corpus(tmp_path, {"text": [text, text.replace("技術", "方法"), "今日は天気がいいですね"]})
    pairs = found(data, threshold=0.6)
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0], [1])


def test_short_texts_and_texts_of_signs_never_all_become_one(tmp_path: Path) -> None:
    texts = ["yes", "no", "?!", "...", "👍", "👎", "a b", "b a", "\u200b", "", " ", "\u00a0", None]
    nodes = found(corpus(tmp_path, {"text": texts})).of_row.tolist()
    assert nodes == [*range(9), -1, -1, -1, -1]


def test_numbers_can_count_as_the_same(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["order 17 of ٢٣ items", "order 4 of 8 items", "order of items"]})
    assert found(data).of_row.tolist() == [0, 1, 2]
    assert found(data, any_digits=True).of_row.tolist() == [0, 0, 1]


def test_a_giant_group_stores_pairs_in_proportion_to_its_rows_and_one_row_is_left(tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(120))
    texts = [words.replace("word60", f"number{i}") for i in range(1500)]
    pairs = found(corpus(tmp_path, {"text": texts}), threshold=0.8)
    assert len(pairs.first) < 1500 * 120 and pairs.notes["not_looked_at"] > 1500**2 // 4
    assert len(grouped(pairs, 0.8).repeats) == 1499


def test_a_crowd_shrinks_to_the_row_that_is_wanted_most_whichever_that_is(tmp_path: Path) -> None:
    words = " ".join(f"word{i}" for i in range(120))
    texts = [words.replace("word60", f"number{i}") for i in range(1000)]
    data = build(corpus(tmp_path, {"text": texts, "score": [i * 7 % 1000 for i in range(1000)]}), ["minhash"])
    pairs = data.pairs("minhash")
    assert pairs.crowded is not None and pairs.crowded.all()
    assert len(grouped(pairs, 0.8, np.argsort([-(i * 7 % 1000) for i in range(1000)])).repeats) < 990
    for most in (1, 3):
        params = {"pairs": "minhash", "threshold": 0.8, "by": "score", "keep": "last", "most": most}
        left = run(data, Recipe(steps=(Step("dedup", params).checked(),))).rows.tolist()  # type: ignore[arg-type]
        assert sorted(i * 7 % 1000 for i in left) == list(range(1000 - most, 1000))


def test_the_result_does_not_depend_on_threads_or_on_the_size_of_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    texts = [" ".join(f"w{v}" for v in rng.integers(0, 30, rng.integers(0, 40))) for _ in range(300)]
    texts += [t + " w1" for t in texts]
    values = pa.array(texts, pa.large_string())

    def once() -> list[list[float]]:
        got = near.near(values.take, len(texts), Shingling(), wished(0.6, 0.99), lowest=0.6, probes=4, tick=silent)
        return [part.tolist() for part in (got.of_text, got.first, got.a, got.b, got.similarity)]

    first = once()
    assert len(first[2]) > 100
    monkeypatch.setattr(shingling, "cores", lambda: 1)
    monkeypatch.setattr(near, "SHINGLES", 500)
    monkeypatch.setattr(near, "PAIRS_AT_ONCE", 7)
    assert once() == first


def test_bands_that_outgrow_memory_lie_on_disk_and_nothing_else_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pa.array([" ".join(f"w{v}" for v in range(i, i + 30)) for i in range(200)], pa.large_string())

    def once() -> tuple[list[int], list[int]]:
        got = near.near(texts.take, 200, Shingling(), wished(0.6, 0.99), lowest=0.6, probes=16, tick=silent)
        return got.a.tolist(), got.b.tolist()

    first = once()
    assert len(first[0]) > 500
    made: list[object] = []
    real = np.memmap
    monkeypatch.setattr(signing, "free_memory", lambda: 1000)
    monkeypatch.setattr(np, "memmap", lambda *a, **k: (made.append(k["shape"]), real(*a, **k))[1])
    assert once() == first
    assert made == [(19, 200), (200, 128), (200, 19)]


def test_recall_is_measured_and_said(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    texts = [" ".join(f"w{v}" for v in rng.integers(0, 1000, 60)) for _ in range(200)]
    texts += [t.rsplit(" ", 6)[0] for t in texts[:100]]
    many, few = (found(corpus(tmp_path, {"text": texts}), find=share) for share in (0.9999, 0.5))
    assert many.notes["recall"]["value"] == 1.0 and many.notes["recall"]["pairs"] == 200  # type: ignore[index]
    got, all_of_them = len(few.first), len(many.first)
    assert all_of_them == 100 and few.notes["recall"]["value"] == pytest.approx(got / 100)  # type: ignore[index]


def test_a_corpus_of_equal_rows_has_one_survivor_and_one_without_text_none_less(tmp_path: Path) -> None:
    same = build(corpus(tmp_path, {"text": ["the very same words in every row"] * 50}), ["minhash"])
    step = Step("dedup", {"pairs": "minhash", "threshold": 0.8}).checked()
    assert run(same, Recipe(steps=(step,))).rows.tolist() == [0]
    empty = build(corpus(tmp_path, {"text": ["", " ", None, ""], "n": [1, 2, 3, 4]}), ["minhash"])
    assert run(empty, Recipe(steps=(step,))).rows.tolist() == [0, 1, 2, 3]
    assert same.numbers("near_copies", np.array([7])).tolist() == [50]


def test_a_step_below_the_lowest_stored_similarity_says_the_way_out(tmp_path: Path) -> None:
    data = build(corpus(tmp_path, {"text": ["a b c d e f", "a b c d e g"]}), ["minhash"])
    low = Step("dedup", {"pairs": "minhash", "threshold": 0.6}).checked()
    with pytest.raises(EngineError, match=r"down to a similarity of 0\.7, not to 0\.6"):
        low.member.function(data, data.rows(), np.zeros(2, bool), **low.member.check(low.params))
    made = spec("pairs", "minhash", {"threshold": 0.3, "size": 2})
    again = build(data, {key_of(made): made})
    lower = Step("dedup", {"pairs": key_of(made), "threshold": 0.6}).checked()
    assert run(again, Recipe(steps=(lower,))).rows.tolist() == [0]


def test_a_long_text_and_markup_are_texts_like_others(tmp_path: Path) -> None:
    long = " ".join(f"word{i}" for i in range(600_000))
    data = corpus(tmp_path, {"text": [long, long + " more", "<script>alert(1)</script>", "a\x00b"]})
    pairs = found(data)
    assert (pairs.first.tolist(), pairs.second.tolist()) == ([0], [1]) and pairs.similarity[0] > 0.9999


def test_it_can_be_stopped(tmp_path: Path) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        PAIRS["minhash"].function(corpus(tmp_path, {"text": ["a b", "c d"]}), stop, **PAIRS["minhash"].check({}))


def test_between_rows_and_others_every_pair_is_found_exactly(tmp_path: Path) -> None:
    texts = ["a b c d e f g", "a b c d e f g h", "x y z", "", None, "a b c d e f g", "a b c d e f", "q"]
    data = corpus(tmp_path, {"text": texts})
    member = PAIRS["minhash"]
    assert member.about.across is not None
    got = member.about.across(data, member.check({"size": 2}), 0.8, np.array([0, 2, 3]), np.array([1, 4, 5, 6, 7]))
    assert sorted(map(tuple, got.T.tolist())) == [(0, 1), (0, 5), (0, 6)]


def test_between_texts_that_are_longer_in_their_compatibility_form_nothing_is_lost() -> None:
    # Each of these signs of three bytes stands for up to six letters.
    signs = np.array([chr(point) for point in range(0x3300, 0x3358)])
    rng = np.random.default_rng(0)
    texts = ["".join(rng.choice(signs, 200)) for _ in range(20)]
    rows = np.arange(20)
    got = near.between(pa.array(texts, pa.large_string()).take, rows, rows, Shingling("characters", 5), 0.9)
    assert got.tolist() == [rows.tolist(), rows.tolist()]


def test_of_code_digits_never_make_two_operators_one() -> None:
    texts = pa.array(["total = price", "total - price", "f(x1)"], pa.large_string())
    same, other = (shingling.ready(texts, Shingling("code", 5, digits)).text.tobytes() for digits in (True, False))
    assert same == other


def test_the_recall_of_a_giant_group_is_measured_without_holding_its_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    n, words = 4000, " ".join(f"word{i}" for i in range(40))
    texts = pa.array([words.replace("word20", f"number{i}") for i in range(n)], pa.large_string())
    monkeypatch.setattr(shingling, "cores", lambda: 1)
    got = near.near(texts.take, n, Shingling(), wished(0.7, 0.99), lowest=0.7, probes=4, tick=silent)
    tracemalloc.start()
    recall = near.recall_of(texts.take, got, Shingling(), 0.7, silent)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert recall.pairs == near.SAMPLE * (n - 1)
    assert peak < recall.pairs * 16  # the bytes of a pair

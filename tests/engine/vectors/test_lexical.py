"""The lexical embedder: words, weights, directions; no model."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from engine.vectors.embedders import EMBEDDERS
from engine.vectors.embedders.lexical import Lexical, LexicalModel, count_terms, strongest, terms, weighed
from engine.vectors.embedders.usable import similarity
from indexes.grid import to_grid

ROOT = Path(__file__).resolve().parents[3]
TEXTS = [
    "red apples and green apples",
    "green apples on a red table",
    "the ship sails on the sea",
    "a ship on a stormy sea",
    "東京は日本の首都です",
    "京都は日本の古い首都です",
]


def fitted(texts: list[str], dimensions: int = 5) -> LexicalModel:
    embedder = EMBEDDERS["lexical"].function(dimensions=dimensions)
    assert isinstance(embedder, Lexical)
    return embedder.ready(embedder.fit(texts, lambda done: None))


def grid(model: LexicalModel, texts: list[str]) -> np.ndarray:
    return to_grid(model.embed(texts, [-1] * len(texts), 0.5, lambda done: None).vectors)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Red  apples!", ["red", "apples", "red apples"]),
        ("don't", ["don", "t", "don t"]),
        ("東京都 Tokyo", ["東", "京", "都", "tokyo", "東京", "京都"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा", "हिन्दी भाषा"]),
        ("ＡＢＣ straße", ["abc", "strasse", "abc strasse"]),
        ("... !?", []),
    ],
)
def test_terms_are_words_and_pairs_and_characters_where_there_are_no_spaces(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


def test_a_count_is_damped_and_a_common_term_weighs_less() -> None:
    counts = csr_matrix(np.array([[4.0, 1.0], [0.0, 2.0]]))
    found = weighed(counts, np.array([0, 1]), np.array([2.0, 1.0])).toarray()
    row = np.array([2 * (1 + np.log(4)), 1.0])
    assert np.allclose(found, [row / np.sqrt((row * row).sum()), [0.0, 1.0]])


def test_directions_are_those_of_a_full_svd() -> None:
    dense = np.random.default_rng(0).standard_normal((40, 12))
    found = strongest(csr_matrix(dense), 3, 0)
    _, _, right = np.linalg.svd(dense)
    assert found.shape == (12, 3)
    assert np.allclose(np.abs((right[:3] * found.T).sum(axis=1)), 1)
    assert (found[np.abs(found).argmax(axis=0), range(3)] > 0).all()


def test_texts_that_share_words_are_near_and_others_are_far() -> None:
    found = similarity(*[grid(fitted(TEXTS, 4), TEXTS)] * 2)
    for a, b in ((0, 1), (2, 3), (4, 5)):
        others = [i for i in range(6) if i not in (a, b)]
        assert found[a, b] > 0.4 + found[a, others].max()


def test_texts_without_a_known_word_lie_together_and_apart_from_all_others() -> None:
    found = grid(fitted(TEXTS), ["xylophone", "?!", "red apples"])
    assert similarity(found, found)[:2].tolist() == [[1, 1, 0], [1, 1, 0]]


def test_one_text_and_no_text_can_be_embedded() -> None:
    assert grid(fitted(["one"]), ["one"]).tolist() == [[2048, 0]]
    assert grid(fitted([]), ["one"]).tolist() == [[2048]]


def test_counting_reports_how_far_it_is() -> None:
    seen: list[int] = []
    count_terms(["a"] * 1500, seen.append)
    assert seen == [1024, 1500]


def test_the_vectors_are_the_same_with_one_thread_and_with_two() -> None:
    code = (
        "import hashlib, sys; sys.path.insert(0, '.');"
        "from tests.engine.vectors.test_lexical import fitted, grid;"
        "texts = [f'{w} {x} {y}' for w in 'abcdefgh' for x in 'klmnopqr' for y in 'stuv'];"
        "print(hashlib.sha256(grid(fitted(texts, 32), texts).tobytes()).hexdigest())"
    )
    found = set()
    for threads in ("1", "2"):
        env = os.environ | {k: threads for k in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_the_column_of_a_term_is_frozen() -> None:
    # Stored weights name these columns: another hash would need another version of the embedder.
    counts = count_terms(["red apples red"], lambda done: None)
    assert counts.indices.tolist() == [242146, 585290, 659703, 1038595]
    assert counts.data.tolist() == [1.0, 1.0, 1.0, 2.0]

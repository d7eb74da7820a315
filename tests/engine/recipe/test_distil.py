"""Ranks of a sample, learned by a classifier: what it finds is known beforehand."""

from collections.abc import Callable

import numpy as np
import pytest

from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import opened
from engine.recipe import Distilled, distil, distilled, examples_ref
from tests.engine.small import corpus, embedded


@pytest.fixture
def talk(tmp_path) -> Dataset:
    """400 different texts, a tenth of them about boats in words and by vector, the rest about bread."""
    rng = np.random.default_rng(0)
    boats = np.arange(400) % 10 == 0
    words = {True: "sail mast harbour keel rope deck".split(), False: "flour oven crust yeast dough loaf".split()}
    texts = [f"{' '.join(rng.choice(words[bool(b)], 5))} {i}" for i, b in enumerate(boats)]
    vectors = np.eye(12)[np.where(boats, 0, 1)] + rng.normal(0, 0.1, (400, 12))
    return embedded(corpus(tmp_path, {"text": texts, "boats": boats.tolist()}), vectors, graph=False, model="m")


@pytest.mark.parametrize("of", ["words", "vectors"])
def test_what_ranks_high_in_a_sample_is_found_in_all(talk, of):
    wanted = examples_ref(talk, "boats", {}, rows={"boats": np.arange(0, 200, 10)}, embedding="given")
    found = distilled(talk, wanted, embedding="given", of=of, sample=300, top=4.0)
    assert found.sample == 300 and found.liked == 12 and found.held_out == 60 and found.by_set == {"boats": 12}
    assert found.overlap >= 0.5 and found.by_chance == 0.04
    model = opened(talk, found.model.ref, "classifier")
    if of == "words":
        from engine.models import counts, said

        told = model.of_words(counts(said(talk.texts(talk.rows()))))
    else:
        told = model.of_vectors(talk.embedding("given").floats(talk.embedding("given").texts.of_row))
    boats = talk.numbers("boats") == 1
    assert told[boats].min() > told[~boats].max()
    assert Distilled.of(found.model) == found and found.model.name == "like boats"
    assert found.json() == distilled(talk, wanted, embedding="given", of=of, sample=300, top=4.0).json()


def test_without_an_embedding_the_sample_alone_is_embedded(talk, monkeypatch: pytest.MonkeyPatch):
    asked: list[int] = []

    def fake(texts: list[str], progress: Callable[..., None]) -> np.ndarray:
        asked.append(len(texts))
        return np.array([[2048, 0] if "sail" in text or "deck" in text else [0, 2048] for text in texts], np.int16)

    monkeypatch.setattr(distil, "embed_alone", fake)
    bare = corpus(talk.store.folder.parent, {"text": talk.texts(talk.rows())})
    wanted = examples_ref(bare, "boats, in all", {"boats": ["sail and deck"]})
    found = distilled(bare, wanted, sample=200, top=5.0)
    assert asked == [201] and found.overlap >= 0.5 and found.model.name == "like boats in all"
    with pytest.raises(EngineError, match="needs an embedding of all rows"):
        distilled(bare, wanted, of="vectors")
    with pytest.raises(EngineError, match="Of 40 texts 5 % are 2, too few"):
        distilled(bare, wanted, sample=40, top=5.0)
    assert asked == [201]  # said before anything is embedded
    with pytest.raises(EngineError, match="Only 2 different texts"):
        two = corpus(talk.store.folder.parent, {"text": ["a", "b", "c"]})
        distilled(two, examples_ref(two, "two", {"two": ["c"]}))

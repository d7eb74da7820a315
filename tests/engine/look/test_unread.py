"""Findings where the model behind an embedding does not read the corpus."""

from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.look.findings import findings, rows_behind
from engine.look.findings.unread import of_embeddings
from engine.store.artefact_identity import Origin
from engine.store.spec import Spec
from engine.vectors.model_card import languages, languages_said, unknown_share
from tests.engine.signals.test_tokenizer_file import tokenizer
from tests.engine.small import corpus

ENGLISH = "The library keeps every letter, and nobody knows why the archive was opened in that year, number"
GERMAN = "Die Bibliothek bewahrt jeden Brief auf, und niemand weiß, warum das Archiv geöffnet wurde, Nummer"
CODE = "def add(a, b):\n    return a + b\n\n\nfor i in range(10):\n    print(add(i, 1))\n# number "


def embedded(folder: Path, texts: list[str], cut: list[int], member: str = "sentence") -> Dataset:
    """A dataset with vectors as the model that comes with Winnow leaves them. cut: where it stops reading, or -1."""
    data = corpus(folder, {"text": texts})
    n = len(texts)
    arrays = {"of_row": np.arange(n, dtype=np.int32), "first": np.arange(n), "count": np.ones(n, np.int32)}
    below = data.store.publish("texts", Origin(Spec("texts"), data.fingerprint), arrays)
    origin = Origin(Spec("embedding", member, params={"model": ""}), data.fingerprint, None, {"texts": below.identity})
    held = {"grid": np.ones((n, 2), np.int16), "tokens": np.full(n, 300, np.int32), "cut": np.array(cut, np.int32)}
    data.store.publish("minilm", origin, held, {"truncated": {"limit": 256}})
    return Dataset.load(data.store)


def test_rows_of_which_the_model_reads_the_beginning_only_are_counted(tmp_path: Path) -> None:
    data = embedded(tmp_path, [f"{ENGLISH} {i}" for i in range(10)], [-1] * 6 + [900] * 4)
    (found,) = of_embeddings(data)
    assert found.what == "The model of 'minilm' reads only the beginning of 4 rows (40%). It reads 256 tokens."
    assert rows_behind(data, found).tolist() == [6, 7, 8, 9] and "reads more" in found.evidence[0]
    assert not list(of_embeddings(embedded(tmp_path, [f"{ENGLISH} {i}" for i in range(20)], [-1] * 19 + [900])))


def test_another_language_and_code_are_told_with_the_remedy_and_stand_among_the_findings(tmp_path: Path) -> None:
    kinds = [(ENGLISH, 12), (GERMAN, 4), (CODE, 4)]
    texts = [f"{text} {i}" for text, rows in kinds for i in range(rows)]
    data = embedded(tmp_path, texts, [-1] * 20)
    language, code = of_embeddings(data)
    assert "was made for en; 4 rows of 16 looked at are in another language (de 4)" in language.what
    assert rows_behind(data, language).tolist() == [12, 13, 14, 15] and "multilingual" in language.evidence[0]
    assert rows_behind(data, code).tolist() == [16, 17, 18, 19] and "model of code" in code.evidence[0]
    assert {f.id for f in findings(data)} >= {"unread language/minilm", "unread code/minilm"}


def test_signs_that_the_tokenizer_does_not_know_are_told(tmp_path: Path) -> None:
    tokenizer(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    made = Spec("embedding", "sentence", params={"model": ""})
    share = unknown_share(made, ["hello world", "🙂 🙂"])
    assert share == pytest.approx(2 / 4)
    assert unknown_share(made, ["hello " * 1000 + "🙂 " * 1000]) == 0  # of a long text the beginning
    data = embedded(tmp_path, [f"🙂🙂🙂 🙂 {i}" for i in range(5)], [-1] * 5)
    assert [f.id for f in of_embeddings(data)] == ["unread signs/minilm"]


def test_vectors_that_stand_on_no_model_of_texts_give_no_finding(tmp_path: Path) -> None:
    data = embedded(tmp_path, [f"{GERMAN} {i}" for i in range(5)], [-1] * 5, member="lexical")
    assert not list(of_embeddings(data))


def test_the_languages_of_a_model_are_read_from_the_head_of_its_readme() -> None:
    assert languages_said("---\nlanguage: en\n---\n# x") == {"en"}
    assert languages_said("---\ntags:\n- x\nlanguage:\n- en\n- de\nlicense: mit\n---") == {"en", "de"}
    assert languages_said("---\nlanguage:\n- multilingual\n- en\n---") == frozenset()
    assert languages_said("---\nlicense: mit\n---\nlanguage: en") == frozenset()
    assert languages(Spec("embedding", "sentence", params={"model": ""})) == {"en"}

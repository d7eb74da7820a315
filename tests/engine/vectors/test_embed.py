"""Embedding: chunks that survive a kill, reuse by the text's hash, previews, queries; with the lexical embedder."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.dataset.record import change_record
from engine.errors import Cancelled, EngineError
from engine.registry import Json
from engine.store.artefact import Artefact
from engine.store.files import alone
from engine.store.spec import Spec
from engine.text.row_text import TextView
from engine.vectors import chunks, query
from engine.vectors.chunks import Plan, Purpose, planned, read_plan
from engine.vectors.embed import embed as embed_
from engine.vectors.embedders._protocols import Embedded, Tick
from engine.vectors.embedders.lexical import Lexical, LexicalModel
from tests.engine.small import corpus, next_revision

ROOT = Path(__file__).resolve().parents[3]
WORDS = "rain river stone bread wolf lamp ship glass moon salt".split()
SMALL: dict[str, Json] = {"dimensions": 8}
PURPOSE = Purpose("minilm", "0123", 10, 384)
LEXICAL, MINILM = Spec("embedding", "lexical", params=SMALL), Spec("embedding", "sentence")


def sentences(n: int) -> list[str]:
    return [" ".join(WORDS[(i * k + i // 7) % 10] for k in range(1, 9)) + f" {i % (n - n // 10)}" for i in range(n)]


def embed(data: Dataset, **more: Json) -> Artefact:
    return embed_(data, replace(LEXICAL, params=SMALL | more), "lexical")


def test_each_distinct_text_has_one_exact_unit_vector(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["red apples", "a ship at sea", "red apples", "", "green apples"]})
    made = embed(data)
    vectors = Dataset.load(data.store).embedding("lexical")
    assert vectors.grid.dtype == np.int16
    assert len(vectors.grid) == 3
    assert vectors.texts.of_row.tolist() == [0, 1, 0, -1, 2]
    assert np.abs(np.linalg.norm(vectors.floats(slice(None)), axis=1) - 1).max() < 0.01
    assert made.array("tokens").tolist() == [3, 7, 3]
    assert made.array("cut").tolist() == [-1, -1, -1]
    assert made.notes["texts"] == 3
    assert made.origin.rows == data.fingerprint
    assert made.spec.member == "lexical"


@pytest.mark.parametrize("texts", [[], ["", None], ["one"]])
def test_few_or_no_texts_are_no_trouble(tmp_path: Path, texts: list[str]) -> None:
    made = embed(corpus(tmp_path, {"text": texts}))
    assert len(made.array("grid")) == sum(bool(t) for t in texts)


def test_embedding_again_finds_what_is_there(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a b", "b c"]})
    first = embed(data)
    stages: list[str] = []
    again = embed_(data, LEXICAL, "lexical", lambda stage, done, total: stages.append(stage))
    assert (again.identity, stages) == (first.identity, [])
    assert embed(data, seed=1).identity != first.identity


def test_the_text_that_a_person_searches_for_is_embedded_by_the_same_model(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["red apples", "a ship at sea", "green apples"]})
    embed(data)
    data = Dataset.load(data.store)
    assert np.array_equal(query.embed_texts(data, "lexical", ["a ship at sea"])[0], data.embedding("lexical").grid[1])
    with pytest.raises(EngineError, match="the text is empty"):
        query.embed_texts(data, "lexical", [" "])


class Stopped:
    """Progress that stops the work after so many calls in the stage of embedding."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage == "embedding":
            self.calls -= 1
            if self.calls < 0:
                raise Cancelled("stopped")


def test_what_was_finished_when_it_was_stopped_is_not_done_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lexical, "chunk", 10)
    data = corpus(tmp_path, {"text": sentences(100)})
    whole = embed(corpus(tmp_path, {"text": sentences(100)}))
    with pytest.raises(Cancelled):
        embed_(data, LEXICAL, "lexical", Stopped(9))
    (identity,) = chunks.unfinished(data.store)
    plan = read_plan(data.store.workbenches("embedding")[identity])
    assert plan is not None
    before = plan.done()
    assert 0 < len(before) < plan.chunks
    seen: list[int] = []
    real = LexicalModel.embed

    def counted(
        self: LexicalModel,
        texts: Sequence[str],
        breaks: Sequence[int],
        share: float,
        tick: Tick,
        *,
        query: bool = False,
    ) -> Embedded:
        seen.append(len(texts))
        return real(self, texts, breaks, share, tick)

    monkeypatch.setattr(LexicalModel, "embed", counted)
    resumed = embed(data)
    assert len(seen) == plan.chunks - len(before)
    assert np.array_equal(resumed.array("grid"), whole.array("grid"))
    assert chunks.unfinished(data.store) == []


def test_a_preview_is_a_fair_sample_of_what_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Lexical, "chunk", 10)
    data = corpus(tmp_path, {"text": sentences(100)})
    with pytest.raises(Cancelled):
        embed_(data, LEXICAL, "lexical", Stopped(5))
    (identity,) = chunks.unfinished(data.store)
    preview = chunks.embedded_so_far(data.store, identity)
    assert preview is not None
    assert (preview.purpose.key, preview.purpose.total, len(preview.numbers)) == ("lexical", 100, 20)
    assert preview.numbers.min() < 30
    assert preview.numbers.max() > 60
    whole = embed(data)
    assert np.array_equal(preview.grid, whole.array("grid")[preview.numbers])
    assert chunks.embedded_so_far(data.store, identity) is None


def test_two_processes_do_not_do_the_same_work_twice(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": sentences(60)})
    made = embed(corpus(tmp_path, {"text": sentences(60)}))  # the same corpus elsewhere tells the identity
    folder = data.store.workbench("embedding", made.origin.asked.identity)

    def impatient(stage: str, done: int, total: int) -> None:
        if "another process" in stage:
            raise Cancelled(stage)

    with (
        alone(folder / ".lock", lambda: None),
        pytest.raises(Cancelled, match="waiting for another process that embeds this"),
    ):
        embed_(data, LEXICAL, "lexical", impatient)
    assert embed_(data, LEXICAL, "lexical", impatient).identity == made.identity


def test_a_plan_is_kept_as_it_was_first_written(tmp_path: Path) -> None:
    nothing = np.zeros((0, 3), np.int64)
    first = planned(tmp_path, 4, PURPOSE, lambda: (nothing, ()))
    assert sorted(first.todo.tolist()) == list(range(10))
    assert [len(first.texts(c)) for c in range(first.chunks)] == [4, 4, 2]
    again = planned(tmp_path, 3, PURPOSE, lambda: pytest.fail("a plan is there"))
    assert again.size == 4
    assert again.purpose == PURPOSE
    assert np.array_equal(again.todo, first.todo)


class OneHot:
    """A model for arithmetic: a text of one digit is the axis of that number; its vector depends on nothing else."""

    source: dict[str, Json] = {"model": "one hot"}
    chunk = 2
    facts: dict[str, Json] = {"runtime": "test"}
    notes: dict[str, Json] = {}
    dimension = 10
    limit = 4
    asked: list[str] = []
    heard: list[tuple[list[int], float]] = []

    def load(self, like: dict[str, Json] | None = None) -> "OneHot":
        return self

    def embed(
        self, texts: Sequence[str], breaks: Sequence[int], share: float, tick: Tick, *, query: bool = False
    ) -> Embedded:
        OneHot.asked += texts
        OneHot.heard.append((list(breaks), share))
        vectors = np.eye(10)[[int(t[-1]) for t in texts]]
        length = np.array([len(t) for t in texts], np.int32)
        return Embedded(vectors, length, np.where(length > 4, 4, -1).astype(np.int32))


@pytest.fixture
def one_hot(monkeypatch: pytest.MonkeyPatch) -> type[OneHot]:
    def sentence(*, model: str = "") -> OneHot:
        """A model for arithmetic {model}."""
        return OneHot()

    from engine.registry import Registry

    monkeypatch.setattr(import_module("engine.vectors.embed"), "EMBEDDERS", Registry("embedder", [sentence]))
    OneHot.asked, OneHot.heard = [], []
    return OneHot


def axes(artefact: Artefact) -> list[int]:
    return artefact.array("grid").argmax(axis=1).tolist()


def test_an_appended_source_keeps_the_vectors_that_are_there_and_embeds_the_new_texts(
    tmp_path: Path, one_hot: type[OneHot]
) -> None:
    data = corpus(tmp_path, {"text": ["5", "3", "5", "1"]})
    first = embed_(data, MINILM, "minilm")
    assert axes(first) == [5, 3, 1]
    one_hot.asked = []
    data = next_revision(data, ["5", "3", "5", "1", "7", "3", "2"])
    second = embed_(data, MINILM, "minilm")
    assert axes(second) == [5, 3, 1, 7, 2]
    assert sorted(one_hot.asked) == ["2", "7"]
    assert isinstance(second.array("grid"), np.memmap)
    data.store.remove("embedding", first.identity)
    second.verify()
    assert axes(second) == [5, 3, 1, 7, 2]
    third = embed_(next_revision(data, ["5", "3", "5", "1", "7", "3", "2", "9"]), MINILM, "minilm")
    assert axes(third) == [5, 3, 1, 7, 2, 9]
    assert isinstance(third.array("grid"), np.memmap)


def test_an_edited_source_takes_known_texts_wherever_they_stand(tmp_path: Path, one_hot: type[OneHot]) -> None:
    data = corpus(tmp_path, {"text": ["5", "3", "1"]})
    embed_(data, MINILM, "minilm")
    one_hot.asked = []
    made = embed_(next_revision(data, ["8", "1", "5"]), MINILM, "minilm")
    assert axes(made) == [8, 1, 5]
    assert one_hot.asked == ["8"]
    assert (made.notes["reused"], len(made.arrays["grid"])) == (2, 1)


def test_only_the_texts_that_are_left_need_no_work_at_all(tmp_path: Path, one_hot: type[OneHot]) -> None:
    data = corpus(tmp_path, {"text": ["5", "3", "1"]})
    embed_(data, MINILM, "minilm")
    one_hot.asked = []
    made = embed_(next_revision(data, ["1", "5"]), MINILM, "minilm")
    assert (axes(made), one_hot.asked) == ([1, 5], [])


def test_vectors_of_another_model_are_not_taken(
    tmp_path: Path, one_hot: type[OneHot], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = corpus(tmp_path, {"text": ["5"]})
    embed_(data, MINILM, "minilm")
    monkeypatch.setattr(one_hot, "facts", {"runtime": "another"})
    made = embed_(next_revision(data, ["5", "1"]), MINILM, "minilm")
    assert made.notes["reused"] == 0


def test_how_much_the_model_does_not_read_is_counted_in_texts_and_rows(tmp_path: Path, one_hot: type[OneHot]) -> None:
    data = corpus(tmp_path, {"text": ["aaaaaa1", "2", "aaaaaa1", "aaaaaaaa3"]})
    made = embed_(data, MINILM, "minilm")
    assert made.notes["truncated"] == {"limit": 4, "texts": 2, "rows": 3, "longest": 9, "median_over": 4}
    assert made.array("cut").tolist() == [4, -1, 4]


def test_a_pair_tells_the_model_where_the_answer_begins_and_its_share(tmp_path: Path, one_hot: type[OneHot]) -> None:
    data = corpus(tmp_path, {"q": ["why", "who"], "a": ["because 1", "me 2"]}, text="q")
    view = TextView("pair", ("q", "a"), share=0.25)
    change_record(data.store, lambda record: replace(record, text_view=view))
    made = embed_(Dataset.load(data.store), MINILM, "minilm")
    assert one_hot.heard == [([5, 5], 0.25)]
    assert made.origin.facts["model"] == {"runtime": "test", "share": 0.25}


def test_a_vector_that_is_no_direction_is_refused_with_its_row(
    tmp_path: Path, one_hot: type[OneHot], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: OneHot, texts: Sequence[str], *more: object) -> Embedded:
        return Embedded(np.full((len(texts), 10), np.nan), np.ones(len(texts), np.int32), np.ones(len(texts), np.int32))

    monkeypatch.setattr(one_hot, "embed", broken)
    with pytest.raises(EngineError, match=r"vector of row \d holds NaN"):
        embed_(corpus(tmp_path, {"text": ["1", "2"]}), MINILM, "minilm")


CHILD = """
import sys
from importlib import import_module
from engine.dataset import Dataset
from engine.vectors.embedders.lexical import Lexical
from engine.store import Spec, Store

Lexical.chunk = 40
embedding = import_module("engine.vectors.embed")
real = embedding.write_chunk

def noted(plan, chunk, result):
    real(plan, chunk, result)
    with open(sys.argv[2], "a") as log:
        log.write(f"{chunk}\\n")

embedding.write_chunk = noted
made = Spec("embedding", "lexical", params={"dimensions": 8})
embedding.embed(Dataset.load(Store(sys.argv[1])), made, "lexical")
"""


def test_killed_at_random_moments_the_vectors_are_those_of_an_unbroken_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Lexical, "chunk", 40)
    texts = sentences(2000)
    whole = embed(corpus(tmp_path, {"text": texts}))
    data = corpus(tmp_path, {"text": texts})
    log = tmp_path / "chunks.txt"
    started: set[str] = set()
    dice = random.Random(5)
    for moment in (*sorted(dice.sample(range(1, 45), 2)), None):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(data.store.folder), str(log)], cwd=ROOT)
        while moment and child.poll() is None and len(log.read_text().split() if log.exists() else ()) < moment:
            time.sleep(0.001)
        if moment:
            os.kill(child.pid, signal.SIGKILL)
        assert child.wait(60) == (-signal.SIGKILL if moment else 0)
        written = log.read_text().split()
        assert len(set(written)) == len(written), "a finished chunk was done again"
        started |= set(written)
    made = Dataset.load(data.store).artefact("embedding", "lexical")
    assert made.identity == whole.identity
    for name in ("grid", "tokens", "cut"):
        assert np.array_equal(made.array(name), whole.array(name))
    assert len(started) == Plan(tmp_path, np.arange(len(made.array("grid"))), 40, np.zeros((0, 3)), (), PURPOSE).chunks

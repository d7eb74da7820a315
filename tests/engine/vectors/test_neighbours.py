"""The index and the graph of an embedding: one process at a time, and whole or not at all."""

from pathlib import Path

import numpy as np
import pytest

from engine.building.build import build
from engine.building.spec import spec
from engine.errors import Cancelled
from engine.store.artefact_identity import Origin
from engine.store.files import alone
from engine.vectors.neighbours import _resumed
from tests.engine.small import circle, corpus, embedded


@pytest.mark.parametrize("left", [0, 5, 90])
def test_an_array_that_a_kill_cut_off_is_made_again(tmp_path: Path, left: int) -> None:
    path = tmp_path / "a.npy"
    np.save(path, np.ones((2, 2), np.int32))
    path.write_bytes(path.read_bytes()[:left])
    assert _resumed(path, (2, 2), np.int32).tolist() == [[0, 0], [0, 0]]


def test_an_array_that_is_whole_goes_on_from_where_it_was(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.ones((2, 2), np.int32))
    assert _resumed(tmp_path / "a.npy", (2, 2), np.int32).tolist() == [[1, 1], [1, 1]]


def test_a_second_process_waits_for_the_graph_that_a_first_one_builds(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": ["a", "b", "c"]}), circle([0, 10, 90]), graph=False)
    graph = spec("graph", on="given")
    said: list[str] = []

    def stop(stage: str, done: int, total: int) -> None:
        said.append(stage)
        raise Cancelled("stopped while waiting")

    vectors = data.embedding("given")
    below = {"embedding": vectors.identity, "texts": vectors.texts.identity}
    bench = data.store.workbench("graph", Origin(graph, data.fingerprint, None, below).identity)
    with alone(bench / ".lock", lambda: None), pytest.raises(Cancelled):
        build(data, {"graph@given": graph}, stop)
    assert said == ["waiting for another process that finds neighbours"]
    assert build(data, {"graph@given": graph}).graph("given").neighbours[:, 0].tolist() == [1, 0, 1]
    assert not bench.exists()

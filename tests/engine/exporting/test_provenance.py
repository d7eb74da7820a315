"""What a model finds likely against the order of an export: nothing where it knows nothing of it, else a tiny p."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy.stats import kstest, spearmanr

from engine.errors import EngineError
from engine.exporting import Manifest, provenance, verify
from engine.exporting.export import export
from engine.exporting.provenance import spearman
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from tests.engine.small import corpus

NONE = np.zeros((300, 0))


def test_p_of_a_model_that_knows_nothing_is_even_and_a_planted_order_is_found():
    rng = np.random.default_rng(0)
    places = np.arange(300.0)
    found = [spearman(places, rng.normal(size=300), NONE) for _ in range(300)]
    assert kstest([p for _, p in found], "uniform").pvalue > 0.05
    value = rng.normal(size=300)
    assert spearman(places, value, NONE) == pytest.approx(tuple(spearmanr(places, value)), abs=1e-12)
    assert spearman(places, value + places / 100, NONE)[1] < 1e-8


def test_what_another_model_tells_is_taken_out_first():
    rng = np.random.default_rng(1)
    places, hard = np.arange(300.0), rng.normal(size=300)
    value = 30 * hard + places / 100 + 0.1 * rng.normal(size=300)  # the order is hidden under how hard each text is
    assert spearman(places, value, NONE)[1] > 0.001
    assert spearman(places, value, hard[:, None])[1] < 1e-5
    with pytest.raises(EngineError, match="all told by the columns"):
        spearman(places, hard, hard[:, None])


def test_the_manifest_says_how_the_order_came_about_and_an_export_is_tested_by_it(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"n": list(range(60))})
    out = tmp_path / "out"
    export(run(data, Recipe(steps=(Step("random", {"budget": 40, "seed": 7}).checked(),))), out)
    order = Manifest.read(out).order
    assert (order.step, order.do, order.seed, order.shuffled) == (1, "random", 7, True)
    assert "(random, seed 7)" in (out / "README.md").read_text() and verify(out).ok
    keys = pq.read_table(out / "kept.parquet").column("key").to_pylist()
    lines = [f"{key},{-5 + i / 50:.3f}" for i, key in enumerate(keys)]
    (tmp_path / "by_key.csv").write_text("\n".join(["key,loglik", *sorted(lines)[:30]]))
    found = provenance(out, tmp_path / "by_key.csv", "loglik", key="key")
    assert (found.rows, found.correlation, found.shuffled) == (30, 1.0, True) and found.p < 1e-12
    assert "would hardly show that" in found.text()[-1]
    with pytest.raises(EngineError, match="--key"):
        provenance(out, tmp_path / "by_key.csv", "loglik")
    (tmp_path / "whole.csv").write_text("\n".join(["loglik", *[str(i % 7) for i in range(40)]]))
    assert provenance(out, tmp_path / "whole.csv", "loglik").p > 0.1
    plain = tmp_path / "plain"
    export(run(data, Recipe()), plain)
    assert not Manifest.read(plain).order.shuffled and "in the source" in Manifest.read(plain).order.sentence()

"""Topics that were changed by hand travel with a recipe."""

import json
import random
from pathlib import Path

import numpy as np

from engine.building.build import build
from engine.building.key_names import key_of
from engine.building.spec import spec
from engine.commands.cli import main
from engine.exporting import needs
from engine.opening.open import open_source
from engine.recipe import snapshots
from engine.recipe.recipe import Recipe
from engine.recipe.run import run
from engine.topics import editing

THEMES = (
    "tide harbour sail anchor reef",
    "flour oven butter yeast crust",
    "comet orbit planet lens nebula",
    "root leaf bloom hedge soil",
)


def test_a_recipe_on_topics_that_were_merged_by_hand_gives_the_same_rows_from_the_source(
    tmp_path: Path, capsys
) -> None:
    draw = random.Random(1)
    source = tmp_path / "themes.jsonl"
    lines = [{"text": f"{' '.join(draw.choice(THEMES[i % 4].split()) for _ in range(8))} n{i}"} for i in range(120)]
    source.write_text("".join(json.dumps(line) + "\n" for line in lines))
    data = open_source(source, tmp_path / "here")
    lexical = spec("embedding", "lexical", {"dimensions": 8})
    key = key_of(lexical)
    found = spec("topics", "kmeans", {"topics": 4}, on=key)
    data = build(data, {key: lexical, key_of(found): found})
    data = editing.merge(data, key_of(found), [0, 1])
    merged = data.topics(key_of(found))
    recipe = Recipe(name="merged").with_step(snapshots.topic_step(data, key_of(found), [0]))
    here = run(data, recipe).rows
    assert len(here) == int((merged.topic == 0).sum()) > 0
    assert len(np.unique(merged.topic)) == 3

    whole = needs.completed(data, recipe)
    (tmp_path / "recipe.json").write_text(whole.text())
    (tmp_path / "refs").mkdir()
    for path in (data.store.folder / "refs").glob("*.json") if (data.store.folder / "refs").exists() else ():
        (tmp_path / "refs" / path.name).write_bytes(path.read_bytes())
    out = tmp_path / "out"
    code = main(
        [
            "run",
            str(tmp_path / "recipe.json"),
            str(source),
            "--out",
            str(out),
            "--workspace",
            str(tmp_path / "there"),
            "--quiet",
        ]
    )
    assert code == 0, capsys.readouterr().err
    import pyarrow.parquet as pq

    assert pq.read_table(out / "kept.parquet").column("row").to_pylist() == here.tolist()

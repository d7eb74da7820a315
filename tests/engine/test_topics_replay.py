"""Topics that were changed by hand travel with a recipe."""

import json
import random
from pathlib import Path

import numpy as np

from engine import build, refs, replay, specs, topics
from engine.cli import main
from engine.opening import open_source
from engine.recipe import Recipe

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
    lexical = specs.spec("embedding", "lexical", {"dimensions": 8})
    key = specs.key_of(lexical)
    found = specs.spec("clusters", "kmeans", {"topics": 4}, on=key)
    data = build.build(data, {key: lexical, specs.key_of(found): found})
    data = topics.merge(data, specs.key_of(found), [0, 1])
    merged = data.topics(specs.key_of(found))
    recipe = Recipe(name="merged").with_step(refs.topic_step(data, specs.key_of(found), [0]))
    here = replay.run(data, recipe).rows
    assert len(here) == int((merged.topic == 0).sum()) > 0
    assert len(np.unique(merged.topic)) == 3

    whole = specs.completed(data, recipe)
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

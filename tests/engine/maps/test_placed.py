from pathlib import Path

import numpy as np

from engine.building.build import build
from engine.building.spec import spec
from engine.dataset.dataset import Dataset
from engine.jobs.reporter import Reporter
from engine.jobs.work import WORK
from engine.maps.placed import place_on_old_map, placed_sentence, places_by_neighbours
from tests.engine.small import corpus, next_revision

NOWHERE = (np.nan, np.nan)


def test_a_new_text_lies_amid_the_three_of_its_neighbours_that_lie_together():
    xy = np.array([(0, 0), (3, 0), (0, 3), (90, 90), NOWHERE])
    neighbours = np.array([[1], [0], [0], [0], [3]]).repeat(4, axis=1)
    neighbours[4] = [3, 0, 1, 2]
    assert places_by_neighbours(xy, neighbours)[4].tolist() == [1, 1]


def test_texts_whose_neighbours_are_new_follow_and_those_without_lie_in_the_middle():
    xy = np.array([(2, 4), NOWHERE, NOWHERE, NOWHERE])
    neighbours = np.array([[-1], [2], [0], [-1]])
    assert places_by_neighbours(xy, neighbours).tolist() == [[2, 4]] * 4
    assert places_by_neighbours(np.full((2, 2), np.nan), np.array([[1], [0]])).tolist() == [[0, 0]] * 2


def test_after_an_append_known_rows_stay_and_new_ones_are_placed_marked_and_drawn_anew_when_asked(tmp_path: Path):
    texts = [f"{word} stone {i}" for i, word in enumerate(["rain", "wolf", "moon", "salt"] * 4)]
    drawn = spec("map", "pca", on="lexical")
    wanted = {"lexical": spec("embedding", "lexical", {"dimensions": 4}), "pca@lexical": drawn}
    before = build(corpus(tmp_path, {"text": texts}), wanted)
    old = before.map("pca@lexical")
    data = build(
        next_revision(before, [*texts, "rain stone", "wolf stone", "rain stone"]), {"lexical": wanted["lexical"]}
    )
    items = [[key, made.json()] for key, made in wanted.items()]
    report = Reporter(tmp_path)
    WORK["build"](data.store, {"items": items, "place": True}, report)
    placed = Dataset.load(data.store)
    new = placed.map("pca@lexical")
    np.testing.assert_array_equal(new.x[:16], old.x)
    assert np.isfinite(new.x).all()
    assert placed.added["pca@lexical"].array("placed").tolist() == [False] * 16 + [True] * 2
    assert placed_sentence(new.notes) == "3 rows were placed by their neighbours: they came after this map was drawn."
    WORK["build"](data.store, {"items": items, "place": True}, report)
    assert Dataset.load(data.store).map("pca@lexical").identity == new.identity
    WORK["build"](data.store, {"items": items}, report)
    anew = Dataset.load(data.store).map("pca@lexical")
    assert placed_sentence(anew.notes) == ""
    assert anew.identity != new.identity


def test_a_map_of_which_more_than_a_third_would_be_new_is_not_taken_over(tmp_path: Path):
    texts = ["rain", "wolf", "moon", "salt"]
    wanted = {
        "lexical": spec("embedding", "lexical", {"dimensions": 4}),
        "pca@lexical": spec("map", "pca", on="lexical"),
    }
    before = build(corpus(tmp_path, {"text": texts}), wanted)
    data = build(next_revision(before, [*texts, "glass", "ship", "lamp"]), ["graph@lexical"])
    assert place_on_old_map(data, "pca@lexical", wanted["pca@lexical"]) is None

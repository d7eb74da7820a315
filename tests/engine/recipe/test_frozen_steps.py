"""What recipes, refs and marks hold on disk is frozen: a change here breaks what people saved, and needs a version."""

import json
import sqlite3

import numpy as np
import pytest

from engine.marks import marks
from engine.recipe import snapshots
from engine.recipe.filters import FILTERS
from tests.engine.small import circle, corpus, embedded, with_map, with_topics

# name -> parameters in order, with their defaults; ... is one that must be given.
FILTERS_V2 = {
    "number_range": {"column": ..., "low": None, "high": None, "keep_missing": False},
    "values": {"column": ..., "values": ..., "do": "keep", "missing": False},
    "text": {"find": ..., "how": "has the words", "column": None, "match_case": False, "do": "keep"},
    "regex": {"pattern": ..., "column": None, "match_case": True, "do": "keep"},
    "missing": {"column": None, "keep": "present"},
    "date_range": {"column": ..., "first": None, "last": None, "keep_missing": False},
    "topic": {"topics": ..., "numbers": ..., "level": "topic", "bound": "", "label": "", "do": "keep"},
    "similar_to": {"embedding": ..., "target": ..., "least": 0.5, "label": "the examples", "do": "keep"},
    "region": {"map": ..., "region": ..., "label": "the region drawn", "do": "keep"},
    "listed": {"listed": ..., "label": "listed rows", "do": "keep"},
    "marked": {"marks": ..., "label": "marked", "do": "keep"},
    "sql": {"where": ..., "do": "keep"},
}


def test_the_parameters_of_the_first_filters_stay():
    found = {m.name: {p.name: ... if p.required else p.default for p in m.params} for m in FILTERS.values()}
    assert {name: found[name] for name in FILTERS_V2} == FILTERS_V2


@pytest.fixture
def data(tmp_path):
    made = embedded(corpus(tmp_path, {"text": ["a", "b", "c"]}), circle([0, 90, 180]))
    return with_topics(with_map(made, [(0, 0), (1, 0), (0, 1)]), [0, 0, -1], {0: "ab"})


def test_a_list_is_keys_in_order(data):
    name = snapshots.listed_ref(data, np.array([2, 0]))
    body = json.loads((data.store.folder / "refs" / f"{name}.json").read_bytes())
    assert body == {"kind": "rows", "keys": sorted(data.keys(np.array([0, 2])))}


def test_a_region_is_its_corners_and_the_digest_of_its_map(data):
    body = data.store.read_ref(snapshots.region_ref(data, "pca@given", np.array([[0, 0], [1, 0], [1, 1], [0, 0]])))
    digest = body.pop("digest")
    assert body == {
        "kind": "region",
        "map": "pca@given",
        "rows": data.fingerprint,
        "polygon": [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0]],
    }
    parts = data.artefact("map", "pca@given").arrays
    assert digest == "-".join(parts[axis][0].sha256[:16] for axis in ("x", "y"))


def test_a_target_is_its_vector_on_the_grid_and_where_it_came_from(data):
    body = data.store.read_ref(snapshots.target_ref(data, "given", np.array([2048, 0], np.int16), text="a"))
    assert body == {
        "kind": "target",
        "embedding": "given",
        "identity": data.embedding("given").identity,
        "embedder": "",
        "rows": data.fingerprint,
        "vector": [2048, 0],
        "text": "a",
        "more": [],
        "less": [],
    }


def test_a_topic_is_bound_by_rows_and_digest(data):
    rows, _, digest = snapshots.topic_step(data, "topics@given", [0]).params["bound"].partition("/")
    assert rows == data.fingerprint
    assert digest == data.artefact("topics", "topics@given").arrays["topic"][0].sha256[:16]


def test_marks_lie_in_four_tables(data):
    marks.tag(data, np.array([0]), "good", colour="red")
    con = sqlite3.connect(data.store.marks_file)
    columns = {
        table: [c for _, c, *_ in con.execute(f"PRAGMA table_info({table})")]
        for table in ("about", "mark", "colour", "log")
    }
    assert columns == {
        "about": ["name", "value"],
        "mark": ["kind", "name", "key", "value"],
        "colour": ["tag", "value"],
        "log": ["id", "lane", "verb", "of", "at", "who", "words", "payload"],
    }
    assert con.execute("SELECT * FROM about").fetchall() == [("format", "2")]
    assert con.execute("SELECT * FROM mark").fetchall() == [("tag", "good", data.keys(np.array([0]))[0], "")]
    assert con.execute("SELECT lane, verb, of, words FROM log").fetchall() == [
        ("marks", "do", None, "1 row tagged “good”"),
        ("desk/", "do", None, "1 row tagged “good”"),
    ]
    con.close()

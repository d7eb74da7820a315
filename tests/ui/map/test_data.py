"""What the map is told of a dataset: names that fade, cards of points."""

from pathlib import Path

import numpy as np

from tests.engine.small import clustered, corpus, embedded, mapped, with_map, with_topics
from ui.map import data as map_data


def test_names_fade_where_the_selection_or_the_filters_leave_their_topic_out(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": [str(i) for i in range(100)]})
    data = mapped(embedded(data, np.eye(100)), np.arange(100), np.arange(100))
    data = clustered(data, [0] * 60 + [1] * 40)
    names = map_data.names("map", "topics", data.keys_of("map")[0], "topics", data)
    assert [(n.level, n.value, n.size) for n in names] == [(0, 0, 60), (0, 1, 40), (1, 0, 60), (1, 1, 40)]
    everything, none = np.ones(100, bool), np.zeros(100, bool)

    def faded(left: np.ndarray, selected: np.ndarray | None) -> list[bool] | None:
        found = map_data.faded(data, "topics", names, left, selected)
        return None if found is None else found[:2].tolist()

    assert faded(everything, None) is None and faded(everything, none) is None
    assert faded(np.arange(100) < 60, None) == [False, True]
    assert faded(everything, np.arange(100) >= 99) == [True, False]  # few rows, and all of them of one topic
    assert faded(everything, np.arange(100) >= 59) == [True, False]  # one row of sixty is not the topic
    assert faded(np.arange(100) < 60, np.arange(100) >= 50) == [False, True]  # selected, but not left


def test_groups_have_names_between_areas_and_topics_but_not_what_one_topic_says_alone(tmp_path: Path) -> None:
    data = with_map(embedded(corpus(tmp_path, {"text": list("abcdefgh")}), np.eye(8)), [(i, 0) for i in range(8)])
    names = {0: "cats", 1: "dogs", 2: "cars", 3: "cats"}
    data = with_topics(data, [0, 0, 1, 1, 2, 2, 3, 3], names, groups={0: 0, 1: 0, 2: 1, 3: 2})
    found = map_data.names("map", "topics", "pca@given", "topics@given", data)
    said = [(n.level, n.value, n.text, n.size) for n in found]
    assert said[:3] == [(0, 0, "all", 8), (1, 0, "group 0", 4), (2, 0, "cats", 2)] and len(said) == 6
    assert found[1].inks == found[0].inks is not None
    left_out = map_data.faded(data, "topics@given", found, np.arange(8) >= 4, None)
    assert left_out is not None and left_out.tolist() == [False, True, True, True, False, False]


def test_the_card_of_a_point_says_title_id_value_topic_and_chosen_columns(tmp_path: Path) -> None:
    data = corpus(
        tmp_path, {"text": ["a", "b"], "name": ["Anna", "Bert"], "size": [0.123456, None], "kind": ["x", "y"]}
    )
    data = clustered(embedded(data, np.eye(2)), [0, 1])
    assert "name" not in map_data.facts(data) and {"size", "kind"} <= set(map_data.facts(data))
    one, two = map_data.cards(data, "size", "topics")(np.array([0, 1]), ["kind", "size"])
    assert (one.title, one.value, one.text, two.title, two.value) == ("Anna", "0.1235", "a", "Bert", None)
    assert one.facts[1:] == (("kind", "x"),) and one.facts[0][0].startswith("topic")

import numpy as np
import pytest

from engine.dataset.dataset import Dataset
from engine.dataset.record import make_current
from engine.errors import EngineError
from engine.marks import Desk
from engine.topics import areas, editing
from engine.topics.card import differences, topic_card
from engine.topics.naming import name_topics
from engine.topics.replayed_edits import Anchor, TopicEdit, replay
from tests.engine.small import circle, corpus, embedded, over

TEXTS = [
    "apple pie",
    "apple tree",
    "apple jam",
    "car race",
    "car wheel",
    "car door",
    "blue boat",
    "red boat",
    "boat sail",
]
DEGREES = [0, 1, 2, 90, 91, 92, 180, 181, 230]
KEY = "topics@given"


@pytest.fixture
def data(tmp_path) -> Dataset:
    """Nine texts in three topics: apples, cars, boats; cars and boats in one area."""
    columns = {"text": TEXTS, "colour": ["green"] * 3 + ["grey"] * 6, "size": [1, 2, 3, 10, 11, 12, 13, 14, 15]}
    made = embedded(corpus(tmp_path, columns), circle(DEGREES))
    return _clustered(made, [0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 0, 0, 1, 1, 1, 1, 1, 1])


def _clustered(data: Dataset, topic: list[int], area: list[int], *, key: str = KEY, member: str = "kmeans") -> Dataset:
    labels = np.array(topic, np.int32), np.array(area, np.int32)
    arrays = dict(zip(("topic", "area"), labels, strict=True))
    origin = over(data, "topics", member, told=str(topic))
    base = data.store.publish(key, origin, arrays, name_topics(data, data.embedding("given"), *labels))
    make_current(data.store, key, editing.carried(data, key, base).identity)
    return Dataset.load(data.store)


def _names(data: Dataset, key: str = KEY) -> dict[int, str]:
    return dict(data.topics(key).names)


def test_a_renamed_topic_keeps_its_rows_and_undo_gives_the_old_name_back(data: Dataset):
    assert _names(data) == {0: "apple", 1: "car", 2: "boat"}
    renamed = editing.rename(data, KEY, 0, "  Fruit   and more ")
    assert _names(renamed) == {0: "Fruit and more", 1: "car", 2: "boat"}
    assert renamed.topics(KEY).topic.tolist() == data.topics(KEY).topic.tolist()
    assert _names(editing.undo(renamed, KEY)) == {0: "apple", 1: "car", 2: "boat"}
    assert _names(editing.redo(renamed, KEY))[0] == "Fruit and more"


def test_the_one_undo_of_a_desk_takes_back_an_edit_of_topics(data):
    desk = Desk(data.store, "ana")
    renamed = editing.rename(data, KEY, 0, "Fruit", who="ana")
    assert desk.undoable() == "apple → Fruit"
    assert _names(editing.follow(renamed, desk.undo().lane)) == {0: "apple", 1: "car", 2: "boat"}
    again = editing.follow(Dataset.load(data.store), desk.redo().lane)
    assert _names(again)[0] == "Fruit"
    assert editing.follow(again, "finding/f") is again


def test_an_area_can_be_renamed(data: Dataset):
    assert editing.rename(data, KEY, 1, "Vehicles", level="area").topics(KEY).area_names[1] == "Vehicles"


def test_a_name_that_another_topic_has_is_refused(data: Dataset):
    with pytest.raises(EngineError, match="already a topic named 'car'"):
        editing.rename(data, KEY, 0, "car")
    with pytest.raises(EngineError, match="needs a name"):
        editing.rename(data, KEY, 0, " ")
    with pytest.raises(EngineError, match="no topic 7"):
        editing.rename(data, KEY, 7, "seven")


def test_merged_topics_take_the_first_number_and_area(data: Dataset):
    merged = editing.merge(data, KEY, [1, 2], name="vehicles").topics(KEY)
    assert merged.topic.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 1]
    assert dict(merged.names) == {0: "apple", 1: "vehicles"}
    with pytest.raises(EngineError, match="two topics or more"):
        editing.merge(data, KEY, [1, 1])


def test_a_split_topic_keeps_its_number_for_the_larger_part(data: Dataset):
    halved = editing.split(data, KEY, 2).topics(KEY)
    assert halved.topic.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 3]
    assert halved.area.tolist()[-3:] == [1, 1, 1]
    assert len(set(halved.names.values())) == 4
    with pytest.raises(EngineError, match="cannot be divided into 5"):
        editing.split(data, KEY, 2, parts=5)


def test_edits_stand_on_each_other_and_are_undone_one_by_one(data: Dataset):
    halved = editing.split(data, KEY, 2)
    named = editing.rename(halved, KEY, 3, "sails")
    merged = editing.merge(named, KEY, [3, 0])
    assert merged.topics(KEY).topic.tolist() == [3, 3, 3, 1, 1, 1, 2, 2, 3]
    assert _names(editing.undo(merged, KEY))[3] == "sails"
    once_more = editing.undo(editing.undo(merged, KEY), KEY)
    assert once_more.topics(KEY).topic.tolist() == data.topics(KEY).topic.tolist()
    with pytest.raises(EngineError, match="nothing to undo"):
        editing.undo(once_more, KEY)


def test_edits_are_kept_when_topics_are_found_anew_in_another_order(data: Dataset):
    editing.merge(editing.rename(data, KEY, 0, "Fruit"), KEY, [1, 2], name="Vehicles")
    again = _clustered(data, [2, 2, 2, 0, 0, 0, 1, 1, 1], [0, 0, 0, 1, 1, 1, 1, 1, 1])
    assert again.topics(KEY).topic.tolist() == [2, 2, 2, 0, 0, 0, 0, 0, 0]
    assert _names(again) == {2: "Fruit", 0: "Vehicles"}


def test_other_clusters_of_the_embedding_take_the_edits_over(data: Dataset):
    renamed = editing.rename(data, KEY, 0, "Fruit")
    other = _clustered(renamed, [0, 0, 0, 1, 1, 1, 1, 1, 1], [0] * 9, key="topics(topics=2)@given")
    assert _names(other, "topics(topics=2)@given")[0] == "Fruit"
    dense = _clustered(renamed, [0, 0, 0, 1, 1, 1, 1, 1, 1], [0] * 9, key="topics(hdbscan)@given", member="hdbscan")
    assert _names(dense, "topics(hdbscan)@given")[0] == "apple"


def test_an_edit_whose_topic_is_gone_is_named_as_lost(data: Dataset):
    editing.rename(data, KEY, 0, "Fruit")
    again = _clustered(data, [0, 1, 2, 0, 1, 2, 0, 1, 2], [0] * 9)
    assert "Fruit" not in _names(again).values()
    assert again.topics(KEY).notes["lost"] == [
        "A renamed topic as 'Fruit' has no topic any more that holds most of the same rows."
    ]


def test_a_topic_swallowed_by_a_much_larger_one_does_not_name_it():
    labels = np.zeros(100, np.int32)
    edit = TopicEdit("rename", (Anchor(("a", "b"), 2),), "Few")
    done = replay(labels, labels, [edit], nodes_of=lambda keys: np.array([0, 1]), split=lambda n, p, s: n)
    assert done.names == {}
    assert len(done.lost) == 1


def test_an_edit_is_the_same_after_json():
    edit = TopicEdit("merge", (Anchor(("a", "b"), 2), Anchor(("c",), 9)), "both", 3, 7)
    assert TopicEdit.from_json(edit.json()) == edit
    with pytest.raises(EngineError, match="'explode'"):
        TopicEdit.from_json(edit.json() | {"verb": "explode"})


def test_the_card_says_size_terms_exemplars_and_what_differs(data: Dataset):
    card = topic_card(data, KEY, 0)
    assert (card.name, card.texts, card.rows, round(card.share, 3)) == ("apple", 3, 3, 0.333)
    assert card.terms[0].text == "apple"
    assert card.exemplars.tolist() == [1, 2, 0]
    with pytest.raises(EngineError, match="no topic 9"):
        topic_card(data, KEY, 9)


def test_values_that_are_more_usual_inside_are_named(tmp_path):
    inside = np.arange(400) < 100
    colour = ["red" if i < 80 or i >= 380 else "blue" for i in range(400)]
    size = [i % 7 + (20 if i < 100 else 0) for i in range(400)]
    made = corpus(tmp_path, {"colour": colour, "size": size, "same": [1] * 400})
    said = [difference.sentence() for difference in differences(made, inside, ["colour", "size", "same"])]
    assert said == [
        "colour is 'red' more often: 80% of the rows (others 7%)",
        "colour is 'blue' less often: 20% of the rows (others 93%)",
        "size: higher, median 23 (others 3)",
    ]


def test_any_selection_can_be_divided_and_named(data: Dataset):
    rows = np.array([0, 1, 2, 3, 4, 5])
    parts = editing.subclusters(data, "given", rows, parts=2)
    assert len(set(parts.part[:3].tolist())) == len(set(parts.part[3:].tolist())) == 1
    assert sorted(parts.names.values()) == ["apple", "car"]
    assert editing.subclusters(data, "given", rows[:0]).names == {}
    assert editing.subclusters(data, "given", rows[:1]).part.tolist() == [0]


def test_parts_of_a_divided_topic_stay_in_its_group(data: Dataset, monkeypatch):
    monkeypatch.setattr(areas, "_MANY_TOPICS", 4)
    key = "topics(topics=4)@given"
    grouped = _clustered(data, [0, 0, 0, 1, 1, 1, 2, 2, 3], [0, 0, 0, 1, 1, 1, 1, 1, 1], key=key)
    before = grouped.topics(key).group_of
    assert before[0] != before[1] == before[2] == before[3]
    parts = editing.split(grouped, key, 1).topics(key)
    assert set(parts.group_of) == set(parts.names) > set(before)
    assert {parts.group_of[i] for i in parts.names if i != 0} == {before[1]}
    # What was joined to it from another area is of its group too, also when it is divided again.
    parts = editing.split(editing.merge(grouped, key, [1, 0]), key, 1, parts=4).topics(key)
    assert parts.group_of == dict.fromkeys(parts.names, before[1])

"""Labels that no person gave, by known answers: names, totals, taxonomies, shifts; a given label always stays."""

from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec, value_key
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import by_name, by_shift, by_taxonomy, classes_of_sources, from_totals, next_classes, tree_distance
from engine.models.unasked.told import check_cells
from engine.signals import CORPUS_SIGNALS
from engine.signals.labels.label_by_totals import totals_in
from tests.engine.small import circle, corpus, embedded


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> None:
    """An embedder of three words: red lies at 0°, yellow at 45°, green at 90°."""
    angles = {"red": 0, "yellow": 45, "green": 90}

    def embed(data: Dataset, key: str, texts: list[str], *, query: bool = True) -> np.ndarray:
        return np.round(circle([angles[text] for text in texts]) * 2048).astype(np.int16)

    for file in ("models.probes.named", "models.unasked.taxonomy"):
        monkeypatch.setattr(f"engine.{file}.embed_texts", embed)


def test_a_row_is_told_by_the_nearest_name_and_a_given_label_stays(tmp_path: Path, words: None) -> None:
    data = embedded(corpus(tmp_path, {"n": [1, 2, 3, 4]}), np.vstack([circle([5, 85, 80]), [[np.nan, np.nan]]]))
    for again in (False, True):
        found = by_name(data, embedding="given", classes={"stop": "red", "green": ""}, again=again,
                        given=np.array([-1, -1, 0, -1]))  # fmt: skip
        assert found.labels() == ["stop", "green", "stop", None]
        assert found.confidence[0] > 0.99 and np.isnan(found.confidence[2:]).all()
    with pytest.raises(EngineError, match="two different names"):
        by_name(data, embedding="given", classes={"red": ""})
    with pytest.raises(EngineError, match="Give fewer or coarser"):
        check_cells(100_000, 10_000)


def test_the_middle_of_what_is_likely_may_be_a_class_that_nobody_labelled(tmp_path: Path, words: None) -> None:
    labels = [*["red"] * 3, *["green"] * 3, None, None]
    data = embedded(corpus(tmp_path, {"label": labels}), circle([0, 4, -4, 90, 86, 94, 45, 2]))
    found = by_taxonomy(data, embedding="given", label="label", classes={"red": "", "yellow": "", "green": ""})
    assert found.labels() == [*["red"] * 3, *["green"] * 3, "yellow", "red"]
    assert np.isnan(found.confidence[:6]).all() and found.confidence[7] > 0.9
    with pytest.raises(EngineError, match="'green' is not among"):
        by_taxonomy(data, embedding="given", label="label", classes={"red": "", "yellow": ""})


def test_the_next_class_to_collect_is_the_one_that_covers_what_is_far() -> None:
    paths = [("pet", "cat"), ("pet", "dog"), ("car", "van"), ("car", "bus"), ("car", "cab")]
    assert next_classes(tree_distance(paths), np.array([True, False, False, False, False])).tolist() == [2]
    assert len(next_classes(tree_distance(paths), np.ones(5, bool))) == 0


def test_labels_are_told_from_the_totals_of_groups(tmp_path: Path) -> None:
    degrees = [0, 4, 8, 88, 2, 90, 84, 92, 3, 89]
    data = embedded(corpus(tmp_path, {"shop": [*"aaaabbbb", "c", None]}), circle(degrees))
    totals = {"a": {"tea": 3, "coffee": 1}, "b": {"tea": 1, "coffee": 3}}
    given = np.array([1, *[-1] * 9])
    assert from_totals(data, embedding="given", group="shop", totals=totals).labels() == [
        *["tea"] * 3, "coffee", "tea", *["coffee"] * 3, "tea", "coffee",
    ]  # fmt: skip
    kept = from_totals(data, embedding="given", group="shop", totals=totals, given=given)
    assert kept.labels()[0] == "coffee" and np.isnan(kept.confidence[0])
    for wrong, message in (
        ({"z": {"tea": 1, "coffee": 1}}, "has no 'z'"),
        ({"a": {"tea": 1}}, "two labels"),
        ({"a": {"tea": -1, "coffee": 2}}, "0 or more"),
        ({"a": {"tea": 1, "coffee": 1}, "b": {"tea": 2, "coffee": 2}}, "the same shares"),
    ):
        with pytest.raises(EngineError, match=message):
            from_totals(data, embedding="given", group="shop", totals=wrong)


def test_labels_without_people_are_columns_by_name_and_given_ones_stay(tmp_path: Path) -> None:
    columns = {
        "shop": [*"aaaabbbb", "c: d", None],
        "label": ["coffee", *[None] * 9],
        "pet": ["cat", "cat", "cow", None, "cat", "cow", None, "cow", None, None],
    }
    data = embedded(corpus(tmp_path, columns), circle([0, 4, 90, 45, -4, 94, 88, 86, 2, 89]))

    def column(member: str, value: str, **params: object) -> tuple[list[str | None], list[np.ndarray]]:
        made = spec("signal", member, {"embedding": "given", **params})
        built = build(data, {key_of(made): made})
        others = [name for name in CORPUS_SIGNALS[member].about.values if name != value]
        numbers = [built.numbers(value_key(name, key_of(made))) for name in others]
        return built.strings(value_key(value, key_of(made)), data.rows()), numbers

    totals = ["a: tea 2, coffee 2", "b: tea 1, coffee 3", "c: d: tea 2.5, coffee 0.5"]
    found, (sure,) = column("label_by_totals", "totals_label", by="shop", totals=totals, label="label")
    assert found[0] == "coffee" and np.isnan(sure[0]) and found[1] == "tea" and sure[1] > 0.5
    assert found[4:] == ["tea", *["coffee"] * 3, "tea", "coffee"]
    with pytest.raises(EngineError, match="cannot be read"):
        totals_in(["a: tea"], ["a"])

    paths = ["beast > pet > cat", "beast > pet", "beast > pet > cow", "car"]
    found, (sure, following) = column("label_by_taxonomy", "taxonomy_label", label="pet", paths=paths)
    # What lies between cat and cow is a pet, of which nobody gave a label; given ones stay.
    assert found == ["cat", "cat", "cow", "pet", "cat", "cow", "cow", "cow", "cat", "cow"]
    assert np.flatnonzero(np.isnan(sure)).tolist() == [0, 1, 2, 4, 5, 7]
    # The car is far from all that is given, so it is to be collected first, and a pet second.
    assert following[3] == 2 and np.isnan(np.delete(following, 3)).all()
    with pytest.raises(EngineError, match="'cow' has no path"):
        column("label_by_taxonomy", "taxonomy_label", label="pet", paths=["x > cat"])


def test_what_shifts_together_is_one_class_however_many_heaps_it_has(tmp_path: Path) -> None:
    # Class 0 has two far heaps, 0° and 180°; class 1 lies at 90°. Sources hold 9, 5 and 1 of ten of class 0.
    rng = np.random.default_rng(0)
    share = np.array([0.9, 0.5, 0.1])
    source = np.repeat([0, 1, 2], 100)
    truth = (rng.random(300) >= share[source]).astype(int)
    angle = np.where(truth == 1, 90, rng.choice([0, 180], 300)) + rng.normal(0, 5, 300)
    data = embedded(corpus(tmp_path, {"source": [f"s{one}" for one in source]}), circle(angle.tolist()))
    found = by_shift(data, embedding="given", source="source", classes=2)
    right = (found.told.code == truth).mean()
    assert max(right, 1 - right) > 0.85
    assert sorted(found.share[:, int(right < 0.5)].round(1).tolist()) == pytest.approx([0.1, 0.5, 0.9], abs=0.16)
    made = spec("signal", "class_by_shift", {"embedding": "given", "source": "source"})
    column = build(data, {key_of(made): made}).strings(value_key("shift_class", key_of(made)), data.rows())
    assert column == found.told.labels()
    with pytest.raises(EngineError, match="as many sources as classes"):
        by_shift(data, embedding="given", source="source", classes=4)


def test_pure_sources_are_the_classes() -> None:
    p = np.repeat(np.eye(2), 20, axis=0) * 0.9 + 0.05
    of, share = classes_of_sources(p, np.repeat([0, 1], 20), 2, 0)
    assert len(set(of.argmax(axis=1)[:20])) == 1 and sorted(share.max(axis=1).round(2).tolist()) == [1, 1]

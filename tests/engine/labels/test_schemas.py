"""Labels of two sets are brought together by rows that both have and by meaning; the original stays."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.building import build, key_of, spec
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.labels import (
    LabelMap,
    LabelSet,
    by_meaning_of_names,
    joined,
    map_of,
    over_all,
    proposals,
    proposed_by_name,
    schemas,
    set_of,
    sets_in,
)
from tests.engine.small import corpus, embedded


def two_sets(tmp_path: Path) -> Dataset:
    """Set `fine` knows six things, set `wide` two names for three of them each, with texts of its own, all moved."""
    rng = np.random.default_rng(0)
    thing = np.tile(np.arange(6), 20)
    vectors = np.eye(12)[thing] + np.eye(12)[6 + thing // 3] + rng.normal(0, 0.05, (120, 12))
    fine = np.arange(120) < 60
    # Another tone: it lies on what tells beasts, so without a common middle all of `fine` would be nearest to them.
    vectors[fine, 6] += 3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    names = [["cat", "dog", "cow", "oak", "elm", "fir"][t] for t in thing[:60]]
    labels = names + [["beast", "tree"][t // 3] for t in thing[60:]]
    return embedded(corpus(tmp_path, {"label": labels, "set": ["fine" if f else "wide" for f in fine]}), vectors)


def test_what_one_set_holds_together_is_found_by_meaning_through_another_tone(tmp_path: Path) -> None:
    data = two_sets(tmp_path)
    fine, wide = sets_in(data, "label", "set")
    found = {p.label: p for p in proposals(data, fine, wide, "given")}
    assert {name: p.to for name, p in found.items()} == dict.fromkeys(["cat", "dog", "cow"], "beast") | dict.fromkeys(
        ["oak", "elm", "fir"], "tree"
    )
    assert {p.kind for p in found.values()} == {"part of"} and found["cat"].by == "meaning" and found["cat"].nearer == 1
    assert found["cat"].confidence == pytest.approx(0.722, abs=1e-3)  # Wilson, ten of ten
    # A label without a text is left out, and changes nothing for the others.
    more = [
        replace(one, labels=("none", *one.labels), code=np.where(one.code < 0, -1, one.code + 1))
        for one in (fine, wide)
    ]
    assert {p.label: (p.to, p.kind) for p in proposals(data, *more, "given")} == {
        name: (p.to, p.kind) for name, p in found.items()
    }
    back = proposals(data, wide, fine, "given")
    assert {p.label: set(p.parts) for p in back} == {"beast": {"cat", "dog", "cow"}, "tree": {"oak", "elm", "fir"}}
    assert map_of(back, least=0).pairs == () and dict(map_of(list(found.values())).pairs)["oak"] == "tree"


def test_texts_with_a_label_of_both_sets_tell_more_than_the_meaning(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    vectors = np.eye(4)[np.repeat([0, 1], 20)] + rng.normal(0, 0.02, (40, 4))
    one = ["ham"] * 20 + ["spam"] * 20
    # The second column calls spam 1, and one ham too.
    data = embedded(corpus(tmp_path, {"a": one, "b": [0] * 19 + [1] * 21}), vectors)
    first, second = set_of(data, "a"), set_of(data, "b")
    found = {p.label: p for p in proposals(data, first, second, "given", copies=1.0)}
    assert [(found[n].to, found[n].kind, found[n].by) for n in ("ham", "spam")] == [
        ("0", "same", "shared rows"),
        ("1", "same", "shared rows"),
    ]
    assert (found["ham"].shared, found["ham"].agree) == (20, 19) and found["spam"].confidence > found["ham"].confidence
    assert proposed_by_name(first, second) == {"ham": "0", "spam": "0"}


def test_a_map_is_edited_as_a_table_and_applied_as_a_new_column(tmp_path: Path) -> None:
    data = two_sets(tmp_path)
    table = (
        LabelMap((("cat", "beast"), ("dog", "tree"))).with_label("dog", "beast").with_label("oak", "").without("cat")
    )
    made = spec("edit", "relabel", table.params(), on="label")
    data = build(data, {key_of(made): made})
    before, after = (data.strings(key, np.arange(6)) for key in ("label", key_of(made)))
    assert before == ["cat", "dog", "cow", "oak", "elm", "fir"]
    assert after == ["cat", "beast", "cow", None, "elm", "fir"]
    with pytest.raises(EngineError, match="becomes 'beast' in 'x' and 'tree' in 'y'"):
        joined({"x": LabelMap((("a", "beast"),)), "y": LabelMap((("a", "tree"),))})
    # A label of another set in the same column keeps its meaning, or it is said.
    fine, wide = sets_in(data, "label", "set")
    with pytest.raises(EngineError, match="becomes 'x' in 'wide' and 'cat' in 'fine'"):
        over_all(LabelMap((("cat", "x"),)), LabelSet("wide", wide.code, ("cat", "beast")), (fine, wide))
    whole = over_all(LabelMap((("cat", "beast"),), "go missing"), fine, (fine, wide))
    assert dict(whole.pairs) == {"cat": "beast"} | dict.fromkeys(["dog", "cow", "oak", "elm", "fir"], "")
    with pytest.raises(EngineError, match="names no label"):
        LabelMap().params()


def test_names_are_brought_together_by_what_they_mean_or_are_described_as(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meaning = {"pay bill": [1, 0], "invoice": [0.9, 0.1], "log in": [0, 1], "what one signs in with": [0.1, 0.9]}
    monkeypatch.setattr(schemas, "embed_texts", lambda data, key, names, query: np.array([meaning[n] for n in names]))
    one, other = (
        LabelSet(n, np.zeros(0, int), labels) for n, labels in (("a", ("pay_bill", "logIn")), ("b", ("invoice", "pw")))
    )
    data = corpus(tmp_path, {"label": ["x"]})
    meant = {"pw": "what one signs in with", "logIn": "log in"}
    assert {a: b for a, (b, _) in by_meaning_of_names(data, one, other, "given", meant).items()} == {
        "pay_bill": "invoice",
        "logIn": "pw",
    }

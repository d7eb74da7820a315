"""The gap of a probe between groups: wide where a group is drawn otherwise, none where groups are dealt by chance."""

import numpy as np
import pytest

from engine.errors import EngineError
from engine.look.audits import group_gap
from engine.recipe import Step
from tests.engine.small import corpus, embedded


def two_dialects(folder, n=400):
    """In group b, a quarter of the rows, the sign that tells the label is turned round; group c is dealt by chance."""
    rng = np.random.default_rng(0)
    label, turned = rng.integers(0, 2, n), np.arange(n) % 4 == 0
    sign = np.where(turned, -1, 1) * (2 * label - 1)
    vectors = rng.normal(size=(n, 6)) + 3 * np.stack([sign, *[np.zeros(n)] * 4, turned], axis=1)
    columns = {
        "kind": np.where(label, "good", "bad").tolist(), "who": np.where(turned, "b", "a").tolist(),
        "luck": rng.choice(["x", "y"], n).tolist(), "few": turned.astype(int).tolist(),
    }  # fmt: skip
    return embedded(corpus(folder, columns), vectors)


def test_a_choice_without_a_group_widens_its_gap_and_one_of_both_narrows_it(tmp_path):
    data = two_dialects(tmp_path)
    only_a = Step("top", {"budget": 80, "column": "few", "order": "low first"})
    found = group_gap(data, only_a, "who", "kind", embedding="given", probe="nearest", seeds=4)
    choice, random = found.arm("choice"), found.arm("random")
    assert (choice.worst_group, random.worst_group) == ("b", "b") and choice.worst < 0.2 < random.worst
    assert choice.gap > 0.7 and choice.p == 0.005 and choice.by_chance < 0.15
    assert found.verdict == "worse than random" and found.change > 0.1
    assert [(one.group, one.before, one.after) for one in found.groups] == [("b", 0.25, 0.0), ("a", 0.75, 1.0)]
    even = Step("stratified", {"budget": 80, "column": "who", "shares": "equal"})
    assert group_gap(data, even, "who", "kind", embedding="given", probe="nearest", seeds=4).change < 0
    assert "worse than random" in found.markdown()[4] and found.json()["column"] == "who"


def test_groups_dealt_by_chance_have_no_gap_to_speak_of(tmp_path):
    found = group_gap(
        two_dialects(tmp_path), Step("random", {"budget": 80}), "luck", "kind", embedding="given", seeds=4
    )
    assert found.verdict == "no better than random on this" and min(arm.p for arm in found.arms) > 0.05
    assert found.arm("everything").gap < 2 * found.arm("everything").by_chance


def test_small_groups_are_left_out_and_one_group_alone_is_refused(tmp_path):
    data = two_dialects(tmp_path, 120)
    with pytest.raises(EngineError, match="1 groups of 50 rows"):
        group_gap(data, Step("random", {"budget": 30}), "who", "kind", embedding="given", seeds=2)

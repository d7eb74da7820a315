"""Groups that a choice loses: planted ones are found with their quota, small ones that chance loses too are told so."""

import json

import numpy as np

from engine.look.choices.loss_audit import Quota, loss_audit
from engine.marks import tag
from tests.engine.small import corpus


def test_a_lost_group_comes_with_the_quota_that_keeps_its_share(tmp_path):
    kinds = ["all"] * 150 + ["gone"] * 30 + ["scarce"] * 40 + ["tiny"] * 2
    data = corpus(tmp_path, {"kind": kinds})
    tag(data, np.arange(150, 200), "mine")
    after = np.zeros(222, bool)
    after[:110], after[180] = True, True
    found = loss_audit(data, np.ones(222, bool), after)
    assert [(one.group, one.gone, one.beyond_chance) for one in found.lost] == [
        ("mine", False, True), ("scarce", False, True), ("gone", True, True), ("tiny", True, False)
    ]  # fmt: skip
    # Half of all stay, so half of the group were to be expected.
    gone = found.lost[2]
    assert (gone.expected, gone.rescue, found.kept) == (15, Quota("kind", "gone", 15), 0.5)
    assert found.lost[3].rescue.rows == 1 and "which chance does too" in found.markdown()[3]
    assert found.lost[0].column == "" and found.markdown()[0].startswith("- tag\\: mine")
    assert json.loads(json.dumps(found.json()))["lost"][2]["rescue"] == {"column": "kind", "group": "gone", "rows": 15}


def test_a_random_choice_loses_no_group_beyond_chance(tmp_path):
    data = corpus(tmp_path, {"kind": [f"k{i % 40}" for i in range(2000)]})
    before, after = np.ones(2000, bool), np.zeros(2000, bool)
    after[np.random.default_rng(0).permutation(2000)[:100]] = True
    assert not any(one.beyond_chance for one in loss_audit(data, before, after).lost)
    assert loss_audit(data, before, before).lost == ()

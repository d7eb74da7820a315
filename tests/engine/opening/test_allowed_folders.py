"""The fence: whatever is typed, no file outside the allowed folders is read."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import EngineError
from engine.opening.allowed_folders import check_allowed
from engine.opening.find import find
from engine.opening.open import open_source
from engine.opening.preview import preview


@pytest.fixture
def yard(tmp_path: Path) -> Path:
    """in/a.csv and in/sub/b.csv may be read; out/secret.csv may not, and three links inside lead to it."""
    for folder in ("in/sub", "in/linked", "out"):
        (tmp_path / folder).mkdir(parents=True)
    for file in ("in/a.csv", "in/sub/b.csv", "out/secret.csv"):
        (tmp_path / file).write_text("text\nwords\n")
    (tmp_path / "in" / "link.csv").symlink_to(tmp_path / "out" / "secret.csv")
    (tmp_path / "in" / "door").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "linked" / "c.csv").symlink_to(tmp_path / "out" / "secret.csv")
    (tmp_path / "in" / "near.csv").symlink_to(tmp_path / "in" / "a.csv")
    (tmp_path / "in" / "circle.csv").symlink_to(tmp_path / "in" / "circle.csv")
    return tmp_path


def read(yard: Path, typed: str) -> list[str]:
    """The files that would be read, as they are called inside the yard."""
    found = find([typed.replace("IN", str(yard / "in"))], allowed=[yard / "in"])
    return [str(p.resolve().relative_to(yard)) for i in found for p in i.files or (i.path,)]


@pytest.mark.parametrize(
    ("typed", "files"),
    [
        ("IN/a.csv", ["in/a.csv"]),
        ("IN/near.csv", ["in/a.csv"]),
        ("IN/sub", ["in/sub/b.csv"]),
        ("IN/s*/*.csv", ["in/sub/b.csv"]),
        ("IN/[s]ub", ["in/sub/b.csv"]),
        ("IN/sub/../a.csv", ["in/a.csv"]),
        ("IN/sub/**/*.csv", ["in/sub/b.csv"]),
    ],
)
def test_what_lies_inside_is_read(yard: Path, typed: str, files: list[str]) -> None:
    assert read(yard, typed) == files


@pytest.mark.parametrize(
    "typed",
    ["IN/../out/secret.csv", "IN/link.csv", "IN/door/secret.csv", "IN/door", "IN/*/../../out/secret.csv", "IN/l*.csv",
     "IN/[s]ub/../../out/secret.csv", "IN/su?/../../out/secret.csv", "IN/sub/../../out/*.csv", "IN/door/*.csv",
     "IN/**/secret.csv", "IN/**", "IN/linked", "IN/link*", "IN", "/*/passwd", "*/../out/secret.csv", "/etc/passwd",
     "/proc/self/cwd/out/secret.csv", "IN/a.csv\0.csv", "IN/circle.csv", "~nobody-of-that-name/a.csv", "IN/../*/a.csv"],
)  # fmt: skip
def test_no_way_leads_out(yard: Path, typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(yard)
    with pytest.raises(EngineError, match="outside the allowed folders|leads up again|cannot be followed"):
        read(yard, typed)


def test_a_link_that_leads_out_is_named_with_what_was_typed(yard: Path) -> None:
    with pytest.raises(EngineError) as refused:
        read(yard, "IN/linked")
    inside = yard / "in" / "linked"
    assert str(refused.value) == (
        f"{inside}: {inside / 'c.csv'} leads by a link to a place that is outside the allowed folders ({yard / 'in'}). "
        "Choose a file inside, or allow its folder at start."
    )


_PART = st.sampled_from(
    ["..", ".", "*", "**", "sub", "s*", "[s]ub", "su?", "door", "d*", "linked", "a.csv", "*.csv", "link.csv", "in",
     "out", "secret.csv", "[a-z]*"]
)  # fmt: skip


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(parts=st.lists(_PART, min_size=1, max_size=6))
def test_whatever_is_read_lies_inside(yard: Path, parts: list[str]) -> None:
    try:
        files = read(yard, "/".join(["IN", *parts]))
    except EngineError:
        return
    assert [f for f in files if not f.startswith("in/")] == []


def test_the_preview_and_the_opening_keep_to_the_fence_too(yard: Path) -> None:
    (yard / "w").mkdir()
    for typed in (yard / "in" / "link.csv", [yard / "in" / "a.csv", yard / "out" / "secret.csv"]):
        with pytest.raises(EngineError, match="outside the allowed folders"):
            preview(typed, allowed=[yard / "in"])
        with pytest.raises(EngineError, match="outside the allowed folders"):
            open_source(typed, yard / "w", allowed=[yard / "in"])
    assert os.listdir(yard / "w") == []
    assert open_source(yard / "in" / "link.csv", yard / "w").n == 1  # a person's own shell has no fence


def test_an_allowed_folder_may_be_a_link_itself(yard: Path) -> None:
    (yard / "way").symlink_to(yard / "in")
    assert check_allowed(yard / "way" / "a.csv", [yard / "way"]) == (yard / "in" / "a.csv").resolve()

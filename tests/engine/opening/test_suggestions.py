"""Paths that a person may want to open, the nearest first."""

from pathlib import Path

from engine.opening.suggestions import suggestions


def test_tables_and_folders_are_suggested_a_folder_before_what_begins_with_its_path(tmp_path: Path) -> None:
    for name in (
        "b.csv",
        "deep/a/one.jsonl.gz",
        "texts/x.txt",
        "texts/y.md",
        "other/z.bin",
        ".hidden/n.csv",
        "empty/e",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("text\n")
    (tmp_path / "link").symlink_to(tmp_path.parent)
    found = [str(Path(p).relative_to(tmp_path)) for p in suggestions([tmp_path, tmp_path / "nowhere"])]
    assert found == ["deep", "texts", "b.csv", "deep/a", "deep/a/one.jsonl.gz"]


def test_a_folder_inside_another_one_is_suggested_once(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "a.csv").write_text("text\n")
    found = [str(Path(p).relative_to(tmp_path)) for p in suggestions([tmp_path, tmp_path / "work"])]
    assert found == ["work", "work/a.csv"]

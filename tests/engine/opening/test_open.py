"""A source becomes a dataset whole or not at all, and is known again when it comes back."""

import hashlib
import json
from pathlib import Path

import pytest

from engine.dataset.dataset import Dataset
from engine.dataset.record import SourceFile
from engine.errors import EngineError, NotFound
from engine.opening.describe import choose_role, choose_view, treat_as_category
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.opening.preview import preview
from engine.text.row_text import of_column


def lines(path: Path, *rows: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(r) + "\n" for r in rows))
    return path


def texts(data: Dataset) -> list[str]:
    return data.texts(data.rows())


def test_the_same_source_again_is_the_same_dataset(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"})
    first = open_source(path, tmp_path / "w")
    stamp = first.store.stamp()
    again = open_source(path, tmp_path / "w")
    assert (again.name, again.fingerprint, again.store.stamp()) == ("a", first.fingerprint, stamp)


def test_the_same_source_with_another_text_is_the_same_dataset_with_that_text(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text", "title": "a title"})
    first = open_source(path, tmp_path / "w")
    again = open_source(path, tmp_path / "w", options=SourceOptions(text="title", id="text"))
    assert (again.name, again.fingerprint) == (first.name, first.fingerprint)
    assert (texts(again), again.keys(again.rows())) == (["a title"], ["one text"])
    assert again.record.source_options == {"text": "title", "id": "text"}


def test_strict_also_holds_for_a_dataset_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "one text"}\nnonsense\n')
    assert open_source(path, tmp_path / "w").record.rejected == 1
    with pytest.raises(EngineError, match="1 rows of 'a' cannot be read"):
        open_source(path, tmp_path / "w", options=SourceOptions(strict=True))


def test_rows_added_at_the_end_become_a_segment(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"}, {"text": "two texts"})
    first = open_source(path, tmp_path / "w")
    keys = first.keys(first.rows())
    lines(path, {"text": "one text"}, {"text": "two texts"}, {"text": "three texts"})
    grown = open_source(path, tmp_path / "w")
    assert texts(grown) == ["one text", "two texts", "three texts"]
    assert [s.rows for s in grown.record.segments] == [2, 1]
    assert (grown.name, grown.revision) == ("a", 1)
    assert grown.fingerprint != first.fingerprint
    assert grown.rows_of(keys).tolist() == [0, 1]
    assert grown.raw(grown.rows()) == [b'{"text": "one text"}', b'{"text": "two texts"}', b'{"text": "three texts"}']


def test_an_edited_source_makes_a_new_revision_and_rows_keep_their_keys(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"}, {"text": "two texts"})
    first = open_source(path, tmp_path / "w")
    keys = first.keys(first.rows())
    lines(path, {"text": "new first text"}, {"text": "two texts"})
    edited = open_source(path, tmp_path / "w")
    assert (edited.revision, [s.rows for s in edited.record.segments]) == (2, [2])
    assert edited.rows_of(keys).tolist() == [-1, 1]


def test_what_people_chose_survives_a_new_revision(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "a long text here", "title": "short", "k": 1})
    data = open_source(path, tmp_path / "w")
    data = choose_view(data, of_column("title"))
    data = treat_as_category(choose_role(data, "k", "label"), "k")
    lines(path, {"text": "another text here", "title": "short", "k": 1})
    again = open_source(path, tmp_path / "w")
    assert (again.text_view.columns, again.info("k").role, again.info("k").type) == (("title",), "label", "category")


def test_another_source_of_the_same_name_gets_a_number(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    open_source(lines(tmp_path / "a.jsonl", {"text": "one text"}), tmp_path / "w")
    other = open_source(lines(tmp_path / "x" / "a.jsonl", {"text": "another text"}), tmp_path / "w")
    assert other.name == "a-2"


def test_a_name_that_was_asked_for_and_is_taken_is_an_error_with_a_free_one(tmp_path: Path) -> None:
    open_source(lines(tmp_path / "a.jsonl", {"text": "one text"}), tmp_path / "w")
    with pytest.raises(EngineError, match="such as 'a-2'"):
        open_source(lines(tmp_path / "b.jsonl", {"text": "another text"}), tmp_path / "w", name="a")


@pytest.mark.parametrize("name", ["../a", "", ".hidden", "a/b"])
def test_a_name_cannot_lead_out_of_the_workspace(tmp_path: Path, name: str) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"})
    if name:
        with pytest.raises(EngineError, match="cannot be the name"):
            open_source(path, tmp_path / "w", name=name)
    else:
        assert open_source(path, tmp_path / "w", name=name).name == "a"


def test_a_sample_is_exact_seeded_and_in_source_order(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", *({"text": f"text {i}", "n": i} for i in range(30_000)))
    one, same, other = (
        open_source(path, tmp_path / f"w{i}", options=SourceOptions(sample=100, seed=seed)).column("n").to_pylist()
        for i, seed in enumerate((1, 1, 2))
    )
    assert len(one) == 100 and one == sorted(one) and one == same and one != other
    assert one[0] < 3_000 and one[-1] > 27_000


def test_a_sample_larger_than_the_source_is_the_source(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"}, {"text": "two texts"})
    assert open_source(path, tmp_path / "w", options=SourceOptions(sample=5)).n == 2


def test_files_of_different_schemas_are_pooled_by_role(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("body,n\nfrom a csv,1\n")
    lines(tmp_path / "b.jsonl", {"content": "from json lines", "extra": [1]})
    options = SourceOptions(file_roles={"a.csv": {"text": "body"}, "b.jsonl": {"text": "content"}})
    data = open_source([tmp_path / "a.csv", tmp_path / "b.jsonl"], tmp_path / "w", options=options)
    assert {k: data.column(k).to_pylist() for k in data.columns} == {
        "body": ["from a csv", "from json lines"],
        "n": [1, None],
        "extra": [None, [1]],
        "source": ["a.csv", "b.jsonl"],
    }
    assert (data.text_view.columns, data.info("source").role) == (("body",), "source")
    assert data.raw(data.rows()) == [None, b'{"content": "from json lines", "extra": [1]}']


def test_types_of_several_files_are_widened_together(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", {"text": "a text", "n": 1, "m": 1})
    lines(tmp_path / "b.jsonl", {"text": "b text", "n": 2.5, "m": "x"})
    data = open_source(str(tmp_path / "*.jsonl"), tmp_path / "w")
    assert data.column("n").to_pylist() == [1.0, 2.5]
    assert data.column("m").to_pylist() == ["1", "x"]


def test_one_bad_file_among_several_is_set_aside(tmp_path: Path) -> None:
    lines(tmp_path / "a.jsonl", {"text": "a text"})
    (tmp_path / "b.jsonl").write_bytes(bytes(range(256)) * 20)
    data = open_source([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], tmp_path / "w")
    assert (data.n, data.record.rejected) == (1, 1)


def test_the_record_says_where_everything_came_from(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"})
    (file,) = open_source(path, tmp_path / "w").record.files
    assert file == SourceFile(
        name="a.jsonl",
        path=str(path),
        bytes=21,
        sha256=hashlib.sha256(b'{"text": "one text"}\n').hexdigest(),
        format="jsonl",
        rows=1,
        rejected=0,
        facts={"encoding": "utf-8"},
    )


def test_nothing_half_written_stays_when_opening_fails(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"})

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "Writing":
            raise EngineError("stopped")

    with pytest.raises(EngineError, match="stopped"):
        open_source(path, tmp_path / "w", progress=stop)
    assert list((tmp_path / "w").iterdir()) == []


def test_a_column_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text"})
    with pytest.raises(NotFound, match="Did you mean 'text'"):
        open_source(path, tmp_path / "w", options=SourceOptions(text="txet"))


def test_the_id_role_gives_the_row_keys(tmp_path: Path) -> None:
    path = lines(tmp_path / "a.jsonl", {"text": "one text", "n": 7}, {"text": "two texts", "n": 8})
    data = open_source(path, tmp_path / "w", options=SourceOptions(id="n"))
    assert data.keys(data.rows()) == ["7", "8"]


def test_options_survive_the_way_through_json() -> None:
    options = SourceOptions(text="a", sample=5, file_roles={"a.csv": {"text": "b"}}, strict=True)
    assert SourceOptions.from_json(options.json()) == options
    assert SourceOptions().json() == {}
    with pytest.raises(NotFound, match="Did you mean 'sample'"):
        SourceOptions.from_json({"sampel": 5})
    with pytest.raises(NotFound, match="No role named 'txt'. Did you mean 'text'"):
        SourceOptions(roles={"txt": "a"}).checked()


def test_a_preview_shows_the_union_before_anything_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text;n\nfrom a csv file;1\n")
    lines(tmp_path / "b.jsonl", {"text": "from json lines", "m": 1.5})
    shown = preview([tmp_path / "a.csv", tmp_path / "b.jsonl"])
    assert shown.table.to_pydict() == {
        "text": ["from a csv file", "from json lines"],
        "n": [1, None],
        "m": [None, 1.5],
        "source": ["a.csv", "b.jsonl"],
    }
    assert shown.types == {"text": "text", "n": "integer", "m": "number", "source": "text"}
    assert shown.view.columns == ("text",)
    assert shown.files[0]["delimiter"] == ";"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.csv", "b.jsonl"]


def test_codes_can_count_as_categories_and_back(tmp_path: Path) -> None:
    data = open_source(lines(tmp_path / "a.jsonl", {"text": "one text", "k": 3}), tmp_path / "w")
    as_codes = treat_as_category(data, "k")
    assert (as_codes.info("k").type, as_codes.codes("k")[1]) == ("category", ["3"])
    assert treat_as_category(as_codes, "k", yes=False).info("k").type == "integer"

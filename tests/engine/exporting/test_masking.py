"""Personal data that goes out as a placeholder: in every format, counted, proven, made again."""

import csv
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.building import build, spec
from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.headless import replay
from engine.exporting.manifest import Manifest
from engine.exporting.masking import Mask
from engine.exporting.output import Wanted
from engine.exporting.private_things import dropping, private_things
from engine.exporting.rendered import rendered
from engine.exporting.verify import verify
from engine.exporting.written_content import hashed
from engine.opening import choose_view
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.recipe.recipe import Recipe
from engine.recipe.run import run
from engine.signals import private_places
from engine.text.row_text import of_column
from tests.engine.exporting.exported import table
from tests.engine.exporting.tamperings import fitted

ALL = Mask.from_json({"kinds": {"emails": "<EMAIL>", "phones": "<PHONE>", "secrets": ""}})
KEY = "AKIA" + "QX7RZ2LM5KTW3VBN"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "mail.csv"
    path.write_text(
        "text,label,n\nwrite to ana@firm.de or bo@firm.de,x,1\ncall +49 30 901820,y,2\nnothing,x,3\n"
        f"{KEY} 🙂 carl@firm.de,y,4\n"
    )
    return path


@pytest.fixture
def data(source: Path, tmp_path: Path) -> Dataset:
    return open_source(source, tmp_path / "w", options=SourceOptions(text="text"))


CHATS = [("messages", "content"), ("sharegpt", "value"), ("alpaca", "instruction")]
OUT = ["write to <EMAIL> or <EMAIL>", "call <PHONE>", "nothing", " 🙂 <EMAIL>"]


@pytest.mark.parametrize("format", ["parquet", "jsonl", "csv"])
def test_it_reaches_every_table_and_is_counted_and_proven(data: Dataset, tmp_path: Path, format: str) -> None:
    manifest = export(run(data, Recipe()), tmp_path / "out", format=format, mask=ALL)
    reads = EXPORTERS[format].about.reads
    assert reads is not None
    rows = [dict(row) for row in reads(tmp_path / "out" / manifest.data_file, manifest.output.params)]
    assert [row["text"] for row in rows] == OUT
    assert [str(row["n"]) for row in rows] == ["1", "2", "3", "4"]
    assert manifest.content is not None
    assert (manifest.content.columns, manifest.content.rows) == (("text",), 3)
    counted = {kind: (found.places, found.rows) for kind, found in manifest.content.masked.items()}
    assert counted == {"emails": (3, 2), "phones": (1, 1), "secrets": (1, 1)}
    assert "'text': e-mail addresses are masked (3 places in 2 rows)" in manifest.changes
    assert manifest.members.keys() >= {"personal_data", "secrets"}
    report = verify(tmp_path / "out", rebuild=True)
    assert report.ok, report
    said = {c.name: c.words for c in report.checks}
    assert said["rows"].endswith("but for 3 counted as rewritten, no more than the manifest says")
    assert said["rows as written"] == "4 rows, each as it was written, whether its texts were rewritten or not"


@pytest.mark.parametrize(("format", "part"), CHATS)
def test_it_reaches_every_chat(data: Dataset, tmp_path: Path, format: str, part: str) -> None:
    turns = {"user": "text", "assistant": "label"}
    manifest = export(run(data, Recipe()), tmp_path / "out", format=format, mask=ALL, turns=turns)
    written = (tmp_path / "out" / manifest.data_file).read_text()
    assert "firm.de" not in written and "901820" not in written and KEY not in written
    first = json.loads(written.splitlines()[0])
    said = first if format == "alpaca" else next(iter(first.values()))[0]
    assert said[part] == OUT[0]
    assert manifest.content and manifest.content.masked["emails"].places == 3


def test_the_rows_chosen_have_the_same_digest_masked_or_not(data: Dataset, tmp_path: Path) -> None:
    plain = export(run(data, Recipe()), tmp_path / "plain")
    assert export(run(data, Recipe()), tmp_path / "out", mask=ALL).rows.digest == plain.rows.digest
    assert plain.content is None and "mask" not in plain.output.json()


def test_a_replay_elsewhere_masks_the_same(source: Path, data: Dataset, tmp_path: Path) -> None:
    made = export(run(data, Recipe()), tmp_path / "out", format="jsonl", mask=ALL)
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert (again.content, again.file_digest) == (made.content, made.file_digest)


def test_the_first_rows_are_shown_as_they_will_be_written(data: Dataset) -> None:
    assert [dict(r)["text"] for r in rendered(run(data, Recipe()), Wanted(mask=ALL)).rows] == OUT[:3]


def test_what_the_dataset_holds_stays_as_it_is(data: Dataset, tmp_path: Path) -> None:
    before = data.texts(data.rows())
    export(run(data, Recipe()), tmp_path / "out", mask=ALL)
    assert data.texts(data.rows()) == before


def test_a_json_row_that_holds_nothing_goes_out_byte_for_byte_and_another_keeps_its_numbers(tmp_path: Path) -> None:
    lines = [
        b'{"text": "plain",  "n": 1.50}',
        b'{"text": "to a@firm.de", "n": 1.50, "big": 123456789012345678901234567890}',
        b'{"text": "x", "meta": {"by": ["b@firm.de", {"c": "\\"c@firm.de\\""}], "n": 1e5}}',
    ]
    (tmp_path / "s.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    data = open_source(tmp_path / "s.jsonl", tmp_path / "w", options=SourceOptions(text="text"))
    mask = {"kinds": {"emails": "<EMAIL>"}, "columns": ["text", "meta"]}
    manifest = export(run(data, Recipe()), tmp_path / "out", format="jsonl", mask=mask)
    assert (tmp_path / "out" / "data.jsonl").read_bytes().splitlines() == [
        lines[0],
        b'{"text":"to <EMAIL>","n":1.50,"big":123456789012345678901234567890}',
        b'{"text":"x","meta":{"by":["<EMAIL>",{"c":"\\"<EMAIL>\\""}],"n":1e5}}',
    ]
    assert manifest.content and (manifest.content.rows, manifest.content.masked["emails"].places) == (2, 3)
    assert verify(tmp_path / "out", rebuild=True).ok
    export(run(data, Recipe()), tmp_path / "typed", format="parquet", mask=mask)
    assert "firm.de" not in str(pq.read_table(tmp_path / "typed" / "data.parquet").to_pylist())


def test_a_name_that_stands_twice_in_a_json_row_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "s.jsonl").write_bytes(b'{"text": "a@firm.de", "text": "b@firm.de"}\n')
    data = open_source(tmp_path / "s.jsonl", tmp_path / "w", options=SourceOptions(text="text"))
    export(run(data, Recipe()), tmp_path / "out", format="jsonl", mask=ALL)
    assert b"firm.de" not in (tmp_path / "out" / "data.jsonl").read_bytes()


def test_a_chat_in_a_cell_stays_json(tmp_path: Path) -> None:
    said = json.dumps([{"role": "user", "content": "first\na@firm.de"}, {"role": "assistant", "content": "ok"}])
    with (tmp_path / "s.csv").open("w", newline="") as file:
        csv.writer(file).writerows([["chat", "n"], [said, 1]])
    data = open_source(tmp_path / "s.csv", tmp_path / "w")
    assert data.text_view.kind == "chat"
    export(run(data, Recipe()), tmp_path / "out", format="messages", mask=ALL)
    turns = json.loads((tmp_path / "out" / "messages.jsonl").read_text())["messages"]
    assert turns[0]["content"] == "first\n<EMAIL>"


@pytest.mark.parametrize("format", ["jsonl", "parquet"])
def test_a_chat_that_a_json_row_keeps_as_text_stays_json(tmp_path: Path, format: str) -> None:
    said = json.dumps([{"role": "user", "content": "first\na@firm.de"}, {"role": "assistant", "content": "ok"}])
    (tmp_path / "s.jsonl").write_text(json.dumps({"chat": said, "n": 1.5}) + "\n")
    data = open_source(tmp_path / "s.jsonl", tmp_path / "w")
    made = export(run(data, Recipe()), tmp_path / "out", format=format, mask=ALL)
    assert made.content and made.content.masked["emails"].places == 1
    reads = EXPORTERS[format].about.reads
    assert reads is not None
    (row,) = (dict(one) for one in reads(tmp_path / "out" / made.data_file, made.output.params))
    assert json.loads(str(row["chat"]))[0] == {"role": "user", "content": "first\n<EMAIL>"}
    assert verify(tmp_path / "out", rebuild=True).ok


def test_a_text_that_is_json_stays_json_and_loses_nothing_that_only_its_names_tell() -> None:
    mask = Mask.from_json({"kinds": {"emails": "<E>", "cards": "<C>", "secrets": "<S>"}})
    counts: Counter[str] = Counter()
    text = '{"a": "hello\\nana@firm.de", "card": 4111111111111111, "n": 1.50, "password": "hunter2Ab9Qx7"}'
    assert mask.masked(text, counts) == '{"a":"hello\\n<E>","card":"<C>","n":1.50,"password":"<S>"}'
    assert counts == {"emails": 1, "cards": 1, "secrets": 1}
    assert mask.masked('{"a": "x",  "n": 1.50}', counts) == '{"a": "x",  "n": 1.50}'
    assert mask.masked("[ana@firm.de]", counts) == "[<E>]"
    assert mask.masked('{"a": "\udcff ana@firm.de"}', counts).endswith(' <E>"}')


def test_lists_objects_and_maps_of_any_depth_are_masked_and_keep_their_types(tmp_path: Path) -> None:
    nested = pa.array([{"a": ["x", "a@firm.de"], "n": 1}, None, {"a": None, "n": 2}])
    maps = pa.array([[("k@firm.de", "v@firm.de")], [], None], pa.map_(pa.large_string(), pa.large_string()))
    fixed = pa.array([["a@firm.de", None], None, ["x", "y"]], pa.list_(pa.large_string(), 2))
    columns = [("s", nested), ("m", maps), ("f", fixed), ("text", pa.array(["b@firm.de", None, ""]))]
    data = table(tmp_path, [(key, key, "text" if key == "text" else "json", "", values) for key, values in columns])
    mask = {"kinds": {"emails": "E"}, "columns": ["s", "m", "f", "text"]}
    export(run(data, Recipe()), tmp_path / "out", mask=mask)
    found = pq.read_table(tmp_path / "out" / "data.parquet")
    assert [f.type for f in found.schema] == [values.type for _, values in columns]
    assert found["s"].to_pylist() == [{"a": ["x", "E"], "n": 1}, None, {"a": None, "n": 2}]
    assert found["m"].to_pylist() == [[("E", "E")], [], None]
    assert found["f"].to_pylist() == [["E", None], None, ["x", "y"]]
    assert found["text"].to_pylist() == ["E", None, ""]


@pytest.mark.parametrize("format", ["parquet", "jsonl", "csv"])
def test_bytes_are_masked_as_the_text_that_they_hold_and_other_bytes_stay(tmp_path: Path, format: str) -> None:
    values = pa.array([b"to a@firm.de \xff\x00", None, b"\xfe"], pa.binary())
    pq.write_table(pa.table({"text": values, "in": pa.array([[b"b@firm.de"], [], None])}), tmp_path / "s.parquet")
    data = open_source(tmp_path / "s.parquet", tmp_path / "w", options=SourceOptions(text="text"))
    seen = private_things(data, data.rows(), [], None).kinds["emails"]
    assert seen.columns == {"text": 1, "in": 1}
    mask = {"kinds": {"emails": "<E>"}, "columns": ["text", "in"]}
    manifest = export(run(data, Recipe()), tmp_path / "out", format=format, mask=mask)
    assert manifest.content and manifest.content.masked["emails"].places == 2
    if format == "parquet":
        found = pq.read_table(tmp_path / "out" / "data.parquet")
        assert found["text"].to_pylist() == [b"to <E> \xff\x00", None, b"\xfe"]
        assert found["in"].to_pylist() == [[b"<E>"], [], None]
    assert verify(tmp_path / "out", rebuild=True).ok


def test_bytes_of_one_length_are_bytes_of_any_length_once_masked(tmp_path: Path) -> None:
    values = pa.array([b"a@firm.de"], pa.binary(9))
    pq.write_table(pa.table({"text": values, "code": values}), tmp_path / "s.parquet")
    data = open_source(tmp_path / "s.parquet", tmp_path / "w", options=SourceOptions(text="text"))
    manifest = export(run(data, Recipe()), tmp_path / "out", mask={"kinds": {"emails": "E"}, "columns": ["text"]})
    found = pq.read_table(tmp_path / "out" / "data.parquet")
    assert found.to_pylist() == [{"text": b"E", "code": b"a@firm.de"}]
    assert found.schema.field("code").type == pa.binary(9)
    assert "'text': it was fixed_size_binary[9]; it is large_binary" in manifest.changes


def test_ordered_categories_lose_their_order_and_no_value(tmp_path: Path) -> None:
    who = pa.DictionaryArray.from_arrays(pa.array([0, 1], pa.int8()), ["a@firm.de", "b"], ordered=True)
    pq.write_table(pa.table({"text": ["x", "y"], "who": who}), tmp_path / "s.parquet")
    data = open_source(tmp_path / "s.parquet", tmp_path / "w", options=SourceOptions(text="text"))
    manifest = export(run(data, Recipe()), tmp_path / "out", mask={"kinds": {"emails": "E"}, "columns": ["who"]})
    assert pq.read_table(tmp_path / "out" / "data.parquet")["who"].to_pylist() == ["E", "b"]
    assert any("no longer ordered" in said for said in manifest.changes)


def test_the_column_below_an_edited_text_is_masked_too(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("text\n a@firm.de \nx\n")
    data = open_source(tmp_path / "s.csv", tmp_path / "w", options=SourceOptions(text="text"))
    data = build(data, {"text (trimmed)": spec("edit", "trim", on="text")})
    data = choose_view(data, of_column("text (trimmed)"))
    export(run(data, Recipe()), tmp_path / "out", mask=ALL)
    assert "firm.de" not in str(pq.read_table(tmp_path / "out" / "data.parquet").to_pylist())


def test_what_edits_made_from_the_masked_text_is_masked_too_where_it_goes_out(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("text,by\n a@firm.de ,b@firm.de\n")
    data = open_source(tmp_path / "s.csv", tmp_path / "w", options=SourceOptions(text="text"))
    edits = {"once": spec("edit", "trim", on="text"), "twice": spec("edit", "unescape_html", on="once")}
    data = build(data, {**edits, "other": spec("edit", "trim", on="by")})
    made = export(run(data, Recipe()), tmp_path / "out", mask=ALL)
    found = pq.read_table(tmp_path / "out" / "data.parquet").to_pylist()
    assert [row["once"] + row["twice"] + row["other"] for row in found] == ["<EMAIL><EMAIL>b@firm.de"]
    assert made.content and made.content.columns == ("text", "once", "twice")
    some = export(run(data, Recipe()), tmp_path / "some", mask=ALL, columns=["text", "twice"])
    assert some.content and some.content.columns == ("text", "twice")
    assert verify(tmp_path / "out", rebuild=True).ok and verify(tmp_path / "some", rebuild=True).ok


def test_odd_texts_are_masked_and_nothing_else_is_touched(tmp_path: Path) -> None:
    texts = ["\x00a@firm.de\x00", "<b>a@firm.de</b>", "é🙂 a@firm.de 🙂", "x" * 5_000_000, ""]
    data = table(tmp_path, [("text", "text", "text", "", pa.array(texts))])
    export(run(data, Recipe()), tmp_path / "out", mask=ALL)
    found = pq.read_table(tmp_path / "out" / "data.parquet")["text"].to_pylist()
    assert found == ["\x00<EMAIL>\x00", "<b><EMAIL></b>", "é🙂 <EMAIL> 🙂", texts[3], ""]


@pytest.mark.parametrize("format", ["parquet", "jsonl", "csv", "messages"])
def test_a_masked_row_that_was_altered_since_is_found_whichever_of_its_columns(
    data: Dataset, tmp_path: Path, format: str
) -> None:
    turns = {"user": "text", "assistant": "label"} if format == "messages" else {}
    made = export(run(data, Recipe()), tmp_path / "out", format=format, mask=ALL, turns=turns)
    path = tmp_path / "out" / made.data_file
    whole = path.read_bytes()
    for old, new in (("call <PHONE>", "call me"), ("y", "z")):
        if format == "parquet":
            held = pq.read_table(path)
            first, second, *rest = held.to_pylist()
            second = {key: new if value == old else value for key, value in second.items()}
            pq.write_table(pa.Table.from_pylist([first, second, *rest], held.schema), path)
        else:
            path.write_bytes(whole.replace(f'"{old}"'.encode(), f'"{new}"'.encode(), 1))
        fitted(tmp_path / "out")
        wrong = [(c.name, c.words) for c in verify(tmp_path / "out").checks if not c.ok]
        said = f"{path.name}: row 1 is not as it was written: something in it was changed since."
        assert wrong == [("rows as written", said)]
        path.write_bytes(whole)


def test_what_a_row_was_rewritten_to_cannot_be_said_anew_in_kept_rows_and_need_not_be_there(
    data: Dataset, tmp_path: Path
) -> None:
    made = export(run(data, Recipe()), tmp_path / "out", mask=ALL)
    path, kept = tmp_path / "out" / "data.parquet", pq.read_table(tmp_path / "out" / "kept.parquet")
    whole, other = path.read_bytes(), pa.array(["write to nobody", *OUT[1:]], pa.large_string())
    pq.write_table(pq.read_table(path).set_column(0, "text", other), path)
    hashes = pa.array(hashed(path, made.output, [c.name for c in made.columns]))
    pq.write_table(kept.set_column(4, "written", hashes), tmp_path / "out" / "kept.parquet")
    fitted(tmp_path / "out")
    wrong = [c for c in verify(tmp_path / "out").checks if not c.ok]
    assert [c.name for c in wrong] == ["rows as written"] and wrong[0].words.startswith("kept.parquet gives")
    path.write_bytes(whole)
    pq.write_table(kept.drop_columns("written"), tmp_path / "out" / "kept.parquet")  # as exports of before have it
    fitted(tmp_path / "out", lambda body: body["content"].pop("digest"))  # type: ignore[attr-defined]
    report = verify(tmp_path / "out", rebuild=True)
    said = next(c.words for c in report.checks if c.name == "rows")
    assert report.ok and said.endswith("and not compared: this export does not say what they were rewritten to")


def test_more_rows_that_differ_than_were_masked_are_a_difference(data: Dataset, tmp_path: Path) -> None:
    export(run(data, Recipe()), tmp_path / "out", format="jsonl", mask=ALL)
    path = tmp_path / "out" / "data.jsonl"
    path.write_text(path.read_text().replace("nothing", "something"))
    fitted(tmp_path / "out")
    report = verify(tmp_path / "out")
    assert [c.name for c in report.checks if not c.ok] == ["rows", "rows as written"]


def test_the_files_of_a_split_share_the_rows_that_may_differ(data: Dataset, tmp_path: Path) -> None:
    split = {"parts": {"a": 0.5, "b": 0.5}}
    mask = {"kinds": {"phones": "<PHONE>"}}  # in one row of the four, so in one file
    manifest = export(run(data, Recipe()), tmp_path / "out", format="jsonl", mask=mask, split=split)
    assert manifest.content and manifest.content.rows == 1 and verify(tmp_path / "out", rebuild=True).ok
    [other] = [p for p in (tmp_path / "out").glob("*.jsonl") if "<PHONE>" not in p.read_text()]
    [first, second] = other.read_text().splitlines(keepends=True)
    other.write_text(first.replace('"x"', '"z"').replace('"y"', '"z"') + second)
    fitted(tmp_path / "out")
    assert [c.name for c in verify(tmp_path / "out").checks if not c.ok] == ["rows", "rows as written"]


def test_what_cannot_be_a_mask_is_refused_with_the_way_out() -> None:
    for value, said in [
        ({"kinds": {"mails": "x"}}, "emails"),
        ({"kinds": {}}, "names no kind"),
        ({"kinds": {"emails": "x" * 201}}, "longer than"),
        ({"kinds": {"emails": "\ud800"}}, "no text"),
        ({"kinds": {"emails": "x"}, "region": "XX"}, "region"),
        ({"kinds": {"emails": "x"}, "least_bits": 9}, "0 to 6"),
    ]:
        with pytest.raises(EngineError, match=said):
            Mask.from_json(value)  # type: ignore[arg-type]


def test_a_masked_column_that_is_not_there_is_an_error(data: Dataset, tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="'txt'"):
        export(run(data, Recipe()), tmp_path / "out", mask={"kinds": {"emails": "E"}, "columns": ["txt"]})


def test_what_names_the_rows_or_is_listed_by_a_split_cannot_be_masked(source: Path, tmp_path: Path) -> None:
    source.write_text("who,text,by\na@firm.de,x,c@firm.de\nb@firm.de,y,d@firm.de\n")
    data = open_source(source, tmp_path / "w", options=SourceOptions(text="text", id="who"))
    data = build(data, {key: spec("edit", "trim", on=key[5:]) for key in ("trim@who", "trim@by")})
    split = {"parts": {"a": 0.5, "b": 0.5}, "stratify": "trim@by"}
    for column, said in (("who", "names the rows"), ("trim@who", "names the rows"), ("by", "stratified by 'trim@by'")):
        with pytest.raises(EngineError, match=said):
            mask = {"kinds": {"emails": "E"}, "columns": [column]}
            export(run(data, Recipe()), tmp_path / "out", mask=mask, split=split)
    assert not (tmp_path / "out").exists()


def test_the_command_line_masks_all_or_some(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("r.json").write_text(Recipe(name="r").text())
    assert main(["run", "r.json", str(source), "--out", "a", "--mask", "all", "emails=e@example.com", "--quiet"]) == 0
    mask = Manifest.read(Path("a")).output.mask
    assert mask and mask.kinds["emails"] == "e@example.com" and mask.kinds["cards"] == "<CARD>"
    assert main(["run", "r.json", str(source), "--out", "b", "--mask", "mails", "--quiet"]) == 2
    assert main(["run", "r.json", str(source), "--out", "b", "--mask-region", "DE", "--quiet"]) == 2
    assert not Path("b").exists()


def test_the_command_line_says_what_goes_out_unmasked_where_it_was_measured(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    step, needs = dropping("secrets")
    Path("plain.json").write_text(Recipe(name="r").text())
    Path("measured.json").write_text(Recipe(name="r", steps=(step,), needs=needs).text())

    def said(recipe: str, *words: str) -> list[str]:
        assert main(["run", recipe, str(source), "--out", "out", "--overwrite", "--quiet", *words]) == 0
        return [line for line in capsys.readouterr().out.splitlines() if "unmasked" in line]

    assert said("plain.json") == []
    assert said("measured.json") == ["Goes out unmasked: e-mail addresses (2), telephone numbers (1)."]
    assert said("measured.json", "--mask", "emails") == ["Goes out unmasked: telephone numbers (1)."]
    assert said("measured.json", "--mask", "all") == []
    # A format of chats writes what is said, and no other column.
    assert said("measured.json", "--format", "messages", "--turns", "user=label", "assistant=n") == []


PIECES = st.sampled_from(["a@firm.de", "+49 30 901820", KEY, " ", "x", "🙂", "\n", "4111111111111111", "://", ":"])


@settings(max_examples=60, deadline=None)
@given(st.lists(PIECES, max_size=8), st.sets(st.sampled_from(["emails", "phones", "cards", "secrets"])))
def test_places_are_in_order_and_never_overlap(pieces: list[str], kinds: set[str]) -> None:
    text = "".join(pieces)
    found = private_places(text, frozenset(kinds))  # type: ignore[arg-type]
    ends = [0, *(end for _, end, _ in found)]
    assert all(end <= place.start < place.end <= len(text) for end, place in zip(ends, found, strict=False))
    assert {place.kind for place in found} <= kinds


def test_what_would_go_out_is_counted_by_kind_and_column_before_anything_is_written(data: Dataset) -> None:
    found = private_things(data, data.rows(), [], None)
    emails = found.kinds["emails"]
    assert (found.looked, emails.places, emails.rows, emails.examples.tolist()) == (4, 3, 2, [0, 3])
    assert emails.columns == {"text": 3} and found.kinds["cards"].places == 0


def test_what_would_go_out_is_looked_for_with_the_masks_own_country_and_least_bits(tmp_path: Path) -> None:
    texts = pa.array(["0171 2345678", 'api_key = "k7k7m2k7k7m2"'])
    data = table(tmp_path, [("text", "text", "text", "", texts)])

    def places(mask: Mask | None) -> tuple[int, int]:
        found = private_things(data, data.rows(), [], mask).kinds
        return found["phones"].places, found["secrets"].places

    assert places(None) == (1, 0)
    assert places(Mask({"emails": "E"}, region="US")) == (0, 0)
    assert places(Mask({"emails": "E"}, least_bits=1)) == (1, 1)


def test_dropping_a_kind_is_a_step_on_what_is_measured(data: Dataset) -> None:
    step, needs = dropping("emails")
    assert run(build(data, needs), Recipe(steps=(step,))).rows.tolist() == [1, 2]
    step, needs = dropping("secrets")
    assert run(build(data, needs), Recipe(steps=(step,))).rows.tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("content"),
        lambda body: body["content"]["masked"].pop("emails"),
        lambda body: body["content"].update(rows=5),
        lambda body: body["content"]["masked"]["emails"].update(rows=4),
    ],
)
def test_a_manifest_that_says_otherwise_what_was_masked_does_not_hold(
    data: Dataset, tmp_path: Path, change: Callable[[dict[str, Any]], object]
) -> None:
    export(run(data, Recipe()), tmp_path / "out", mask=ALL)
    fitted(tmp_path / "out", change)
    report = verify(tmp_path / "out")
    assert [c.name for c in report.checks if not c.ok] == ["content"]


def test_where_texts_are_long_fewer_rows_are_looked_at_and_that_is_said(tmp_path: Path) -> None:
    texts = ["a@firm.de " + "x" * 400_000] * 40
    data = table(tmp_path, [("text", "text", "text", "", pa.array(texts))])
    found = private_things(data, data.rows(), [], None)
    assert 10 <= found.looked < 40 and found.of == 40 and found.kinds["emails"].rows == found.looked

"""Parts of an export: written in every format, proven, made again; nothing that is alike stands in two."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.building.build import build
from engine.building.spec import spec
from engine.commands.cli import main
from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.headless import replay
from engine.exporting.manifest import Manifest
from engine.exporting.needs import completed, needed
from engine.exporting.output import Wanted
from engine.exporting.rendered import rendered
from engine.exporting.search_parts import searched
from engine.exporting.split import Split, placed
from engine.exporting.split_facts import reached
from engine.exporting.verify import verify
from engine.opening.open import open_source
from engine.opening.options import SourceOptions
from engine.pairs import PAIRS
from engine.progress import quiet
from engine.recipe.recipe import Recipe, Step
from engine.recipe.run import run
from engine.registry import Json
from engine.store.artefact_identity import Origin
from tests.engine.exporting.tamperings import fitted
from tests.engine.small import corpus

PARTS = {"train": 0.8, "test": 0.2}
LOOSE = "exact(any_case=True)"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """100 rows: ten texts stand there twice, once in capitals; 20 authors of five rows, two labels, one missing."""
    texts = [f"text number {i % 90}" for i in range(100)]
    texts[90:] = [t.upper() for t in texts[90:]]
    table = {
        "text": texts,
        "answer": [f"answer {i}" if i else "" for i in range(100)],
        "author": [f"a{i % 20}" for i in range(100)],
        "label": [None if i == 7 else "rare" if i % 10 == 0 else "common" for i in range(100)],
    }
    pq.write_table(pa.table(table), tmp_path / "source.parquet")
    return tmp_path / "source.parquet"


@pytest.fixture
def data(source: Path, tmp_path: Path) -> Dataset:
    opened = open_source([source], tmp_path / "w", name="base", options=SourceOptions(text="text"))
    return build(opened, {LOOSE: spec("pairs", "exact", {"any_case": True})})


def linked(data: Dataset, links: list[tuple[int, int, float]], lowest: float = 0.5, **notes: Json) -> Dataset:
    """The dataset with pairs between rows, as a kind of close neighbours gives them, under the key `exact`."""
    first, second, like = zip(*links, strict=True)
    arrays = {
        "of_row": np.arange(data.n, dtype=np.int32),
        "first": np.array(first, np.int32),
        "second": np.array(second, np.int32),
        "similarity": np.array(like, np.float32),
    }
    data.store.publish("exact", Origin(spec("pairs", "exact"), data.fingerprint), arrays, {"lowest": lowest, **notes})
    return Dataset.load(data.store)


def kept(folder: Path) -> list[dict[str, object]]:
    return pq.read_table(folder / "kept.parquet").to_pylist()


@pytest.mark.parametrize("files", ["one", "one for each part"])
@pytest.mark.parametrize("format", list(EXPORTERS))
def test_every_format_holds_parts_that_verify_and_are_made_again(
    data: Dataset, tmp_path: Path, format: str, files: str
) -> None:
    turns = {"user": "text", "assistant": "answer"} if EXPORTERS[format].about.parts else None
    made = export(
        run(data, Recipe()), tmp_path / "out", format=format, rank=True, turns=turns,
        split={"parts": PARTS, "pairs": {LOOSE: 1.0}, "stratify": "label", "files": files},
    )  # fmt: skip
    assert made.split is not None
    unfit = sum(made.rows.unfit.values())  # of chats one row has no answer
    assert [(p.name, abs(p.rows - n) <= unfit) for p, n in zip(made.split.parts, (80, 20), strict=True)] == [
        ("train", True),
        ("test", True),
    ]
    names = {Path(name).name.partition(".")[0] for name in made.data_files}
    assert names == ({"train", "test"} if files != "one" else {Path(made.data_file).name.partition(".")[0]})
    report = verify(tmp_path / "out", rebuild=True, search=not EXPORTERS[format].about.parts)
    assert [check for check in report.checks if not check.ok] == []
    part = {row["row"]: row["part"] for row in kept(tmp_path / "out")}
    assert all(part[i] == part[i + 90] for i in range(10))


def test_loaders_are_told_of_the_parts_and_readers_what_was_reached(data: Dataset, tmp_path: Path) -> None:
    export(run(data, Recipe()), tmp_path / "out", split={"parts": PARTS, "pairs": {LOOSE: 1.0}})
    card = (tmp_path / "out" / "README.md").read_text()
    parts = '  data_files:\n  - split: "train"\n    path: train.parquet\n  - split: "test"\n    path: test.parquet\n'
    assert parts in card
    assert "| train | 80 | 80.0 % | 80.0 % | train.parquet |" in card
    assert f"- No pair of {LOOSE} at 1 or more crosses from one part to another." in card


def test_without_a_split_nothing_is_said_of_one(data: Dataset, tmp_path: Path) -> None:
    made = export(run(data, Recipe()), tmp_path / "out")
    assert "split" not in made.body and "split" not in made.output.json()
    assert "split" not in json.loads((tmp_path / "out" / "recipe.json").read_text())["output"]
    assert pq.read_schema(tmp_path / "out" / "kept.parquet").names == ["rank", "key", "row", "content"]


def test_a_replay_from_the_source_finds_the_pairs_first_and_writes_the_same_bytes(
    data: Dataset, source: Path, tmp_path: Path
) -> None:
    split = {"parts": PARTS, "pairs": {LOOSE: 1.0}, "stratify": "label", "never_across": "author", "seed": 3}
    made = export(run(data, Recipe()), tmp_path / "out", split=split)
    again = replay(tmp_path / "out", [source], tmp_path / "again")
    assert again.split == made.split
    for name in ("train.parquet", "test.parquet", "kept.parquet", "README.md"):
        then, now = ((tmp_path / folder / name).read_bytes() for folder in ("out", "again"))
        if name != "README.md":  # it names the command that was typed
            assert then == now
    assert made.seeds == {"split": 3}


def test_pairs_that_nobody_has_found_yet_are_needed_with_their_parameters(data: Dataset) -> None:
    output = Wanted(split=Split(PARTS, {"exact(any_space=True)": 1.0})).json()
    assert needed(Recipe(output=output))["exact(any_space=True)"].params["any_space"] is True
    assert LOOSE in completed(data, Recipe(output=Wanted(split=Split(PARTS, {LOOSE: 1.0})).json())).needs


def test_no_author_stands_in_two_parts_and_a_missing_or_empty_one_binds_nobody(tmp_path: Path) -> None:
    authors = ["x"] * 5 + [None, ""] * 10
    made = placed(corpus(tmp_path, {"author": authors}), np.arange(25), Split(PARTS, never_across="author"))
    assert len(set(made.of_rank[:5].tolist())) == 1
    assert made.found.largest == 5
    assert np.bincount(made.of_rank).tolist() == [20, 5]


def test_parts_come_out_alike_however_they_are_written_down(data: Dataset) -> None:
    rows = np.arange(100)
    one = placed(data, rows, Split({"a": 0.4, "b": 0.3, "c": 0.3}, {LOOSE: 1.0}))
    other = placed(data, rows[::-1], Split({"c": 0.3, "a": 0.4, "b": 0.3}, {LOOSE: 1.0}))
    assert one.words().tolist() == other.words()[::-1].tolist()


def test_another_seed_gives_another_split(data: Dataset) -> None:
    one, other = (placed(data, np.arange(100), Split(PARTS, seed=s)).words().tolist() for s in (0, 1))
    assert one != other


def test_rows_that_bridge_are_counted_and_named(data: Dataset, tmp_path: Path) -> None:
    chain = linked(data, [(i, i + 1, 0.9) for i in range(99)])
    split = {"parts": {"train": 0.5, "test": 0.5}, "pairs": {"exact": 0.8}, "bridges": 0.01}
    made = export(run(chain, Recipe()), tmp_path / "out", split=split, rank=True)
    assert made.split is not None and made.split.bridges == 1
    assert made.rows.unfit == {"it bridges train and test": 1}
    assert made.rows.written == 99
    dropped = pq.read_table(tmp_path / "out" / "dropped.parquet").to_pylist()
    assert [(d["step"], d["reason"]) for d in dropped] == [(-1, "Not written: it bridges train and test.")]
    assert [r["row"] for r in kept(tmp_path / "out") if r["part"] == ""] == [dropped[0]["row"]]
    assert [c for c in verify(tmp_path / "out").checks if not c.ok] == []


def test_where_the_shares_cannot_be_met_it_is_said_why(data: Dataset, tmp_path: Path) -> None:
    chain = linked(data, [(i, i + 1, 0.9) for i in range(59)])
    made = export(
        run(chain, Recipe()), tmp_path / "out", split={"parts": {"a": 0.5, "b": 0.5}, "pairs": {"exact": 0.8}}
    )
    assert made.split is not None and (made.split.off, made.split.largest) == (10.0, 60)
    assert (
        "a is 10.00 percentage points from its share: the largest group has 60 rows (60.0 %), and no group is parted."
        in made.split.says
    )


def test_a_similarity_below_what_was_looked_for_is_refused(data: Dataset) -> None:
    near = linked(data, [(0, 1, 0.9)], lowest=0.7)
    with pytest.raises(EngineError, match="looked for down to a similarity of 0.7, not to 0.6"):
        placed(near, np.arange(100), Split(PARTS, {"exact": 0.6}))


@pytest.mark.parametrize(
    ("split", "wrong"),
    [
        ({"parts": {"train": 1.0}}, "two parts or more"),
        ({"parts": {"train": 0.8, "test": 0.1}}, "add up to 0.9, not to 1. Did you mean train=0.8889,test=0.1111"),
        ({"parts": {"train": 1.0, "test": 0.0}}, "'test' has a share of 0"),
        ({"parts": {"train": 1.5, "test": -0.5}}, "'test' has a share of -0.5"),
        ({"parts": {"kept": 0.5, "test": 0.5}}, "'kept' cannot be the name"),
        ({"parts": {"../x": 0.5, "test": 0.5}}, "cannot be the name"),
        ({"parts": {"Test": 0.5, "test": 0.5}}, "neither case nor - and _ are told apart"),
        ({"parts": {"a-b": 0.5, "a_b": 0.5}}, "neither case nor - and _ are told apart"),
        ({"parts": {"nul": 0.5, "test": 0.5}}, "Windows has no files of that name"),
        ({"parts": {f"p{i}": 1 / 40_000 for i in range(40_000)}}, "40,000 parts"),
        ({"parts": PARTS, "pairs": {"exact": 2}}, "similarity of 2"),
        ({"parts": PARTS, "bridges": 0.9}, "a share of 0.9"),
        ({"parts": PARTS, "seed": -1}, "seed"),
        ({"pairs": {}}, "says pairs, but no parts. Name them: train=0.8,test=0.2"),
        ({"parts": PARTS, "by": "x"}, "No field of the split of an output"),
    ],
)
def test_what_cannot_be_a_split_is_refused_by_name(split: dict[str, object], wrong: str) -> None:
    with pytest.raises(EngineError, match=wrong.replace(".", r"\.").replace("?", r"\?")):
        Wanted.from_json({"format": "csv", "split": split})  # type: ignore[dict-item]


@pytest.mark.parametrize("split", [{"stratify": "labl"}, {"never_across": "labl"}])
def test_a_column_that_is_not_there_is_refused_with_the_nearest(data: Dataset, split: dict[str, str]) -> None:
    with pytest.raises(EngineError, match="label"):
        placed(data, np.arange(100), Split(PARTS, **split))  # type: ignore[arg-type]


def test_no_row_at_all_makes_empty_parts(data: Dataset, tmp_path: Path) -> None:
    recipe = Recipe(steps=(Step("values", {"column": "author", "values": ["nobody"]}).checked(),))
    made = export(
        run(data, recipe), tmp_path / "out", split={"parts": PARTS, "pairs": {LOOSE: 1.0}, "stratify": "label"}
    )
    assert made.split is not None and [p.rows for p in made.split.parts] == [0, 0]
    assert "There are no rows." in made.split.says
    assert [c for c in verify(tmp_path / "out").checks if not c.ok] == []


@pytest.mark.parametrize("files", ["one", "one for each part"])
def test_the_first_rows_are_those_of_the_first_file(data: Dataset, tmp_path: Path, files: str) -> None:
    split = Split(PARTS, {LOOSE: 1.0}, files=files)  # type: ignore[arg-type]
    seen = rendered(run(data, Recipe()), Wanted("jsonl", split=split, rank=True))
    made = export(run(data, Recipe()), tmp_path / "out", format="jsonl", split=split, rank=True)
    assert seen.file == made.data_file
    assert (tmp_path / "out" / made.data_file).read_text().startswith(seen.text)


def tampered(change: Callable[[Path], object]) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        change(folder)
        fitted(folder)

    return tamper


def in_kept(folder: Path) -> None:
    """A row of train is said to be in test, and one of test in train."""
    table = pq.read_table(folder / "kept.parquet")
    parts = table.column("part").to_pylist()
    one, other = parts.index("train"), parts.index("test")
    parts[one], parts[other] = "test", "train"
    pq.write_table(table.set_column(4, "part", pa.array(parts)), folder / "kept.parquet", compression="zstd")


def in_data(folder: Path) -> None:
    """The same in the column of the data."""
    table = pq.read_table(folder / "data.parquet")
    parts = table.column("part").to_pylist()
    parts[parts.index("train")] = "test"
    pq.write_table(table.set_column(table.num_columns - 1, "part", pa.array(parts)), folder / "data.parquet")


def said(change: Callable[[dict[str, object]], object]) -> Callable[[Path], None]:
    return lambda folder: fitted(folder, lambda m: change(m["split"]))  # type: ignore[arg-type]


def swapped(folder: Path) -> None:
    """The file of train is called that of test."""

    def swap(m: dict[str, object]) -> None:
        train, test = m["split"]["parts"]  # type: ignore[index]
        train["file"], test["file"] = test["file"], train["file"]
        m["data_file"] = train["file"]

    fitted(folder, swap)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("files", "tamper", "found"),
    [
        ("one for each part", tampered(in_kept), "rows"),
        ("one", tampered(in_kept), "rows"),
        ("one", tampered(in_data), "rows"),
        ("one", said(lambda s: s["parts"][0].update(rows=79)), "parts"),
        ("one", said(lambda s: s["parts"][0].update(reached=0.5)), "parts"),
        ("one", said(lambda s: s["parts"][0].update(wanted=0.7)), "parts"),
        ("one", said(lambda s: s.update(off=3.0)), "parts"),
        ("one", said(lambda s: s.update(crossing={LOOSE: 1})), "parts"),
        ("one", said(lambda s: s.update(bridges=1)), "parts"),
        ("one", said(lambda s: (s["parts"][0].update(rows=79), s["parts"][1].update(rows=21))), "parts"),
        ("one", lambda d: fitted(d, lambda m: m.pop("split")), "parts"),
        ("one for each part", said(lambda s: s["parts"][0].update(file="test.parquet")), "file list"),
        ("one for each part", swapped, "parts"),
    ],
)
def test_what_somebody_changes_in_the_parts_is_seen(
    data: Dataset, tmp_path: Path, files: str, tamper: Callable[[Path], None], found: str
) -> None:
    export(run(data, Recipe()), tmp_path / "out", split={"parts": PARTS, "pairs": {LOOSE: 1.0}, "files": files})
    tamper(tmp_path / "out")
    assert found in [check.name for check in verify(tmp_path / "out").checks if not check.ok]


def test_what_a_manifest_claims_in_words_is_not_repeated_as_checked(data: Dataset, tmp_path: Path) -> None:
    export(run(data, Recipe()), tmp_path / "out", split={"parts": PARTS, "pairs": {LOOSE: 1.0}})
    said(lambda s: s.update(says=["Nothing leaks at all."]))(tmp_path / "out")
    assert not [check for check in verify(tmp_path / "out").checks if "Nothing leaks" in check.words]


def test_an_export_without_parts_is_good_where_a_search_is_asked_for(data: Dataset, tmp_path: Path) -> None:
    export(run(data, Recipe()), tmp_path / "out")
    found = verify(tmp_path / "out", search=True)
    assert found.ok and found.checks[-1].words == "the export has no parts, so nothing can cross between them"


@pytest.mark.parametrize("format", ["parquet", "jsonl", "csv"])
def test_a_search_counts_no_author_that_is_missing_or_empty(tmp_path: Path, format: str) -> None:
    opened = corpus(tmp_path, {"text": [f"text {i}" for i in range(20)], "author": ["", None, "a", "b"] * 5})
    split = {"parts": PARTS, "never_across": "author"}
    export(run(opened, Recipe()), tmp_path / "out", format=format, split=split)
    assert verify(tmp_path / "out", search=True).ok


@pytest.mark.parametrize("files", ["one", "one for each part"])
def test_a_search_finds_what_crosses_in_the_files(data: Dataset, tmp_path: Path, files: str) -> None:
    folder = tmp_path / "out"
    split = {"parts": PARTS, "pairs": {LOOSE: 1.0}, "never_across": "author", "files": files}
    made = export(run(data, Recipe()), folder, split=split)
    recipe = Recipe.from_text((folder / "recipe.json").read_text())
    assert [check.ok for check in searched(folder, made, recipe, quiet)] == [True, True]
    parts = {row["part"]: row for row in kept(folder)}
    path = folder / made.data_files[-1]
    table = pq.read_table(path)
    texts, authors = (table.column(name).to_pylist() for name in ("text", "author"))
    at = 0 if files != "one" else table.column("part").to_pylist().index("test")
    train = data.texts(np.array([parts["train"]["row"]]))[0]
    texts[at], authors[at] = train.upper(), data.strings("author", np.array([parts["train"]["row"]]))[0]
    table = table.set_column(0, "text", pa.array(texts)).set_column(2, "author", pa.array(authors))
    pq.write_table(table, path)
    assert [check.ok for check in searched(folder, made, recipe, quiet)] == [False, False]


def test_a_search_says_where_the_files_hold_too_little(data: Dataset, tmp_path: Path) -> None:
    split = {"parts": PARTS, "pairs": {LOOSE: 1.0}}
    export(run(data, Recipe()), tmp_path / "out", split=split, columns=["author"])
    found = verify(tmp_path / "out", search=True).checks[-1]
    assert (found.name, found.ok) == ("search", False)
    assert "do not hold 'text'" in found.words


def test_a_search_of_chats_says_where_other_texts_would_be_compared(data: Dataset, tmp_path: Path) -> None:
    split = {"parts": PARTS, "pairs": {LOOSE: 1.0}}
    turns = {"user": "text", "assistant": "author"}
    export(run(data, Recipe()), tmp_path / "out", format="messages", turns=turns, split=split)
    found = verify(tmp_path / "out", search=True).checks[-1]
    assert (found.name, found.ok) == ("search", False)
    assert "other texts would be searched" in found.words


def test_chats_are_searched_as_they_were_read(tmp_path: Path) -> None:
    lines = [[{"role": "user", "content": f"q {i % 15}"}, {"role": "assistant", "content": "a"}] for i in range(20)]
    (tmp_path / "chats.jsonl").write_text("".join(json.dumps({"messages": one}) + "\n" for one in lines))
    made = build(open_source([tmp_path / "chats.jsonl"], tmp_path / "w"), [spec("pairs", "exact")])
    split = {"parts": {"train": 0.5, "test": 0.5}, "pairs": {"exact": 1.0}}
    export(run(made, Recipe()), tmp_path / "out", format="messages", split=split)
    found = verify(tmp_path / "out", search=True).checks[-1]
    assert (found.ok, found.words) == (True, "exact: found anew among 20 rows, 0 pairs at 1 or more cross")


def test_the_command_line_splits_and_changes_a_split(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["open", str(source), "--name", "c", "--text", "text", "--workspace", "v"]) == 0
    words = "export c --workspace v --out one --split train=0.8,test=0.2 --stratify label --never-across author"
    assert main([*words.split(), "--split-pairs", LOOSE, "exact=1", "--bridges", "0.01", "--split-seed", "4"]) == 0
    split = Manifest.read(tmp_path / "one").output.split
    assert split == Split(PARTS, {LOOSE: 0.8, "exact": 1.0}, "label", "author", 0.01, 4)
    assert main(["run", "one", str(source), "--out", "two", "--split-files", "one", "--split", "a=0.5,b=0.5"]) == 0
    other = Manifest.read(tmp_path / "two").output.split
    assert other == Split({"a": 0.5, "b": 0.5}, {LOOSE: 0.8, "exact": 1.0}, "label", "author", 0.01, 4, "one")
    assert main(["verify", "two", "--search"]) == 0
    capsys.readouterr()
    assert main(["export", "c", "--workspace", "v", "--out", "three", "--split", "train"]) == 2
    for twice in ("a=0.5,a=0.5", "a=0.5,a=0.4,b=0.6"):
        assert main(["export", "c", "--workspace", "v", "--out", "three", "--split", twice]) == 2
        assert "names a part twice" in capsys.readouterr().err
    assert not (tmp_path / "three").exists()
    shutil.rmtree(tmp_path / "v")


def test_what_the_pairs_had_missed_is_searched_for_and_moves(
    data: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind that finds no pair at all by itself, and all of them by exact search: rows with the same author."""

    def across(
        data: Dataset, params: dict[str, object], least: float, rows: np.ndarray, others: np.ndarray
    ) -> np.ndarray:
        one, other = (np.array(data.strings("author", some)) for some in (rows, others))
        there = np.flatnonzero(np.isin(one, other))
        return np.array([[rows[i], others[np.argmax(other == one[i])]] for i in there], np.int64).reshape(-1, 2).T

    member = PAIRS["exact"]
    monkeypatch.setitem(PAIRS._members, "exact", replace(member, about=replace(member.about, across=across)))
    split = {"parts": PARTS, "pairs": {LOOSE: 1.0}}
    found = []
    for name, search in (("with", True), ("without", False)):
        made = export(run(data, Recipe()), tmp_path / name, split={**split, "search": search})
        found.append([c.ok for c in verify(tmp_path / name, search=True).checks if c.name == "search"])
        assert made.split is not None
    assert found == [[True], [False]]
    authors = {row["row"] % 20: row["part"] for row in kept(tmp_path / "with")}
    assert all(authors[row["row"] % 20] == row["part"] for row in kept(tmp_path / "with"))
    assert "by exact search, which found" in Manifest.read(tmp_path / "with").split.says[0]


def test_how_many_pairs_were_found_is_said_where_it_was_measured(data: Dataset) -> None:
    near = linked(data, [(0, 1, 0.9)], recall={"value": 0.985})
    made = placed(near, np.arange(100), Split(PARTS, {"exact": 0.8}))
    assert reached(near, made, ["a", "b"], np.empty(0, np.int64)).says[0] == (
        "No pair of exact at 0.8 or more crosses from one part to another, of those that were found: 98.5% of all. "
        "No exact search between the parts was made."
    )

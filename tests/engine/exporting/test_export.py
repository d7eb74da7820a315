"""Export: rows and their proof in a folder that is whole or not there."""

import json
import os
import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.dataset.dataset import Dataset
from engine.errors import EngineError
from engine.exporting.export import export
from engine.exporting.manifest import Manifest, is_export
from engine.exporting.output import Wanted
from engine.recipe.recipe import ByHand, Recipe, Step
from engine.recipe.run import run
from engine.store.files import file_digest
from tests.engine.exporting.exported import chats
from tests.engine.small import corpus, embedded, with_signal

ROOT = Path(__file__).resolve().parents[3]


def ten(folder: Path) -> Dataset:
    """Ten rows with n = 0 … 9."""
    return corpus(folder, {"n": list(range(10)), "text": [f"text number {i}" for i in range(10)]})


CUT = Recipe(
    name="cut",
    steps=(
        Step("number_range", {"column": "n", "low": 2}).checked(),
        Step("values", {"column": "n", "values": ["5"]}, on=False).checked(),
        Step("top", {"column": "n", "budget": {"amount": 3, "unit": "rows"}}).checked(),
    ),
)


def names(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_an_export_holds_the_data_and_everything_that_proves_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    export(run(ten(tmp_path), CUT), out)
    assert names(out) == [
        "README.md", "data.parquet", "dropped.parquet", "kept.parquet", "manifest.json", "recipe.json",
    ]  # fmt: skip
    assert pq.read_table(out / "data.parquet").column("n").to_pylist() == [9, 8, 7]
    assert Recipe.from_text((out / "recipe.json").read_text()).steps == CUT.steps


def test_every_dropped_row_says_which_step_and_why(tmp_path: Path) -> None:
    data = ten(tmp_path)
    export(run(data, CUT), tmp_path / "out")
    gone = pq.read_table(tmp_path / "out" / "dropped.parquet").to_pylist()
    assert [(r["row"], r["step"]) for r in gone] == [(0, 1), (1, 1), *((i, 2) for i in (2, 3, 4, 5, 6))]
    assert gone[0]["key"] == data.keys(np.array([0]))[0]
    assert "n is 0" in gone[0]["reason"]
    assert "not picked" in gone[-1]["reason"]


def test_kept_rows_are_listed_in_pick_order_with_their_content(tmp_path: Path) -> None:
    data = ten(tmp_path)
    export(run(data, CUT), tmp_path / "out")
    kept = pq.read_table(tmp_path / "out" / "kept.parquet").to_pydict()
    assert (kept["rank"], kept["row"]) == ([0, 1, 2], [9, 8, 7])
    assert kept["content"] == data.content(np.array([9, 8, 7])).tolist()


def test_the_manifest_counts_every_row(tmp_path: Path) -> None:
    made = export(run(ten(tmp_path), CUT), tmp_path / "out")
    counts = {k: getattr(made.rows, k) for k in ("total", "kept", "dropped", "written", "unfit")}
    assert counts == {"total": 10, "kept": 3, "dropped": 7, "written": 3, "unfit": {}}
    assert [(s.do, s.before, s.kept, s.dropped) for s in made.steps] == [
        ("number_range", 10, 8, 2),
        ("top", 8, 3, 5),
    ]
    for entry in made.files:
        assert file_digest(tmp_path / "out" / entry.path) == entry.sha256


def test_pins_count_as_a_step_of_their_own(tmp_path: Path) -> None:
    data = ten(tmp_path)
    ref = data.store.write_ref("rows", {"keys": data.keys(np.array([4]))})
    made = export(run(data, Recipe(by_hand=ByHand(drop=ref))), tmp_path / "out")
    assert [(s.step, s.dropped) for s in made.steps] == [(0, 1)]
    assert (tmp_path / "out" / "refs" / f"{ref}.json").exists()
    assert made.recipe.refs == (ref,)


def test_a_row_that_the_format_cannot_hold_is_counted_and_named(tmp_path: Path) -> None:
    made = export(run(chats(tmp_path), Recipe()), tmp_path / "out", format="sharegpt")
    assert (made.rows.kept, made.rows.written) == (3, 1)
    gone = pq.read_table(tmp_path / "out" / "dropped.parquet").to_pylist()
    assert [(r["row"], r["step"], r["reason"]) for r in gone] == [
        (1, -1, "Not written: it has a tool call, which this format cannot hold."),
        (2, -1, "Not written: it has no turns."),
    ]


def test_vectors_and_signals_go_out_beside_the_rows(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b", "c"]})
    data = with_signal(data, "length", np.array([1, 2, 3]))
    data = embedded(data, np.array([[1.0, 0.0], [np.nan, np.nan], [0.0, 1.0]]))
    made = export(run(data, Recipe()), tmp_path / "out", embedding="given", signals=["length"], rank=True)
    table = pq.read_table(tmp_path / "out" / "data.parquet")
    assert table.schema.names == ["text", "length", "rank", "vector"]
    assert table.column("vector").to_pylist() == [[1.0, 0.0], None, [0.0, 1.0]]
    assert table.schema.field("vector").type == pa.list_(pa.float32())
    assert {a.family for a in made.artefacts} == {"texts", "embedding", "signal", "keys"}


def test_vectors_on_the_grid_are_whole_numbers(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": ["a", "b"]}), np.array([[1.0, 0.0], [0.6, 0.8]]))
    export(run(data, Recipe()), tmp_path / "out", embedding="given", vector_type="int16")
    column = pq.read_table(tmp_path / "out" / "data.parquet").column("vector")
    assert column.to_pylist() == [[2048, 0], [1229, 1638]]


def test_an_added_column_gives_way_to_one_of_the_source(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"rank": ["first"], "text": ["a"]})
    export(run(data, Recipe()), tmp_path / "out", rank=True)
    assert pq.read_table(tmp_path / "out" / "data.parquet").schema.names == ["rank", "text", "winnow_rank"]


def test_the_recipe_beside_the_data_says_what_was_written(tmp_path: Path) -> None:
    data = ten(tmp_path)
    export(run(data, CUT), tmp_path / "out", format="csv", params={"separator": "tab"}, columns=["n"])
    again = Recipe.from_text((tmp_path / "out" / "recipe.json").read_text())
    export(run(data, again), tmp_path / "again")
    assert (tmp_path / "again" / "data.tsv").read_bytes() == (tmp_path / "out" / "data.tsv").read_bytes()


def test_a_field_of_the_output_from_the_future_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="field of a recipe's output named 'phases'"):
        export(run(ten(tmp_path), Recipe(output={"phases": []})), tmp_path / "out")


def test_what_is_there_is_replaced_only_when_told_and_only_when_ours(tmp_path: Path) -> None:
    data, out = ten(tmp_path), tmp_path / "out"
    export(run(data, CUT), out)
    with pytest.raises(EngineError, match="--overwrite"):
        export(run(data, Recipe()), out)
    assert export(run(data, Recipe()), out, overwrite=True).rows.kept == 10
    assert pq.read_table(out / "data.parquet").num_rows == 10
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(EngineError, match="did not write it"):
        export(run(data, Recipe()), tmp_path / "mine", overwrite=True)
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def everything_in(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("notes.txt", "notes.txt"), (".hidden", ".hidden"), ("mine/", "mine/"), ("mine/deep.txt", "mine/"),
        ("refs/thesis.json", "refs/thesis.json"), ("link", "link (a link)"), ("pipe", "pipe (neither"),
        ("README.md", "README.md (changed)"), ("data.parquet", "data.parquet (changed)"),
        ("manifest.json", "manifest.json is damaged"), ("manifest.json.sig", "manifest.json.sig"),
    ],
)  # fmt: skip
def test_what_a_person_put_into_an_export_or_changed_in_it_stops_its_replacement(
    name: str, said: str, tmp_path: Path
) -> None:
    data, out = ten(tmp_path), tmp_path / "out"
    ref = data.store.write_ref("rows", {"keys": data.keys(np.array([4]))})
    export(run(data, Recipe(by_hand=ByHand(drop=ref))), out)
    path = out / name
    if name.endswith("/"):
        path.mkdir()
    elif name == "link":
        path.symlink_to(tmp_path)
    elif name == "pipe":
        os.mkfifo(path)
    else:
        path.parent.mkdir(exist_ok=True)
        with path.open("ab") as file:
            file.write(b"my own work\n")
    before = everything_in(out)
    with pytest.raises(EngineError, match="is not replaced") as stopped:
        export(run(data, Recipe()), out, overwrite=True)
    assert said in str(stopped.value)
    assert everything_in(out) == before and Path(out / "kept.parquet").exists()
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("exchange", [True, False])
def test_what_a_person_saves_there_in_the_last_moment_is_kept(
    exchange: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    atomic = import_module("engine.store.atomic_folder")
    data, out = ten(tmp_path), tmp_path / "out"
    export(run(data, CUT), out)
    swap, times = atomic._swap, []

    def late(a: Path, b: Path) -> None:
        if not times:
            (out / "late.txt").write_text("saved between the last look and the swap")
        times.append(1)
        swap(a, b)

    monkeypatch.setattr(atomic, "_swap", late)
    if not exchange:
        monkeypatch.setattr(atomic, "_exchanged", lambda a, b: False)
    with pytest.raises(EngineError, match="late.txt"):
        export(run(data, Recipe()), out, overwrite=True)
    assert (out / "late.txt").exists() and Manifest.read(out).rows.kept == 3
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


@pytest.mark.parametrize("linked", ["out", "above"])
def test_an_export_through_a_link_replaces_what_it_leads_to_and_leaves_nothing_else(
    linked: str, tmp_path: Path
) -> None:
    data, real = ten(tmp_path), tmp_path / "real" / "out"
    export(run(data, CUT), real)
    (tmp_path / "links").mkdir()
    link = tmp_path / "links" / "here"
    link.symlink_to(real if linked == "out" else real.parent)
    through = link if linked == "out" else link / "out"
    assert export(run(data, Recipe()), through, overwrite=True).rows.kept == 10
    assert Manifest.read(real).rows.kept == 10 and link.is_symlink()
    assert names(tmp_path / "links") == [] and [p.name for p in (tmp_path / "real").iterdir()] == ["out"]


def test_a_link_in_a_circle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "out")
    with pytest.raises(EngineError, match="leads in a circle"):
        export(run(ten(tmp_path), Recipe()), tmp_path / "out", overwrite=True)


def test_a_folder_of_a_person_that_looks_like_a_draft_is_not_cleared_away(tmp_path: Path) -> None:
    (tmp_path / ".out.999999-drafts.tmp").mkdir()
    export(run(ten(tmp_path), CUT), tmp_path / "out")
    assert (tmp_path / ".out.999999-drafts.tmp").exists()


def test_an_error_on_the_way_leaves_what_was_there(tmp_path: Path) -> None:
    data, out = ten(tmp_path), tmp_path / "out"
    export(run(data, CUT), out)
    before = (out / "manifest.json").read_bytes()

    def stop(stage: str, done: int, total: int) -> None:
        if stage == "Taking digests":
            raise EngineError("stopped")

    with pytest.raises(EngineError, match="stopped"):
        export(run(data, Recipe()), out, overwrite=True, progress=stop)
    assert (out / "manifest.json").read_bytes() == before
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


def test_a_full_disk_says_so_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import errno

    def full(*_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(import_module("engine.exporting.export"), "write_kept", full)
    with pytest.raises(EngineError, match="The disk is full: .*out could not be written"):
        export(run(ten(tmp_path), CUT), tmp_path / "out")
    assert not [p for p in tmp_path.iterdir() if "out" in p.name]


KILLED = """
import sys, time
from engine import Dataset, Recipe, Store
from engine.exporting import export
from engine.recipe import run
calls = []
def wait(stage, done, total):
    calls.append(stage)
    if len(calls) == int(sys.argv[3]):
        print("now", flush=True)
        time.sleep(60)
export(run(Dataset.load(Store(sys.argv[1])), Recipe()), sys.argv[2], overwrite=True, progress=wait)
print("finished", flush=True)
"""


@pytest.mark.parametrize("call", [1, 2, 5])
def test_a_kill_leaves_the_old_export_whole_and_the_next_one_clears_up(call: int, tmp_path: Path) -> None:
    data, out = ten(tmp_path), tmp_path / "out"
    export(run(data, CUT), out)
    command = [sys.executable, "-c", KILLED, str(data.store.folder), str(out), str(call)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout and child.stdout.readline() == "now\n"
        child.send_signal(signal.SIGKILL)
    assert is_export(out) and Manifest.read(out).rows.kept == 3
    assert len([p for p in tmp_path.iterdir() if p.name.startswith(".out.")]) == 1
    export(run(data, Recipe()), out, overwrite=True)
    assert Manifest.read(out).rows.kept == 10
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".")]


REPLAY = """
import sys
from engine import Dataset, Recipe, Store
from engine.exporting.kept_dropped import row_digest
from engine.recipe import run
print(row_digest(run(Dataset.load(Store(sys.argv[1])), Recipe.from_text(open(sys.argv[2]).read()))))
"""


def test_threads_and_the_kind_of_processor_do_not_change_which_rows_are_picked(tmp_path: Path) -> None:
    """On stored vectors: one thread, two, and the arithmetic of an older processor."""
    vectors = np.random.default_rng(0).normal(size=(300, 32))
    data = embedded(corpus(tmp_path, {"text": [f"text {i}" for i in range(300)]}), vectors)
    steps = (
        Step("facility_location", {"budget": "60 rows", "embedding": "given"}).checked(),
        Step("farthest", {"budget": "20 rows", "embedding": "given"}).checked(),
    )
    here = export(run(data, Recipe(steps=steps)), tmp_path / "out").rows.digest
    for environment in (
        {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "2"},
        {"OPENBLAS_CORETYPE": "Haswell", "FAISS_OPT_LEVEL": "avx2", "OMP_NUM_THREADS": "2"},
    ):
        words = [sys.executable, "-c", REPLAY, str(data.store.folder), str(tmp_path / "out" / "recipe.json")]
        done = subprocess.run(words, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == here, environment


def test_the_row_digest_can_be_computed_by_hand(tmp_path: Path) -> None:
    """SHA-256 of one JSON line a row: its key and its content in hexadecimal digits."""
    import hashlib

    made = export(run(ten(tmp_path), CUT), tmp_path / "out")
    kept = pq.read_table(tmp_path / "out" / "kept.parquet").to_pylist()
    lines = "".join(json.dumps([r["key"], f"{r['content']:016x}"], separators=(",", ":")) + "\n" for r in kept)
    assert hashlib.sha256(lines.encode()).hexdigest() == made.rows.digest


@pytest.mark.parametrize("where", ["columns", "signals"])
def test_a_column_that_is_named_twice_is_refused(where: str) -> None:
    with pytest.raises(EngineError, match="The output names 'text' twice"):
        Wanted.from_json({where: ["text", "text"]})

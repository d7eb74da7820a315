"""Kill -9 at random moments: nothing half-written is read, the same command goes on, and ends as an unbroken run does.

Run by hand: `python -m benchmarks.kills [--kills 200] [--seed 1] [--only embed open …] [--rows 4000]`. Six kinds of
work take turns, each on a copy of a small workspace: it is started, killed with all that it has started after a random
share of the time that an unbroken run takes (up to three times), then left to end. After each kill every artefact must
be whole; at the end the digests of what came out must be those of the unbroken run. Of marks, whatever was confirmed
must be there. Prints what did not hold, and the count of kills that hit work, by kind; the exit code is 1 where any
round did not hold.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import psutil

import engine
from engine import Dataset, EngineError, Store
from engine.opening import SourceOptions
from engine.store import FAMILIES, file_digest

NAME = "k"
WINNOW = (str(Path(sys.executable).with_name("winnow")),)
ROOT = Path(__file__).resolve().parent.parent
RECIPE = {
    "format": 2,
    "name": "half",
    "steps": [{"do": "random", "params": {"budget": {"amount": 50, "unit": "percent"}, "seed": 2}}],
}
MARKER = """
import sys
import numpy as np
from engine import Dataset, Store, marks
data, first = Dataset.load(Store(sys.argv[1])), int(sys.argv[2])
for i in range(first, first + 10**6):
    print("tries", i, flush=True)
    marks.tag(data, np.array([i % data.n]), f"t{i}")
    print("done", i, flush=True)
"""

Digests = Mapping[str, str]


@dataclass(frozen=True)
class Kind:
    """One kind of work: the workspace that it begins with, its command in a folder, what it leaves, what must hold."""

    start: Path
    command: Callable[[Path], list[str]]
    left: Callable[[Path], Digests]
    whole: Callable[[Path], None]


def corpus(path: Path, rows: int, seed: int) -> Path:
    """A CSV of texts of ten themes, with ids; the same bytes for the same arguments."""
    draw = random.Random(seed)
    words = [[f"{a}{b}{theme}" for a in "klmnprst" for b in "aeiou"] for theme in range(10)]
    lines = [f"r{i},{' '.join(draw.choices(words[i % 10], k=draw.randint(5, 60)))}" for i in range(rows)]
    path.write_text("id,text\n" + "\n".join(lines) + "\n")
    return path


def artefacts(folder: Path) -> Digests:
    """The digest of every file of every artefact."""
    store = Store(folder / NAME)
    every = [(family, a) for family in FAMILIES for a in store.artefacts(family)]
    return {f"{f} {a.key} {s.file}": s.sha256 for f, a in every for part in a.arrays.values() for s in part}


def whole_dataset(folder: Path) -> None:
    """Every artefact is the one that was written, and the table can be read; a dataset may not be there yet."""
    if not (folder / NAME / "dataset.json").exists():
        return
    store = Store(folder / NAME)
    Dataset.load(store).column("text").to_pylist()
    for family in FAMILIES:
        for artefact in store.artefacts(family):
            artefact.verify()


def whole_export(folder: Path) -> None:
    """An export is there whole, or not at all."""
    if (folder / "out").exists():
        report = engine.verify(folder / "out")
        if not report.ok:
            raise EngineError("; ".join(check.words for check in report.checks if not check.ok))


def kinds(place: Path, rows: int, seed: int) -> dict[str, Kind]:
    """The kinds of work that only differ in command and outcome; marks are apart."""
    source, recipe = corpus(place / "source.csv", rows, seed), place / "recipe.json"
    recipe.write_text(json.dumps(RECIPE))
    empty, opened, embedded = (place / name for name in ("empty", "opened", "embedded"))
    empty.mkdir()
    engine.open([str(source)], opened, name=NAME, options=SourceOptions(text="text", id="id"))
    shutil.copytree(opened, embedded)
    finish([*WINNOW, "embed", NAME, "--embedder", "lexical", "--workspace", str(embedded), "--quiet"])

    def winnow(*words: str) -> Callable[[Path], list[str]]:
        return lambda folder: [*WINNOW, *words, "--workspace", str(folder), "--quiet"]

    def export(folder: Path) -> list[str]:
        return winnow("export", NAME, str(recipe), "--out", str(folder / "out"), "--overwrite")(folder)

    def rows_of(folder: Path) -> Digests:
        return {"rows": file_digest(folder / NAME / "rows.arrow")}

    def kept_of(folder: Path) -> Digests:
        return {"rows": json.loads((folder / "out" / "manifest.json").read_text())["rows"]["digest"]}

    lexical = winnow("embed", NAME, "--embedder", "lexical")
    drawn = winnow("map", NAME, "--embedding", "lexical", "--mode", "exact")
    return {
        "embed": Kind(opened, lexical, artefacts, whole_dataset),
        "map": Kind(embedded, drawn, artefacts, whole_dataset),
        "signals": Kind(opened, winnow("signals", NAME, "--only", "characters", "words"), artefacts, whole_dataset),
        "open": Kind(empty, winnow("open", str(source), "--name", NAME, "--text", "text"), rows_of, whole_dataset),
        "export": Kind(opened, export, kept_of, whole_export),
    }


def finish(command: list[str]) -> float:
    """Run to the end; returns its seconds. Raises `EngineError` where it fails."""
    begun = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise EngineError(f"{' '.join(command)} ended with {done.returncode}: {(done.stdout + done.stderr)[-600:]}")
    return time.monotonic() - begun


def killed(command: list[str], folder: Path, seconds: float) -> bool:
    """Start, and after so many seconds kill all that works in the folder; False where it had ended before."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        for victim in working_in(folder):
            try:
                victim.kill()
            except psutil.NoSuchProcess:
                pass
        process.wait()
        return True


def working_in(folder: Path) -> list[psutil.Process]:
    """Our processes that name this folder, jobs among them, with all that they started."""
    found: list[psutil.Process] = []
    for process in psutil.process_iter(["pid", "cmdline"]):
        if process.pid != os.getpid() and any(str(folder) in word for word in process.info["cmdline"] or []):
            try:
                found += [process, *process.children(recursive=True)]
            except psutil.NoSuchProcess:
                pass
    return found


def rounds(place: Path, name: str, kind: Kind, draw: random.Random) -> Iterator[tuple[int, str]]:
    """Endless rounds of one kind; each gives its kills that hit, and what did not hold."""
    unbroken = place / f"{name}-unbroken"
    shutil.copytree(kind.start, unbroken)
    seconds = finish(kind.command(unbroken))
    good, number = kind.left(unbroken), 0
    while True:
        number += 1
        folder, hit, wrong = place / f"{name}-{number}", 0, ""
        shutil.copytree(kind.start, folder)
        try:
            for _ in range(draw.randint(1, 3)):
                hit += killed(kind.command(folder), folder, draw.uniform(0.05, 1.0) * seconds)
                kind.whole(folder)
            finish(kind.command(folder))
            kind.whole(folder)
            now = kind.left(folder)
            if now != good:
                wrong = f"differs in {[key for key in {*now, *good} if now.get(key) != good.get(key)][:4]}"
        except EngineError as error:
            wrong = str(error)
        yield hit, wrong
        shutil.rmtree(folder)


def marks(place: Path, start: Path, draw: random.Random) -> Iterator[tuple[int, str]]:
    """Endless rounds of marking: what was confirmed before a kill is there, and nothing that was never tried."""
    folder = place / "marks"
    shutil.copytree(start, folder)
    script, told = place / "marker.py", place / "marks.txt"
    script.write_text(MARKER)
    done: set[str] = set()
    tried: set[str] = set()
    while True:
        with told.open("w") as out:
            command = [sys.executable, str(script), str(folder / NAME), str(len(tried))]
            process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=out)
            while process.poll() is None and "done" not in told.read_text():
                time.sleep(0.02)
            time.sleep(draw.uniform(0.1, 2.0))
            process.kill()
            process.wait()
        for line in told.read_text().splitlines():
            word, _, i = line.partition(" ")
            (done if word == "done" else tried).add(f"t{i}")
        there = {tag.name for tag in engine.marks.summary(Dataset.load(Store(folder / NAME))).tags}
        lost, invented = sorted(done - there), sorted(there - tried)
        if not done:
            yield 0, "nothing was marked"
        else:
            yield 1, f"lost {lost[:4]}, invented {invented[:4]}" if lost or invented else ""


def main() -> int:
    """All kinds in turn until there are enough kills; 1 where anything did not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rows", type=int, default=4000)
    parser.add_argument("--only", nargs="+", default=["embed", "map", "signals", "open", "export", "marks"])
    args = parser.parse_args()
    draw, kills, wrong = random.Random(args.seed), Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="winnow-kills-") as folder:
        place = Path(folder)
        made = kinds(place, args.rows, args.seed)
        running = {name: rounds(place, name, kind, draw) for name, kind in made.items()}
        running["marks"] = marks(place, made["signals"].start, draw)
        while sum(kills.values()) < args.kills:
            for name in args.only:
                hit, fault = next(running[name])
                kills[name] += hit
                wrong += bool(fault)
                print(f"{sum(kills.values()):4} kills  {name:8} {fault or 'as unbroken'}", flush=True)
    print(f"{sum(kills.values())} kills with seed {args.seed} ({dict(kills)}): {wrong} rounds did not hold.")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())

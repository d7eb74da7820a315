"""What kinds of repeats find where the truth is known, beside datasketch, rensa, SemHash and text-dedup's rule.

Run by hand: `python -m benchmarks.pairs_truth DATA [--peers PYTHON] [--sentence] [--quick]`. DATA is the folder of the
public sets; PYTHON the interpreter of an environment with datasketch, rensa and semhash, without which their lines say
so. All get the same rows in the same order, the same shingles and the same threshold; the peers get texts that are in
lower case and free of signs already, which they do not do themselves. Prints Markdown.

*found*: planted pairs of which not both rows stay. *right*: rows removed that are in a planted pair, of all removed.
*for nothing*: rows removed although no row that stays is as similar as the threshold, by exact comparison with each.
"""

import argparse
import csv
import json
import re
import subprocess
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from engine import Dataset
from engine.building import key_of, spec
from engine.dataset import texts as texts_of
from engine.opening import SourceOptions
from engine.pairs.near import between, sets_of
from engine.pairs.shingling import Of, Shingling
from engine.recipe import Recipe, Step

PEERS = {"datasketch": "datasketch MinHashLSH", "rensa": "rensa deduplicator", "clusters": "text-dedup's clusters"}
LOOSE = {name: True for name in ("any_unicode_form", "any_case", "any_space", "any_punctuation")}
FAULTS = "case", "punct", "space", "zerowidth", "homoglyph", "typo", "affix", "worddrop"
MEANING = (
    ("a negation", "do apply the discount to my order today", "do not apply the discount to my order today"),
    ("a number", "wire 100 dollars to my savings account", "wire 900 dollars to my savings account"),
    ("another name", "book a table for two in paris tonight", "book a table for two in dallas tonight"),
    ("the same said otherwise", "how much money is left in my account", "tell me my current balance"),
)


@dataclass(frozen=True)
class Set:
    """Rows of a set with what is known of them. planted: int64 (p, 2), pairs of rows; faults: what was done to each."""

    name: str
    texts: list[str]
    planted: np.ndarray
    faults: list[str]


@dataclass(frozen=True)
class How:
    """What texts are compared by."""

    of: Of
    size: int
    threshold: float

    def words(self) -> str:
        return f"{self.size} {self.of if self.size > 1 else self.of.removesuffix('s')}, {self.threshold:g}"


SHORT = [
    How("words", 1, 0.7),
    How("words", 3, 0.5),
    How("characters", 3, 0.6),
    How("characters", 3, 0.8),
    How("characters", 5, 0.6),
]
ARTICLES = [How("words", 5, 0.4), How("words", 3, 0.5), How("characters", 5, 0.6)]
FAULT_HOWS = [How("words", 3, 0.5), How("characters", 3, 0.6)]
LONG = [How("words", 5, 0.7), How("words", 5, 0.8)]


def clinc(folder: Path) -> Set:
    """Short requests with planted copies of eight kinds, and the pairs of `MEANING` at the end."""
    table = pq.read_table(folder / "clinc150/planted.parquet", columns=["id", "text"])
    row = {str(key): i for i, key in enumerate(table["id"].to_pylist())}
    with (folder / "clinc150/planted_truth.csv").open(newline="") as file:
        copies = [line for line in csv.DictReader(file) if line["duplicate_of"]]
    pairs = np.array([(row[line["id"]], row[line["duplicate_of"]]) for line in copies], np.int64)
    return Set("clinc150", table["text"].to_pylist(), pairs, [line["detail"] or "exact" for line in copies])


def articles(folder: Path, n: int) -> Set:
    """News with planted copies."""
    table = pq.read_table(folder / f"minhash-articles/articles_{n}.parquet")
    row = {key: i for i, key in enumerate(table["id"].to_pylist())}
    with (folder / f"minhash-articles/truth_{n}.csv").open(newline="") as file:
        pairs = [(row[line["id_a"]], row[line["id_b"]]) for line in csv.DictReader(file)]
    return Set(f"minhash-articles {n:,}", table["text"].to_pylist(), np.array(pairs, np.int64), ["copy"] * len(pairs))


def plain(name: str, file: Path, columns: Sequence[str]) -> Set:
    """Rows of which no truth is known."""
    table = pq.read_table(file, columns=list(columns)).to_pylist()
    texts = ["\n".join(str(row[c] or "") for c in columns) for row in table]
    return Set(name, texts, np.empty((0, 2), np.int64), [])


def opened(some: Set, workspace: Path) -> Dataset:
    """The set as Winnow opens it."""
    file = workspace / f"{some.name.replace(' ', '-').replace(',', '')}.parquet"
    pq.write_table(pa.table({"text": pa.array(some.texts, pa.large_string())}), file)
    return engine.open(str(file), workspace / "winnow", name=file.stem, options=SourceOptions(text="text"))


def removed(data: Dataset, kind: str, params: dict[str, object], threshold: float) -> tuple[Dataset, np.ndarray]:
    """bool (n,): rows that the step `dedup` drops on pairs of a kind."""
    made = spec("pairs", kind, params)
    data = engine.build(data, {key_of(made): made})
    step = Step("dedup", {"pairs": key_of(made), "threshold": threshold}).checked()
    gone = np.ones(data.n, bool)
    gone[engine.run(data, Recipe(steps=(step,))).rows] = False
    return data, gone


def by_peer(python: str, folder: Path, peer: str, texts: list[str], **job: object) -> np.ndarray | None:
    """bool (n,): rows that a peer drops; None where it is not installed."""
    if not python:
        return None
    pq.write_table(pa.table({"text": [as_peers_get_it(text) for text in texts]}), folder / "peers.parquet")
    (folder / "job.json").write_text(json.dumps({"file": str(folder / "peers.parquet"), "peer": peer, **job}))
    script = Path(__file__).with_name("pairs_peers.py")
    done = subprocess.run([python, script, folder / "job.json"], capture_output=True, text=True)
    if "ModuleNotFoundError" in done.stderr:
        return None
    done.check_returncode()
    gone = np.zeros(len(texts), bool)
    gone[json.loads(done.stdout.splitlines()[-1])["removed"]] = True
    return gone


def as_peers_get_it(text: str) -> str:
    """A text of the same words as Winnow sees, with one space between them; of signs alone: as it is."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).lower())
    return " ".join(words) or text.strip()


def line(some: Set, how: str, who: str, gone: np.ndarray | None, for_nothing: int | None) -> str:
    """One line of a table."""
    if gone is None:
        return f"| {how} | {who} | not installed | | | |"
    found, right = "", ""
    if len(some.planted):
        hit = gone[some.planted].any(axis=1)
        ends = np.zeros(len(gone), bool)
        ends[some.planted.ravel()] = True
        found = f"{hit.sum()} of {len(hit)}, {hit.mean():.1%}"
        right = f"{(gone & ends).sum() / max(gone.sum(), 1):.1%}"
    nothing = "" if for_nothing is None else f"{for_nothing:,}"
    return f"| {how} | {who} | {found} | {right} | {gone.sum():,} | {nothing} |"


HEAD = "| compared by | tool | found | right | rows removed | for nothing |\n| --- | --- | --- | --- | --- | --- |"


def near_lines(some: Set, hows: list[How], python: str, workspace: Path) -> None:
    """Near repeats beside the peers."""
    data = opened(some, workspace)
    for how in hows:
        texts, shingling = partial(texts_of, data, None), Shingling(how.of, how.size)
        data, gone = removed(
            data, "minhash", {"threshold": how.threshold, "of": how.of, "size": how.size}, how.threshold
        )
        lines: dict[str, np.ndarray | None] = {"**Winnow** `minhash`": gone}
        for peer, says in PEERS.items():
            lines[says] = by_peer(python, workspace, peer, some.texts, **how.__dict__)
        for who, rows in lines.items():
            bare = None
            if rows is not None:
                gone_rows = np.flatnonzero(rows)
                pairs = between(texts, gone_rows, np.flatnonzero(~rows), shingling, how.threshold)
                bare = len(gone_rows) - len(np.unique(pairs[0]))
            print(line(some, how.words(), who, rows, bare), flush=True)


def exact_lines(some: Set, workspace: Path) -> None:
    """Exact repeats, as they are and with what does not count."""
    data = opened(some, workspace)
    for says, params in (("bytes", {}), ("not case, spaces, punctuation, Unicode form", LOOSE)):
        data, gone = removed(data, "exact", dict(params), 1.0)
        print(line(some, says, "**Winnow** `exact`", gone, None), flush=True)


def close_lines(some: Set, embedding: str, thresholds: list[float], python: str, workspace: Path) -> None:
    """Close in meaning beside SemHash, on the same vectors."""
    key, floats, data = embedded(opened(some, workspace), embedding)
    np.save(workspace / "vectors.npy", floats)
    for threshold in thresholds:
        data, gone = removed(data, "semantic", {"embedding": key, "threshold": threshold}, threshold)
        peer = by_peer(
            python, workspace, "semhash", some.texts, threshold=threshold, vectors=str(workspace / "vectors.npy")
        )
        # On the grid a vector is as long as 1 but for its rounding; SemHash divides by the length.
        unit = floats / np.linalg.norm(floats, axis=1, keepdims=True)
        for who, rows, by in (("**Winnow** `semantic`", gone, floats), ("SemHash", peer, unit)):
            bare = None if rows is None else alone(by, rows, threshold)
            print(line(some, f"vectors of `{embedding}`, {threshold:g}", who, rows, bare), flush=True)


def alone(floats: np.ndarray, gone: np.ndarray, threshold: float) -> int:
    """Rows that go although none that stays is as similar; a millionth is granted for another's rounding."""
    some, stays, bare = np.flatnonzero(gone), floats[~gone], 0
    for start in range(0, len(some), 1024):
        bare += int(((floats[some[start : start + 1024]] @ stays.T).max(axis=1) < threshold - 1e-6).sum())
    return bare


def faults(some: Set, sentence: bool, workspace: Path) -> None:
    """What each kind finds of each planted fault, and how similar two texts are that differ in what matters."""
    more = [text for _, *pair in MEANING for text in pair]
    data = opened(Set("faults", some.texts + more, some.planted, some.faults), workspace)
    embedders = ("lexical", "sentence") if sentence else ("lexical",)
    gone, near = {}, {}
    for says, params in (("`exact`", {}), ("`exact`, loose", LOOSE)):
        data, gone[says] = removed(data, "exact", dict(params), 1.0)
    for how in FAULT_HOWS:
        given: dict[str, object] = {"threshold": how.threshold, "of": how.of, "size": how.size}
        data, gone[how.words()] = removed(data, "minhash", given, how.threshold)
        near[how.words()] = [jaccard(one, other, Shingling(how.of, how.size)) for _, one, other in MEANING]
    for embedder in embedders:
        key, floats, data = embedded(data, embedder)
        says, last = f"`{embedder}`, 0.9", floats[len(some.texts) :]
        data, gone[says] = removed(data, "semantic", {"embedding": key, "threshold": 0.9}, 0.9)
        near[says] = [float(like) for like in (last[::2] * last[1::2]).sum(axis=1)]
    print("| fault | planted | " + " | ".join(gone) + " |\n" + "| --- " * (len(gone) + 2) + "|")
    for fault in ("exact", *FAULTS):
        at = some.planted[[name == fault for name in some.faults]]
        print(f"| {fault} | {len(at)} | " + " | ".join(str(int(g[at].any(axis=1).sum())) for g in gone.values()) + " |")
    print("\n| differs in | one | the other | " + " | ".join(near) + " |\n" + "| --- " * (len(near) + 3) + "|")
    for i, pair in enumerate(MEANING):
        print("| " + " | ".join([*pair, *(f"{likes[i]:.2f}" for likes in near.values())]) + " |")
    print()
    for fault in FAULTS:
        first = next(pair for pair, name in zip(some.planted, some.faults, strict=True) if name == fault)
        print(f"- {fault}: {some.texts[first[0]]!a} of {some.texts[first[1]]!a}")


def jaccard(one: str, other: str, shingling: Shingling) -> float:
    """The similarity of two texts by their shingles."""
    texts = pa.array([one, other], pa.large_string())
    sets = sets_of(texts.take, np.arange(2), np.array([len(one), len(other)]) + 1, shingling)
    a, b = (set(sets.values[s : s + k].tolist()) for s, k in zip(sets.starts, sets.sizes, strict=True))
    return len(a & b) / len(a | b)


def embedded(data: Dataset, embedder: str) -> tuple[str, np.ndarray, Dataset]:
    """The key of an embedding, its vectors as float32 (n, d), and the dataset with it."""
    key = key_of(spec("embedding", embedder))
    data = engine.build(data, [spec("embedding", embedder)])
    vectors = data.embedding(key)
    return key, vectors.floats(vectors.texts.of_row), data


def authors(folder: Path, workspace: Path) -> None:
    """gpteacher: rows that Winnow removes and rows that its authors removed, by a measure that is not documented."""
    file = folder / "gpteacher/toolformer.parquet"
    data = opened(plain("gpteacher authors", file, ["instruction", "input", "response"]), workspace)
    print("| threshold | authors removed | 3 words: removed | of theirs | theirs of ours |\n" + "| --- " * 5 + "|")
    for threshold in (0.6, 0.7, 0.8, 0.9):
        theirs = ~np.array(pq.read_table(file)[f"in_similarity_{threshold}"].to_pylist(), bool)
        data, gone = removed(data, "minhash", {"threshold": threshold, "size": 3}, threshold)
        both = int((gone & theirs).sum())
        print(f"| {threshold} | {theirs.sum():,} | {gone.sum():,} | {both / theirs.sum():.1%} | "
              f"{both / max(gone.sum(), 1):.1%} |", flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="", metavar="PYTHON")
    parser.add_argument("--sentence", action="store_true", help="also with the sentence model")
    parser.add_argument("--quick", action="store_true", help="the small sets only")
    args = parser.parse_args()
    folder: Path = args.data
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        some = clinc(folder)
        print(f"## {some.name}: {len(some.texts):,} rows, {len(some.planted)} planted pairs\n\n{HEAD}")
        exact_lines(some, workspace)
        near_lines(some, SHORT, args.peers, workspace)
        for embedding in ("lexical", "sentence") if args.sentence else ("lexical",):
            close_lines(some, embedding, [0.95, 0.9, 0.8], args.peers, workspace)
        print("\n## Faults\n")
        faults(some, args.sentence, workspace)
        for n in (1000, 2500):
            some = articles(folder, n)
            print(f"\n## {some.name}: {len(some.planted)} planted pairs\n\n{HEAD}")
            exact_lines(some, workspace)
            near_lines(some, ARTICLES, args.peers, workspace)
        if args.quick:
            return
        print("\n## gpteacher: rows that its authors removed\n")
        authors(folder, workspace)
        for some in (
            plain("gpteacher", folder / "gpteacher/toolformer.parquet", ["instruction", "input", "response"]),
            plain("t0-open", folder / "t0-open/train.parquet", ["prompt"]),
            plain("Debian descriptions", folder / "debian_packages.parquet", ["description"]),
        ):
            print(f"\n## {some.name}: {len(some.texts):,} rows\n\n{HEAD}")
            near_lines(some, LONG, args.peers, workspace)


if __name__ == "__main__":
    main()

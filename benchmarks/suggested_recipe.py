"""What the suggested recipe does where the truth is known: the faults that go by it, by kind, and the good rows.

Run by hand: `python -m benchmarks.suggested_recipe DATA [--only NAME …] [--read 30]`. DATA is the folder of the public
sets. Into five sets faults are planted here, with a seed, 200 rows of each kind; one set comes with planted faults, one
with the verdicts of people. Everything that is suggested is taken, which nobody should do unread. The rows of a fault
come last: of copies the first stays. By chance: what a random choice of as many rows drops of each kind. `--read`
prints some of the good rows that go, with the reason. Prints Markdown.
"""

import argparse
import base64
import csv
import random
import re
import string
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from engine import Dataset, Recipe, Step
from engine.look import Suggestion, needed, suggested_recipe
from engine.recipe import Run, dropped_at, run, whys

EACH = 200
LANGUAGES = "fra", "spa", "deu", "rus", "arb", "cmn_hans", "por_PT", "tur", "hin", "pol", "ita", "nld", "jpn", "ukr"
Row = dict[str, object]
GOOD = "good rows"


@dataclass(frozen=True)
class Set:
    """A public set. text: the column that faults are planted in; prompt: that of the question, where there is one."""

    name: str
    file: str
    text: str
    prompt: str = ""
    sample: int = 0


@dataclass(frozen=True)
class Truth:
    """What each row is known to be, str (n,), and the row that it copies, int64 (n,), -1 for none."""

    kinds: np.ndarray
    twin: np.ndarray

    def stays(self, mask: np.ndarray) -> np.ndarray:
        """Which faults are left, bool (n,): a copy is none where its twin is gone."""
        return mask & ((self.twin < 0) | mask[self.twin])

    def each(self, repeats: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
        """Each kind with its rows; of the good ones those that are no repeats. repeats: bool (n,), rows that go so."""
        for kind in dict.fromkeys(self.kinds.tolist()):
            mine = self.kinds == kind
            yield (f"{GOOD}, repeats apart", mine & ~repeats) if kind == GOOD else (kind, mine)


PLANTED = (
    Set("sms-spam", "sms-spam/sms.parquet", "text"),
    Set("movie-reviews", "movie-reviews/movie_reviews.parquet", "text"),
    Set("debian", "debian_packages.parquet", "description", sample=20_000),
    Set("t0-open", "t0-open/train.parquet", "completion", "prompt"),
    Set("dolly-3k", "dolly-3k/dolly_3k.parquet", "output", "instruction"),
)


def main() -> None:
    """Try the suggested recipe on every set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--read", type=int, default=0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        for name, table, truth in _sets(asked.data):
            if not asked.only or name in asked.only:
                path = Path(place) / f"{name}.parquet"
                pq.write_table(table, path)
                tried(name, engine.open([path], Path(place) / "workspace", name=name), truth, asked.read)


def tried(name: str, data: Dataset, truth: Truth, read: int) -> None:
    """Take all that is suggested for a set, and count what goes."""
    start = time.perf_counter()
    data = engine.build(data, needed(data))
    measured = time.perf_counter() - start
    start = time.perf_counter()
    found = suggested_recipe(run(data, Recipe()))
    seconds = time.perf_counter() - start
    done = _taken(data, found)
    while more := suggested_recipe(done):  # what a first look has no room for
        found += more
        done = _taken(data, found)
    chance = run(data, Recipe(steps=(Step("random", {"budget": len(done.rows)}).checked(),)))
    print(f"\n## {name}: {data.n:,} rows, measured in {measured:.0f} s, suggested in {seconds:.1f} s\n")
    print(f"| step | would go | of them {GOOD} | other kinds |\n| --- | ---: | ---: | --- |")
    for one in found:
        gone = Counter(truth.kinds[~run(data, Recipe(steps=(one.step,))).mask].tolist())
        good = gone.pop(GOOD, 0)
        others = ", ".join(f"{kind} {count:,}" for kind, count in gone.most_common())
        print(f"| {one.step.sentence()[:150]} | {one.goes:,} | {good:,} | {others} |")
    at = dropped_at(done, data.rows())
    repeats = np.isin(at, [i for i, stage in enumerate(done.stages) if stage.step.do == "dedup"])
    print("\n| kind | rows | go | by chance |\n| --- | ---: | ---: | ---: |")
    for kind, mine in truth.each(repeats):
        shares = [np.mean(~truth.stays(one.mask)[mine]) for one in (done, chance)]
        print(f"| {kind} | {mine.sum():,} | {shares[0]:.1%} | {shares[1]:.1%} |")
    good = truth.kinds == GOOD
    print(f"\nGood rows that go: {(good & repeats).sum():,} repeat a row that stays.", end=" ")
    lost = np.flatnonzero(good & ~done.mask & ~repeats)
    print(f"{len(lost):,} go otherwise, {len(lost) / good.sum():.2%} of them all.", flush=True)
    rng = np.random.default_rng(0)
    for rows in (lost, np.flatnonzero(good & (at == max(at[repeats], default=0)) & repeats)):
        some = np.sort(rng.permutation(rows)[:read])
        for row, why in zip(some.tolist(), whys(done, some), strict=True):
            print(f"- {row} {data.texts(np.array([row]))[0][:300]!r} … {why.text[:200]}")
        print(flush=True)


def _taken(data: Dataset, found: list[Suggestion]) -> Run:
    return run(data, Recipe(steps=tuple(one.step for one in found)))


def _sets(data: Path) -> Iterator[tuple[str, pa.Table, Truth]]:
    """Each set as it is opened, with what is known of its rows."""
    table = pq.read_table(data / "clinc150/planted.parquet")
    place = {str(id): row for row, id in enumerate(table["id"].to_pylist())}
    with (data / "clinc150/planted_truth.csv").open(encoding="utf-8") as file:
        said = list(csv.DictReader(file))
    kinds = [GOOD if row["kind"] == "clean" else row["kind"].replace("_", " ") for row in said]
    yield "clinc150", table, Truth(np.array(kinds), np.array([place.get(row["duplicate_of"], -1) for row in said]))
    table = pq.read_table(data / "web-quality/web_quality.parquet")
    kinds = [GOOD if label else "judged bad" for label in table["label"].to_pylist()]
    yield "web-quality", table.select(["row", "text"]), Truth(np.array(kinds), np.full(len(kinds), -1))
    orders = [row["prompt"] for row in csv.DictReader((data / "prompt-injections/prompt_injections.csv").open())]
    foreign = _foreign(data)
    for one in PLANTED:
        table = pq.read_table(data / one.file)
        rng = random.Random(0)
        if one.sample:
            table = table.take(sorted(rng.sample(range(len(table)), one.sample)))
        rows = table.to_pylist()
        faults = list(_faults(one, rows, rng, orders, foreign))
        everything = rows + [fault.row for fault in faults]
        kinds = [GOOD] * len(rows) + [fault.kind for fault in faults]
        twin = [-1] * len(rows) + [fault.twin for fault in faults]
        yield one.name, pa.Table.from_pylist(everything, table.schema), Truth(np.array(kinds), np.array(twin))


def _foreign(data: Path) -> list[list[str]]:
    """Pieces of about 300 characters of the Declaration of Human Rights, for each of other languages."""
    table = pq.read_table(data / "udhr/udhr.parquet").to_pylist()
    texts = [row["text"] for row in table if row["language"] in LANGUAGES]
    return [[text[at : at + 300].strip() for at in range(600, len(text) - 300, 300)] for text in texts]


@dataclass(frozen=True)
class Fault:
    """A row with a fault. twin: the row that it copies, -1 for none."""

    kind: str
    row: Row
    twin: int = -1


def _faults(
    of: Set, rows: list[Row], rng: random.Random, orders: list[str], foreign: list[list[str]]
) -> Iterator[Fault]:
    """Rows with faults, 200 of each kind."""
    changes: dict[str, Callable[[str], str]] = {
        "exact copy": lambda text: text,
        "near copy, 1 word in 50": lambda text: _near(text, rng, 50),
        "near copy, 1 word in 20": lambda text: _near(text, rng, 20),
        "damaged letters": lambda text: _damaged(text, rng),
        "another language": lambda text: rng.choice(rng.choice(foreign)),
        "junk": lambda text: _junk(rng),
        "an order to a model": lambda text: f"{text} {_order(rng.choice(orders))}",
        "a secret": lambda text: _between(text, _secret(rng), rng),
    }
    if of.prompt:
        changes |= {
            "no answer": lambda text: "",
            "a refusal": lambda text: rng.choice(REFUSALS),
            "an end mark": lambda text: text + rng.choice(["</s>", "<|im_end|>", " [/INST]", "<eos>"]),
        }
    for kind, change in changes.items():
        made = 0
        while made < EACH:
            at = rng.randrange(len(rows))
            before = str(rows[at][of.text] or "")
            row = {**rows[at], of.text: change(before)}
            if of.prompt and kind == "another language":
                row |= dict(zip((of.prompt, of.text), rng.sample(rng.choice(foreign), 2), strict=True))
            if of.prompt and "near" in kind:  # where the answer is a word, another one is another row
                row = {**rows[at], of.prompt: change(str(rows[at][of.prompt]))}
            if before and (row != rows[at] or kind == "exact copy"):
                made += 1
                yield Fault(kind, row, at if "copy" in kind else -1)
    if of.prompt:
        for row in rng.sample(rows, EACH):
            yield Fault("the question for an answer", {**row, of.text: row[of.prompt]})


def _near(text: str, rng: random.Random, every: int) -> str:
    """One word in so many, and at least one, is gone or stands twice."""
    words = re.split(r"(\s+)", text)
    places = range(0, len(words), 2)
    for at in rng.sample(places, max(1, len(places) // every)):
        words[at] = rng.choice(["", f"{words[at]} {words[at]}"])
    return "".join(words)


def _damaged(text: str, rng: random.Random) -> str:
    """Quotation marks, apostrophes, dashes and some vowels as signs of their own, read in a wrong encoding."""
    signs = {"'": "’", '"': "“", " - ": " – ", "e": "é", "ue": "ü"}
    for plain, sign in signs.items():
        parts = text.split(plain)
        share = 0.1 if sign in "éü" else 1
        text = parts[0] + "".join((sign if rng.random() < share else plain) + part for part in parts[1:])
    if rng.random() < 0.3:
        return re.sub(r"[^\x00-\x7f]", "\ufffd", text)
    return text.encode("utf-8").decode("cp1252", "replace")


def _junk(rng: random.Random) -> str:
    """What scrapers bring home: signs, digits, codes, menus, one word again and again, hammered keys, filler."""
    word = rng.choice(["test", "asdf", "loading", "click here", "null"])
    length = rng.randint(8, 60)
    return rng.choice([
        "".join(rng.choices("-=<>(){}/\\|%$#*&^~+_", k=length)),
        " ".join(str(rng.randint(0, 99_999)) for _ in range(length // 3)),
        base64.b64encode(rng.randbytes(length * 4)).decode(),
        " ".join([word] * length),
        " | ".join(rng.choices(["Home", "About us", "Contact", "Login", "Privacy policy", "Terms of use"], k=6)),
        "".join(rng.choices(string.ascii_lowercase, k=length)),
        " ".join(rng.choices("lorem ipsum dolor sit amet consectetur elit sed do eiusmod".split(), k=length)),
        f"<div class='{word}'><a href='#'></a></div>" * (length // 8),
    ])  # fmt: skip


def _order(text: str) -> str:
    """The end of an injection: there it says what it wants."""
    return text if len(text) < 1500 else text[:750] + text[-750:]


def _between(text: str, what: str, rng: random.Random) -> str:
    words = text.split(" ")
    at = rng.randint(0, len(words))
    return " ".join([*words[:at], what, *words[at:]])


def _secret(rng: random.Random) -> str:
    """A key of a form that services give out, made by chance."""

    def some(count: int, of: str = string.ascii_letters + string.digits) -> str:
        return "".join(rng.choices(of, k=count))

    upper = string.ascii_uppercase + string.digits
    return rng.choice([
        f"AKIA{some(16, upper)}", f"ghp_{some(36)}", f"xoxb-{some(12, string.digits)}-{some(24)}",
        f"sk_live_{some(24)}", f"AIza{some(35)}", f"password = '{some(14)}'", f"api_key: {some(32)}",
        f"postgres://admin:{some(12)}@db.example.org/main",
    ])  # fmt: skip


REFUSALS = (
    "I'm sorry, but I can't assist with that request.", "As a language model, I don't have personal opinions.",
    "I'm sorry, but as an AI I cannot do that.", "Sorry, I can't help with that.", "I cannot generate such content.",
    "I'm afraid I can't do that.", "Unfortunately, I cannot provide medical advice.", "I would rather not answer this.",
    "I am unable to browse the internet.", "I won't write that.",
)  # fmt: skip


if __name__ == "__main__":
    main()

"""How many planted leaks are found, by kind of edit, beside the rules that are published: recall and false alarms.

Run by hand: `python -m benchmarks.leaks FOLDER`, FOLDER with the sets of `README.md` there (gsm8k, bbh, …). Items of a
benchmark are edited by script and stand alone or among other words; the rows of other sets, which hold none of them,
say how often a rule is wrong. The published rules see the same words: lower case, signs taken for spaces.
"""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.json as pj
import pyarrow.parquet as pq

from engine.pairs.against import items, shared
from engine.text import normalised

Edit = Callable[[list[str], np.random.Generator, np.ndarray], list[str]]
EVERY = 12
AROUND = 50


def places(words: list[str], rng: np.random.Generator, every: int = EVERY) -> set[int]:
    """One word in so many, at random places, one at the least."""
    return set(rng.choice(len(words), max(1, round(len(words) / every)), replace=False).tolist())


def replaced(every: int) -> Edit:
    """Another word of the set in the place of one in so many."""

    def edit(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
        at = places(words, rng, every)
        return [str(rng.choice(others)) if i in at else w for i, w in enumerate(words)]

    return edit


def left_out(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    at = places(words, rng)
    return [w for i, w in enumerate(words) if i not in at]


def added(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    at = places(words, rng)
    return [x for i, w in enumerate(words) for x in ([str(rng.choice(others)), w] if i in at else [w])]


def mistyped(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    at = places(words, rng)
    return [w[: len(w) // 2] + "x" + w[len(w) // 2 :] if i in at else w for i, w in enumerate(words)]


def cased(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    return [w.upper() if rng.random() < 0.5 else w.capitalize() for w in words]


def punctuated(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    """All signs gone but those inside words, and commas, dashes and quotes at random places."""
    bare = [b for w in words if (b := re.sub(r"^\W+|\W+$", "", w))]
    return [f"{w}{rng.choice([',', ' –', ';', '”'])}" if rng.random() < 0.3 else w for w in bare]


def around(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    return [*rng.choice(others, AROUND).tolist(), *words, *rng.choice(others, AROUND).tolist()]


def all_of_it(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    return around(punctuated(cased(replaced(EVERY)(words, rng, others), rng, others), rng, others), rng, others)


def halved(words: list[str], rng: np.random.Generator, others: np.ndarray) -> list[str]:
    return words[: (len(words) + 1) // 2]


EDITS: dict[str, Edit] = {
    "as it is": lambda words, rng, others: words,
    "case": cased,
    "punctuation": punctuated,
    "50 words before and after": around,
    "one word in 12 replaced": replaced(12),
    "one word in 12 left out": left_out,
    "one word in 12 added": added,
    "one word in 12 mistyped": mistyped,
    "replaced, case, signs, 50 around": all_of_it,
    "one word in 6 replaced": replaced(6),
    "one word in 4 replaced": replaced(4),
    "the first half": halved,
}


def plain(texts: Sequence[str]) -> list[str]:
    return [t.strip() for t in normalised(pa.array(texts, pa.large_string())).to_pylist()]


class Grams:
    """A published rule: a row goes that has one run of n words of an item; a shorter item counts as a whole."""

    def __init__(self, texts: Sequence[str], n: int) -> None:
        self.n = n
        self.held = {g for t in plain(texts) for g in self._of(t.split(), True)}

    def _of(self, words: list[str], item: bool = False) -> list[tuple[str, ...]]:
        if item and len(words) < self.n:
            return []
        return [tuple(words[i : i + self.n]) for i in range(len(words) - self.n + 1)]

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        return np.array([any(g in self.held for g in self._of(t.split())) for t in plain(texts)], bool)


class Letters:
    """A published rule: a row goes that has 50 letters and digits in a row of an item, spaces and signs left out."""

    def __init__(self, texts: Sequence[str], n: int = 50) -> None:
        self.n = n
        self.held = {s[i : i + n] for s in map(self._bare, texts) for i in range(len(s) - n + 1)}

    @staticmethod
    def _bare(text: str) -> str:
        return "".join(c for c in text.lower() if c.isalnum())

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        bare = map(self._bare, texts)
        return np.array([any(s[i : i + self.n] in self.held for i in range(len(s) - self.n + 1)) for s in bare], bool)


def ours(texts: Sequence[str], *, least: int = 13, edited: bool = True) -> Callable[[Sequence[str]], np.ndarray]:
    """The rule of the step `overlaps`."""
    made = items(texts, least)
    return lambda rows: shared(pa.array(rows, pa.large_string()), made, edited=edited).found


def rules(texts: Sequence[str]) -> dict[str, Callable[[Sequence[str]], np.ndarray]]:
    """Ours first, then the published ones."""
    return {
        "overlaps": ours(texts),
        "one piece": ours(texts, edited=False),
        "13 words": Grams(texts, 13),
        "8 words": Grams(texts, 8),
        "50 letters": Letters(texts),
    }


def planted(texts: Sequence[str], edit: Edit, seed: int = 0) -> list[str]:
    """Each text, edited."""
    rng = np.random.default_rng(seed)
    others = np.array(sorted({w for t in texts for w in t.split()}))
    return [" ".join(edit(t.split(), rng, others)) for t in texts]


def recall(texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """Edit -> rule -> the share of the planted rows that it finds."""
    made = rules(texts)
    return {
        name: {rule: float(find(rows).mean()) for rule, find in made.items()}
        for name, edit in EDITS.items()
        for rows in [planted(texts, edit)]
    }


def benchmarks(folder: Path) -> dict[str, list[str]]:
    """Items by name, distinct."""
    found = {
        "gsm8k test": pq.read_table(folder / "gsm8k/test.parquet").column("question").to_pylist(),
        "bbh": pq.read_table(folder / "bbh/bbh.parquet").column("input").to_pylist(),
        "self-instruct": [r["instruction"] for r in _lines(folder / "self-instruct/user_oriented_instructions.jsonl")],
        "mt_bench": [r["turns"][0] for r in _lines(folder / "judge-questions/mt_bench.jsonl")],
    }
    return {name: list(dict.fromkeys(t for t in texts if t.strip())) for name, texts in found.items()}


def clean_rows(folder: Path) -> dict[str, list[str]]:
    """Rows of sets that have nothing to do with the benchmarks."""
    parts = {
        "dolly": ("dolly-3k/dolly_3k.parquet", "output"),
        "t0": ("t0-open/train.parquet", "prompt"),
        "debian": ("debian_packages.parquet", "description"),
        "movie reviews": ("movie-reviews/movie_reviews.parquet", "text"),
        "clinc": ("clinc150/clinc150.parquet", "text"),
        "gsm8k train": ("gsm8k/train.parquet", "question"),
    }
    return {n: [t or "" for t in pq.read_table(folder / p).column(c).to_pylist()] for n, (p, c) in parts.items()}


def by_meaning(folder: Path) -> dict[str, dict[str, float]]:
    """Paraphrases by the default model: the share found where 1 % of clean rows would be, beside that found by words.

    Items: the first 60 words of articles for advanced readers. Planted: those of the same articles for other readers,
    and English sentences in other languages. Clean: as many words of dolly's outputs, and of the other articles.
    """
    import tempfile

    from engine.building import build, spec
    from engine.opening import SourceOptions, open_source
    from engine.vectors import embed_texts

    onestop = pq.read_table(folder / "onestop/onestop.parquet").to_pandas()
    levels = {n: g.set_index("article").text.sort_index() for n, g in onestop.groupby("level")}
    tatoeba = pq.read_table(folder / "tatoeba/tatoeba.parquet").to_pandas().drop_duplicates("english")
    dolly = pq.read_table(folder / "dolly-3k/dolly_3k.parquet").column("output").to_pylist()[:1000]

    def start(texts: Sequence[str]) -> list[str]:
        return [" ".join(t.replace("\ufeff", "").split()[:60]) for t in texts]

    cases = {
        "advanced, as intermediate": (start(levels["advanced"]), start(levels["intermediate"])),
        "advanced, as elementary": (start(levels["advanced"]), start(levels["elementary"])),
    }
    for language in ("fra", "deu"):
        some = tatoeba[tatoeba.language == language].head(500)
        cases[f"English, as {language}"] = (some.english.tolist(), some.text.tolist())
    found = {}
    for name, (texts, rows) in cases.items():
        clean = start(dolly)
        with tempfile.TemporaryDirectory() as place:
            table = pa.table({"text": [*rows, *clean]})
            data = open_source(table, place, name="rows", options=SourceOptions(text="text"))
            data = build(data, {"minilm": spec("embedding", "sentence", {})})
            vectors = data.embedding("minilm")
            like = vectors.floats(vectors.texts.of_row) @ (embed_texts(data, "minilm", texts, query=False) / 2048).T
        own, others = like[: len(rows)].diagonal(), like[: len(rows)].copy()
        np.fill_diagonal(others, -1)
        unlike, strangers = np.quantile(like[len(rows) :].max(axis=1), 0.99), np.quantile(others.max(axis=1), 0.99)
        found[name] = {
            "1 % of dolly": float((own >= unlike).mean()),
            "1 % of the other articles": float((own >= strangers).mean()),
            "at 0.85": float((own >= 0.85).mean()),
            "dolly at 0.85": float((like[len(rows) :].max(axis=1) >= 0.85).mean()),
            "others at 0.85": float((others.max(axis=1) >= 0.85).mean()),
            "by words": float(ours(texts)(rows).mean()),
        }
    return found


def _lines(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pj.read_json(path).to_pylist()
    return found


def _print(title: str, lines: dict[str, dict[str, float]], digits: int) -> None:
    rules_ = list(next(iter(lines.values())))
    print(f"\n| {title} | {' | '.join(rules_)} |\n| --- |{' ---: |' * len(rules_)}")
    for name, values in lines.items():
        print(f"| {name} | {' | '.join(f'{100 * values[r]:.{digits}f}' for r in rules_)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    sets, clean = benchmarks(folder), clean_rows(folder)
    for name, texts in sets.items():
        words = [len(t.split()) for t in plain(texts)]
        short = sum(w < 5 for w in words)
        title = f"{name}: {len(texts):,} items, median {int(np.median(words))} words, {short} under 5; found, %"
        _print(title, recall(texts), 1)
        long = [t for t, w in zip(texts, words, strict=True) if w >= 13]
        if len(long) < len(texts):
            _print(f"{name}: its {len(long):,} items of 13 words and more; found, %", recall(long), 1)
    for name, texts in sets.items():
        made = rules(texts)
        wrong = {host: {rule: float(find(rows).mean()) for rule, find in made.items()} for host, rows in clean.items()}
        _print(f"rows without {name} that are found, %", wrong, 3)
    _print("paraphrases found by meaning, %", by_meaning(folder), 1)
    million = (clean["clinc"] * 43)[:1_000_000]
    asked = items(sets["gsm8k test"], 13)
    rows = pa.array(million, pa.large_string())
    started = time.perf_counter()
    shared(rows, asked)
    print(f"\n{len(million):,} short rows against gsm8k test: {time.perf_counter() - started:.1f} s")


if __name__ == "__main__":
    main()

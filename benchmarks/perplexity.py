"""What perplexity by a reference tells apart, and how fast it is, beside nltk and KenLM.

Run by hand: `python -m benchmarks.perplexity DATA [--peers PYTHON]`. DATA is the folder of the public sets; PYTHON the
interpreter of an environment with nltk and kenlm, without which their lines say so. Each reference is a half of a set,
taken at random; real rows are from the other half and never seen, and the damaged ones are made of those very rows.
Prints Markdown.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from benchmarks._models import auc
from engine.models import NgramModel
from engine.models._words import said
from engine.models.ngram import arrays_of, counted, read_ngram
from engine.signals.fitted.perplexity import perplexity

ROWS = 400
ORDERS = (2, 3, 4, 5)
PEER = """
import json, sys, time
from nltk.lm import KneserNeyInterpolated, Vocabulary
from nltk.util import everygrams
asked = json.load(sys.stdin)
order, texts, rows = asked["order"], asked["texts"], asked["rows"]
begin = ["<s>"] * (order - 1)
start = time.perf_counter()
sents = [begin + text for text in texts]
vocabulary = Vocabulary([word for sent in sents for word in sent], unk_cutoff=2)
vocabulary.counts["<s>"] += 2
model = KneserNeyInterpolated(order, discount=0.75, vocabulary=vocabulary)
model.fit([[gram for gram in everygrams(list(vocabulary.lookup(sent)), max_len=order)] for sent in sents])
fitted = time.perf_counter() - start
start, found = time.perf_counter(), []
for row in rows:
    sent = begin + list(vocabulary.lookup(row))
    found.append([model.score(sent[i], sent[i - order + 1 : i]) for i in range(order - 1, len(sent))])
print(json.dumps({"fit": fitted, "score": time.perf_counter() - start, "found": found}))
"""


def texts_of(data: Path, name: str, column: str, least: int = 0, only: tuple[str, int] | None = None) -> list[str]:
    """The texts of a column, as long as `least` characters, each once, in an order by chance."""
    found = pq.read_table(data / name, filters=[(only[0], "=", only[1])] if only else None).column(column).to_pylist()
    texts = list(dict.fromkeys(t for t in found if t and len(t) >= least))
    return [texts[i] for i in np.random.default_rng(0).permutation(len(texts))]


def model_of(texts: Sequence[str], order: int = 3, least: int = 2) -> NgramModel:
    whole = counted(said(texts), order, least)
    arrays = {**arrays_of(whole), "reference": np.zeros(0, np.uint64)}
    facts = {"kinds": whole.kinds, "surprising": -4.0}
    return read_ngram("m", {"order": order, "discount": 0.75}, facts, arrays)


# Damage: each changes a text by chance


def shuffled(text: str, rng: np.random.Generator) -> str:
    return " ".join(rng.permutation(text.split()))


def scrambled(text: str, rng: np.random.Generator) -> str:
    """A fifth of the words have their letters in another order, as bad OCR and keyboards leave them."""
    words = text.split()
    return " ".join("".join(rng.permutation(list(w))) if rng.random() < 0.2 else w for w in words)


def dropped(text: str, rng: np.random.Generator) -> str:
    """A fifth of the words are gone."""
    return " ".join(w for w in text.split() if rng.random() >= 0.2) or text


def swapped(text: str, rng: np.random.Generator) -> str:
    """A fifth of the words change places with their neighbour, as a poor translation has them."""
    words = text.split()
    for i in range(len(words) - 1):
        if rng.random() < 0.2:
            words[i], words[i + 1] = words[i + 1], words[i]
    return " ".join(words)


def joined_up(text: str, rng: np.random.Generator) -> str:
    """A third of the blanks are gone, as a bad extraction leaves them."""
    return "".join(w if rng.random() < 1 / 3 else f"{w} " for w in text.split())


DAMAGE: dict[str, Callable[[str, np.random.Generator], str]] = {
    "words shuffled": shuffled,
    "neighbours swapped, a fifth": swapped,
    "words dropped, a fifth": dropped,
    "letters scrambled, a fifth": scrambled,
    "blanks lost, a third": joined_up,
}


def separation(data: Path) -> None:
    """AUC of perplexity between real rows held out and damaged or foreign ones."""
    sets = {
        "Debian descriptions": texts_of(data, "debian_packages.parquet", "description", 100),
        "film reviews, sentences": texts_of(data, "subjectivity/subjectivity.parquet", "text"),
        "news headlines": texts_of(data, "clickbait/headlines.parquet", "headline", only=("clickbait", 0)),
        "film reviews, whole": texts_of(data, "movie-reviews/movie_reviews.parquet", "text"),
    }
    halves = {name: (texts[: len(texts) // 2], texts[len(texts) // 2 :][:ROWS]) for name, texts in sets.items()}
    print(f"\n| reference (words) | {' | '.join(DAMAGE)} | other sets | median |")
    print(f"| --- | {' | '.join('---' for _ in DAMAGE)} | --- | --- |")
    for name, (reference, real) in halves.items():
        model, rng = model_of(reference), np.random.default_rng(1)
        good = perplexity(real, model=model)["perplexity"]
        cells = []
        for damage in DAMAGE.values():
            bad = perplexity([damage(text, rng) for text in real], model=model)["perplexity"]
            cells.append(f"{auc(good, bad):.3f}")
        others = [perplexity(rows, model=model)["perplexity"] for other, (_, rows) in halves.items() if other != name]
        cells.append(", ".join(f"{auc(good, other):.3f}" for other in others))
        print(f"| {name} ({len(said(reference).words):,}) | {' | '.join(cells)} | {np.nanmedian(good):,.0f} |")


def speed(data: Path, peers: str) -> None:
    """Words a second to fit and to score, on one core, and whether nltk says the same."""
    texts = texts_of(data, "debian_packages.parquet", "description", 100)
    some, rows = texts[:20_000], texts[-2_000:]
    words = len(said(some).words)
    asked = len(said(rows).words)
    perplexity(rows[:10], model=model_of(some[:100]))
    print("\n| order | fitted on | fit, words/s | scored, words/s | documents/s | runs kept |")
    print("| --- | --- | --- | --- | --- | --- |")
    for order in ORDERS:
        start = time.perf_counter()
        model = model_of(some, order)
        fit = time.perf_counter() - start
        start = time.perf_counter()
        perplexity(rows, model=model)
        took = time.perf_counter() - start
        runs = sum(len(level.keys) for level in model.levels)
        cells = (f"{words / fit:,.0f}", f"{asked / took:,.0f}", f"{len(rows) / took:,.0f}", f"{runs:,}")
        print(f"| {order} | {words:,} words | {' | '.join(cells)} |")
    if not peers:
        print("\nnltk and KenLM: not here (--peers PYTHON)")
        return
    beside_nltk(peers, texts)
    beside_kenlm(peers, some, rows)


def beside_nltk(peers: str, texts: Sequence[str]) -> None:
    fit, rows = [t[:600] for t in texts[:300]], [t[:600] for t in texts[-20:]]
    for order in (2, 3):
        start = time.perf_counter()
        model = model_of(fit, order)
        ours = time.perf_counter() - start
        words = [said([row]) for row in rows]
        start = time.perf_counter()
        likely = [10 ** model.log10(found) for found in words]
        scored = time.perf_counter() - start
        asked = {"order": order, "texts": [said([t]).words.to_pylist() for t in fit]}
        body = json.dumps({**asked, "rows": [found.words.to_pylist() for found in words]})
        theirs = json.loads(
            subprocess.run([peers, "-c", PEER], input=body, capture_output=True, text=True, check=True).stdout
        )
        worst = max(
            float(np.abs(mine * np.where(model.ids(found.words) == 1, model.kinds, 1) - other).max())
            for mine, found, other in zip(likely, words, theirs["found"], strict=True)
        )
        print(
            f"\nnltk, order {order}: fits {theirs['fit'] / ours:,.0f} times as long, scores "
            f"{theirs['score'] / scored:,.0f} times as long; largest difference of a probability {worst:.1e} "
            f"over {sum(map(len, likely)):,} words."
        )


def beside_kenlm(peers: str, some: Sequence[str], rows: Sequence[str]) -> None:
    """KenLM's Python asks a model that is written as ARPA: ours, so that both ask the same runs."""
    with tempfile.TemporaryDirectory() as place:
        path, texts = Path(place) / "m.arpa", [" ".join(said([row]).words.to_pylist()) for row in rows]
        model = model_of(some)
        write_arpa(model, path)
        code = (
            "import kenlm, json, sys, time\nm = kenlm.Model(sys.argv[1])\nrows = json.load(sys.stdin)\n"
            "s = time.perf_counter()\nv = [m.score(r, bos=True, eos=False) for r in rows]\n"
            "print(json.dumps([time.perf_counter() - s, v]))"
        )
        done = subprocess.run([peers, "-c", code, str(path)], input=json.dumps(texts), capture_output=True, text=True)
    if done.returncode:
        print(f"\nKenLM: {done.stderr.strip().splitlines()[-1]}")
        return
    took, values = json.loads(done.stdout)
    found = said(texts)
    start = time.perf_counter()
    each = model.log10(found)
    ours, total = time.perf_counter() - start, len(found.words)
    each = each + np.where(model.ids(found.words) == 1, np.log10(model.kinds), 0)  # KenLM knows <unk> as one word
    mine = np.bincount(np.repeat(np.arange(len(rows)), found.lengths), each, minlength=len(rows))
    difference = np.abs(mine - values) / np.maximum(found.lengths, 1)
    print(
        f"\nKenLM's Python, order 3, the same runs, texts cut into words beforehand: {total / took:,.0f} words/s, ours "
        f"{total / ours:,.0f}; median difference of the mean logarithm {np.median(difference):.1e}."
    )


def write_arpa(model: NgramModel, path: Path) -> None:
    """The model as ARPA: each run's probability with what shorter runs add, and the weight of falling back."""
    names = ["<s>", "<unk>", *model.vocabulary.to_pylist()]
    runs: list[np.ndarray] = [np.arange(len(names))[:, None]]
    likely: list[np.ndarray] = [model.single]
    for level in model.levels:
        keys = level.keys[:-1]
        context, word = (keys >> np.uint64(32)).astype(np.int64), (keys & np.uint64(0xFFFFFFFF)).astype(np.int64)
        grams = np.column_stack([runs[-1][context], word])
        shorter = _place(runs, grams[:, 1:], model)
        value = np.maximum(level.values[:-1] - model.discount, 0)
        total = np.maximum(level.total[context], 1e-9)
        p = np.where(level.total[context] > 0, (value + level.spare[context] * likely[-1][shorter]) / total, 1e-9)
        runs.append(grams)
        likely.append(np.minimum(p, 1.0))
    with path.open("w", encoding="utf-8") as file:
        file.write("\\data\\\n" + "".join(f"ngram {k}={len(r) + (k == 1)}\n" for k, r in enumerate(runs, 1)))
        for k, (grams, p) in enumerate(zip(runs, likely, strict=True), 1):
            back = None
            if k <= len(model.levels):
                level = model.levels[k - 1]
                back = np.where(level.total > 0, level.spare / np.maximum(level.total, 1e-9), 1.0)
            file.write(f"\n\\{k}-grams:\n")
            for i, gram in enumerate(grams):
                first = -99.0 if k == 1 and i == 0 else float(np.log10(max(p[i], 1e-99)))
                said_ = " ".join(names[w] for w in gram)
                end = "" if back is None else f"\t{np.log10(max(back[i], 1e-99)):.7f}"
                file.write(f"{first:.7f}\t{said_}{end}\n")
            file.write("-99\t</s>\t0\n" if k == 1 else "")  # KenLM will have it; no text is asked to end
        file.write("\n\\end\\\n")


def _place(runs: Sequence[np.ndarray], grams: np.ndarray, model: NgramModel) -> np.ndarray:
    """Where runs of words stand among those of their length."""
    at = grams[:, 0]
    for k, level in enumerate(model.levels[: grams.shape[1] - 1]):
        at = np.searchsorted(level.keys, (at.astype(np.uint64) << np.uint64(32)) | grams[:, k + 1].astype(np.uint64))
    return at


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--peers", default="")
    args = parser.parse_args()
    separation(args.data)
    speed(args.data, args.peers)

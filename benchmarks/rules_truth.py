"""What rules of thumb say where the truth is known: which sets disagree, which kinds are told apart, what people keep.

    python -m benchmarks.rules_truth DATA

DATA is the folder of the public sets. Two thirds of the judged pages build, one third is looked at once.
"""

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import QuantileTransformer

import engine
from benchmarks.signals import FILTERS, holds
from engine.look import DIALECTS, Dialect
from engine.opening import SourceOptions
from engine.signals import ROW_SIGNALS
from engine.signals.rules.text_kind import KINDS

WORDS = {"signs apart", "white space"}


def measured(texts: list[str], words: str) -> dict[str, np.ndarray]:
    """Every value of every family."""
    found: dict[str, np.ndarray] = {}
    for family in FILTERS:
        found |= ROW_SIGNALS[family].function(texts, words=words)
    return found


def keeps(dialect: Dialect, values: dict[str, dict[str, np.ndarray]]) -> np.ndarray:
    mine = values[dialect.words]
    return np.all([holds(limit, mine[limit.value]) for limit in dialect.limits], axis=0)


def dialects(data: Path) -> None:
    """How many rows each set of limits keeps, and on how many each pair disagrees."""
    sets = {
        "web-quality": column(data / "web-quality/web_quality.parquet", "text"),
        "t0-open": column(data / "t0-open/train.parquet", "prompt"),
        "wikitext-2": sum((column(p, "text") for p in sorted(data.glob("wikitext-2/*.parquet"))), []),
    }
    for name, texts in sets.items():
        values = {words: measured(texts, words) for words in WORDS}
        values[""] = ROW_SIGNALS["dclm"].function(texts)
        kept = {d.title: keeps(d, values) for d in DIALECTS.values()}
        said = ", ".join(f"{title} {mask.sum():,}" for title, mask in kept.items())
        print(f"{name}, {len(texts):,} rows, kept: {said}")
        titles = list(kept)
        for i, one in enumerate(titles):
            for other in titles[i + 1 :]:
                first, second = kept[one], kept[other]
                print(f"  only {one} {(first & ~second).sum():,} · only {other} {(second & ~first).sum():,}")


def languages(data: Path) -> None:
    """FineWeb2's limits on sentences in 112 languages: as published, learned from all together, and from each."""
    with tempfile.TemporaryDirectory() as place:
        rows = engine.open([data / "tatoeba/tatoeba.parquet"], Path(place), options=SourceOptions(text="text"))
        dialect = DIALECTS["fineweb2"]
        rows = engine.build(rows, dialect.specs())
        step = dialect.step()
        share = 0.02
        taught = engine.look.learned_by(rows, step, rows.rows(), share, "language")
        together = engine.look.learned(rows, step, rows.rows(), share)
        codes, labels = rows.codes("language")
        print(f"learned for {len(taught.learned)} languages; {len(taught.left_out)} with too few rows")
        told = np.isin(codes, [labels.index(name) for name in taught.learned])
        for name, one in (("as published", step), ("learned from all", together), ("by language", taught.step)):
            gone = ~engine.run(rows, engine.Recipe(steps=(one,))).mask
            each = {label: gone[codes == labels.index(label)].mean() for label in taught.learned}
            worst = sorted(each, key=lambda label: -each[label])[:5]
            said = ", ".join(f"{label} {each[label]:.0%}" for label in worst)
            middle = np.median(list(each.values()))
            print(
                f"{name}: {gone[told].mean():.1%} of rows go, of a language {middle:.1%} in the middle; most of {said}"
            )


def column(path: Path, name: str) -> list[str]:
    return [str(text or "") for text in pq.read_table(path, columns=[name])[name].to_pylist()]


def kinds(data: Path) -> None:
    """What each kind of text is taken for; tables, chats and lists are made from rows of other sets."""
    random_ = random.Random(1)
    answers = pq.read_table(data / "dolly-3k/dolly_3k.parquet").to_pylist()
    packages = pq.read_table(data / "debian_packages.parquet").to_pylist()
    code = column(data / "gpteacher/codegen.parquet", "response")
    prose = sum((column(p, "text") for p in sorted(data.glob("wikitext-2/*.parquet"))), [])
    prose += column(next(iter(sorted(data.glob("movie-reviews/*.parquet")))), "text")

    def table() -> str:
        rows = random_.sample(packages, random_.randint(3, 12))
        between = random_.choice([",", "\t", "|", ";"])
        return "\n".join(between.join(str(row[k]) for k in ("package", "version", "section")) for row in rows)

    def chat() -> str:
        asks, says = random_.choice([("User:", "Assistant:"), ("Human:", "AI:"), ("Q:", "A:"), ("<|user|>", "<|bot|>")])
        rows = random_.sample(answers, 2)
        return "\n".join(f"{asks} {row['instruction']}\n{says} {row['output']}" for row in rows)

    def listed() -> str:
        mark = random_.choice(["- ", "* ", "• ", "1. ", "(a) "])
        return "\n".join(mark + str(row["description"])[:60] for row in random_.sample(packages, random_.randint(3, 8)))

    made = {
        "prose": prose, "code": code, "table": [table() for _ in range(300)],
        "chat": [chat() for _ in range(300)], "list": [listed() for _ in range(300)],
    }  # fmt: skip
    for name, texts in made.items():
        found = Counter(KINDS[i] if i >= 0 else "none" for i in ROW_SIGNALS["text_kind"].function(texts)["text_kind"])
        said = ", ".join(f"{kind} {count:,}" for kind, count in found.most_common())
        print(f"{name}: {found[name] / len(texts):.1%} of {len(texts):,} right; {said}")


def forms(data: Path) -> None:
    """Code, dialogue and markup against prose, and markup put into clean rows; rows of clean sets with any of it."""
    random_ = random.Random(2)
    prose = column(next(iter(sorted(data.glob("movie-reviews/*.parquet")))), "text")
    packages = column(data / "debian_packages.parquet", "description")
    answers = pq.read_table(data / "dolly-3k/dolly_3k.parquet").to_pylist()
    chats = [
        "\n".join(f"{who}: {row[key]}" for row in random_.sample(answers, 2) for who, key in
                  (("Ann", "instruction"), ("Ben", "output")))
        for _ in range(300)
    ]  # fmt: skip
    marked = [_marked(text, random_) for text in random_.sample(packages, 300)]
    for name, value, texts in (
        ("code", "code_lines", column(data / "gpteacher/codegen.parquet", "response")),
        ("dialogue", "dialogue_turns", chats),
        ("markup", "markup_places", marked),
    ):
        signal = ROW_SIGNALS[name].function
        yes, no = signal(texts)[value], signal(prose)[value]
        auc = roc_auc_score(np.repeat([1, 0], [len(yes), len(no)]), np.concatenate([yes, no]))
        clean = signal(packages)[value]
        print(
            f"{value}: any in {np.mean(yes > 0):.1%} of {len(yes):,} made or known, {np.mean(no > 0):.1%} of "
            f"{len(no):,} reviews, {np.mean(clean > 0):.2%} of {len(clean):,} descriptions; "
            f"AUC beside reviews {auc:.3f}"
        )


def _marked(text: str, random_: random.Random) -> str:
    """A text with one kind of markup put around some of its words."""
    around = random_.choice(
        [("<b>", "</b>"), ("**", "**"), ("[b]", "[/b]"), ("[", "](http://example.org)"), ("&lt;", "&gt;")]
    )
    words = text.split(" ")
    at = random_.randrange(len(words))
    words[at] = around[0] + words[at] + around[1]
    return " ".join(words)


def judged(data: Path) -> None:
    """Which value orders pages as people do, by AUC with a 95 % interval of 2,000 bootstraps."""
    pages = pq.read_table(data / "web-quality/web_quality.parquet").to_pandas()
    good = (pages["label"] == 1).to_numpy()  # the label of most raters; 1 is keep
    print(f"judged: {good.sum()} of {len(good)} pages are good")
    texts = pages["text"].astype(str).tolist()
    values = measured(texts, "signs apart") | ROW_SIGNALS["characters"].function(texts)
    build = np.random.default_rng(0).permutation(len(texts)) < len(texts) * 2 // 3
    aucs = {name: roc_auc_score(good[build], v[build]) for name, v in values.items() if len(set(v[build])) > 1}
    for name in sorted(aucs, key=lambda name: -abs(aucs[name] - 0.5))[:6]:
        sign = 1 if aucs[name] > 0.5 else -1
        print(f"  {name:<30} build {interval(good[build], sign * values[name][build])}; "
              f"held out {interval(good[~build], sign * values[name][~build])}")  # fmt: skip
    features = np.array([v for name, v in values.items() if name in aucs]).T
    model = make_pipeline(QuantileTransformer(n_quantiles=50), LogisticRegression(C=0.1, max_iter=1000))
    crossed = cross_val_predict(model, features[build], good[build], cv=10, method="predict_proba")[:, 1]
    held = model.fit(features[build], good[build]).predict_proba(features[~build])[:, 1]
    print(f"  all together, 10 folds         build {interval(good[build], crossed)}; "
          f"held out {interval(good[~build], held)}")  # fmt: skip


def interval(truth: np.ndarray, score: np.ndarray) -> str:
    random_ = np.random.default_rng(0)
    draws = (random_.integers(0, len(truth), len(truth)) for _ in range(2000))
    found = [roc_auc_score(truth[at], score[at]) for at in draws if 0 < truth[at].sum() < len(at)]
    low, high = np.quantile(found, [0.025, 0.975])
    return f"{roc_auc_score(truth, score):.3f} ({low:.3f} to {high:.3f})"


def main() -> None:
    data = Path(sys.argv[1])
    for part in (dialects, languages, kinds, forms, judged):
        part(data)


if __name__ == "__main__":
    main()

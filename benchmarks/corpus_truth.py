"""What the signals that see the whole corpus find where the truth is known: concepts, references, shared lines, odd.

Run by hand: `python -m benchmarks.corpus_truth DATA [--only NAME …]`. DATA is the folder of the public sets. Prints
Markdown. Embeds some thousand texts with the default model, which takes minutes on a small machine.
"""

import argparse
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import engine
from benchmarks.language_truth import auc
from engine.building import key_of, spec
from engine.dataset import Dataset
from engine.opening import SourceOptions

EMBEDDING = spec("embedding", "sentence")


def opened(columns: Mapping[str, Sequence[object]], place: str, *, vectors: bool = False) -> Dataset:
    """A dataset of these columns, with vectors of the default model where they are asked for."""
    file = Path(place) / f"rows{len(list(Path(place).glob('*.parquet')))}.parquet"
    pq.write_table(pa.table(dict(columns)), file)
    data = engine.open([file], Path(place) / "workspace", name=file.stem, options=SourceOptions(text="text"))
    if vectors:
        data = engine.build(data, {"minilm": EMBEDDING, "graph@minilm": spec("graph", on="minilm")})
    return data


def measured(data: Dataset, name: str, **knobs: object) -> dict[str, np.ndarray]:
    """The values of a signal, by name."""
    made = spec("signal", name, knobs)
    data = engine.build(data, {key_of(made): made})
    artefact = data.artefact("signal", key_of(made))
    return {value: np.asarray(artefact.array(value)) for value in artefact.arrays}


GAMES = (
    *("a computer game", "an arcade shooter", "a board game against the computer", "a puzzle game"),
    *("levels and enemies", "a role playing adventure", "a racing game for several players", "a card game"),
)
SLURS = (
    *("an insult against women", "a racist slur", "hatred of gay people", "a crude swear word"),
    "calling somebody trash",
)


def concepts(data: Path) -> None:
    """Phrases beside labels: games among packages, insults among tweets."""
    rng = np.random.default_rng(0)
    packages = pq.read_table(data / "debian_packages.parquet").to_pandas()
    packages = packages[packages["description"].str.len() > 40]
    games = packages[packages["section"] == "games"].sample(300, random_state=0)
    others = packages[packages["section"] != "games"].sample(1700, random_state=0)
    tweets = pq.read_table(data / "hate-offensive/labeled_data.parquet").to_pandas()
    some = tweets.iloc[rng.choice(len(tweets), 2000, replace=False)]
    sets = {
        "games among packages": ([*games["description"], *others["description"]], np.arange(2000) < 300, GAMES),
        "hateful or offensive tweets": (list(some["tweet"]), (some["class"] != 2).to_numpy(), SLURS),
    }
    print("| what | rows of it | share | mean similarity | one phrase alone, mean | margin 0: found, precision |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place:
        for name, (texts, truth, phrases) in sets.items():
            rows = opened({"text": texts}, place, vectors=True)
            found = measured(rows, "concept", embedding="minilm", phrases=list(phrases))
            alone = [
                auc(one[~truth], one[truth])
                for phrase in phrases
                for one in [measured(rows, "concept", embedding="minilm", phrases=[phrase])["concept_similarity"]]
            ]
            cells = [auc(v[~truth], v[truth]) for v in (found["concept_share"], found["concept_similarity"])]
            above = found["concept_margin"] > 0
            cut = f"{above[truth].mean():.0%}, {truth[above].mean():.0%}"
            print(f"| {name} | {truth.sum()} | {cells[0]:.3f} | {cells[1]:.3f} | {np.mean(alone):.3f} | {cut} |")


def references(data: Path) -> None:
    """A reference of a section, a source or a genre beside the rest."""
    packages = pq.read_table(data / "debian_packages.parquet").to_pydict()
    reviews = pq.read_table(data / "movie-reviews/movie_reviews.parquet")["text"].to_pylist()
    prose = [
        t for part in ("valid", "test") for t in pq.read_table(data / f"wikitext-2/{part}.parquet")["text"].to_pylist()
    ]
    levels = pq.read_table(data / "onestop/onestop.parquet")["text"].to_pylist()
    mixed = [*reviews[:600], *levels, *(text[:4000] for text in prose)]
    kinds = ["reviews"] * 600 + ["onestop"] * len(levels) + ["wikitext"] * len(prose)
    print("\n| set | reference | rows of it | AUC against the rest | AUC of plain compression |")
    print("| --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place:
        sections = opened({"text": packages["description"], "kind": packages["section"]}, place)
        for name, rows, values in (
            ("Debian", sections, ("games", "science", "perl", "fonts")),
            ("prose", opened({"text": mixed, "kind": kinds}, place), ("reviews", "onestop", "wikitext")),
        ):
            codes, labels = rows.codes("kind")
            plain = measured(rows, "compression")["compression"]
            for value in values:
                begun = time.process_time()
                saved = measured(rows, "compression_given", column="kind", value=value)["saved_by_reference"]
                seconds = time.process_time() - begun
                there, truth = ~np.isnan(saved), codes == labels.index(value)
                with_it, without = (auc(v[there & ~truth], v[there & truth]) for v in (saved, plain))
                print(f"| {name} | {value} | {truth.sum():,} | {with_it:.3f} | {without:.3f} |")
            print(f"{rows.n / seconds:,.0f} rows a second")


def lines(data: Path) -> None:
    """Lines planted in rows of two sets: found, and what else is said to be shared."""
    rng = random.Random(4)
    menu = [
        f"{word} | {other} | Contact us"
        for word, other in zip("Home News Shop".split(), "About Blog Help".split(), strict=True)
    ]
    notes = [
        "Subscribe to our newsletter for more stories.",
        "All comments are moderated by our team.",
        "Page {} of 12",
    ]
    print("\n| set | rows with planted lines | lines | found | rows said without them | lines said wrongly |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as place:
        for name, file, column in (
            ("web-quality", "web-quality/web_quality.parquet", "text"),
            ("movie-reviews", "movie-reviews/movie_reviews.parquet", "text"),
            ("dolly-3k", "dolly-3k/dolly_3k.parquet", "output"),
        ):
            texts = [text for text in pq.read_table(data / file)[column].to_pylist() if text and "\n" in text.strip()]
            rng.shuffle(texts)
            planted = min(300, len(texts) // 2)
            made, count = [], []
            for text in texts[:planted]:
                some = [line.format(rng.randrange(12)) for line in rng.sample(menu + notes, 3)]
                kept = text.split("\n")
                for line in some:
                    kept.insert(rng.randrange(len(kept) + 1), line)
                made.append("\n".join(kept))
                count.append(3)
            rows = opened({"text": made + texts[planted:]}, place)
            before = measured(opened({"text": texts}, place), "boilerplate")["boilerplate_lines"]
            found = measured(rows, "boilerplate")["boilerplate_lines"]
            right = np.minimum(found[:planted] - np.minimum(before[:planted], found[:planted]), 3)
            others = found[planted:]
            share = right.sum() / 3 / planted
            print(f"| {name} | {planted} | {3 * planted} | {share:.1%} | {len(others)} | {others.sum()} |")


ODD = 200
ODDS = ("odd_length", "odd_encoding", "odd_language", "odd_template", "odd_meaning", "odd_label")


def planted_rows(texts: list[str], data: Path, rng: random.Random) -> dict[str, list[str]]:
    """For each kind of oddness rows that were made so, from rows of the set itself where that can be."""
    foreign = pq.read_table(data / "tatoeba/tatoeba.parquet").to_pandas()
    foreign = foreign[foreign["language"].isin(["deu", "fra", "spa", "pol", "fin", "tur", "ita", "nld", "swe", "hun"])]

    def other_language(text: str) -> str:
        some = foreign[foreign["language"] == rng.choice(sorted(set(foreign["language"])))]
        length, said = len(text), ""
        while len(said) < length:
            said += rng.choice(some["text"].tolist()) + " "
        return said.strip()

    def damaged(text: str) -> str:
        way, words = rng.randrange(3), text.split(" ")
        for at in rng.sample(range(len(words)), min(len(words), 3)):
            if way == 0:
                words[at] += "\ufffd"
            elif way == 1:
                words[at] = words[at].replace("e", "Ã©").replace("a", "Ã¤")
            else:
                words[at] = f"{words[at]}\x00\x1b"
        return " ".join(words)

    def template(text: str) -> str:
        way, words = rng.randrange(4), text.split()
        if way == 0:
            return "{" + ", ".join(f'"{word}": {i}' for i, word in enumerate(words[:40])) + "}"
        if way == 1:
            return "\n".join(f"{word};{rng.randrange(1000)};{rng.random():.4f}" for word in words[:40])
        if way == 2:
            return text.upper()
        return " | ".join(words)

    return {
        "odd_length": [
            text[: rng.randrange(3, 9)] if rng.random() < 0.5 else " ".join(rng.sample(texts, 25))
            for text in texts[:ODD]
        ],
        "odd_encoding": [damaged(text) for text in texts[:ODD]],
        "odd_language": [other_language(text) for text in texts[:ODD]],
        "odd_template": [template(text) for text in texts[:ODD]],
    }


def odd(data: Path) -> None:
    """Each kind of oddness planted in rows of two sets, and what each column says of each kind."""
    rng = random.Random(6)
    packages = pq.read_table(data / "debian_packages.parquet").to_pandas()
    packages = packages[packages["description"].str.len() > 60]
    dolly = pq.read_table(data / "dolly-3k/dolly_3k.parquet").to_pandas()
    sets = {
        "Debian": (packages.sample(20_000, random_state=1), "description", "section"),
        "dolly-3k": (dolly[dolly["output"].str.len() > 60].sample(frac=1, random_state=1), "output", "category"),
    }
    reviews = pq.read_table(data / "subjectivity/subjectivity.parquet")["text"].to_pylist()
    print("\n| set | rows | planted | " + " | ".join(ODDS) + " | of the 200 highest, planted |")
    print("| --- | --- | --- |" + " --- |" * (len(ODDS) + 1))
    with tempfile.TemporaryDirectory() as place:
        for name, (table, column, label) in sets.items():
            texts, labels = table[column].tolist(), table[label].tolist()
            made = planted_rows(texts, data, rng) | {"odd_meaning": rng.sample(reviews, ODD), "odd_label": texts[:ODD]}
            for kind, some in made.items():
                near = kind in ("odd_meaning", "odd_label")
                most = 1500 if near else len(texts)
                mine = labels[:most]
                if kind == "odd_label":
                    mine[:ODD] = [rng.choice(sorted({*labels} - {was})) for was in labels[:ODD]]
                rows = opened({"text": some + texts[ODD:most], "label": mine}, place, vectors=near)
                rows = engine.build(rows, ["language"])
                at, sure = (next(c for c in rows.columns if c.startswith(w)) for w in ("language", "language_conf"))
                found = measured(rows, "odd_form", language=at, confidence=sure)
                if near:
                    found |= measured(rows, "odd_neighbours", embedding="minilm", label="label")
                scores = {value: np.nan_to_num(some, nan=-1) for value, some in found.items()}
                cells = [f"{auc(scores[v][ODD:], scores[v][:ODD]):.3f}" if v in scores else "" for v in ODDS]
                # Of equal ones by chance.
                best = np.lexsort((np.random.default_rng(0).random(rows.n), -scores[kind]))[:ODD]
                print(f"| {name} | {rows.n} | {kind} | {' | '.join(cells)} | {(best < ODD).mean():.0%} |", flush=True)


def alarms(data: Path) -> None:
    """The oddest of each kind of form in the Debian set, to be read."""
    with tempfile.TemporaryDirectory() as place:
        texts = pq.read_table(data / "debian_packages.parquet")["description"].to_pylist()
        rows = engine.build(opened({"text": texts}, place), ["language"])
        at, sure = (next(c for c in rows.columns if c.startswith(w)) for w in ("language", "language_conf"))
        begun = time.process_time()
        found = measured(rows, "odd_form", language=at, confidence=sure)
        print(f"{rows.n / (time.process_time() - begun):,.0f} rows a second")
        for kind, values in found.items():
            order = np.argsort(-np.nan_to_num(values, nan=-1), kind="stable")
            print(f"\n{kind}: {np.nanquantile(values, [0.5, 0.95, 0.99, 0.999]).round(2).tolist()}")
            for row in order[:50]:
                print(f"- {values[row]:.2f} {len(texts[row])} {texts[row][:70]!r}")


PARTS = {f.__name__: f for f in (concepts, references, lines, odd, alarms)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    asked = parser.parse_args()
    for part in asked.only:
        print(f"\n## {part}", flush=True)
        PARTS[part](asked.data)

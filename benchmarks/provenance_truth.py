"""What is found of dates, licences and sites where the truth is known: planted in rows, and read where it was not.

Run by hand: `python -m benchmarks.provenance_truth DATA`. DATA is the folder of the public sets. Prints Markdown.
"""

import argparse
import datetime
import random
import time
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from engine.signals.provenance._dates import MONTHS, dates
from engine.signals.provenance.age import _one
from engine.signals.provenance.licence import _HOLDER, _places, licences

ROWS = 300
LONG = [next(n for n, i in MONTHS.items() if i == month) for month in range(1, 13)]
GERMAN = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
FRENCH = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
WAYS = {
    "2019-05-07": lambda d: d.isoformat(),
    "2019-05-07T12:00:00Z": lambda d: f"{d.isoformat()}T12:00:00Z",
    "2019/05/07 in an address": lambda d: f"https://news.example.com/{d:%Y/%m/%d}/a-story.html",
    "7 May 2019": lambda d: f"{d.day} {LONG[d.month - 1].capitalize()} {d.year}",
    "May 7, 2019": lambda d: f"{LONG[d.month - 1].capitalize()} {d.day}, {d.year}",
    "Tue, 07 May 2019": lambda d: f"{d:%a, %d %b %Y 12:00:00}",
    "7. Mai 2019": lambda d: f"{d.day}. {GERMAN[d.month - 1]} {d.year}",
    "7 mai 2019": lambda d: f"{d.day} {FRENCH[d.month - 1]} {d.year}",
    "07.05.2019": lambda d: f"{d:%d.%m.%Y}",
    "05/07/2019, month first": lambda d: f"{d:%m/%d/%Y}",
    "07-May-2019": lambda d: f"{d:%d-%b-%Y}",
    "20190507": lambda d: f"{d:%Y%m%d}",
    "2019年5月7日": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "May '19": lambda d: f"{LONG[d.month - 1].capitalize()} '{d:%y}",
}
LICENCES = (
    ("This work is licensed under CC BY 4.0.", "CC BY"),
    ("Licensed under a Creative Commons Attribution-ShareAlike 3.0 Unported License.", "CC BY-SA"),
    ("https://creativecommons.org/licenses/by-nc-nd/2.0/", "CC BY-NC-ND"),
    ("Image: Jane Roe, CC-BY-SA-4.0", "CC BY-SA"),
    ("Creative Commons Attribution Non Commercial 4.0", "CC BY-NC"),
    ("To the extent possible under law, the author waives all rights (CC0 1.0).", "CC0"),
    ("This text is in the public domain.", "public domain"),
    ("SPDX-License-Identifier: MIT", "MIT"),
    ("Distributed under the terms of the MIT licence.", "MIT"),
    ('Licensed under the Apache License, Version 2.0 (the "License");', "Apache"),
    ("SPDX-License-Identifier: BSD-3-Clause", "BSD"),
    ("License: GPL-3.0-or-later", "GPL"),
    ("This program is free software under the GNU General Public License.", "GPL"),
    ("Released under the LGPLv2.1", "LGPL"),
    ("This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0.", "MPL"),
    ("© 2021 Example Ltd. All rights reserved.", "all rights reserved"),
    ("Contains public sector information licensed under the Open Government Licence v3.0.", "(not known)"),
    ("Licensed under the EUPL", "(not known)"),
)


def texts_of(data: Path) -> dict[str, list[str]]:
    """Rows of two sets, in an order of chance."""
    sets = {}
    for name, file, column in (
        ("dolly-3k", "dolly-3k/dolly_3k.parquet", "output"),
        ("movie-reviews", "movie-reviews/movie_reviews.parquet", "text"),
    ):
        sets[name] = [text for text in pq.read_table(data / file)[column].to_pylist() if text]
        random.Random(11).shuffle(sets[name])
    return sets


def main(data: Path) -> None:
    """Plant, find, and read what is found where nothing was planted."""
    rng = random.Random(2)
    print("| written as | rows | the very day found | found another | not found |\n| --- | --- | --- | --- | --- |")
    bare = {name: [t for t in texts if not any(dates(t, "unknown"))] for name, texts in texts_of(data).items()}
    for says, write in WAYS.items():
        right = other = none = 0
        for texts in bare.values():
            for text in texts[:ROWS]:
                day = datetime.date(1995, 1, 1) + datetime.timedelta(rng.randrange(11_000))
                place = rng.randrange(len(text.split()) + 1)
                words = text.split()
                found = _one(" ".join([*words[:place], write(day), *words[place:]]), "latest", "month first")
                right, other, none = (
                    right + (found is not None and found.date == day),
                    other + (found is not None and found.date != day),
                    none + (found is None),
                )
        print(f"| {says} | {2 * ROWS} | {right / 2 / ROWS:.1%} | {other / 2 / ROWS:.1%} | {none / 2 / ROWS:.1%} |")

    speeches = pq.read_table(data / "presidents/speeches.parquet").to_pydict()
    gaps = []
    for year, text in zip(speeches["year"], speeches["text"], strict=True):
        found = _one(text, "latest", "unknown")
        if found:
            gaps.append(found.date.year - int(year))
    print(f"\nSpeeches with a date: {len(gaps)} of {len(speeches['text'])}; years from its own:", sorted(gaps))

    descriptions = [text for text in pq.read_table(data / "debian_packages.parquet")["description"].to_pylist() if text]
    with_date = [(text, found) for text in descriptions if (found := _one(text, "latest", "unknown"))]
    print(f"\nDebian: {len(with_date):,} of {len(descriptions):,} with a date. 50 by chance:\n")
    for text, found in random.Random(0).sample(with_date, min(50, len(with_date))):
        print(f"- {found.date} {text[max(0, found.start - 30) : found.end + 15]!r}")

    print("\n| licence planted | rows | found as such |\n| --- | --- | --- |")
    for says, name in LICENCES:
        hits = [licences(f"{t}\n{says}") for texts in bare.values() for t in texts[:ROWS] if not licences(t)]
        print(f"| {says} | {len(hits)} | {np.mean([hit[:1] == [name] for hit in hits]):.1%} |")
    for name, texts in texts_of(data).items():
        told = [text for text in texts if licences(text)]
        named = [text for text in texts if _HOLDER.search(text)]
        print(f"\n{name}: {len(told)} of {len(texts):,} name a licence, {len(named)} an author or holder")
        print("\n".join(f"- {_cut(text)}" for text in (*told[:10], *named[:10])))
    told = [text for text in descriptions if licences(text)]
    print(f"\nDebian: {len(told):,} of {len(descriptions):,} name a licence. 50 by chance:\n")
    print("\n".join(f"- {licences(text)[0]}: {_cut(text)}" for text in random.Random(0).sample(told, 50)))
    for name, do in (
        ("dates", lambda t: _one(t, "latest", "unknown")),
        ("licences", lambda t: (licences(t), _HOLDER.search(t))),
    ):
        begun = time.process_time()
        for text in descriptions[:10_000]:
            do(text)
        print(f"{name}: {10_000 / (time.process_time() - begun):,.0f} descriptions a second")


def _cut(text: str) -> str:
    start, end = _places(text)[0]
    return repr(text[max(0, start - 30) : end + 30])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    main(parser.parse_args().data)

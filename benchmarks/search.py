"""Twenty searches among packages, before and after: python -m benchmarks.search debian_packages.parquet.

The text is the description. A package is right for a query where the two patterns of `ASKED` fit its name and its
description; they were written from the packages, not from what a search finds. Precision at 8: how many of the first 8
are right, of 8, or of all right ones where there are fewer. Before: every word must be in the description, without
signs (c++ is c), names are not looked at. Taken: the word that "did you mean" offers is searched instead.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

import engine
from engine import Dataset
from engine.look import search, word_index
from engine.opening import SourceOptions
from engine.text import Query, query, unsigned

FIRST = 8
RUNS = 5
ANY = ""
PLAYERS = "mplayer|mplayer-gui|mpv|gst123|xine-console|smpeg-plaympeg|vlc-bin|ffmpeg|timg"
WIFI = "aircrack-ng|airgraph-ng|cowpatty|hcxtools|hcxdumptool|pixiewps|bully|reaver|weplab|wifite|hashcat|asleap"
PDF = (
    "poppler-utils|pdfminer-data|python3-pdfminer|r-cran-pdftools|ruby-pdf-reader|libpopplerkit(-dev|0)|"
    "recoll|r-cran-statcheck"
)
TAGS = (
    "easytag|exfalso|id3|id3ren|id3tool|id3v2|kid3(-cli|-core|-qt)?|lltag|mp3info(-gtk)?|picard|"
    "puddletag|eyed3|audiotools|beets|mpgtx"
)
SAFES = (
    "cpm|gokey|gopass|impass|kickpass|kpcli|nitrocli|pass|pass-extension-.*|pass-otp|pwman3|pypass|"
    "ripasso-cursive|upass|ylva"
)
CUTTERS = (
    "auto-editor|flowblade|kdenlive(-data)?|olive-editor|openshot-qt|pitivi|shotcut(-data)?|avidemux.*|"
    "blender|lives.*|vidcutter"
)
CHESS = (
    "ethereal-chess|fairymax|glaurung|hoichess|phalanx|polyglot|sjeng|stockfish|toga2|tourney-manager|gnuchess|crafty"
)
LATEX = "vim-latexsuite|vim-voom|vim-syntastic|vim-vimtex"

ASKED: dict[str, tuple[str, str]] = {
    # what was typed: the name, wholly; somewhere in the description
    "libvlc5": ("libvlc5", ANY),
    "python3-numpy": ("python3-numpy", ANY),
    "numpy arrays": (".*numpy.*", ANY),
    "vlc plugin bittorrent": ("vlc-plugin-bittorrent", ANY),
    "libreoffice writer": ("libreoffice-writer.*", ANY),
    "tesseract ocr german": ("tesseract-ocr-(deu|frk)", ANY),
    "c++ json parser": (ANY, r"(?s)\A(?=.*json)(?=.*\bc\+\+)(?=.*pars)"),
    "c# compiler": ("mono-mcs|mono-devel|mono-complete|mono-csharp-shell|libmono-(c|micro).*sharp.*", ANY),
    "g++ arm": (r"g\+\+.*arm.*", ANY),
    ".net obfuscator": ("de4dot", ANY),
    "chess engine -shogi": (CHESS, r"(?s)\A(?!.*shogi)"),
    "sudoku": (ANY, "sudoku"),
    "spell checker for polish": ("(a|hun|my)spell-pl|ipolish", ANY),
    "movie player for the command line": (PLAYERS, ANY),
    "wifi password cracking": (WIFI, ANY),
    "extract text out of pdf": (PDF, ANY),
    "password manager for the terminal": (SAFES, ANY),
    "vim plugin latex": (LATEX, ANY),
    "vidoe editor": (CUTTERS, ANY),
    "kuberentes client": (".*kube.*", ANY),
}


def right(data: Dataset, name: str, text: str) -> np.ndarray:
    """The packages that are right: bool (n,)."""
    names, texts = data.strings("package", data.rows()), data.texts(data.rows())
    named, said = re.compile(name or ".*"), re.compile(text, re.IGNORECASE)
    return np.array([bool(named.fullmatch(n or "") and said.search(t)) for n, t in zip(names, texts, strict=True)])


def before(data: Dataset, text: str) -> np.ndarray:
    """What was found when all words had to be in the text, and signs were none: rows, best first."""
    wanted, index = query(text), word_index.held(data)
    assert index
    without = Query(tuple(map(unsigned, wanted.every)), tuple(map(unsigned, wanted.none)))
    return word_index.matches(data, index, without)[0]


def timed(find: Callable[[], np.ndarray]) -> tuple[np.ndarray, float]:
    """What is found, and the median of the milliseconds that it takes."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        rows = find()
        times.append(time.perf_counter() - start)
    return rows, float(np.median(times)) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", type=Path)
    with tempfile.TemporaryDirectory() as place:
        packages = parser.parse_args().packages
        data = engine.open([packages], Path(place), name="packages", options=SourceOptions(text="description"))
        start = time.perf_counter()
        search.words(data, "once")
        print(f"{data.n:,} packages; the index in memory took {time.perf_counter() - start:.1f} s.\n")
        print("| searched for | right ones | before: found | P@8 | ms | after: found | P@8 | ms | said |")
        print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
        every: list[tuple[float, ...]] = []
        for text, patterns in ASKED.items():
            true = right(data, *patterns)
            best = min(FIRST, int(true.sum()))
            old, old_ms = timed(lambda: before(data, text))  # noqa: B023
            new, new_ms = timed(lambda: search.words(data, text).rows)  # noqa: B023
            hits = search.words(data, text)
            taken = search.words(data, hits.instead).rows if hits.instead else new
            said = f"did you mean “{hits.instead}”" if hits.instead else "any of the words" if hits.said else ""
            p = [true[rows[:FIRST]].sum() / best for rows in (old, new, taken)]
            every.append((len(old) == 0, *p, len(new) == 0, len(taken) == 0, old_ms, new_ms))
            print(
                f"| `{text}` | {true.sum():,} | {len(old):,} | {p[0]:.2f} | {old_ms:.0f} "
                f"| {len(new):,} | {p[1]:.2f} | {new_ms:.0f} | {said} |"
            )
        none, p_old, p_new, p_taken, none_new, none_taken, old_ms, new_ms = np.array(every, float).T
        print(
            f"\nNothing found: {none.sum():.0f} before, {none_new.sum():.0f} after, {none_taken.sum():.0f} with what "
            f"“did you mean” offers. P@8: {p_old.mean():.2f} before, {p_new.mean():.2f} after, {p_taken.mean():.2f} "
            f"with what it offers. Median time: {np.median(old_ms):.0f} ms before, {np.median(new_ms):.0f} ms after."
        )


if __name__ == "__main__":
    main()

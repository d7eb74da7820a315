"""How good a person's own classifier is, and whether what it says of itself holds on rows that it never saw.

Run by hand: `python -m benchmarks.own_classifier DATA`. DATA is the folder of the public sets. Of each set up to 2,500
distinct texts teach (the half that `benchmarks.questions` asks about), as many others are never seen. Shown: the AUC
that the fit states with its interval, the AUC on rows never seen, precision and recall from a probability of one half
on, the mean gap between the probability and how often it was right (ten bands of equal size), and seconds to fit
without what each pool adds. Prints Markdown.
"""

import argparse
import tempfile
import time
from pathlib import Path
from typing import Literal, cast

import numpy as np

from benchmarks._models import auc
from benchmarks.questions import EMBEDDING, SETS, Labelled, labelled
from engine.models import Pool, fit_classifier, opened
from engine.models.classifier import Classifier
from engine.signals.fitted.classifier import classifier


def gap(p: np.ndarray, truth: np.ndarray) -> float:
    """Mean distance between the probability and the share that is right, in ten bands of as many rows each."""
    bands = np.array_split(np.argsort(p, kind="stable"), 10)
    return float(sum(len(b) * abs(p[b].mean() - truth[b].mean()) for b in bands) / len(p))


def measured(found: Labelled, liked: str, of: str) -> str:
    """The cells of one line: every other text teaches, the rest are never seen."""
    data, truth = found.data, found.labels == liked
    taught, unseen = np.arange(0, data.n, 2), np.arange(1, data.n, 2)
    likes, others = (
        Pool.of_rows(data, side, taught[truth[taught] == (side == "liked")]) for side in ("liked", "other")
    )
    start = time.perf_counter()
    see: Literal["words", "vectors"] = "words" if of == "words" else "vectors"
    known = fit_classifier(data, [likes], [others], of=see, embedding=EMBEDDING)
    took = time.perf_counter() - start
    model = cast(Classifier, opened(data, known.ref, "classifier"))
    if of == "words":
        p = classifier(data.texts(unseen), model=model)["classifier"]
    else:
        p = model.of_vectors(found.half(True).floats(slice(None)))
    there, truth = ~np.isnan(p), truth[unseen]
    p, truth = p[there], truth[there]
    said = cast(dict[str, float], known.facts["auc"])
    picked = p >= 0.5
    right = (picked & truth).sum()
    cells = (
        f"{len(taught):,}",
        f"{len(p):,}",
        f"{said['value']:.3f} ({said['low']:.3f} to {said['high']:.3f})",
        f"{auc(p[~truth], p[truth]):.3f}",
        f"{right / max(picked.sum(), 1):.1%}",
        f"{right / truth.sum():.1%}",
        f"{gap(p, truth):.3f}",
        f"{took:.1f}",
    )
    return " | ".join(cells)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    args = parser.parse_args()
    print("| set | sees | taught | unseen | AUC stated | AUC unseen | precision | recall | gap | seconds |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name in (name for name in SETS if name != "clinc150"):
        with tempfile.TemporaryDirectory() as place:
            found = labelled(args.data, name, Path(place))
            for of in ("words", "vectors"):
                print(f"| {name} | {of} | {measured(found, str(SETS[name].liked), of)} |", flush=True)


if __name__ == "__main__":
    main()

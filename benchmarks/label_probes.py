"""Kinds of probes on known truth: how right each is, and how well its doubt ranks wrong labels.

Run by hand: `python -m benchmarks.label_probes DATA [--keep FOLDER] [--only NAME …]`. DATA is the folder of the public
sets, FOLDER keeps them embedded. The sets, the planted errors and the rows reported are those of `labels_truth`.
Prints Markdown.
"""

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.labels_truth import CASES, Case, average_precision, with_interval
from engine.labels import doubt, signs, voice_of
from engine.models import PROBE_KINDS, ProbeKind, groups_of, groups_of_words, probe, seen_meaning, seen_words
from engine.models import doubt as doubts


def lines(case: Case) -> list[str]:
    """A row of the table for each kind of probe."""
    data, found = case.data, []
    codes, names = data.codes("label")
    graph, of_row = data.graph(case.embedding), data.embedding(case.embedding).texts.of_row
    most = min(100, int((codes >= 0).sum()) // 10)
    near = groups_of(np.asarray(graph.neighbours), np.asarray(graph.similarity), copies=0.95, most=most)[of_row]
    around, nobody = signs(data, "label", case.embedding), np.full(data.n, np.nan)
    sees = {"meaning": (seen_meaning(data, case.embedding), near), "words": (seen_words(data), groups_of_words(data))}
    asked: dict[str, tuple[ProbeKind, ...]] = {
        "meaning": ("by count", *(kind for kind in PROBE_KINDS if kind not in ("by count", "logistic"))),
        "words": ("by count", "naive Bayes", "nearest"),
    }
    for what, (seen, groups) in sees.items():
        told = set()
        for kind in asked[what]:
            began = time.perf_counter()
            made = probe(seen, codes.astype(np.int64), groups, len(names), kind=kind)
            seconds = time.perf_counter() - began
            if made.kind in told:
                continue
            told.add(made.kind)
            rows = np.flatnonzero(case.told & made.known)
            p, code, truth = made.probability[rows], codes[rows], case.wrong[rows]
            one = doubts(p, code)
            weight = voice_of(replace(around, likely=np.where(made.known, made.probability.argmax(axis=1), -1)))
            alone, beside = (
                doubt(one.self_confidence, one.margin, near[rows], voice=weight) for near in (nobody, around.agreement)
            )
            assert case.true is not None
            clear = np.isin(case.true[rows], names)
            right = np.array(names)[p.argmax(axis=1)] == case.true[rows]
            said = " | ".join(
                with_interval(len(rows), lambda w, s=score, t=truth: average_precision(t, s, w))  # type: ignore[misc]
                for score in (alone, beside)
            )
            chosen = f"{made.kind}, by count" if kind == "by count" else made.kind
            found.append(
                f"| {case.name} | {what} | {chosen} | {right[clear].mean():.3f} | {said} | {truth.mean():.3f} | "
                f"{seconds:.1f} |"
            )
            print(found[-1], flush=True)
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", nargs="*", default=["planted", "sms", "hate"])
    asked = parser.parse_args()
    print("| set | sees | kind | told rightly | wrong labels: AP | with neighbours | by chance | seconds |")
    print("| --- | --- | --- | ---: | --- | --- | ---: | ---: |")
    with tempfile.TemporaryDirectory() as place:
        for name in asked.only:
            lines(CASES[name](asked.data, asked.keep or Path(place)))


if __name__ == "__main__":
    main()

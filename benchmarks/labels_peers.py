"""cleanlab's side of `benchmarks.labels` and `benchmarks.labels_truth`: runs in an environment of its own that has it.

    PYTHON benchmarks/labels_peers.py scores PROBABILITIES.npz SCORES.npz
    PYTHON benchmarks/labels_peers.py sets PROBABILITIES.npz SCORES.npz
    PYTHON benchmarks/labels_peers.py job VECTORS.npy CODES.npy [--graph]
    PYTHON benchmarks/labels_peers.py job PROBABILITIES.npy CODES.npy --given

Imports nothing of Winnow. `scores`: from probabilities `p` and labels `y`, a score of each kind and the issues of each
filter. `sets`: the same of several labels a row, bool `given`. `job`: probabilities out of fold by scikit-learn's
logistic regression (--given: those that are given), the issues by them, and with --graph all that Datalab finds by its
own neighbour graph too; prints
seconds and peak memory as JSON.
"""

import argparse
import json
import time

import numpy as np

FILTERS = {
    "noise rate": "prune_by_noise_rate",
    "class": "prune_by_class",
    "both": "both",
    "confident": "confident_learning",
}
SCORES = ("self_confidence", "normalized_margin", "confidence_weighted_entropy")


def scores(source: str, target: str) -> None:
    """What cleanlab makes of given probabilities."""
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    given = np.load(source)
    p, y = given["p"], given["y"]
    found = {name: find_label_issues(y, p, filter_by=kind, n_jobs=1) for name, kind in FILTERS.items()}
    found |= {name: 1 - get_label_quality_scores(y, p, method=name) for name in SCORES}
    found["adjusted_margin"] = 1 - get_label_quality_scores(y, p, method="normalized_margin", adjust_pred_probs=True)
    np.savez(target, **found)


def sets(source: str, target: str) -> None:
    """What cleanlab makes of several labels a row."""
    from cleanlab.multilabel_classification import get_label_quality_scores
    from cleanlab.multilabel_classification.filter import find_label_issues

    read = np.load(source)
    labels = [np.flatnonzero(row).tolist() for row in read["given"]]
    score, issue = get_label_quality_scores(labels, read["p"]), find_label_issues(labels, read["p"], n_jobs=1)
    np.savez(target, score=score, issue=issue)


def peak_megabytes() -> float:
    """The most memory that this process had; what `getrusage` says may be that of the process which started it."""
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) / 1024 for line in file if line.startswith("VmHWM"))


def job(vectors: str, codes: str, graph: bool, given: bool) -> None:
    """The whole way, as the package's own pages go it."""
    from cleanlab.filter import find_label_issues
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_predict

    x, y, seconds = np.load(vectors), np.load(codes), {}
    begun = time.perf_counter()
    if given:
        p = x
    else:
        p = cross_val_predict(LogisticRegression(max_iter=1000), x, y, cv=5, method="predict_proba")
        seconds["probabilities"] = time.perf_counter() - begun
    begun = time.perf_counter()
    found = find_label_issues(y, p, return_indices_ranked_by="self_confidence", n_jobs=1)
    seconds["issues"] = time.perf_counter() - begun
    if graph:
        from cleanlab import Datalab

        begun = time.perf_counter()
        lab = Datalab({"y": y}, label_name="y", verbosity=0)
        kinds: dict[str, dict[str, object]] = {"label": {}, "outlier": {}, "near_duplicate": {}}
        lab.find_issues(features=x, pred_probs=p, issue_types=kinds)
        seconds["Datalab with its graph"] = time.perf_counter() - begun
    peak = peak_megabytes()
    print(json.dumps({"seconds": seconds, "peak": peak, "issues": found.tolist()}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["scores", "sets", "job"])
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--graph", action="store_true")
    parser.add_argument("--given", action="store_true")
    asked = parser.parse_args()
    if asked.what == "scores":
        scores(asked.source, asked.target)
    elif asked.what == "sets":
        sets(asked.source, asked.target)
    else:
        job(asked.source, asked.target, asked.graph, asked.given)

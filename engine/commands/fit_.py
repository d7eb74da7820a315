"""winnow fit: a model of your own, on rows or files that you pick."""

import argparse
from collections.abc import Sequence
from typing import cast

from engine.commands._flags import add_dataset, dataset
from engine.commands._pools import SAID, add_text, pool_of, targets_of
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.models import Known, Of, Pool, fit_classifier, fit_ngram, questions
from engine.progress import Progress
from engine.recipe import distilled, examples_ref
from engine.registry import Json

EXAMPLE = "winnow fit classifier tickets --like tag:good --unlike tag:bad --name good"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """What to fit, the dataset that keeps it, and on what."""
    kinds = ("ngram", "classifier")
    help_ = "ngram: which words follow which, for the signal perplexity; classifier: what those you like have"
    parser.add_argument("kind", choices=kinds, help=help_)
    add_dataset(parser)
    parser.add_argument("--name", default="", help="what it is called (default: as what it was fitted on)")
    add_text(parser)
    if next(iter(words), "") == "classifier":
        parser.add_argument("--like", nargs="+", default=[], metavar="ROWS", help=f"pools that you like: {SAID}")
        parser.add_argument(
            "--unlike", nargs="+", default=[], metavar="ROWS", help="pools that you do not (default: rows by chance)"
        )
        parser.add_argument(
            "--toward", nargs="+", default=[], metavar="EXAMPLES",
            help="instead: learn what ranks high for these examples (as betr), each a target of its own, on a sample: "
            f"{SAID}",
        )  # fmt: skip
        parser.add_argument(
            "--sample",
            type=int,
            default=10_000,
            metavar="N",
            help="texts that are ranked for --toward (default: 10000)",
        )
        parser.add_argument(
            "--top", type=float, default=10.0, metavar="PERCENT", help="of them that count as liked (default: 10)"
        )
        parser.add_argument("--of", choices=("words", "vectors"), default="words", help="what it sees (default: words)")
        parser.add_argument("--embedding", default="", metavar="KEY", help="the vectors (default: the newest)")
        parser.add_argument("--ask", type=int, default=0, metavar="N", help="fit nothing: which N rows to judge next")
    else:
        parser.add_argument("--on", required=True, metavar="ROWS", help=f"the reference: {SAID}")
        parser.add_argument("--order", type=int, default=3, metavar="N", help="the longest run of words (default: 3)")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Fit it, keep it in the dataset, and say how good it is."""
    data = dataset(args)
    if args.kind == "ngram":
        reference = pool_of(data, args.on, args.set_text, progress)
        return _ngram(data, fit_ngram(data, reference, name=args.name, order=args.order, progress=progress))
    embedding = args.embedding or next(iter(data.keys_of("embedding")[-1:]), "")
    likes, dislikes = (
        [pool_of(data, said, args.set_text, progress) for said in some] for some in (args.like, args.unlike)
    )
    if args.toward:
        return _toward(data, args, embedding, progress)
    if args.ask:
        return _asked(data, likes, dislikes, embedding, args.ask)
    of: Of = args.of
    known = fit_classifier(data, likes, dislikes, of=of, embedding=embedding, name=args.name, progress=progress)
    return _classifier(data, known, "classifier" if of == "words" else "classifier_by_meaning")


def _ngram(data: Dataset, known: Known) -> Answer:
    facts = known.facts
    lines = [f"The model {known.name!r} is fitted on {facts['words']:,} words in {facts['texts']:,} texts."]
    tried = cast(dict[str, Json], facts["held_out"])
    if tried["texts"]:
        lines.append(
            f"Perplexity of {tried['texts']:,} of them, held out: half below {tried['median']:,}, nine tenths from "
            f"{tried['low']:,} to {tried['high']:,}."
        )
    return _answer(data, known, lines, "perplexity")


def _classifier(data: Dataset, known: Known, signal: str) -> Answer:
    facts = known.facts
    lines = [f"The classifier {known.name!r} learned from {facts['likes']:,} texts and {facts['dislikes']:,} others."]
    if "auc" in facts:
        auc = cast(dict[str, float], facts["auc"])
        lines.append(
            f"Held out, a liked text stands above another {auc['value']:.1%} of times ({auc['low']:.1%} to "
            f"{auc['high']:.1%}: the AUC with its interval)."
        )
    for side, words in (("likes", "Speaks for it"), ("dislikes", "Speaks against it")):
        told = cast(dict[str, list[list[Json] | str]], facts["tells"])[side]
        lines.append(f"{words}: {', '.join(str(one if isinstance(one, str) else one[0]) for one in told)}.")
    for pool in cast(list[dict[str, Json]], facts["pools"]):
        if "top_changed" in pool:
            known_too = "auc_without" in pool
            without = f"AUC of the others {pool['auc_without']}, with it {pool['auc_with']}; " if known_too else ""
            lines.append(f"Without {pool['name']!r}: {without}{pool['top_changed']:.0%} of the top tenth are others.")
    return _answer(data, known, lines, signal)


def _answer(data: Dataset, known: Known, lines: list[str], signal: str) -> Answer:
    notes = [f"Note: {warning}" for warning in cast(list[str], known.facts["warnings"])]
    then = f"Measure by it: winnow signals {data.name} --only {signal} --model '{known.name}'"
    value: dict[str, Json] = {"model": known.ref, "name": known.name, "facts": dict(known.facts)}
    return Answer(value, "\n".join([*lines, *notes, then]))


def _toward(data: Dataset, args: argparse.Namespace, embedding: str, progress: Progress) -> Answer:
    """A classifier learned from the ranks of a sample; without an embedding the sample is embedded here."""
    if args.like or args.unlike or args.ask:
        raise EngineError("--toward makes its own pools: leave out --like, --unlike and --ask.")
    called, texts, rows = targets_of(data, args.toward, args.set_text, progress)
    ref = examples_ref(data, called, texts, rows=rows, embedding=embedding)
    found = distilled(
        data, ref, embedding=embedding, of=args.of, sample=args.sample, top=args.top, name=args.name, progress=progress
    )
    told = _classifier(data, found.model, "classifier" if args.of == "words" else "classifier_by_meaning")
    return Answer({**told.value, **found.json()}, "\n".join([*found.text(), told.text]))


def _asked(data: Dataset, likes: list[Pool], dislikes: list[Pool], embedding: str, count: int) -> Answer:
    """Rows to judge next, as cards."""
    judged = ([row for pool in pools for row in pool.rows.tolist() if row >= 0] for pools in (likes, dislikes))
    rows = questions(data, *judged, embedding=embedding, count=count)
    texts = data.texts(rows)
    lines = [f"- row {row:,}: {' '.join(text[:120].split())}" for row, text in zip(rows.tolist(), texts, strict=True)]
    return Answer({"rows": rows.tolist()}, "\n".join(["Judge these next:", *lines]))

"""winnow pairs: find rows that are each other's duplicates."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from engine.building import key_of, spec
from engine.commands._flags import add_dataset, add_members, dataset, given
from engine.commands._follow import Specs, add_background, built, planned
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.pairs import PAIRS
from engine.progress import Progress

EXAMPLE = "winnow pairs tickets --any-case --any-space"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, and which kind of pairs with its parameters."""
    add_dataset(parser)
    add_members(parser, words, "--member", PAIRS)
    add_background(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Find the pairs and keep them: the step `dedup` drops repeats by them."""
    specs = _specs(args)
    answer = built(args, dataset(args), specs, progress)
    return answer if args.background else _with_found(dataset(args), next(iter(specs)), answer)


def _with_found(data: Dataset, key: str, answer: Answer) -> Answer:
    """The answer with what was found, and how much of what there is."""
    notes = data.artefact("pairs", key).notes
    told = {name: notes[name] for name in ("groups", "rows", "largest", "pairs", "recall") if name in notes}
    words = (
        f"{notes['groups']:,} groups with {notes['rows']:,} of {data.n:,} rows, {notes['largest']:,} in the largest."
    )
    if isinstance(recall := notes.get("recall"), dict):
        words += f" By a sample {recall['words']}."
    return replace(answer, value={**answer.value, "found": told}, text=f"{answer.text}\n{words}")


def plan(args: argparse.Namespace) -> Answer:
    """What it would take."""
    return planned(dataset(args), _specs(args))


def _specs(args: argparse.Namespace) -> Specs:
    made = spec("pairs", args.member, given(args, PAIRS[args.member]))
    return {key_of(made): made}

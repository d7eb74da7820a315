"""winnow pairs: find rows that are each other's duplicates."""

import argparse
from collections.abc import Sequence

from engine.building import key_of, spec
from engine.commands._flags import add_dataset, add_members, dataset, given
from engine.commands._follow import Specs, add_background, built, planned
from engine.commands.answer import Answer
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
    return built(args, dataset(args), _specs(args), progress)


def plan(args: argparse.Namespace) -> Answer:
    """What it would take."""
    return planned(dataset(args), _specs(args))


def _specs(args: argparse.Namespace) -> Specs:
    made = spec("pairs", args.member, given(args, PAIRS[args.member]))
    return {key_of(made): made}

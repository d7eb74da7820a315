"""winnow embed: texts become vectors."""

import argparse
from collections.abc import Sequence

from engine.building import key_of, spec
from engine.commands._flags import add_dataset, add_members, dataset, given
from engine.commands._follow import Specs, add_background, built, planned
from engine.commands.answer import Answer
from engine.progress import Progress
from engine.vectors import EMBEDDERS

EXAMPLE = "winnow embed tickets --embedder lexical"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, the embedder and its parameters."""
    add_dataset(parser)
    add_members(parser, words, "--embedder", EMBEDDERS)
    add_background(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Embed in a job; killed, it goes on where it was."""
    return built(args, dataset(args), _specs(args), progress)


def plan(args: argparse.Namespace) -> Answer:
    """What embedding would take."""
    return planned(dataset(args), _specs(args))


def _specs(args: argparse.Namespace) -> Specs:
    made = spec("embedding", args.embedder, given(args, EMBEDDERS[args.embedder]))
    return {key_of(made): made}

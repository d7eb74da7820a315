"""winnow signals: numbers for each row."""

import argparse
from collections.abc import Sequence

from engine.building import key_of, member_of, spec
from engine.commands._flags import add_dataset, add_params, dataset, given
from engine.commands._follow import Specs, add_background, built, planned
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.models import named
from engine.progress import Progress
from engine.registry import Member
from engine.signals import CORPUS_SIGNALS, OWN_SIGNALS, ROW_SIGNALS
from engine.store import Spec
from engine.vectors import EMBEDDERS

EXAMPLE = "winnow signals tickets --only characters tokens"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset and which signals; the parameters of a signal when it is the only one."""
    add_dataset(parser)
    own = [member.about.called for member in OWN_SIGNALS.values()]
    names = [*ROW_SIGNALS, *CORPUS_SIGNALS, *own]
    parser.add_argument(
        "--only",
        nargs="+",
        choices=names,
        metavar="NAME",
        help=f"which (default: all of which nothing has to be said): {', '.join(names)}",
    )
    parser.add_argument("--embedding", metavar="KEY", help="what density and the like stand on (default: the newest)")
    only = _only(words, names)
    if len(only) == 1:
        add_params(parser, _member(only[0]), skip=("embedding",))
    add_background(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Compute what is not there yet."""
    data = dataset(args)
    return built(args, data, _specs(args, data), progress)


def plan(args: argparse.Namespace) -> Answer:
    """What computing would take."""
    data = dataset(args)
    return planned(data, _specs(args, data))


def _specs(args: argparse.Namespace, data: Dataset) -> Specs:
    there = data.keys_of("embedding")
    on = args.embedding or (there[-1] if there else "")
    if args.embedding:
        data.artefact("embedding", on)  # an error that says what there is
    names = args.only or [*_of_texts(), *(_of_vectors() if on else ())]
    found: dict[str, Spec] = {}
    for name in names:
        member = _member(name)
        typed = given(args, member, skip=("embedding",)) if len(names) == 1 else {}
        wants = any(p.name == "embedding" for p in member.params)
        if wants and not on:
            data.artefact("embedding", key_of(spec("embedding", next(iter(EMBEDDERS)))))  # an error: none is there
        for knob in (p for p in member.params if p.kind == "model" and p.name in typed):
            typed[knob.name] = named(data, str(typed[knob.name]), knob.of)
        made = spec("signal", member.name, {**typed, **({"embedding": on} if wants else {})})
        found[key_of(made)] = made
    return found


def _member(name: str) -> Member:
    """A signal by its name; one of the person's own by what its column is called."""
    return next((m for m in OWN_SIGNALS.values() if m.about.called == name), None) or member_of("signal", name)


def _of_texts() -> list[str]:
    """The row signals of which nothing has to be said."""
    return [n for n, m in ROW_SIGNALS.items() if not any(p.required for p in m.params)]


def _of_vectors() -> list[str]:
    """The corpus signals that need an embedding and nothing else that has to be said."""
    return [n for n, m in CORPUS_SIGNALS.items() if [p.name for p in m.params if p.required] == ["embedding"]]


def _only(words: Sequence[str], names: Sequence[str]) -> list[str]:
    if "--only" not in words:
        return []
    found = []
    for word in words[list(words).index("--only") + 1 :]:
        if word not in names:
            break
        found.append(word)
    return found

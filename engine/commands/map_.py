"""winnow map: a dataset as a map with named topics, and all that it stands on."""

import argparse
from collections.abc import Sequence

from engine.building import REPEATABLE_MOST, first_layout, key_of, layout_offers, layouts_sentence, spec
from engine.commands._flags import add_dataset, add_members, dataset, given, typed
from engine.commands._follow import Specs, add_background, built, planned
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.maps import MAPS, placed_sentence
from engine.progress import Progress
from engine.store import Spec
from engine.topics import TOPICS
from engine.vectors import EMBEDDERS

EXAMPLE = "winnow map tickets --n-neighbors 30 --topics-by hdbscan"


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The dataset, the map and the topics with their parameters."""
    add_dataset(parser)
    parser.add_argument(
        "--embedding",
        metavar="KEY",
        help="what to draw (default: the newest embedding; where there is none, minilm is made)",
    )
    add_members(
        parser,
        words,
        "--member",
        MAPS,
        chosen="what drew the last map, else what keeps most neighbours within two minutes",
    )
    add_members(parser, words, "--topics-by", TOPICS, skip=_shared(words))
    parser.add_argument("--anew", action="store_true", help="draw a map again on which rows were placed later")
    add_background(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Embed where nothing is embedded, then graph, map, topics."""
    data = dataset(args)
    done = built(args, data, _specs(args, data), progress, place=True, anew=args.anew)
    return Answer(done.value, "\n".join([done.text, *_said(Dataset.load(data.store), args)]))


def plan(args: argparse.Namespace) -> Answer:
    """What all of it would take."""
    data = dataset(args)
    told = planned(data, _specs(args, data))
    return Answer(told.value, "\n".join([told.text, *_said(data, args)]))


def _said(data: Dataset, args: argparse.Namespace) -> list[str]:
    """What each layout keeps and takes, and how many rows were placed by their neighbours."""
    on = _on(args, data)
    placed = [placed_sentence(data.added[key].notes) for key in data.keys_of("map") if key.endswith(f"@{on}")]
    lines = [f"{line} Draw it anew: --anew" for line in placed[-1:] if line]
    return [*lines, layouts_sentence(data, layout_offers(data, on, repeatable=data.n <= REPEATABLE_MOST))]


def _on(args: argparse.Namespace, data: Dataset) -> str:
    """The key of the embedding to draw, which need not be there yet."""
    there = data.keys_of("embedding")
    return args.embedding or (there[-1] if there else key_of(spec("embedding", next(iter(EMBEDDERS)))))


def _map(args: argparse.Namespace, data: Dataset, on: str) -> Spec:
    """The map to draw: by the member typed, else the first where its flags were typed, else as `first_layout` says, in
    the mode by which it was judged."""
    first, repeatable = next(iter(MAPS)), data.n <= REPEATABLE_MOST
    if args.member or given(args, MAPS[first], skip=("seed",)):
        name = args.member or first
        return spec("map", name, given(args, MAPS[name]), on=on)
    name = first_layout(data, on, repeatable=repeatable)
    offers = layout_offers(data, on, repeatable=repeatable)
    judged = next((offer.made.params for offer in offers if offer.member.name == name), {})
    return spec("map", name, {**judged, **given(args, MAPS[name])}, on=on)


def _shared(words: Sequence[str]) -> tuple[str, ...]:
    """Parameters that the map and the topics both have: one flag serves both."""
    name = typed(words, "--member") or next(iter(MAPS))
    of_map = {p.name for p in MAPS[name].params} if name in MAPS else set()
    return tuple(p.name for member in TOPICS.values() for p in member.params if p.name in of_map)


def _specs(args: argparse.Namespace, data: Dataset) -> Specs:
    there, on = data.keys_of("embedding"), _on(args, data)
    found: dict[str, Spec] = {}
    if not there and not args.embedding:
        found[on] = spec("embedding", next(iter(EMBEDDERS)))
    elif on not in there:
        data.artefact("embedding", on)  # an error that says what there is
    for made in (_map(args, data, on), spec("topics", args.topics_by, given(args, TOPICS[args.topics_by]), on=on)):
        found[key_of(made)] = made
    return found

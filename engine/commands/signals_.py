"""winnow signals: numbers for each row."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from engine.building import key_of, log_spec, member_of, spec
from engine.commands._flags import add_dataset, add_params, dataset, given, readable, typed
from engine.commands._follow import Specs, add_background, built, planned
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.models import named
from engine.opening import log_table, read_log
from engine.progress import Progress
from engine.registry import Json, Member
from engine.signals import CORPUS_SIGNALS, OWN_SIGNALS, ROW_SIGNALS, USUAL, grouped, values_said
from engine.store import Spec
from engine.vectors import EMBEDDERS

EXAMPLE = "winnow signals tickets --only characters tokens"
_READ = ("column",)
"""The knob that reads the column of a log."""


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
        help=f"which (default: {', '.join(f.__name__ for f in USUAL)}; those by embedding where there is one): "
        f"{', '.join(names)}",
    )
    parser.add_argument("--all", action="store_true", help="all that read nothing but the text and the embedding")
    parser.add_argument("--list", action="store_true", help="say what can be measured, by purpose, and do nothing")
    parser.add_argument(
        "--log", default="", metavar="FILE",
        help="a training's log with a line for each row and step: it becomes a column of lists, which a signal of "
        "--only reads where no --column is named",
    )  # fmt: skip
    parser.add_argument(
        "--log-columns", nargs=3, default=("", "", ""), metavar=("ROW", "STEP", "NUMBER"),
        help="what its columns are called (default: guessed)",
    )  # fmt: skip
    parser.add_argument(
        "--log-by",
        default="",
        metavar="COLUMN",
        help="the column of the dataset by which it names rows (default: the id)",
    )
    parser.add_argument("--embedding", metavar="KEY", help="what density and the like stand on (default: the newest)")
    only = _only(words, names)
    if len(only) == 1:
        add_params(parser, _member(only[0]), skip=("embedding",), known=_READ if typed(words, "--log") else ())
    add_background(parser)


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Compute what is not there yet."""
    if args.list:
        return _listed()
    data = dataset(args)
    logged, said = _logged(args, data)
    answer = built(args, data, _specs(args, data, logged), progress)
    return replace(answer, text="\n".join([*said, answer.text]))


def plan(args: argparse.Namespace) -> Answer:
    """What computing would take."""
    if args.list:
        return _listed()
    data = dataset(args)
    return planned(data, _specs(args, data, _logged(args, data)[0]))


def _logged(args: argparse.Namespace, data: Dataset) -> tuple[Specs, list[str]]:
    """The column that a log becomes, none where there is none, and what there is to say about it."""
    if not args.log:
        return {}, []
    key, step, value = args.log_columns
    log = read_log(data, log_table(readable(args.log)), column=args.log_by, key=key, step=step, value=value)
    name, made = log_spec(data, log)
    return {name: made}, [*log.text(), f"The column {name!r} holds them."]


def _specs(args: argparse.Namespace, data: Dataset, logged: Specs) -> Specs:
    there = data.keys_of("embedding")
    on = args.embedding or (there[-1] if there else "")
    if args.embedding:
        data.artefact("embedding", on)  # an error that says what there is
    usual = [] if logged else [f.__name__ for f in USUAL]
    names = args.only or [name for name in _asked_nothing(on) if args.all or name in usual]
    found: dict[str, Spec] = dict(logged)
    for name in names:
        member = _member(name)
        asked = given(args, member, skip=("embedding",)) if len(names) == 1 else {}
        for knob in (p for p in member.params if logged and p.name in _READ and p.kind == "column"):
            asked.setdefault(knob.name, next(iter(logged)))
        wants = any(p.name == "embedding" for p in member.params)
        if wants and not on:
            data.artefact("embedding", key_of(spec("embedding", next(iter(EMBEDDERS)))))  # an error: none is there
        for knob in (p for p in member.params if p.kind == "model" and p.name in asked):
            asked[knob.name] = named(data, str(asked[knob.name]), knob.of)
        made = spec("signal", member.name, {**asked, **({"embedding": on} if wants else {})})
        found[key_of(made)] = made
    return found


def _member(name: str) -> Member:
    """A signal by its name; one of the person's own by what its column is called."""
    return next((m for m in OWN_SIGNALS.values() if m.about.called == name), None) or member_of("signal", name)


def _members() -> list[Member]:
    return [*ROW_SIGNALS.values(), *CORPUS_SIGNALS.values(), *OWN_SIGNALS.values()]


def _asked_nothing(on: str) -> list[str]:
    """The signals of which nothing has to be said but the embedding that is there. on: its key, "" for none.

    Those that can read other columns than the text, such as an answer beside its prompt, are asked for by name.
    """
    known = {"embedding"} if on else set()
    alone = [m for m in _members() if not m.of_kind("column") and {p.name for p in m.params if p.required} <= known]
    return [m.about.called or m.name for m in alone]


def _listed() -> Answer:
    """All that can be measured, by purpose."""
    lines, values = list[str](), dict[str, Json]()
    for group in grouped(_members()):
        lines.append(f"{group.title}: {group.text}")
        for member in group.members:
            name, text = member.about.called or member.name, member.outline("{}")
            lines += [f"  {name}: {text}", f"    {values_said(member, most=99)}"]
            given: dict[str, Json] = {value: about.unit for value, about in member.about.values.items()}
            values[name] = {"purpose": group.name, "text": text, "values": given}
    return Answer({"signals": values}, "\n".join(lines))


def _only(words: Sequence[str], names: Sequence[str]) -> list[str]:
    if "--only" not in words:
        return []
    found = []
    for word in words[list(words).index("--only") + 1 :]:
        if word not in names:
            break
        found.append(word)
    return found

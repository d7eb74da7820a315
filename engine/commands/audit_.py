"""winnow audit: what a corpus or a choice may carry along unseen."""

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import numpy as np

from engine.building import pick
from engine.commands._flags import add_dataset, dataset, readable
from engine.commands._pools import SAID, add_text, pool_of, targets_of
from engine.commands._recipes import recipe_file
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.exporting import fitted
from engine.look import kept
from engine.opening import uploaded_texts
from engine.progress import Progress
from engine.recipe import Recipe, Run, examples_ref, listed_ref
from engine.registry import Json
from engine.store import write_bytes

EXAMPLE = "winnow audit gap tickets --recipe chosen --column language --label topic"
KINDS: Mapping[str, str] = {
    "gap": "how well a probe does on each group, having learned from a choice",
    "vocabulary": "how many words of a target a choice holds as it grows",
    "dependence": "which columns tell each other; with --undo what weights would undo it",
    "association": "whether an embedding holds some words nearer to one kind of thing",
    "influence": "which rows drive what a probe tells of a row",
}


def arguments(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """The kind of audit, the dataset, and the flags of that kind."""
    said = "; ".join(f"{name}: {sentence}" for name, sentence in KINDS.items())
    parser.add_argument("kind", choices=list(KINDS), help=f"{said}; flags of one: winnow audit gap --help")
    add_dataset(parser)
    kind = next((word for word in words if word in KINDS), "")
    one = parser.add_argument_group(f"of {kind}" if kind in KINDS else "of each")
    if kind in ("gap", "vocabulary", "influence"):
        one.add_argument(
            "--recipe", metavar="RECIPE", required=kind != "influence",
            help="whose choice is looked at" + (" (default: all rows teach)" if kind == "influence" else ""),
        )  # fmt: skip
    if kind == "gap":
        one.add_argument("--column", metavar="COLUMN", required=True, help="its values are the groups")
        one.add_argument("--seeds", metavar="N", type=int, default=10, help="trials (default: 10)")
    if kind in ("gap", "influence"):
        one.add_argument("--label", metavar="COLUMN", required=True, help="the label that the probe learns")
    if kind == "gap":
        one.add_argument("--probe", choices=("logistic", "nearest"), default="logistic", help="(default: logistic)")
    if kind == "influence":
        one.add_argument("--row", metavar="N", type=int, nargs="+", required=True, help="rows asked about, by number")
        one.add_argument("--without", metavar="ROWS", help=f"rows left out all at once: {SAID.split(', or')[0]}")
        one.add_argument("--probe", choices=("ridge", "nearest"), default="ridge", help="(default: ridge)")
    if kind in ("gap", "influence", "association"):
        one.add_argument("--embedding", metavar="KEY", help="the vectors (default: the newest)")
    if kind == "vocabulary":
        one.add_argument("--target", metavar="ROWS", required=True, help=SAID)
        add_text(parser)
    if kind == "dependence":
        one.add_argument("--columns", metavar="COLUMN", nargs="+", required=True, help="two or more; also embeddings")
        one.add_argument(
            "--undo", action="store_true", help="weigh rows so that the first two no longer tell each other"
        )
        one.add_argument("--evenness", metavar="X", type=float, default=0.1, help="of the weights (default: 0.1)")
    if kind == "association":
        for name, what in zip("xyab", ("compared", "compared", "what they may be nearer to", "or to"), strict=True):
            one.add_argument(
                f"--{name}", metavar="WORDS", required=True, help=f"{what}: words with commas, or file:FILE, one a line"
            )
        one.add_argument("--template", metavar="SENTENCE", nargs="+", default=[], help="sentences with {} for the word")
    parser.add_argument("--markdown", metavar="FILE", help="write the same as Markdown")


def work(args: argparse.Namespace, progress: Progress) -> Answer:
    """Make the audit; what was found is kept, and goes out with the exports of what it was found of."""
    data = dataset(args)
    done = _run(args, data, progress)
    found = kept.measure(done, kept.place_of(done), _ASKED[args.kind](args, done, progress), progress)
    value: dict[str, Json] = {"dataset": data.name, "audit": args.kind, **found.json()}
    text, markdown = found.text(), found.markdown()
    if args.kind == "dependence" and args.undo:
        knobs: dict[str, Json] = {"columns": args.columns[:2], "evenness": args.evenness}
        weighed = kept.measure(done, kept.place_of(done), kept.Asked("weights", knobs=knobs), progress)
        value["undone"] = weighed.json()
        text, markdown = [*text, *weighed.text()], [*markdown, *weighed.markdown()]
    if args.markdown:
        write_bytes(readable(args.markdown), ("\n".join(markdown) + "\n").encode(errors="replace"))
        text.append(f"Written: {args.markdown}")
    return Answer(value, "\n".join(text))


def _run(args: argparse.Namespace, data: Dataset, progress: Progress) -> Run:
    """The recipe whose choice is looked at; every row, where none is named."""
    if not getattr(args, "recipe", None):
        return pick(data, Recipe())
    done = pick(*fitted(data, recipe_file(args, args.recipe, data), "refuse", progress), progress=progress)
    if kept.choice_at(done) is None:
        raise EngineError(f"No step of {args.recipe!r} picks rows with a budget. Give a recipe that chooses.")
    return done


def _embedding(args: argparse.Namespace, data: Dataset) -> str:
    keys = data.keys_of("embedding")
    key = args.embedding or next(reversed(keys), "")
    if key not in keys:
        raise EngineError(
            f"There is no embedding {key!r}; there are: {', '.join(keys) or 'none'}. Make one with `winnow embed`."
        )
    return str(key)


def _gap(args: argparse.Namespace, done: Run, progress: Progress) -> kept.Asked:
    knobs: dict[str, Json] = {"column": args.column, "probe": args.probe, "seeds": args.seeds}
    return kept.Asked("gap", _embedding(args, done.data), args.label, knobs)


def _vocabulary(args: argparse.Namespace, done: Run, progress: Progress) -> kept.Asked:
    name, texts, rows = targets_of(done.data, [args.target], args.set_text, progress)
    return kept.Asked("vocabulary", knobs={"target": examples_ref(done.data, name, texts, rows=rows)})


def _dependence(args: argparse.Namespace, done: Run, progress: Progress) -> kept.Asked:
    return kept.Asked("dependence", knobs={"columns": args.columns})


def _association(args: argparse.Namespace, done: Run, progress: Progress) -> kept.Asked:
    lists: dict[str, Json] = {name: cast(list[Json], _words(getattr(args, name))) for name in "xyab"}
    return kept.Asked("association", _embedding(args, done.data), knobs={**lists, "templates": args.template})


def _words(said: str) -> list[str]:
    if not said.startswith("file:"):
        return said.split(",")
    path = readable(said.removeprefix("file:"))
    if not path.is_file():
        raise EngineError(f"There is no file {path}. Give file:FILE, or words with commas between them.")
    return list(uploaded_texts(path.read_bytes(), path.name).texts)


def _influence(args: argparse.Namespace, done: Run, progress: Progress) -> kept.Asked:
    data, rows = done.data, np.array(args.row, np.int64)
    if ((rows < 0) | (rows >= data.n)).any():
        raise EngineError(f"Rows are numbered from 0 to {data.n - 1:,}. Give such numbers.")
    knobs: dict[str, Json] = {
        "rows": args.row, "probe": args.probe, "from": "choice" if args.recipe else "all rows",
    }  # fmt: skip
    if args.without:
        out = pool_of(data, args.without, "", progress).rows
        if (out < 0).any():
            raise EngineError(
                f"--without {args.without} names texts from elsewhere. Name rows that are here: "
                f"{SAID.split(', or')[0]}."
            )
        knobs["out"] = listed_ref(data, out)
    return kept.Asked("influence", _embedding(args, data), args.label, knobs)


_ASKED: Mapping[str, Callable[[argparse.Namespace, Run, Progress], kept.Asked]] = {
    "gap": _gap, "vocabulary": _vocabulary, "dependence": _dependence, "association": _association,
    "influence": _influence,
}  # fmt: skip

"""The flags that say what an export holds; the same for `run` and `export`."""

import argparse
from collections.abc import Sequence
from typing import cast

from engine.commands._flags import add_params, given, typed
from engine.commands.answer import Answer
from engine.errors import EngineError
from engine.exporting import EXPORTERS, WEIGHT, Manifest, Unmasked, soft_words
from engine.registry import Json
from engine.signals import PLACEHOLDERS
from engine.store import plain

LEAST = 0.8
"""The least similarity of a pair that may not cross, where none is said."""


def add_output(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Where to and as what; parameters of the format that was chosen."""
    parser.add_argument("--out", required=True, metavar="FOLDER", help="the folder to write; it must not be there yet")
    parser.add_argument(
        "--overwrite", action="store_true", help="replace an export that is there and untouched, in one step"
    )
    parser.add_argument("--sign", metavar="KEY", help="sign the manifest with this private SSH key of yours")
    parser.add_argument("--format", choices=list(EXPORTERS), help="default: as the recipe says, else parquet")
    parser.add_argument("--columns", nargs="+", metavar="COLUMN", help="only these columns, in this order")
    parser.add_argument("--embedding", metavar="KEY", help="with the vectors of this embedding")
    parser.add_argument("--vector-type", choices=("float32", "int16"), help="int16: on the grid, times 1/2048")
    parser.add_argument("--signals", nargs="+", metavar="KEY", help="with these signals or topics as columns")
    parser.add_argument("--marks", action=argparse.BooleanOptionalAction, help="with tags, notes, keep and drop")
    parser.add_argument("--rank", action=argparse.BooleanOptionalAction, help="with the place in pick order")
    parser.add_argument(
        "--turns", nargs="+", metavar="PART=COLUMN", type=_turn,
        help="of a chat: the column with what each part says, such as user=text assistant=label",
    )  # fmt: skip
    parser.add_argument("--weight", metavar="COLUMN", help="with its numbers as the weight of each row: label_weight")
    parser.add_argument(
        "--weight-missing", metavar="X", type=float, help="what a row without a value weighs, such as 1"
    )
    parser.add_argument("--soft-label", metavar="COLUMN", help="with what a probe takes each row for, of its labels")
    parser.add_argument("--soft-embedding", metavar="KEY", help="by which it is told, such as minilm")
    parser.add_argument("--soft-most", metavar="N", type=int, help="labels a row, the likeliest first; default 10")
    _add_mask(parser)
    _add_before(parser)
    _add_split(parser)
    name = typed(words, "--format")
    if name in EXPORTERS:
        add_params(parser, EXPORTERS[name])


def _add_mask(parser: argparse.ArgumentParser) -> None:
    """Personal data and secrets that go out as a placeholder."""
    mask = parser.add_argument_group("masking", "write a placeholder in the place of personal data and secrets")
    mask.add_argument(
        "--mask", metavar="KIND[=WORD]", nargs="+", type=_masked,
        help=f"all, or some of {', '.join(PLACEHOLDERS)}; WORD: what stands there, such as emails=email@example.com",
    )  # fmt: skip
    mask.add_argument("--mask-columns", nargs="+", metavar="COLUMN", help="look in these; default: where the text is")
    mask.add_argument("--mask-region", metavar="REGION", help="where telephone numbers without + are at home: DE, any")


def _add_before(parser: argparse.ArgumentParser) -> None:
    """What stands before the texts."""
    before = parser.add_argument_group("before the text", "tag rows instead of dropping them; metadata before the text")
    before.add_argument("--tag", metavar="STEP", type=int, help="rows that this step, from 1, would drop stay, tagged")
    before.add_argument(
        "--tag-words", nargs=2, metavar=("GOOD", "BAD"), help="default: <|good|> and <|bad|>, before the text"
    )
    before.add_argument("--tag-column", metavar="NAME", help="say it in a column of this name, not before the text")
    before.add_argument("--prefix", metavar="COLUMN", help="its value before the text, with a blank line between them")
    before.add_argument("--prefix-before", metavar="TEXT", help="what the value begins with, such as 'URL: '")
    before.add_argument("--plain", metavar="SHARE", type=float, help="of the rows stay without it; default 0.1")
    before.add_argument("--plain-seed", metavar="N", type=int, help="draws them; default 0")


def _before_of(args: argparse.Namespace) -> dict[str, Json]:
    """What was typed of it, as it would stand in a recipe."""
    good, bad = args.tag_words or (None, None)
    tag = {"step": args.tag, "good": good, "bad": bad, "column": args.tag_column}
    prefix = {
        "column": args.prefix, "before": args.prefix_before, "plain": args.plain, "seed": args.plain_seed
    }  # fmt: skip
    found: dict[str, Json] = {}
    for name, first, said in (("tag", "step", tag), ("prefix", "column", prefix)):
        given_ = cast(dict[str, Json], {key: value for key, value in said.items() if value is not None})
        if given_ and first not in given_:
            raise EngineError(f"Say what to {name} by: --{name} {'STEP' if name == 'tag' else 'COLUMN'} is missing.")
        if given_:
            found[name] = given_
    return found


def _masked(text: str) -> dict[str, str]:
    """Kinds with what stands in their place."""
    kind, equals, word = text.partition("=")
    if kind == "all":
        return {name: word for name in PLACEHOLDERS} if equals else dict(PLACEHOLDERS)
    return {kind: word if equals else PLACEHOLDERS.get(kind, "")}


def _add_split(parser: argparse.ArgumentParser) -> None:
    """Parts such as train and test, and what may not cross between them."""
    split = parser.add_argument_group("parts", "split the rows, so that nothing that is alike stands in two parts")
    split.add_argument(
        "--split", metavar="NAME=SHARE,…", type=_shares, help="the parts, such as train=0.8,validation=0.1,test=0.1"
    )
    split.add_argument(
        "--split-pairs", nargs="+", metavar="PAIRS[=LEAST]", type=_least, default=[],
        help=f"pairs that may not cross, such as exact; with the least similarity that counts, {LEAST} if not said",
    )  # fmt: skip
    split.add_argument("--never-across", metavar="COLUMN", help="a column whose values stand in one part each: author")
    split.add_argument("--stratify", metavar="COLUMN", help="a column whose values have their share in every part")
    split.add_argument(
        "--bridges", metavar="SHARE", type=float, help="leave out at most this share of rows that bridge parts: 0.01"
    )
    split.add_argument(
        "--split-search", action=argparse.BooleanOptionalAction,
        help="compare every row of a part with all of the others, where pairs may have been missed",
    )  # fmt: skip
    split.add_argument("--split-seed", metavar="N", type=int, help="decides between groups of one size; default 0")
    split.add_argument("--split-files", choices=("one for each part", "one"), help="one: with a column `part`")


def _shares(text: str) -> dict[str, float]:
    """The parts with their shares; the rest is checked where a split is read."""
    try:
        shares = [(name.strip(), float(share)) for name, _, share in (one.partition("=") for one in text.split(","))]
        if len(dict(shares)) < len(shares):
            raise argparse.ArgumentTypeError(f"{text!r} names a part twice; give each its share once")
        return dict(shares)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=SHARE,NAME=SHARE, such as train=0.8,test=0.2") from None


def _least(text: str) -> tuple[str, float]:
    """A key of pairs, in which there may be an equals sign too, and the least similarity."""
    key, _, least = text.rpartition("=")
    try:
        return (key, float(least)) if key else (text, LEAST)
    except ValueError:
        return text, LEAST


def _turn(text: str) -> tuple[str, str]:
    part, equals, column = text.partition("=")
    if not (part and equals and column):
        raise argparse.ArgumentTypeError(f"{text!r} is not PART=COLUMN, such as user=text")
    return part, column


def output_of(args: argparse.Namespace) -> dict[str, Json]:
    """What was typed, as it would stand under `output` in a recipe."""
    names = ("format", "columns", "embedding", "vector_type", "signals", "marks", "rank")
    said: dict[str, Json] = {n: v for n in names if (v := getattr(args, n)) is not None}
    if args.turns:
        said["turns"] = dict(args.turns)
    if split := _split_of(args):
        said["split"] = split
    if args.mask:
        said["mask"] = _mask_of(args)
    elif args.mask_columns or args.mask_region:
        raise EngineError("--mask-columns and --mask-region say how to mask, but not what. Add --mask all.")
    said |= _before_of(args)
    if soft := _soft_of(args):
        said["soft"] = soft
    if args.weight:
        said["weight"] = {"column": args.weight, "missing": args.weight_missing}
    elif args.weight_missing is not None:
        raise EngineError(
            "--weight-missing says what rows without a value weigh, but not by what. Add --weight COLUMN."
        )
    params = given(args, EXPORTERS[args.format]) if args.format else {}
    return {**said, **({"params": cast(Json, params)} if params else {})}


def _soft_of(args: argparse.Namespace) -> dict[str, Json]:
    """What was typed of soft labels, as it would stand in a recipe."""
    said = {"label": args.soft_label, "embedding": args.soft_embedding, "most": args.soft_most}
    found = cast(dict[str, Json], {name: value for name, value in said.items() if value is not None})
    if found and not {"label", "embedding"} <= found.keys():
        lacks = "--soft-embedding KEY" if "label" in found else "--soft-label COLUMN"
        raise EngineError(f"Soft labels want a column of labels and an embedding by which rows are told. Add {lacks}.")
    return found


def _split_of(args: argparse.Namespace) -> dict[str, Json]:
    """What was typed of a split, as it would stand in a recipe."""
    said = {
        "parts": args.split,
        "pairs": dict(args.split_pairs), "never_across": args.never_across, "stratify": args.stratify,
        "bridges": args.bridges, "seed": args.split_seed, "files": args.split_files, "search": args.split_search,
    }  # fmt: skip
    return cast(dict[str, Json], {name: value for name, value in said.items() if value not in (None, {})})


def _mask_of(args: argparse.Namespace) -> dict[str, Json]:
    """What was typed of masking, as it would stand in a recipe."""
    kinds = {kind: word for one in args.mask for kind, word in one.items()}
    said = {"kinds": kinds, "columns": args.mask_columns, "region": args.mask_region}
    return cast(dict[str, Json], {name: value for name, value in said.items() if value is not None})


def _weighed(manifest: Manifest) -> list[str]:
    said, weight = manifest.weights, manifest.output.weight
    return [f"{WEIGHT}: {said.sentence(weight, manifest.rows.written)}."] if said and weight else []


def exported(manifest: Manifest, out: str, left: Unmasked | None) -> Answer:
    """What was written. left: what goes out unmasked, where it was looked for."""
    rows, split = manifest.rows, manifest.split
    parts = split.parts if split else ()
    lines = [
        f"{rows.written:,} of {rows.total:,} rows in {out} ({', '.join(manifest.data_files)}).",
        *(f"{p.name}: {p.rows:,} rows, {p.reached:.2%} (wanted {p.wanted:.2%})." for p in parts),
        *(split.says if split else ()),
        *(f"{count:,} rows were not written: {reason}." for reason, count in rows.unfit.items()),
        *(f"Not as it came: {change}." for change in manifest.changes),
        *_weighed(manifest),
        *soft_words(manifest),
        *(f"{corrected.sentence()}." for corrected in manifest.corrections or ()),
        *([left.words()] if left and left.kinds else ()),
        f"Row digest {rows.digest} (which rows in which order, in any format)",
        *(f"File digest {manifest.digest_of(file)} (each byte of {file})" for file in manifest.data_files),
        f"Check it any time: winnow verify {out}",
    ]
    value: dict[str, Json] = {
        "folder": out,
        "rows": plain(rows),
        "file_digest": manifest.file_digest,
        "changes": plain(manifest.changes),
        **({"unmasked": plain(left)} if left else {}),
        "files": plain(manifest.files),
        **({"split": plain(split)} if split else {}),
        **({"soft": plain(manifest.soft)} if manifest.soft else {}),
        **({"weights": plain(manifest.weights)} if manifest.weights else {}),
        **({"corrections": plain(manifest.corrections)} if manifest.corrections else {}),
    }
    return Answer(value, "\n".join(lines))

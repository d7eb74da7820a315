"""What people answered about labels, said on the terminal: agreement, error rates, labels that came back."""

import argparse
from dataclasses import asdict

import numpy as np

from engine.commands._flags import plain_line, readable
from engine.commands.answer import Answer
from engine.dataset import Dataset
from engine.errors import EngineError
from engine.labels import Agreement, Rate, arrived, between, krippendorff_alpha, ratings_of, read_answers
from engine.marks import answers, bring_in, name_labels
from engine.registry import Json

SHOWN = 20
"""Conflicts and faults on the terminal, where no limit is given."""


def agreement(data: Dataset, column: str) -> Answer:
    """How far the people who answered agree, all together and two by two."""
    said = [one for one in answers(data, column) if one.label is not None and one.annotator]
    keys = data.keys(np.array([one.row for one in said], np.int64))
    ratings = ratings_of([(key, one.annotator, str(one.label)) for key, one in zip(keys, said, strict=True)])
    alpha, pairs = krippendorff_alpha(ratings.code), between(ratings)
    if not alpha.rows:
        raise EngineError(
            f"No row of {column!r} was answered by two people yet. Answer on Review under two names, or take labels in."
        )
    lines = [
        f"{len(ratings.people):,} people answered {len(ratings.keys):,} rows of {column}, "
        f"{alpha.rows:,} of them by two or more.",
        f"Krippendorff's alpha {_agree(alpha)}",
        *(f"{plain_line(p.first)} and {plain_line(p.second)}: Cohen's kappa {_agree(p.agreement)}" for p in pairs),
    ]
    value: dict[str, Json] = {
        "dataset": data.name, "column": column, "people": list(ratings.people), "alpha": figures(alpha),
        "pairs": [{"first": p.first, "second": p.second, "kappa": figures(p.agreement)} for p in pairs],
    }  # fmt: skip
    return Answer(value, "\n".join(lines))


def taken_back(args: argparse.Namespace, data: Dataset, column: str) -> Answer:
    """Labels of a file become answers of those who gave them; what is left out, what differs and faults are said."""
    path, shown = readable(args.back), SHOWN if args.limit is None else args.limit
    back = read_answers(path)
    named = [" ".join(name.split()) for name in args.new]
    found = arrived(data, column, back.answers, annotator=args.annotator or "", new=named)
    if named:
        name_labels(data.store, column, named)
    new = bring_in(data, column, found.new)
    said = [one.words for one in found.left] + [conflict.words() for conflict in found.differing]
    lines = [
        f"{len(back.answers):,} labels read from {path.name} ({back.format}): {new:,} are new answers in {column}, "
        f"{len(found.same):,} stood here already, {back.skipped:,} tasks were left without a label.",
        *(f"- {plain_line(words)}" for words in said[:shown]),
    ]
    if len(said) > shown:
        lines.append(f"… and {len(said) - shown:,} more.")
    if found.repeated:
        lines.append(f"{len(found.repeated):,} are by people who later gave the row another label, which counts.")
    if found.left:
        lines.append(f"{len(found.left):,} are left out of what was taken over.")
    if found.differing:
        lines.append("Where people differ, everybody's answer waits on the page Review to be settled.")
    if any(one.why == "label unknown" for one in found.left):
        lines.append("A label that is new may come in with --new LABEL.")
    lines += [f"Record {fault.place:,} gives no label: {plain_line(fault.why)}." for fault in back.faults[:shown]]
    value: dict[str, Json] = {
        "dataset": data.name, "column": column, "read": len(back.answers), "new": new, "same": len(found.same),
        "skipped": back.skipped, "repeated": len(found.repeated),
        "left": [{"why": one.why, "key": one.answer.key, "label": one.answer.label} for one in found.left],
        "differing": [{"key": c.key, "labels": [a.label for a in c.answers], "here": c.here} for c in found.differing],
        "faults": [{"record": fault.place, "why": fault.why} for fault in back.faults],
    }  # fmt: skip
    return Answer(value, "\n".join(lines))


def rate_words(found: Rate) -> str:
    """A share with its interval."""
    if not found.judged:
        return "nothing is known yet of what is"
    return f"{found.share:.1%} ({found.low:.1%} to {found.high:.1%})"


def _agree(found: Agreement) -> str:
    if found.value != found.value:
        return f"is missing: one label alone was given in {found.rows:,} rows, which chance gives too"
    interval = "" if found.low != found.low else f" ({found.low:.3f} to {found.high:.3f})"
    return f"{found.value:.3f}{interval}, the same in {found.observed:.1%} of pairs, {found.rows:,} rows"


def figures(found: Rate | Agreement) -> dict[str, Json]:
    """Figures for `--json`, missing as null."""
    return {name: None if value != value else value for name, value in asdict(found).items()}

"""Fit an n-gram model on a reference that a person picks."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from engine.dataset import MOST_BYTES, Dataset, FittedModel, PackedArray, check_name, name_from
from engine.errors import EngineError
from engine.models._words import Said, fingerprints, parts, said
from engine.models.keep import Known, keep
from engine.models.ngram import VERSION, NgramModel, arrays_of, counted, read_ngram, without_rare
from engine.models.pool import Pool
from engine.progress import Progress, quiet
from engine.registry import Json

MOST_WORDS = 20_000_000
FEW_WORDS = 10_000
HELD_OUT = 2_000
ASKED = 500
MARKED = 0.02
"""The share of the words of texts that the model has not seen that are marked as surprising."""


def fit_ngram(
    data: Dataset,
    reference: Pool,
    *,
    name: str = "",
    order: int = 3,
    discount: float = 0.75,
    least: int = 2,
    progress: Progress = quiet,
) -> Known:
    """A model of which words follow which in a reference, kept in the dataset; the signal `perplexity` asks it.

    name: left out, that of the reference. order: the longest run of words, 2 to 5. discount: what is taken from each
    count for what was not seen, 0 to 1. least: a word seen less often counts as unknown, 1 to 100. The same reference
    gives the same model. A tenth of the texts, 2,000 at most, is scored by a model of the others first: its figures are
    in the facts. What is doubtful is said there under `warnings`.
    Source: interpolated Kneser–Ney (Chen, Goodman 1999), as nltk's KneserNeyInterpolated counts it.
    Raises `EngineError` for a knob out of its range and for a reference without a word.
    """
    if not (2 <= order <= 5 and 0 <= discount <= 1 and 1 <= least <= 100):
        raise EngineError(
            f"order = {order}, discount = {discount:g}, least = {least} do not fit. Give 2 to 5, 0 to 1, 1 to 100."
        )
    name = name or name_from(reference.name)
    check_name(name)
    progress("Reading the reference", 0, 3)
    found, warnings = _within(_said(reference.texts))
    if not len(found.words):
        raise EngineError(
            f"The reference {reference.name!r} has no word in {len(reference.texts):,} texts. Pick another."
        )
    params: dict[str, Json] = {"order": order, "discount": discount, "least": least}
    facts: dict[str, Json] = {
        "reference": reference.name,
        "texts": int((found.lengths > 0).sum()),
        "words": len(found.words),
    }
    progress("Trying it on texts held out", 1, 3)
    tried = _held_out(found, params)
    facts |= {"held_out": tried, "surprising": tried["surprising"]}
    progress("Counting runs of words", 2, 3)
    whole = counted(found, order, least)
    arrays = {"reference": np.unique(fingerprints(found))}
    packed = {k: PackedArray.of(v) for k, v in {**arrays_of(whole), **arrays}.items()}
    if sum(len(a.data) for a in packed.values()) > MOST_BYTES:
        whole = without_rare(whole)
        packed = {k: PackedArray.of(v) for k, v in {**arrays_of(whole), **arrays}.items()}
        warnings.append(
            f"Runs of {order} words that stand in the reference once were left out, so that the model can travel."
        )
    facts |= {
        "kinds": whole.kinds,
        "vocabulary": len(whole.vocabulary),
        "runs": [len(level[1]) for level in whole.levels],
    }
    model = read_ngram(name, params, facts, {k: a.unpacked() for k, a in packed.items()})
    facts["warnings"] = [*warnings, *_warnings(data, reference, found, facts, model)]
    progress("Counting runs of words", 3, 3)
    return keep(data, FittedModel(name, "ngram", VERSION, params, facts, packed))


def perplexity(
    learned: Sequence[Sequence[str]], asked: Sequence[str], *, order: int = 3, discount: float = 0.75, least: int = 2
) -> list[float]:
    """How surprised models of several sets of texts are by the same texts: perplexity a word, lower is better.

    All speak of the same words: those of any of these texts. What a model does not know it shares out evenly over all
    that it could not know, so that one that knows few words gains nothing by it. NaN where there is no word to learn
    from, or none to ask.
    """
    sets, question = [_said(texts) for texts in learned], _said(asked)
    known = [pc.unique(one.words) for one in (*sets, question)]
    kinds = len(pc.unique(pa.concat_arrays(known)))
    found = []
    for one in sets:
        if not len(one.words) or not len(question.words):
            found.append(float("nan"))
            continue
        within, _ = _within(one)
        model = _model(within, {"order": order, "discount": discount, "least": least})
        model = replace(model, kinds=max(1, kinds - len(model.vocabulary)))
        found.append(float(10 ** -model.log10(question).mean()))
    return found


def _said(texts: Sequence[str]) -> Said:
    some = [said(texts[start:stop]) for start, stop in parts(texts)]
    if not some:
        return Said(pa.array([], pa.large_string()), np.zeros(0, np.int64))
    return Said(pa.concat_arrays([s.words for s in some]), np.concatenate([s.lengths for s in some]))


def _within(found: Said) -> tuple[Said, list[str]]:
    """As many texts as can be counted, taken evenly, and what there is to say about that."""
    if len(found.words) <= MOST_WORDS:
        return found, []
    shuffled = np.random.default_rng(0).permutation(len(found.lengths))
    shuffled = shuffled[found.lengths[shuffled] <= MOST_WORDS]
    keep = np.zeros(len(found.lengths), bool)
    keep[shuffled[np.cumsum(found.lengths[shuffled]) <= MOST_WORDS]] = True
    if not found.lengths[keep].any():
        raise EngineError(
            f"In the reference every text with a word has more than {MOST_WORDS:,} of them, which is too long to be "
            "counted. Cut the texts into parts."
        )
    said = (
        f"{keep.sum():,} of {len(keep):,} texts were read, taken at random: "
        f"{MOST_WORDS:,} words at most are counted, and the reference has {len(found.words):,}."
    )
    return _some(found, keep), [said]


def _some(found: Said, rows: np.ndarray) -> Said:
    """The words of some texts; rows: bool."""
    return Said(found.words.filter(pa.array(np.repeat(rows, found.lengths))), found.lengths[rows])


def _held_out(found: Said, params: Mapping[str, Json]) -> dict[str, Json]:
    """How a model of nine tenths of the texts scores the rest: perplexities, and how unlikely the oddest words are."""
    full = np.flatnonzero(found.lengths > 0)
    many = min(len(full) // 10, HELD_OUT)
    if not many:
        return {"texts": 0, "surprising": -4.0}
    out = np.zeros(len(found.lengths), bool)
    out[np.random.default_rng(0).permutation(full)[:many]] = True
    rest = _some(found, ~out)
    model = _model(rest, params)
    asked = _some(found, out)
    each = model.log10(asked)
    row = np.repeat(np.arange(many), asked.lengths)
    low, middle, high = np.quantile(10 ** (-np.bincount(row, each) / asked.lengths), [0.05, 0.5, 0.95])
    return {
        "texts": many,
        "low": _short(low),
        "median": _short(middle),
        "high": _short(high),
        "surprising": round(float(np.quantile(each, MARKED)), 3),
    }


def _model(found: Said, params: Mapping[str, Json]) -> NgramModel:
    """The model of some texts, kept nowhere."""
    whole = counted(found, int(str(params["order"])), int(str(params["least"])))
    none: dict[str, np.ndarray] = {"reference": np.zeros(0, np.uint64)}
    return read_ngram("", params, {"kinds": whole.kinds, "surprising": -4.0}, {**arrays_of(whole), **none})


def _warnings(data: Dataset, reference: Pool, found: Said, facts: Mapping[str, Json], model: NgramModel) -> list[str]:
    """What is doubtful about a model, in sentences."""
    warnings, texts = [], int((found.lengths > 0).sum())
    if len(found.words) < FEW_WORDS:
        warnings.append(
            f"The reference has only {len(found.words):,} words in {texts:,} texts: the score says which texts use "
            f"the same words, hardly how they are put together. {FEW_WORDS:,} words are a beginning."
        )
    if texts and (different := len(model.reference)) < texts / 2:
        warnings.append(f"Of {texts:,} texts of the reference {different:,} differ: what is repeated counts each time.")
    if inside := int((reference.rows >= 0).sum()):
        warnings.append(
            f"{inside:,} rows of this corpus are the reference itself: they score too low, as the model has seen them. "
            "The column in_reference says which they are."
        )
    asked = np.random.default_rng(0).permutation(data.n)[:ASKED]
    words = said(data.texts(np.sort(asked)))
    if len(words.words) and (share := float((model.ids(words.words) == 1).mean())) > 0.5:
        warnings.append(
            f"{share:.0%} of the words of this corpus are not in the reference: another language, script or subject? "
            "Where most words are unknown, perplexity says nothing else."
        )
    return warnings


def _short(value: float) -> float:
    return float(f"{value:.4g}")

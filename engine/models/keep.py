"""Fitted models as a dataset keeps them: written once, listed, named, and ready to be asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from engine.dataset import MOST_NAME, Dataset, FittedModel, check_name, fitted_model
from engine.errors import EngineError, unknown
from engine.models.classifier import VERSION as CLASSIFIER_VERSION
from engine.models.classifier import Classifier, read_classifier
from engine.models.ngram import VERSION as NGRAM_VERSION
from engine.models.ngram import NgramModel, read_ngram
from engine.registry import Json, Member
from engine.store import canonical, plain

Model = NgramModel | Classifier
_Reads = Callable[[str, Mapping[str, object], Mapping[str, object], Mapping[str, np.ndarray]], Model]
_KINDS: Mapping[str, tuple[int, _Reads]] = {
    "ngram": (NGRAM_VERSION, read_ngram),
    "classifier": (CLASSIFIER_VERSION, read_classifier),
}
_BEGIN = b'{"arrays":'
"""How the ref of a model begins, its fields being in order: other snapshots need not be read to list models."""


@dataclass(frozen=True)
class Known:
    """A model of a dataset. ref: how signals name it, `name/digest`. facts: how it was fitted, how good it is."""

    ref: str
    name: str
    member: str
    facts: Mapping[str, Json]


def keep(data: Dataset, fitted: FittedModel) -> Known:
    """Keep a model in a dataset. Where another one has its name, it gets a number: `news 2`.

    The very same model is kept once.
    """
    there = {known.name: known for known in models(data)}
    wanted, number = fitted.name, 1
    while fitted.name in there:
        if canonical(plain(fitted)) == canonical(plain(fitted_model(data, _digest(there[fitted.name].ref)))):
            break
        number += 1
        fitted = replace(fitted, name=f"{wanted[: MOST_NAME - 4]} {number}")
    digest = data.store.write_ref("model", cast(dict[str, Json], plain(fitted)))
    return Known(f"{fitted.name}/{digest}", fitted.name, fitted.member, fitted.facts)


def models(data: Dataset, member: str = "") -> list[Known]:
    """The models that a dataset has, the oldest first; member: `ngram` or `classifier` only."""
    found = []
    for digest in data.store.refs(_BEGIN):
        one = fitted_model(data, digest)
        if member in ("", one.member):
            found.append(Known(f"{one.name}/{digest}", one.name, one.member, one.facts))
    return found


def named(data: Dataset, name: str, member: str) -> str:
    """How signals name the model that a person named; raises `NotFound` with the nearest name."""
    there = {known.name: known.ref for known in models(data, member)}
    if name in there:
        return there[name]
    if name in there.values():
        return name
    if not there:
        raise EngineError(f"{data.name!r} has no fitted model of this kind. Make one with `winnow fit {member}`.")
    raise unknown(f"{member} model in {data.name}", name, there)


def refs_in(member: Member, params: Mapping[str, Json]) -> list[str]:
    """The digests of the models and other snapshots that a signal with these parameters is measured by."""
    models_named = [_digest(str(params[name])) for name in member.of_kind("model") if params.get(name)]
    return [*models_named, *(str(params[name]) for name in member.of_kind("rows") if params.get(name))]


def with_models(data: Dataset, member: Member, params: Mapping[str, Json]) -> dict[str, object]:
    """The checked parameters of a member, each model that they name in place of its name.

    Raises `EngineError` for a model that is not here, is of another kind, or is called otherwise.
    """
    checked = member.check(params)
    for param in member.params:
        if param.kind == "model" and checked[param.name]:
            checked[param.name] = opened(data, str(checked[param.name]), param.of)
    return checked


def opened(data: Dataset, ref: str, member: str) -> Model:
    """A model ready to be asked, kept in memory; raises `EngineError` as `with_models`."""
    return data._cache.get(f"model/{member}/{ref}", lambda: _opened(data, ref, member))


def _opened(data: Dataset, ref: str, member: str) -> Model:
    found = fitted_model(data, _digest(ref))
    if found.member != member:
        raise EngineError(
            f"The model {found.name!r} is of the kind {found.member!r}, where {member!r} is needed. Name another."
        )
    if found.name != ref.rpartition("/")[0]:
        raise EngineError(f"The model {ref.rpartition('/')[0]!r} is called {found.name!r}. Name it so.")
    return ready(found)


def ready(fitted: FittedModel) -> Model:
    """A model ready to be asked, kept or not; raises `EngineError` for one that another version fitted."""
    version, reads = _KINDS[fitted.member]
    if fitted.version != version:
        raise EngineError(
            f"The model {fitted.name!r} was fitted by version {fitted.version} of {fitted.member!r}; version {version} "
            f"is here. {'Update Winnow' if fitted.version > version else 'Fit it again'}."
        )
    return reads(fitted.name, fitted.params, fitted.facts, fitted.unpacked())


def _digest(ref: str) -> str:
    name, _, digest = ref.rpartition("/")
    check_name(name)
    return digest

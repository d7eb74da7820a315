"""The fitted models and snapshots that specs name."""

from engine.building.key_names import thing_of
from engine.building.spec import LISTS, member_of
from engine.dataset import Dataset
from engine.models import refs_in, with_models
from engine.store import Key, Spec


def models_of(made: Spec) -> list[str]:
    """Digests of the models that a thing is made by; none where its member is not here any more."""
    members = (registry[made.member] for registry in LISTS.get(made.family, ()) if made.member in registry)
    return [ref for member in members for ref in refs_in(member, made.params)]


def answers_of(made: Spec) -> list[str]:
    """Digests of the snapshots of people's answers that a thing is made by."""
    members = (registry[made.member] for registry in LISTS.get(made.family, ()) if made.member in registry)
    params = (p for member in members for p in member.params if (p.kind, p.of) == ("rows", "answers"))
    return [str(made.params[p.name]) for p in params if made.params.get(p.name)]


def check_models(data: Dataset, made: Spec) -> None:
    """Raise `EngineError` where a model that a thing is made by is not here, or is not what it must be."""
    if models_of(made):
        with_models(data, member_of(made.family, made.member), made.params)


def stands_on_model(column: str) -> bool:
    """Whether a column's key is that of a signal that a fitted model gives."""
    name = Key.read(thing_of(column)).name
    return any(registry[name].of_kind("model") for registry in LISTS["signal"] if name in registry)

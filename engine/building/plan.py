"""What some specs stand on, and the order in which all of it is built."""

from collections.abc import Iterable, Mapping

from engine.building.key_names import key_of, plain_spec, thing_of
from engine.building.spec import member_of, spec
from engine.errors import EngineError
from engine.registry import Member
from engine.store import Spec, canonical


def stands_on(made: Spec) -> list[tuple[str, Spec | None]]:
    """What must be there before, as (key, spec); spec None where only the recipe can say it (an embedding)."""
    if made.family == "edit":
        return [(made.on, None)]
    below: list[tuple[str, Spec | None]] = []
    if (on := made.embedding) and made.family != "embedding":
        below.append((on, None))
        chosen = made.family in ("signal", "pairs")
        if made.family in ("map", "topics") or (chosen and _member(made).needs("graph", made.params)):
            below.append((f"graph@{on}", spec("graph", on=on)))
    # Columns that topics leave out, that pairs compare, that signals weigh.
    if made.params and made.family in ("topics", "pairs", "signal"):
        below += [(thing_of(column), None) for column in _member(made).names("column", made.params)]
    return below


def _member(made: Spec) -> Member:
    return member_of(made.family, made.member)


def asked_for(wanted: "Mapping[str, Spec] | Iterable[str | Spec]") -> dict[str, Spec]:
    """Specs by key, from specs, or from keys that say no parameters, such as `topics@minilm`."""
    if isinstance(wanted, Mapping):
        return dict(wanted)
    found = {}
    for one in [wanted] if isinstance(wanted, str | Spec) else wanted:
        made = plain_spec(one) if isinstance(one, str) else one
        if made is None:
            raise EngineError(f"{one!r} is not the plain key of anything. Give a spec, or a key such as topics@minilm.")
        found[key_of(made)] = made
    return found


def plan(wanted: Mapping[str, Spec], there: Mapping[str, object]) -> list[tuple[str, Spec]]:
    """Everything to build for some specs, in order, without what is there already.

    wanted: specs by key, as in a recipe's `needs`. Raises `EngineError` for one that stands on nothing.
    """
    order: dict[str, Spec] = {}
    open_: list[str] = []

    def visit(key: str, made: Spec | None, by: str) -> None:
        if key in order:
            return
        made = made or wanted.get(key) or (None if key in there else plain_spec(key))
        if made is None:
            if key in there:
                return
            raise EngineError(
                f"{by} needs {key!r}, which is neither here nor described. Add its spec to the recipe's needs."
            )
        if key in open_:
            raise EngineError(f"The specs go in a circle: {' → '.join([*open_, key])}. Take one of them away.")
        open_.append(key)
        for below, its in stands_on(made):
            visit(below, wanted.get(below) or its, key)
        open_.pop()
        order[key] = made

    for key, made in wanted.items():
        visit(key, made, "The recipe")
    return list(order.items())


def together(order: Iterable[tuple[str, Spec]]) -> list[dict[str, Spec]]:
    """What is built in one go: row signals side by side that share something, with the same parameters; else one."""
    parts: list[dict[str, Spec]] = []
    last: tuple[str, str] | None = None
    for key, made in order:
        shares = _member(made).about.shares if made.family == "signal" else ""
        group = (shares, canonical(dict(made.params)).decode()) if shares else None
        if group and group == last:
            parts[-1][key] = made
        else:
            parts.append({key: made})
        last = group
    return parts

"""The keys of added things: from a spec to its key, and from a plain key back to a spec."""

import json
from dataclasses import replace

from engine.building.spec import LISTS, member_of, spec
from engine.dataset import Dataset, without_origin
from engine.errors import EngineError
from engine.registry import Json
from engine.store import Key, Spec, digest_of
from engine.topics import TOPICS


def key_of(made: Spec) -> str:
    """The display key of a spec, such as `density(k=20)@minilm`: only what differs from the defaults is said."""
    if made.family in ("graph", "index"):
        return str(Key(made.family, on=made.on))
    member = member_of(made.family, made.member)
    changed = {k: v for k, v in member.changed(made.params).items() if k != "embedding"}
    if told := changed.get(member.about.told_by):
        changed = {member.about.told_by: told}
    name = member.about.called or made.member
    if named := str(changed.pop(member.about.called_by, "")):
        name = named.rstrip("/").rpartition("/")[2]
    paths, models = member.of_kind("path"), member.of_kind("model")
    # A model is said by its name alone: of two that are called alike in a dataset, one has a number.
    said = [str(changed.pop(k)).rpartition("/")[0] for k in models if k in changed]
    said += [f"{k}={_end(str(v)) if k in paths else _short(v)}" for k, v in changed.items()]
    if made.family == "topics" and made.member != next(iter(TOPICS)):
        said.insert(0, made.member)
    return str(Key(name, ", ".join(said), made.on if made.family == "edit" else made.embedding))


def free_column(data: Dataset, name: str) -> str:
    """What a new column may be called: this name, with a number where it is taken."""
    taken = {*data.columns, *data.added}
    return next(key for n in range(1, 1000) if (key := name if n == 1 else f"{name} {n}") not in taken)


def value_key(name: str, key: str) -> str:
    """The key of one named value of a thing: `topic@minilm` of `topics@minilm`, `emails` of `pii`."""
    return str(replace(Key.read(key), name=name))


def title_of(key: str) -> str:
    """What a thing is called on the screen: its member's title, with what was chosen for it.

    >>> title_of("minhash(of=characters, loose=True)")
    'Near repeats (of characters, loose)'
    """
    read = Key.read(key)
    members = (m for registries in LISTS.values() for registry in registries for m in registry.values())
    title = next((m.title for m in members if read.name == (m.about.called or m.name)), read.name)
    said = [read.said.replace("_", " ").replace("=True", "").replace("=", " "), read.on]
    more = ", ".join(part for part in said if part)
    return f"{title} ({more})" if more else title


def thing_of(column: str) -> str:
    """The key of the thing that holds a column: `topics@minilm` for `topic@minilm`."""
    key = Key.read(without_origin(column))
    for family in ("topics", "signal", "pairs"):
        for member in (m for registry in LISTS[family] for m in registry.values()):
            if key.name in member.about.values and (family != "topics" or key.on):
                return str(replace(key, name=member.about.called or member.name))
    return str(key)


def plain_spec(key: str) -> Spec | None:
    """The spec behind a key that says no parameters, such as `characters` or `density@minilm`; None for a column."""
    asked = Key.read(key)
    if asked.said:
        return None
    if asked.name in ("graph", "index"):
        return spec(asked.name, on=asked.on) if asked.on else None
    for family, registries in LISTS.items():
        for member in (m for registry in registries for m in registry.values()):
            if asked.name != (member.about.called or member.name) or family == "edit":
                continue
            if family in ("signal", "pairs"):
                if bool(asked.on) == any(p.kind == "embedding" for p in member.params):
                    return spec(family, member.name, {"embedding": asked.on} if asked.on else {})
            elif bool(asked.on) != (family == "embedding"):
                return spec(family, member.name, on=asked.on)
    return None


def spec_of(key: str) -> Spec | None:
    """The spec behind a key with the parameters that it says; None for a column, and where it does not say them all."""
    asked = Key.read(key)
    said = [part.partition("=") for part in asked.said.split(", ")] if asked.said else []
    try:
        plain = plain_spec(str(replace(asked, said="")))
        if plain is None or not said:
            return plain
        given = {name: _value(value) for name, _, value in said}
        made = spec(plain.family, plain.member, {**plain.params, **given}, on=plain.on)
    except EngineError:  # also where a parameter has no default: a plain key of such a thing describes nothing
        return None
    return made if key_of(made) == key else None


def _value(said: str) -> Json:
    """A value as a key says it."""
    try:
        return json.loads(said.lower() if said in ("True", "False") else said)
    except ValueError:
        return said


def _short(value: Json) -> str:
    """A value as a key says it; of a long one the beginning, and a digest that tells it from others that begin so."""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 24 else f"{text[:18]}…{digest_of(text)[:5]}"


def _end(path: str) -> str:
    """The end of a path: two files of one folder differ there."""
    return path if len(path) <= 24 else f"…{path[-23:]}"

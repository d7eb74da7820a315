"""A fitted model in the sentence of a signal: by its name alone."""

from collections.abc import Mapping


def model_named(values: Mapping[str, object]) -> Mapping[str, str]:
    """What stands for the knob `model`, which names a model as `name/digest`."""
    return {"model": str(values["model"]).rpartition("/")[0]}

"""A recipe as a configuration of Data-Juicer 1.6."""

import keyword
import sys

from engine.dataset import Dataset
from engine.exporting.scale.conditions import Fields, condition, ends, text_field
from engine.exporting.scale.translated import Line, Translated, Untold, bound, by_hand, in_comment, parts, report
from engine.recipe import Recipe, Step


def data_juicer(data: Dataset, recipe: Recipe) -> Translated:
    """The steps that are on as a file of YAML: `dj-process --config FILE`, its paths put in.

    What would mean something else there is left out, and named with the reason in the file and in `lines`. Of its
    operators only those are used that say the same to the letter: its counts of words, signs and repeats are others.
    """
    text = text_field(data)
    ops: list[str] = []
    conditions: list[str] = []
    lines = by_hand(recipe)
    for name, step in parts(recipe):
        try:
            if why := bound(step):
                raise Untold(why)
            if _is_length(data, step):
                ops.append(_length(step, text))
            else:
                conditions.append(condition(data, step, _FIELDS))
            lines.append(Line(name))
        except Untold as why:
            lines.append(Line(name, str(why)))
    if text is None:
        lines.append(Line("the text of a row", f"It is made here from {data.text_view.words()}; say `text_keys` anew."))
    if conditions:  # one operator for all: a second one would take the verdict of the first for its own
        said = " and ".join(f"({one})" for one in conditions)
        ops.append(f"  - general_field_filter:\n      filter_condition: {_quoted(said)}\n")
    body = [
        f"# The recipe {in_comment(recipe.name)!a}, from Winnow, for Data-Juicer 1.6.",
        "# Put in the paths, then: dj-process --config data_juicer.yaml",
        *report(tuple(lines)),
        f"project_name: {_quoted(recipe.name)}",
        'dataset_path: "INPUT.jsonl"',
        'export_path: "OUTPUT.jsonl"',
        f"text_keys: {_quoted(text or 'text')}",
        f"process:{'' if ops else ' []'}",
    ]
    return Translated("data_juicer.yaml", "\n".join([*body, "".join(ops)]), tuple(lines))


def _quoted(text: str) -> str:
    """A text as YAML has it in quotes, whatever it holds."""
    signs = (f"\\{s}" if s in '"\\' else s if s.isprintable() else f"\\U{ord(s):08x}" for s in text)
    return f'"{"".join(signs)}"'


def _is_length(data: Dataset, step: Step) -> bool:
    """Whether a step cuts the signal of the text's length: a column of the source may have its name."""
    info = data.columns.get("characters")
    measured = info is None or info.origin == "signal"
    return measured and step.do == "number_range" and step.params.get("column") == "characters"


def _length(step: Step, text: str | None) -> str:
    if text is None:
        raise Untold("The text that is measured is made here, of several columns or by an edit.")
    low, high = ends(step)
    # Whole numbers; and written out, as its own least length is 10.
    least, most = 0 if low is None else -int(-low // 1), sys.maxsize if high is None else int(high // 1)
    return f"  - text_length_filter:\n      min_len: {least}\n      max_len: {most}\n"


def _field(name: str) -> str:
    if not name.isidentifier() or keyword.iskeyword(name) or not name.isascii() or name.startswith("__dj__"):
        raise Untold(f"Its conditions can name no field called {name!r}.")
    return name


def _sizes(unit: str) -> str:
    raise Untold("It counts the length of a text in characters, and only outside nests.")


_FIELDS = Fields(number=_field, text=_field, there=lambda value: f"{value} == {value}", letters=False, sizes=_sizes)

"""A recipe as a pipeline of datatrove 0.10."""

from collections.abc import Callable, Mapping

from engine.dataset import Dataset
from engine.exporting.scale.conditions import Fields, condition, ends, text_field
from engine.exporting.scale.translated import Line, Translated, Untold, bound, by_hand, in_comment, parts, report
from engine.recipe import Recipe, Step

_WORDS = (
    "words are parted by spaCy there, and by rules here: numbers with units and abbreviations differ; a text of signs "
    "alone has no mean length there"
)
_NOT_BLANK = "LambdaFilter(lambda doc: bool(doc.text.strip()))"
"""Stands before the rules, which divide by the words and lines of a text."""
_TAKEN = ("media", "metadata")
"""Fields that datatrove keeps for itself."""

_QUALITY = ("min_doc_words", "max_doc_words", "min_avg_word_length", "max_avg_word_length", "max_symbol_word_ratio",
    "max_bullet_lines_ratio", "max_ellipsis_lines_ratio", "max_non_alpha_words_ratio", "min_stop_words")  # fmt: skip
_SIGNS = ("gopher_hashes", "gopher_ellipses")
_REPETITION = ("dup_line_frac", "dup_para_frac", "dup_line_char_frac", "dup_para_char_frac")
_FINEWEB = {"line_punct_thr": "0.0", "short_line_thr": "INF", "char_duplicates_ratio": "INF", "new_line_ratio": "INF"}


def _of_quality(argument: str, value: float) -> str:
    said = ", ".join(f"{name}={value!r}" if name == argument else f"{name}=None" for name in _QUALITY)
    return f"GopherQualityFilter({said})"


def _of_repetition(argument: str, value: float) -> str:
    said = [f"{name}={value!r}" if name == argument else f"{name}=None" for name in _REPETITION]
    for runs in ("top_n_grams", "dup_n_grams"):
        kind, _, n = argument.partition("/")
        said.append(f"{runs}=(({n}, {value!r}),)" if kind == runs else f"{runs}=()")
    return f"GopherRepetitionFilter({', '.join(said)})"


def _of_fineweb(argument: str, value: float) -> str:
    said = ", ".join(f"{k}={value!r}" if k == argument else f"{k}={v}" for k, v in _FINEWEB.items())
    return f"FineWebQualityFilter({said})"


_Maker = Callable[[str, float], str]
_RULES: Mapping[str, tuple[_Maker, str, str, bool]] = {
    # the filter, its argument for the low end and for the high end, and whether it counts words
    "gopher_words": (_of_quality, "min_doc_words", "max_doc_words", True),
    "gopher_word_length": (_of_quality, "min_avg_word_length", "max_avg_word_length", True),
    "gopher_bullet_lines": (_of_quality, "", "max_bullet_lines_ratio", False),
    "gopher_ellipsis_lines": (_of_quality, "", "max_ellipsis_lines_ratio", False),
    "gopher_lettered_words": (_of_quality, "max_non_alpha_words_ratio", "", True),
    "gopher_stop_words": (_of_quality, "min_stop_words", "", True),
    "gopher_repeated_lines": (_of_repetition, "", "dup_line_frac", False),
    "gopher_repeated_line_characters": (_of_repetition, "", "dup_line_char_frac", False),
    "gopher_repeated_paragraphs": (_of_repetition, "", "dup_para_frac", False),
    "gopher_repeated_paragraph_characters": (_of_repetition, "", "dup_para_char_frac", False),
    **{f"gopher_top_{k}_words": (_of_repetition, "", f"top_n_grams/{k}", True) for k in (2, 3, 4)},
    **{f"gopher_repeated_{k}_words": (_of_repetition, "", f"dup_n_grams/{k}", True) for k in range(5, 11)},
    "fineweb_ended_lines": (_of_fineweb, "line_punct_thr", "", False),
    "fineweb_short_lines": (_of_fineweb, "", "short_line_thr", False),
    "fineweb_repeated_characters": (_of_fineweb, "", "char_duplicates_ratio", False),
    "fineweb_line_breaks": (_of_fineweb, "", "new_line_ratio", True),
}


def datatrove(data: Dataset, recipe: Recipe) -> Translated:
    """The steps that are on as a file of Python: `python FILE INPUT OUTPUT` runs them over folders of JSON lines.

    What would mean something else there is left out, and named with the reason in the file and in `lines`.
    """
    filters: list[str] = []
    lines = by_hand(recipe)
    text = text_field(data)
    fields = _fields(text)
    limits = {kind: {ends(s) for _, s in parts(recipe) if _measure(data, s) == kind} for kind in _SIGNS}
    signs = limits[_SIGNS[0]] & limits[_SIGNS[1]]
    for name, step in parts(recipe):
        try:
            made, note = _filters(data, step, fields, signs)
            filters += made
            lines.append(Line(name, note=note))
        except Untold as why:
            lines.append(Line(name, str(why)))
    if text is None:
        lines.append(Line("the text of a row", f"It is made here from {data.text_view.words()}; say `text_key` anew."))
    return Translated("datatrove_pipeline.py", _file(recipe.name, text or "text", filters, tuple(lines)), tuple(lines))


def _fields(text: str | None) -> Fields:
    def field(name: str) -> str:
        if name == text:
            return "doc.text"
        if name in _TAKEN:
            raise Untold(f"datatrove keeps a field called {name!r} for itself.")
        return f"doc.metadata.get({name!r})"

    def size(unit: str) -> str:
        if text is None:
            raise Untold("The text that is measured is made here, of several columns or by an edit.")
        return {"characters": "len(doc.text)", "utf8_bytes": "len(doc.text.encode())"}[unit]

    return Fields(
        number=lambda name: f"number({field(name)})",
        text=field,
        there=lambda value: f"{value} is not None",
        letters=True,
        sizes=size,
    )


def _measure(data: Dataset, step: Step) -> str:
    """The rule whose value a step cuts, "" for any other step."""
    info = data.columns.get(str(step.params.get("column"))) if step.do == "number_range" else None
    return info.stored if info and info.origin == "signal" and (info.stored in _RULES or info.stored in _SIGNS) else ""


def _filters(
    data: Dataset, step: Step, fields: Fields, signs: set[tuple[float | None, float | None]]
) -> tuple[list[str], str]:
    """The filters for a step, and what may differ; raises `Untold`. signs: limits that # and … have both."""
    if why := bound(step):
        raise Untold(why)
    rule = _measure(data, step)
    if not rule:
        return [f"LambdaFilter(lambda doc: {condition(data, step, fields)})"], ""
    if text_field(data) is None:
        raise Untold(f"The rules read {data.text_view.words()} here.")
    if rule in _SIGNS and ends(step) not in signs:
        raise Untold("datatrove has one limit for # and …: give both the same.")
    make, low, high, words = _RULES.get(rule, (_of_quality, "", "max_symbol_word_ratio", True))
    info = data.info(str(step.params["column"]))
    if words and data.added[info.thing].spec.params.get("words") != "signs apart":
        raise Untold("Words are parted by white space here; datatrove parts signs and endings from them.")
    made = []
    for argument, end in zip((low, high), ends(step), strict=True):
        if end is None:
            continue
        if not argument:
            raise Untold("datatrove has no limit at this end.")
        if not end and make is not _of_fineweb and "/" not in argument:
            raise Untold("A limit of 0 is taken for none there.")
        made.append(make(argument, end))
    if not made:
        raise Untold("It drops only what has no value, which each text has there.")
    return made, _WORDS if words else ""


def _file(name: str, text: str, filters: list[str], lines: tuple[Line, ...]) -> str:
    rules = any(not one.startswith("LambdaFilter") for one in filters)
    body = "".join(f"    {one},\n" for one in ([_NOT_BLANK] if rules else []) + filters)
    return "\n".join(
        [
            f"# The recipe {in_comment(name)!a}, from Winnow, for datatrove 0.10.",
            "# python datatrove_pipeline.py INPUT OUTPUT: folders of JSON lines. Its readers pass over empty texts.",
            *(["# A text of white space alone goes first: the rules would divide by its words."] if rules else []),
            *report(lines),
            "import sys",
            "",
            "from datatrove.executor import LocalPipelineExecutor",
            "from datatrove.pipeline.filters import (",
            "    FineWebQualityFilter,",
            "    GopherQualityFilter,",
            "    GopherRepetitionFilter,",
            "    LambdaFilter,",
            ")",
            "from datatrove.pipeline.readers import JsonlReader",
            "from datatrove.pipeline.writers import JsonlWriter",
            "",
            'INF = float("inf")',
            "",
            "",
            "def number(value):",
            '    """A field as a number; one that is missing or no number compares with none."""',
            '    return float("nan") if value is None or isinstance(value, (str, bool)) else float(value)',
            "",
            "",
            "FILTERS = [",
            f"{body}]",
            "",
            'if __name__ == "__main__":',
            "    # No field gives the id, so that all of them stay fields of the row.",
            f'    reader = JsonlReader(sys.argv[1], text_key={text!r}, id_key="")',
            "    LocalPipelineExecutor([reader, *FILTERS, JsonlWriter(sys.argv[2])]).run()",
            "",
        ]
    )

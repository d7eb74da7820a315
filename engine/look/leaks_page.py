"""The report on leaks as one HTML file: it opens anywhere, runs nothing and asks for nothing."""

from collections.abc import Iterator, Sequence
from html import escape

from engine.dataset import row_words
from engine.look.leak_words import Spans, matched
from engine.look.leaks import Crossings, Kind, Leak, Leaks

AROUND = 240
"""Characters of a text that are shown before and behind what is shared; of what is shared, four times as many."""

KIND_WORDS: dict[Kind, str] = {
    "exact": "the item, word for word",
    "run": "a long run of words",
    "edited": "in pieces, words changed",
    "meaning": "by meaning alone",
}

_HEAD = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>
:root {{ color-scheme: light dark; --text: light-dark(#1f2328, #e6e8eb); --page: light-dark(#fff, #15181c);
  --quiet: light-dark(#57606a, #9aa4af); --line: light-dark(#d5dae0, #343a41); --mark: light-dark(#ffe08a, #6b5200); }}
body {{ font: 16px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 72rem;
  margin: 2rem auto; padding: 0 1rem; }}
h1 {{ font-size: 1.5rem; }} h2 {{ font-size: 1.15rem; margin-top: 2rem; }}
table {{ border-collapse: collapse; }} th, td {{ text-align: left; padding: .25rem .9rem .25rem 0;
  border-bottom: 1px solid var(--line); }} td.n, th.n {{ text-align: right; font-variant-numeric: tabular-nums; }}
article {{ border-top: 1px solid var(--line); padding: .9rem 0; }}
.two {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 1.25rem; }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere; margin: .2rem 0 0; }}
.quiet {{ color: var(--quiet); }} mark {{ background: var(--mark); color: inherit; }}
</style></head><body>
"""


def leaks_page(found: Leaks, *, by: str = "", between: Crossings | None = None, most: int = 200) -> str:
    """The whole report as HTML. by: a column whose values are told apart; most: leaks that are shown with their texts.

    Texts of the corpus are text only, whatever they hold.
    """
    title = f"Rows of {found.data.name} that hold items of {found.other.name}"
    return _HEAD.format(title=escape(title)) + "\n".join(_body(found, title, by, between, most)) + "\n</body></html>\n"


def _body(found: Leaks, title: str, by: str, between: Crossings | None, most: int) -> Iterator[str]:
    whole, looked, n = len(found.found), len(found.rows), len(found.other.texts)
    share = f" ({whole / looked:.2%})" if looked else ""
    yield f"<h1>{escape(title)}</h1>"
    yield (
        f"<p><strong>{whole:,}</strong> of {looked:,} rows{share} hold one of {n:,} different items. A run counts from "
        f"{found.least:,} {found.unit} on.</p>"
    )
    if found.unfit:
        yield f"<p>{found.unfit:,} items have fewer than 5 words: they are found by meaning only.</p>"
    counts = found.counts()
    yield _table(("How", "Rows", "Items"), [(KIND_WORDS[kind], *counts[kind]) for kind in KIND_WORDS])
    if by:
        yield f"<h2>By {escape(by)}</h2>"
        lines = [(label, n, leaks, f"{leaks / n:.2%}") for label, n, leaks in found.by(by)[:50]]
        yield _table((by, "Rows", "Hold an item", "Share"), lines)
    if between:
        yield from _between(between)
    shown = found.shown(most)
    if shown:
        yield f"<h2>{f'All {whole:,}' if len(shown) == whole else f'The first {len(shown):,} of {whole:,}'} leaks</h2>"
    for one in shown:
        yield _leak(found, one)


def _between(found: Crossings) -> Iterator[str]:
    yield f"<h2>Between the parts of {escape(found.column)}</h2>"
    yield "<p>Rows of the part at the left that share a run with a row of the part above.</p>"
    head = (found.column, "Rows", *(name for name, _ in found.parts))
    yield _table(
        head,
        [
            (name, rows, *("" if here == there else int(n) for there, n in enumerate(found.found[here])))
            for here, (name, rows) in enumerate(found.parts)
        ],
    )


def _leak(found: Leaks, one: Leak) -> str:
    facts = [KIND_WORDS[one.kind]]
    if one.equal:
        facts.append(f"{one.equal:,} words, {one.longest:,} in a row, {one.share:.0%} of the item")
    if one.similarity is not None:
        facts.append(f"similarity {one.similarity:.3f}")
    mine, theirs = matched(one)
    row, item = row_words(found.data, one.row, begins=True), found.item_words(one.item, begins=True)
    return (
        f'<article><div class="quiet">{escape("; ".join(facts))}</div><div class="two">'
        f"<div><strong>{escape(row)}</strong>{_marked(one.row_text, mine)}</div>"
        f"<div><strong>{escape(item)}</strong>{_marked(one.item_text, theirs)}</div></div></article>"
    )


def _marked(text: str, spans: Spans) -> str:
    """A text around what is shared, that marked; what lies farther away is left out."""
    start, end = (spans[0][0], spans[-1][1]) if spans else (0, 0)
    first, last = max(0, start - AROUND), min(len(text), end + AROUND)
    cut = 2 * AROUND
    parts = [(first, start + cut), (end - cut, last)] if end - start > 2 * cut else [(first, last)]
    said = " … ".join("".join(_pieces(text, spans, *part)) for part in parts)
    return f'<p class="text" dir="auto">{"… " if first else ""}{said}{" …" if last < len(text) else ""}</p>'


def _pieces(text: str, spans: Spans, first: int, last: int) -> Iterator[str]:
    """From one character to another, what is marked in between."""
    at = first
    for start, end in spans:
        start, end = max(start, first), min(end, last)
        if start < end:
            yield f"{escape(text[at:start])}<mark>{escape(text[start:end])}</mark>"
            at = end
    yield escape(text[at:last])


def _table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """The first column as text, the others as numbers."""
    kinds = ["", *[' class="n"'] * (len(head) - 1)]
    first = "".join(f"<th{k}>{escape(h)}</th>" for k, h in zip(kinds, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{k}>{_cell(v)}</td>" for k, v in zip(kinds, row, strict=True)) + "</tr>" for row in rows
    )
    return f"<table><tr>{first}</tr>{body}</table>"


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else escape(str(value))

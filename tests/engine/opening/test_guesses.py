"""What columns are taken for: the name is a hint, the values decide, and each guess has its reason."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from engine.opening.preview import preview

N = 40
TEXTS = [f"a text of some words, the one with the number {i}" for i in range(N)]

COLUMNS: dict[str, tuple[dict[str, list[object]], dict[str, str]]] = {
    "an id by its name": ({"ticket_id": [f"x{i * 7 % 41}y" for i in range(N)]}, {"id": "ticket_id"}),
    "no id where values repeat": ({"id": [i // 2 for i in range(N)]}, {}),
    "no id where one is missing": ({"id": [None, *range(1, N)]}, {}),
    "an id that counts up": ({"nr": list(range(1, N + 1))}, {"id": "nr"}),
    "numbers that differ are no id": ({"price": [i * 7 % 41 for i in range(N)]}, {}),
    "codes of one shape": ({"other": ["x y"] * N, "case": [f"T-{i:04}" for i in range(N)]}, {"id": "case"}),
    "the first column of single words": ({"package": [chr(97 + i % 26) * (2 + i // 26) for i in range(N)]},
                                         {"id": "package"}),
    "a label by its name": ({"intent": [f"class {i % 9}" for i in range(N)], "b": [i % 3 for i in range(N)]},
                            {"label": "intent"}),
    "no label where all values differ": ({"label": [f"long and new {i * 7 % 41}" for i in range(N)]}, {}),
    "no label where values are texts": ({"label": ["a text " * 20 + "ab"[i % 2] for i in range(N)]}, {}),
    "the name of a class before its number": ({"label": [i % 3 for i in range(N)],
                                               "label_name": ["cat", "dog", "cow", "hen"] * 10},
                                              {"label": "label"}),
    "the only column of few values": ({"clickbait": [i % 2 for i in range(N)]}, {"label": "clickbait"}),
    "none of two columns of few values": ({"a": [i % 2 for i in range(N)], "b": [i % 3 for i in range(N)]}, {}),
    "a flag is no label": ({"seen": [i % 2 == 0 for i in range(N)]}, {}),
    "years are no label": ({"year": [2000 + i % 3 for i in range(N)]}, {}),
    "a label under the name of a flag": ({"label": [i % 2 == 0 for i in range(N)]}, {"label": "label"}),
    "a date by its values": ({"when": [f"2020-01-{i % 28 + 1:02}" for i in range(N)]}, {"date": "when"}),
    "no date where values are none": ({"date": [f"soon {i}" for i in range(N)]}, {}),
    "codes of languages": ({"lang": ["en", "de", "pt-BR", "zho"] * 10}, {"language": "lang"}),
    "names of languages": ({"spoken": ["English", "german"] * 20}, {"language": "spoken"}),
    "no language where values are others": ({"language": ["Python", "C++"] * 20}, {"label": "language"}),
    "codes under another name": ({"state": ["ca", "ny"] * 20}, {"label": "state"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", COLUMNS)
def test_a_column_is_taken_for_what_is_in_it(kind: str, tmp_path: Path) -> None:
    columns, roles = COLUMNS[kind]
    path = tmp_path / "a.csv"
    table = pa.table({**columns, "text": TEXTS})
    rows = [",".join("" if v is None else f'"{v}"' for v in row.values()) for row in table.to_pylist()]
    path.write_text("\n".join([",".join(table.column_names), *rows]) + "\n")
    found = preview([path]).guesses
    assert {g.role: g.column for g in found} == {"text": "text", **roles}
    assert all(g.why for g in found)


def test_prompts_and_answers_are_texts_not_numbers_and_a_target_of_few_values_is_a_label(tmp_path: Path) -> None:
    pairs = {
        "a": {"prompt": TEXTS, "response": TEXTS[::-1]},
        "b": {"question": TEXTS, "response": [float(i % 7) for i in range(N)]},
        "c": {"input": TEXTS, "target": TEXTS[::-1]},
        "d": {"input": TEXTS, "target": ["yes", "no"] * 20},
    }
    found = {}
    for name, columns in pairs.items():
        pq.write_table(pa.table(columns), tmp_path / f"{name}.parquet")
        found[name] = {g.role: g.column for g in preview([tmp_path / f"{name}.parquet"]).guesses}
    assert found == {
        "a": {"prompt": "prompt", "answer": "response"},
        "b": {"text": "question"},
        "c": {"prompt": "input", "answer": "target"},
        "d": {"text": "input", "label": "target"},
    }

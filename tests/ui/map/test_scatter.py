"""The map's Python side: colours, gestures, the message, the small answers; on a handful of rows."""

import json

import numpy as np
import pytest

from engine.errors import EngineError
from ui.map import html
from ui.map.colouring import palettes
from ui.map.points import (
    OTHER,
    Hover,
    MapPoints,
    by_category,
    by_number,
    event_from,
    trust_of,
)
from ui.map.request_handlers import Scene, answer
from ui.map.wire import mask_bytes, pack, point_bytes, unsent

POINTS = MapPoints("four", np.array([0, 1, 2, np.nan], dtype=np.float32), np.array([0, 1, 2, 0], dtype=np.float32))


def unpacked(content: bytes) -> tuple[dict[str, object], dict[str, bytes]]:
    size = int.from_bytes(content[:4], "little")
    header = json.loads(content[4 : 4 + size])
    body = content[4 + size :]
    return header, {name: body[start : start + length] for name, start, length in header["parts"]}


def test_the_largest_categories_come_first_and_noise_is_called_none():
    colour = by_category("d", "topic", np.array([1, 1, 0, -1]), ["small", "big"])
    assert colour.labels == ("big", "small", "none")
    assert colour.counts == (2, 1, 1)
    assert colour.codes.tolist() == [0, 0, 1, 251]
    assert colour.values == (1, 0, -1)


def test_a_label_of_nothing_has_a_name_in_the_legend():
    assert by_category("d", "word", np.array([0, 1, 1]), [" ", ""]).labels == ("(empty)", "(empty)")


def test_ten_thousand_categories_have_250_labels_in_twenty_colours_and_other():
    codes = np.concatenate([np.arange(10_000), np.arange(250)])
    colour = by_category("d", "word", codes, [str(i) for i in range(10_000)])
    assert colour.labels[:2] == ("0", "1")
    assert colour.labels[250] == "other (9,750 more)"
    assert colour.counts[250] == 9_750
    assert colour.codes[5_000] == 250
    assert len(colour.paints) == 250 and set(colour.paints) == set(range(20))


def test_a_category_code_without_a_label_is_refused():
    with pytest.raises(EngineError, match="code 2, but only 2 labels"):
        by_category("d", "topic", np.array([2]), ["a", "b"])


def test_one_outlier_does_not_take_the_whole_scale():
    values = np.append(np.arange(200.0), 1e9)
    colour = by_number("d", "length", values)
    assert colour.high < 210
    assert colour.codes[-1] == 253 and colour.codes[100] in range(120, 135)


def test_a_missing_number_has_its_own_colour_and_is_counted():
    colour = by_number("d", "length", np.array([0.0, 1.0, np.nan]))
    assert colour.codes[2] == 254
    assert colour.counts == (1,)


def test_zero_is_missing_on_a_log_scale():
    colour = by_number("d", "size", np.array([0.0, 1.0, 1000.0]), log=True)
    assert colour.codes.tolist()[0] == 254
    assert 1 <= colour.low < colour.high <= 1000


def test_a_constant_column_has_a_scale_of_no_length_and_no_error():
    colour = by_number("d", "same", np.full(5, 3.0))
    assert colour.codes.tolist() == [0] * 5


def test_a_gesture_from_the_wire_is_checked():
    event = event_from({"kind": "box", "polygon": [0, 0, 1, 0, 1, 1, 0, 1], "operation": "add", "hidden": [3, 999]})
    assert event is not None and event.polygon is not None
    assert (event.kind, event.operation, event.hidden, event.polygon.shape) == ("box", "add", (3,), (4, 2))
    assert event_from(None) is None
    with pytest.raises(EngineError, match="combine"):
        event_from({"kind": "box", "operation": "explode"})
    with pytest.raises(EngineError, match="three corners"):
        event_from({"kind": "lasso", "polygon": [0, 0, 1, 1]})
    with pytest.raises(EngineError, match="finite"):
        event_from({"kind": "lasso", "polygon": [0, 0, 1, 1, float("nan"), 2]})
    with pytest.raises(EngineError, match="corners"):
        event_from({"kind": "lasso", "polygon": [0, 0, 1]})
    with pytest.raises(EngineError, match="numbers"):
        event_from({"kind": "lasso", "polygon": ["a", "b", "c", "d", "e", "f"]})


def test_a_message_unpacks_to_what_went_in_with_every_part_on_a_multiple_of_eight():
    content = pack({"n": 3}, {"a": b"xyz", "b": b"12345678", "c": b""})
    header, parts = unpacked(content)
    assert (header["n"], parts) == (3, {"a": b"xyz", "b": b"12345678", "c": b""})
    size = int.from_bytes(content[:4], "little")
    assert (4 + size) % 8 == 0 and all(start % 8 == 0 for _, start, _ in header["parts"])


def test_what_was_sent_once_is_not_made_again():
    sent: set[str] = set()
    made = []
    parts = {"a": lambda: made.append("a") or b"1"}
    assert unsent(parts, sent) == {"a": b"1"}
    assert unsent(parts, sent) == {}
    assert made == ["a"]


def test_places_take_eight_bytes_a_row_and_a_mask_one_bit():
    assert len(point_bytes(POINTS.x, POINTS.y)) == 32
    assert mask_bytes(np.array([True, False, False, True, False, False, False, False, True])) == b"\x09\x01"


def scene(**more: object) -> Scene:
    return Scene(
        **{
            "points": POINTS,
            "colour": None,
            "trust": trust_of(np.array([0, 1, np.nan, 0.5]), 100),
            "neighbours": lambda row: np.array([1, 99, -5, row]),
            "texts": lambda rows, facts: [
                Hover(f"text {r} " * 100, f"title {r}", facts=tuple((f, "x" * 200) for f in facts)) for r in rows
            ],
            "header": {"facts": ["size", "kind"]},
            **more,
        }
    )


def test_texts_are_answered_in_order_shortened_and_only_for_rows_that_are_there():
    values, _ = answer({"ask": "texts", "rows": [2, 0, 77, -1, "x"]}, scene())
    assert values["rows"] == [2, 0]
    cards = [(card["title"], card["text"][:6]) for card in values["texts"]]
    assert cards == [("title 2", "text 2"), ("title 0", "text 0")]
    assert max(len(card["text"]) for card in values["texts"]) == 280
    asked = {"ask": "titles", "rows": [1], "facts": ["kind", "nobody knows", 7]}
    assert answer(asked, scene())[0]["texts"][0]["facts"] == [("kind", "x" * 80)]


def test_a_promoted_label_has_a_colour_and_the_smallest_of_the_others_gives_its_own_up():
    codes = np.repeat(np.arange(253), np.arange(253, 0, -1))  # label 0 has 253 rows, label 252 has one
    labels = [f"k{i}" for i in range(253)]
    before, after = by_category("d", "k", codes, labels), by_category("d", "k", codes, labels, promoted=[252, 3, 252])
    assert before.others is not None
    assert before.others.found("", 9) == ([("k250", 250, 3), ("k251", 251, 2), ("k252", 252, 1)], 0)
    assert before.others.found("51", 0) == ([], 1)
    assert after.codes[codes == 252].tolist() == [249] and set(after.codes[codes == 249]) == {OTHER}
    assert after.paints[:249] == before.paints[:249]
    assert answer({"ask": "others", "find": "K250"}, scene(colour=after))[0] == {
        "others": [("k250", 250, 3)],
        "more": 0,
    }


def test_neighbours_that_are_no_rows_are_left_out():
    assert answer({"ask": "neighbours", "rows": [0]}, scene())[0] == {"rows": [1, 0]}


def test_trust_is_one_byte_a_row_on_the_scale_of_the_map_and_unknown_is_254():
    shares = np.linspace(0.4, 0.9, 101)
    trust = trust_of(np.append(shares, np.nan), 100)
    assert (round(trust.low, 2), round(trust.high, 2), round(trust.mean, 2)) == (0.45, 0.85, 0.65)
    assert trust.codes()[[0, 10, 50, 90, 100, 101]].tolist() == [0, 0, 126, 253, 253, 254]
    assert answer({"ask": "trust"}, scene(trust=trust))[1] == trust.codes().tobytes()


def test_trust_that_is_the_same_everywhere_is_shown_on_the_whole_scale():
    assert trust_of(np.full(3, 0.5), 100).codes().tolist() == [126] * 3
    assert trust_of(np.array([]), 15).low == 0.0


def test_a_question_that_nobody_knows_gets_an_empty_answer():
    assert answer({"ask": "everything"}, scene()) == ({}, b"")


def test_markup_in_names_and_texts_stays_text_in_the_saved_file():
    bad = "</script><script>alert(1)</script>"
    header = {"colour": {"name": bad}, "can": {"texts": True, "trust": True}, "note": bad, "noteAction": "x"}
    page = html.map_html(header, {"p": b"\0\1"}, script="run('</script>')", title=bad, texts=[bad]).decode()
    assert "alert(1)</script>" not in page
    assert page.count("</script>") == 4  # the header, two arrays, the script
    assert "default-src 'none'" in page


def test_colours_are_told_apart_by_colour_blind_eyes():
    """Every two of twenty, seen with full, no red, no green and no blue cones (Machado and others, 2009)."""
    sight = {
        "full": np.eye(3),
        "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    }
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    # In OKLab, 0.02 is about the least difference that is seen side by side.
    least = {"full": 0.07, "protan": 0.06, "deutan": 0.05, "tritan": 0.025}
    for name in ("category", "categoryDark"):
        rgb = np.array([[int(c[i : i + 2], 16) / 255 for i in (1, 3, 5)] for c in palettes()[name]])
        assert len(rgb) == 20
        linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        for eye, matrix in sight.items():
            lab = np.cbrt(np.clip(linear @ np.array(matrix).T, 0, 1) @ to_cones.T) @ to_lab.T
            apart = np.linalg.norm(lab[:, None] - lab[None], axis=2) + np.eye(20)
            assert apart.min() > least[eye], (name, eye)

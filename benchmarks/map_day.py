"""A day on the map, lived through in a browser: a subject found by name, by search and by histogram, and taken out.

Run by hand: `python -m benchmarks.map_day SOURCE --workspace FOLDER --dataset NAME --search WORDS --topics WORD …
--truth COLUMN --of VALUE … [--rows 3000] [--shots DIR]`. The dataset is opened and mapped already (`winnow open`,
`winnow map`); what is done here is done on a copy. The person searches by meaning, selects topics in the legend whose
names have one of the words, adds what the search found, brushes a histogram, grows, keeps what is selected, chooses so
many rows, exports. Prints clicks and keys job by job, the share of rows whose COLUMN has one of the VALUES after each
step, what share of all those rows it is, and whether the replay on the command line gave the same rows.
"""

import argparse
import re
from collections import Counter
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.day import Person, chosen, exported, lived_on_copy
from engine import Manifest

MAP = "[...globalThis[Symbol.for('winnow.map')].maps.values()].find((m) => m.camera)"


def selected(me: Person) -> int:
    """How many rows are selected, as the page says it."""
    found = re.search(r"([\d,]+) selected", me.page.locator(".status").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def looked(me: Person) -> None:
    """Look at the map, its density, its trust, one row, and zoom in on a name."""
    me.begins("look around")
    me.go("Explore")
    me.page.wait_for_selector(".map[data-drawn]")
    me.rest()
    me.shot("1-map")
    me.page.locator(".map").focus()
    for key, shot in (("c", "2-density"), ("t", "3-trust")):
        me.key(key)
        me.shot(shot)
        me.key(key)
    name = me.page.evaluate(
        f"() => {{ const l = {MAP}.standing.filter((one) => one.screen)[0]; const [a, b, c, d] = l.screen;"
        "return [(a + c) / 2, (b + d) / 2]; }"
    )
    over = me.page.locator(".over").bounding_box()
    assert over
    me.did(lambda: me.page.mouse.click(over["x"] + name[0], over["y"] + name[1]))
    me.page.wait_for_timeout(1500)
    me.shot("4-card")
    me.key("Escape")
    me.key("Escape")


def by_names(me: Person, words: list[str]) -> None:
    """Colour by topic, find each word in the legend, select the lines that it leaves."""
    me.begins("select topics by their names")
    me.choose("Colour by", "topic@")
    me.shot("5-topics")
    lines = 0
    for word in words:
        me.page.get_by_label("Find a label").fill(word)
        me.acts[me.job] += 1
        me.page.wait_for_timeout(600)
        for line in me.page.locator(".legend .pick:visible").all():
            me.did(lambda: line.click(modifiers=["Shift"] if lines else []))  # noqa: B023
            lines += 1
    me.page.get_by_label("Find a label").fill("")
    me.rest()
    me.shot("6-selected")


def by_search(me: Person, words: str) -> None:
    """Search by meaning; add what was found, after a look at where it lies."""
    me.begins("search by meaning, add what is found")
    me.press("Search")
    me.did(lambda: me.page.get_by_text("Meaning", exact=True).click())
    box = me.page.get_by_role("textbox", name="Search", exact=True)
    box.fill(words)
    me.did(lambda: box.press("Enter"))
    me.page.get_by_role("button", name="Zoom to them").wait_for()
    me.rest()
    me.shot("7-found")
    me.press("Zoom to them")
    me.page.wait_for_timeout(1500)
    me.shot("8-zoomed")
    me.press("Add to the selected")
    me.key("Escape")
    me.page.locator(".map").focus()
    me.key("0")
    me.shot("9-added")


def by_histogram(me: Person, columns: list[str]) -> None:
    """See how values lie among the selected; of the last column take the lower nine tenths of the bars."""
    me.begins("brush a histogram")
    for column in columns:
        me.did(lambda: me.page.get_by_label("Add a histogram").select_option(column))  # noqa: B023
        me.page.locator(f".chart[data-column={column}]").wait_for()
    me.page.wait_for_timeout(800)
    me.shot("10-histograms")
    plot = me.page.locator(f".chart[data-column={columns[-1]}] .plot")
    plot.scroll_into_view_if_needed()
    box, mouse = plot.bounding_box(), me.page.mouse
    assert box
    mouse.move(box["x"] + 2, box["y"] + 20)
    mouse.down()
    for tenth in range(1, 10):
        mouse.move(box["x"] + box["width"] * tenth / 10, box["y"] + 20)
        me.page.wait_for_timeout(100)
    me.shot("10-brushing")
    me.did(mouse.up)
    me.page.wait_for_timeout(1500)
    me.shot("10-brushed")


def kept(me: Person) -> None:
    """Grow to the nearest neighbours and keep only what is selected."""
    me.begins("grow, keep")
    me.page.locator(".map").focus()
    me.key("g")
    me.shot("11-grown")
    me.press("Keep only these")
    me.shot("12-kept")


def main() -> None:
    """Live it; print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--search", required=True)
    parser.add_argument("--topics", nargs="+", required=True)
    parser.add_argument("--truth", required=True)
    parser.add_argument("--of", nargs="+", required=True)
    parser.add_argument("--histograms", nargs="+", required=True)
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()

    def live(me: Person) -> Path:
        looked(me)
        by_names(me, asked.topics)
        print("selected by names", selected(me))
        by_search(me, asked.search)
        print("with what was found", selected(me))
        by_histogram(me, asked.histograms)
        print("within the stretch", selected(me))
        kept(me)
        print("grown", selected(me))
        chosen(me, asked.rows)
        return exported(me, "")

    def of_truth(out: Path, made: Manifest) -> None:
        told(asked.source, out / made.data_file, asked.truth, set(asked.of))

    lived_on_copy(asked.source, asked.workspace, asked.dataset, asked.shots, live, of_truth)


def told(source: Path, exported_to: Path, column: str, values: set[str]) -> None:
    """Print the share of rows of these values before and after, and the most frequent others."""
    for name, path in (("source", source), ("export", exported_to)):
        there = Counter(pq.read_table(path, columns=[column])[column].to_pylist())
        found = sum(there.pop(value, 0) for value in values)
        rows = found + there.total()
        print(f"{name}: {found:,} of {rows:,}, {found / rows:.1%}; others {there.most_common(8)}")


if __name__ == "__main__":
    main()

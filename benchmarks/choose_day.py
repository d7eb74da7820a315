"""A day of choosing, lived through in a browser: three ways, compared, read, a lost group kept, a mix, out, replayed.

Run by hand: `python -m benchmarks.choose_day SOURCE --workspace FOLDER --dataset NAME --examples LINE … --by COLUMN
--group VALUE [--rows 2000] [--shots DIR]`. The dataset is opened and mapped already (`winnow open`, `winnow map`); what
is done here is done on a copy. Prints clicks and keys job by job, the table in which the choices stand side by side,
three rows that are in and three that are out with the reason, and whether the replay on the command line gave the same
rows.
"""

import argparse
from pathlib import Path

from benchmarks.day import Person, exported, lived_on_copy


def chosen(me: Person, purpose: str, rows: int, shot: str) -> None:
    """Choose so many rows for a purpose."""
    me.press(purpose)
    me.fill("Budget", str(rows))
    me.press("Choose again" if me.page.get_by_role("button", name="Choose again").count() else "Choose", -1)
    waited(me)
    me.shot(shot)


def waited(me: Person) -> None:
    """Until the choice is made, at once or as a job."""
    me.sees("rows chosen in", 1800)
    me.page.wait_for_function(
        "() => ![...document.querySelectorAll('.stAlert')].some((one) => /being made/.test(one.innerText))",
        timeout=1_800_000,
    )
    me.rest()


def view(me: Person, name: str) -> None:
    """Look at a view of the evidence."""
    me.did(lambda: me.page.locator("[data-testid=stButtonGroup] button", has_text=name).first.click())


def three_ways(me: Person, rows: int, examples: list[str]) -> None:
    """Cover everything, match a target, thin evenly: the first two put aside."""
    me.begins("choose three ways")
    me.go("Choose")
    me.shot("1-choose")
    chosen(me, "Cover everything", rows, "2-cover")
    view(me, "Compare")
    me.press("Put this choice aside")
    me.press("Match a target")
    box = me.page.get_by_label("One example a line")
    box.fill("\n".join(examples))
    me.did(lambda: box.press("Control+Enter"))
    chosen(me, "Match a target", rows, "3-target")
    view(me, "Compare")
    me.press("Put this choice aside")
    chosen(me, "Thin evenly", rows, "4-random")


def compared(me: Person) -> None:
    """Measure all three, read the table, take the first one back."""
    me.begins("compare, take one")
    view(me, "Compare")
    if me.page.get_by_role("button", name="Measure them all").count():
        me.press("Measure them all")
        me.page.get_by_role("button", name="Measure them all").wait_for(state="hidden", timeout=3_600_000)
        me.rest()
    me.shot("5-compared")
    print(me.page.locator("[data-testid=stMarkdown] table").first.inner_text())
    me.press("Take it")
    waited(me)


def read(me: Person) -> None:
    """Why three rows are in, and three are out."""
    me.begins("read why")
    view(me, "Rows")
    me.shot("6-why")
    for one in me.page.locator("[data-testid=stCaptionContainer]").all_inner_texts():
        if one.startswith("Row ") and (" is in" in one or " is out" in one):
            print(one)


def kept_and_mixed(me: Person, by: str, group: str) -> None:
    """Keep the groups that are lost, if any, then set the share of one by the arrow keys."""
    me.begins("keep lost groups, set a mix")
    view(me, "Groups")
    me.shot("7-groups")
    button = me.page.get_by_role("button", name="Keep them")
    if button.count():
        me.did(button.first.click)
        waited(me)
        me.shot("8-kept")
    if not me.page.get_by_text("Groups of", exact=True).count():
        me.did(lambda: me.page.locator("[data-testid=stExpander]").get_by_text("The mix").first.click())
    me.choose("Groups of", by)
    which = me.page.locator("[data-testid=stMultiSelect]").filter(has_text="Set the share of").locator("input").first
    which.click()
    which.press_sequentially(group, delay=40)
    me.did(lambda: which.press("Enter"))
    slider = me.page.get_by_role("slider", name="Share of").last
    me.key("Escape")
    for _ in range(5):
        me.did(lambda: slider.press("ArrowRight"))
    me.shot("9-mix")
    me.press("Choose again")
    waited(me)
    me.shot("10-mixed")


def main() -> None:
    """Live it; print what was seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--workspace", type=Path, required=True)
    parser.add_argument("--dataset", required=True)
    parser.add_argument("--examples", nargs="+", required=True)
    parser.add_argument("--by", required=True)
    parser.add_argument("--group", required=True)
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--shots", type=Path)
    asked = parser.parse_args()

    def live(me: Person) -> Path:
        three_ways(me, asked.rows, asked.examples)
        compared(me)
        read(me)
        kept_and_mixed(me, asked.by, asked.group)
        return exported(me, "")

    lived_on_copy(asked.source, asked.workspace, asked.dataset, asked.shots, live)


if __name__ == "__main__":
    main()

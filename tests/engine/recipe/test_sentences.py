"""Steps in words: each member, each nest, and the few words of a line, written out."""

import pytest

from engine.recipe import FILTERS, SELECTORS, Step, turned
from engine.text import FLAWS

A = Step("values", {"column": "label", "values": ["a"]})
LONG = Step("number_range", {"column": "words", "low": 100})
INSIDE = Step("region", {"map": "umap@minilm", "region": "ref"})
TOPIC = Step("topic", {"topics": "topics@minilm", "numbers": ["3"], "label": "“cheap flights”", "do": "drop"})
ADDRESSES = next(flaw.pattern for flaw in FLAWS if flaw.kind == "addresses")

MEMBERS = [
    (Step("number_range", {"column": "outlier", "high": 0.75}),
     "Keep · “outlier” at most 0.75", "Keep rows whose outlier is at most 0.75."),
    (Step("number_range", {"column": "n", "low": 1000, "high": 5.5, "keep_missing": True}),
     "Keep · “n” from 1,000 to 5.5 or missing", "Keep rows whose n is from 1,000 to 5.5 or missing."),
    (Step("number_range", {"column": "n"}), "Keep · “n” any value", "Keep rows whose n is any value."),
    (Step("values", {"column": "lang", "values": ["en", "de", "fr"], "missing": True, "do": "drop"}),
     "Drop · “lang” is “en”, “de” or “fr” or missing", "Drop rows whose lang is “en”, “de” or “fr” or missing."),
    (Step("values", {"column": "n", "values": list("abcdefg")}),
     "Keep · “n” is “a”, “b”, “c”, “d”, “e” or 2 more", "Keep rows whose n is “a”, “b”, “c”, “d”, “e” or 2 more."),
    (Step("text", {"find": "red panda"}),
     "Keep · text has the words “red panda”", "Keep rows whose text has the words “red panda”."),
    (Step("regex", {"pattern": r"\d{4}", "column": "title", "do": "drop"}),
     r"Drop · title matches “\d{4}”", r"Drop rows whose title matches “\d{4}”."),
    (Step("regex", {"pattern": ADDRESSES, "do": "drop"}),
     "Drop · text matches the pattern for addresses", "Drop rows whose text matches the pattern for addresses."),
    (Step("regex", {"pattern": "(ab|cd)" * 40}),
     "Keep · text matches “(ab|cd)(ab|cd)(ab|cd)(ab|cd)(ab|cd)(ab|…”",
     "Keep rows whose text matches “(ab|cd)(ab|cd)(ab|cd)(ab|cd)(ab|cd)(ab|…”."),
    (Step("missing"), "Keep · text is present", "Keep rows whose text is present."),
    (Step("date_range", {"column": "sent", "first": "2021"}),
     "Keep · “sent” 2021 or later", "Keep rows whose sent is 2021 or later."),
    (Step("date_range", {"column": "sent", "first": "2021", "last": "2022-06"}),
     "Keep · “sent” from 2021 to 2022-06", "Keep rows whose sent is from 2021 to 2022-06."),
    (TOPIC, "Drop · topic “cheap flights”", "Drop rows of topic “cheap flights”."),
    (Step("topic", {"topics": "topics@minilm", "numbers": ["1", "2"], "level": "area"}),
     "Keep · areas 1 or 2", "Keep rows of areas 1 or 2."),
    (Step("topic", {"topics": "topics@minilm", "numbers": ["-1"], "label": "what belongs to none"}),
     "Keep · no topic", "Keep rows of no topic."),
    (Step("similar_to", {"embedding": "minilm", "target": "ref", "label": "“upwards”", "least": 0.9}),
     "Keep · like “upwards” (at least 0.9)", "Keep rows like “upwards” (similarity at least 0.9 by minilm)."),
    (INSIDE, "Keep · inside the region drawn", "Keep rows that lie inside the region drawn on the map umap@minilm."),
    (Step("listed", {"listed": "ref", "label": "157 listed rows", "do": "drop"}),
     "Drop · 157 listed rows", "Drop rows on the list “157 listed rows”."),
    (Step("marked", {"marks": "ref", "label": "tagged “good”"}),
     "Keep · tagged “good”", "Keep rows that are tagged “good”."),
    (Step("overlaps", {"other": "ref", "label": "the exam"}),
     "Drop · shared with the exam",
     "Drop rows that share a run of 13 words or more with the exam, edited or not."),
    (Step("overlaps_part", {"by": "split", "values": ["test"], "least": 50, "unit": "characters", "edited": False}),
     "Drop · shared with rows whose “split” is “test”",
     "Drop rows that share a run of 50 characters or more with a row whose split is “test”."),
    (Step("sql", {"where": "stars > 4"}), "Keep · stars > 4", "Keep rows where stars > 4."),
    (Step("random", {"budget": 10}), "Pick · 10 rows at random", "Pick 10 rows at random (seed 0)."),
    (Step("stratified", {"budget": "10%", "column": "label", "shares": "equal"}),
     "Pick · 10 %, equal across “label”", "Pick 10 %, equal across label (seed 0)."),
    (Step("weighted", {"budget": 5, "column": "stars", "favour": "low", "seed": 1}),
     "Pick · 5 rows at random, low “stars” more often", "Pick 5 rows at random, low stars more often (seed 1)."),
    (Step("top", {"budget": 5, "column": "density"}),
     "Pick · 5 rows by “density”, high first", "Pick 5 rows by density, high first."),
    (Step("farthest", {"budget": 5, "embedding": "minilm"}),
     "Pick · 5 rows as far apart as possible", "Pick 5 rows as far apart from each other as can be by minilm."),
    (Step("farthest", {"budget": 5, "embedding": "minilm", "leave_out_odd": 5}),
     "Pick · 5 rows as far apart as possible",
     "Pick 5 rows as far apart from each other as can be by minilm, leaving out the oddest 5 %."),
    (Step("facility_location", {"budget": 5, "embedding": "minilm"}),
     "Pick · 5 rows that cover everything",
     "Pick 5 rows that cover everything by minilm: each row left has a picked one like it."),
    (Step("repeated_random", {"budget": 5, "epoch": 2}),
     "Pick · 5 rows at random, epoch 2", "Pick the 5 rows at random of epoch 2 of 10 (fresh draw, seed 0)."),
    (Step("band", {"budget": 5, "column": "doubt", "part": "high", "high": 95}),
     "Pick · 5 rows of high “doubt”, 0 to 95 %",
     "Pick 5 rows by doubt, high values of the band from 0 to 95 % (seed 0)."),
    (Step("spread_quality", {"budget": 5, "embedding": "minilm", "column": "stars"}),
     "Pick · 5 rows that cover everything, good by “stars” (0.5)",
     "Pick 5 rows that cover everything by minilm, among those good by stars (slider 0.5, high first)."),
    (Step("mmr", {"budget": 5, "embedding": "minilm", "column": "stars"}),
     "Pick · 5 rows good by “stars” and unlike each other",
     "Pick 5 rows good by stars and unlike each other by minilm (balance 0.5, high first)."),
    (Step("log_det", {"budget": 5, "embedding": "minilm"}),
     "Pick · 5 rows that span the most",
     "Pick 5 rows that span the most volume by minilm (ridge 0.1, of 50,000 candidates, seed 0)."),
    (Step("per_topic", {"budget": 5, "embedding": "minilm", "inside": "typical"}),
     "Pick · 5 rows, equal across 50 groups of its own, typical",
     "Pick 5 rows, equal across 50 groups of its own, inside each typical (seed 0)."),
    (Step("per_topic", {"budget": 5, "column": "topic@minilm", "quality": "stars"}),
     "Pick · 5 rows, equal across “topic@minilm”, by quality",
     "Pick 5 rows, equal across “topic@minilm”, inside each by quality (quality “stars”) (seed 0)."),
    (Step("add_one_in", {"budget": 5}),
     "Pick · 5 rows that add most words",
     "Pick 5 rows, each the one of 16 random rows that adds most words (runs of up to 2, seed 0)."),
    (Step("add_one_in", {"budget": 5, "options": 0}),
     "Pick · 5 rows that add most words",
     "Pick 5 rows, each the one of all rows that adds most words (runs of up to 2, seed 0)."),
    (Step("nearest", {"budget": 5, "embedding": "minilm", "target": "ref", "label": "the exam"}),
     "Pick · 5 rows most like the exam",
     "Pick 5 rows most similar to the exam by minilm (nearest example)."),
    (Step("betr", {"budget": 5, "embedding": "minilm", "target": "ref", "label": "the exam"}),
     "Pick · 5 rows that rank high for the exam",
     "Pick 5 rows that rank high for the exam by minilm (best of ranks)."),
    (Step("simcore", {"budget": 5, "embedding": "minilm", "target": "ref", "label": "the exam"}),
     "Pick · 5 rows grown around the exam",
     "Pick 5 rows at most, grown around the exam by minilm, stopping below 0.95 of the first round."),
    (Step("got_d", {"budget": 5, "embedding": "minilm", "target": "ref", "label": "the exam"}),
     "Pick · 5 rows that pull toward the exam",
     "Pick 5 rows that pull the whole toward the exam by minilm (smoothing 0.05, 4,000 candidates)."),
    (Step("search_and_prune", {"budget": 5, "embedding": "minilm", "target": "ref", "label": "the exam"}),
     "Pick · 5 rows from what lies nearest to the exam",
     "Pick 5 rows from the groups of rows that lie nearest to the exam by minilm, thinned (apart)."),
    (Step("dsir", {"budget": 5, "target": "ref", "label": "the exam"}),
     "Pick · 5 rows whose words are as in the exam",
     "Pick 5 rows whose words are spread as in the exam, at random (runs of up to 2 words)."),
]  # fmt: skip


@pytest.mark.parametrize(("step", "line", "sentence"), MEMBERS)
def test_a_step_is_said_as_people_speak_and_in_few_words(step: Step, line: str, sentence: str) -> None:
    step = step.checked()
    assert (f"{step.verb()} · {step.short()}", step.sentence()) == (line, sentence)


def test_every_filter_and_selector_stands_in_the_table() -> None:
    assert {*FILTERS, *SELECTORS} - {step.do for step, _, _ in MEMBERS} <= {"dedup"}


def test_filters_among_the_rows_left_are_said_too() -> None:
    said = [
        Step("at_most", {"column": "source", "most": 100, "by": "score", "keep": "last"}).checked(),
        Step("few_repeats", {"pairs": "exact(any_case=True)", "column": "source", "percent": 5}).checked(),
    ]
    assert [(f"{step.verb()} · {step.short()}", step.sentence()) for step in said] == [
        ("Drop · all but 100 rows of each “source”", "Drop rows of each source beyond the last 100 by score."),
        (
            "Drop · repeats beyond 5 % of each “source”",
            "Drop rows that repeat another one (exact), but for 5 % of each source, the first.",
        ),
    ]


ON_MAP = "that lie inside the region drawn on the map umap@minilm"
NESTED = [
    (Step("any of", steps=(A, INSIDE)), f"Keep rows whose label is “a” or {ON_MAP}."),
    (Step("all of", steps=(A, LONG)), "Keep rows whose label is “a” and whose words is at least 100."),
    (Step("not", steps=(A,)), "Drop rows whose label is “a”."),
    (Step("not", steps=(A, INSIDE)), f"Drop rows whose label is “a” or {ON_MAP}."),
    (Step("not", steps=(turned(A), turned(INSIDE))), f"Keep rows whose label is “a” and {ON_MAP}."),
    (Step("all of", steps=(A, turned(INSIDE))), f"Keep rows whose label is “a”, except those {ON_MAP}."),
    (Step("all of", steps=(TOPIC, turned(A))), "Drop rows of topic “cheap flights” or whose label is “a”."),
    (Step("any of", steps=(TOPIC, turned(A))), "Drop rows of topic “cheap flights” and whose label is “a”."),
    (Step("any of", steps=(A, TOPIC, LONG)),
     "Drop rows of topic “cheap flights”, except those whose label is “a” or whose words is at least 100."),
    (Step("all of", steps=(Step("any of", steps=(A, TOPIC)), LONG)),
     "Keep rows whose words is at least 100, "
     "except those (of topic “cheap flights”, except those whose label is “a”)."),
    (Step("all of", steps=(Step("any of", steps=(A, LONG)), LONG)),
     "Keep rows (whose label is “a” or whose words is at least 100) and whose words is at least 100."),
    (Step("not"), "Keep every row."),
    (Step("not", steps=(Step("all of"),)), "Drop every row."),
    (Step("any of", steps=(A, Step("all of"))), "Keep rows whose label is “a” or of any kind."),
]  # fmt: skip


@pytest.mark.parametrize(("step", "sentence"), NESTED)
def test_a_nest_is_one_sentence(step: Step, sentence: str) -> None:
    assert step.checked().sentence() == sentence


def test_a_nest_in_few_words() -> None:
    assert Step("all of", steps=(A, turned(INSIDE))).short() == "“label” is “a”, except inside the region drawn"


def test_parts_that_are_off_are_not_said() -> None:
    off = Step("values", {"column": "label", "values": ["b"]}, on=False)
    assert Step("any of", steps=(A, off)).sentence() == "Keep rows whose label is “a”."


def test_a_step_turned_round_says_and_does_the_other_thing() -> None:
    assert turned(A).params["do"] == "drop" and turned(turned(A)).params["do"] == "keep"
    assert turned(LONG) == Step("not", steps=(LONG,)) and turned(turned(LONG)) == LONG
    assert not turned(Step("not", steps=(LONG,), on=False)).on
    assert turned(Step("not", steps=(A, LONG))) == Step("any of", steps=(A, LONG))
    assert turned(Step("all of", steps=(A, LONG))).sentence().startswith("Drop rows whose label is “a” and ")


def test_a_step_is_called_by_its_name_where_it_has_one() -> None:
    assert Step("missing", name="has text").label() == "has text"
    assert Step("missing").label() == "Keep rows whose text is present"

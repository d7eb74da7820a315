"""Signals sorted by purpose, and found by words."""

from engine.signals import CORPUS_SIGNALS, ROW_SIGNALS, USUAL, grouped, matches, values_said

MEMBERS = [*ROW_SIGNALS.values(), *CORPUS_SIGNALS.values()]


def test_every_signal_stands_under_one_purpose_that_says_what_it_is() -> None:
    groups = grouped(MEMBERS)
    assert sorted(m.name for group in groups for m in group.members) == sorted(m.name for m in MEMBERS)
    assert (groups[0].title, groups[0].text) == ("Sizes", "How long texts are, in the units that people count in.")
    assert all(group.text.endswith(".") for group in groups)


def test_a_signal_is_found_by_its_purpose_its_values_and_its_units() -> None:
    def found(words: str) -> list[str]:
        return [m.name for group in grouped(MEMBERS) for m in group.members if matches(group, m, words)]

    assert found("school grade") == ["readability"]
    assert found("E-mails") == [] and found("EMAILS") == ["personal_data"]
    assert found("provenance") == ["age", "licence"]
    assert found("no such word") == [] and len(found("")) == len(MEMBERS)


def test_of_many_values_the_first_are_said() -> None:
    assert values_said(ROW_SIGNALS["dclm"], 1) == "dclm_words (words) and 19 more"
    assert values_said(ROW_SIGNALS["text_kind"]) == "text_kind (one of 7)"


def test_the_usual_signals_need_no_telling() -> None:
    usual = [m for m in MEMBERS if m.function in USUAL]
    assert len(usual) == len(USUAL)
    assert {p.name for m in usual for p in m.params if p.required} == {"embedding"}

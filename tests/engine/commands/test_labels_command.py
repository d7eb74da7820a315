"""winnow labels: doubt, audits, what to label next, agreement, and labels that go out and come back."""

import csv
import json
from pathlib import Path

import pytest

from engine.building import build, key_of, spec
from engine.commands.cli import BAD_INPUT, GOOD, main
from engine.dataset.dataset import Dataset
from engine.marks import answers, label_sets, name_labels
from engine.store.workspace import datasets

SIDES = {"money": ["tax", "bank", "loan", "fee"], "travel": ["sun", "beach", "sea", "sand"]}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A workspace with notes of two topics: the label of `n3` is wrong, `n32` says what `n31` says otherwise, and `n33`
    has no label."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINNOW_WORKSPACE", str(tmp_path / "workspace"))
    rows = [(f"{words[i % 4]} {words[i // 4]}", label) for label, words in SIDES.items() for i in range(16)]
    rows[3] = (rows[3][0], "travel")
    rows += [(rows[31][0].upper(), "money"), ("beach sea sun", "")]
    with Path("notes.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("id", "text", "topic"), *((f"n{i}", *row) for i, row in enumerate(rows))])
    assert main(["open", "notes.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD
    capsys.readouterr()
    return tmp_path


def said(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, object]:
    """What the command answers as JSON."""
    assert main(["labels", *words, "--json", "--quiet"]) == GOOD
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_doubt_is_by_words_where_nothing_is_embedded_and_listed_by_kind(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (column,) = said(capsys)["columns"]  # type: ignore[misc]
    assert (column["column"], column["labels"], column["labelled"], column["most_common_rows"]) == ("topic", 2, 33, 17)
    data = Dataset.load(datasets(here / "workspace")[0])
    words = spec("signal", "label_doubt_by_words", {"label": "topic"})
    build(data, {key_of(words): words})  # as the command does, though in a process of its own
    found = said(capsys, "--suspects", "wrong")
    assert found["by"] == "words" and [row["key"] for row in found["rows"]] == ["n3"]  # type: ignore[attr-defined]
    assert found["rows"][0]["suggested"] == "money" and found["counts"]["copies"] == 2  # type: ignore[index]
    assert main(["labels", "--suspects", "copies", "--out", "tasks.json", "--format", "label studio"]) == GOOD
    assert {task["data"]["winnow_key"] for task in json.loads(Path("tasks.json").read_text())} == {"n31", "n32"}
    assert "2 tasks are in tasks.json" in capsys.readouterr().out
    assert main(["labels", "--next", "5"]) == BAD_INPUT and "winnow embed notes" in capsys.readouterr().err
    build(data, {"lexical": spec("embedding", "lexical")})
    asked = said(capsys, "--next", "5", "--by", "margin")
    assert [(row["key"], row["label"], row["likely"]) for row in asked["rows"]] == [("n33", None, "travel")]  # type: ignore[attr-defined]
    assert main(["labels", "--agreement"]) == BAD_INPUT and "two people" in capsys.readouterr().err
    assert main(["labels", "--audit", "5", "--out", "."]) == BAD_INPUT and "is a folder" in capsys.readouterr().err
    # Of a set that people began nothing came, so nothing can be doubted.
    name_labels(data.store, "mood", ["glad", "sad"])
    asked = said(capsys, "--column", "mood", "--next", "3")
    assert [row["label"] for row in asked["rows"]] == [None] * 3  # type: ignore[attr-defined]
    for task in (["--audit", "5"], ["--suspects"], ["--suspects", "--background"]):
        assert main(["labels", "--column", "mood", *task]) == BAD_INPUT and "none came" in capsys.readouterr().err


def test_a_model_of_ones_own_doubts_by_its_columns(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(csv.DictReader(Path("notes.csv").read_text().splitlines()))
    for row in rows:
        row["p_money"] = str(0.9 if row["id"] in ("n3", "n5") or row["topic"] == "money" else 0.1)
    with Path("own.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert main(["open", "own.csv", "--id", "id", "--text", "text", "--quiet"]) == GOOD
    data = next(Dataset.load(store) for store in datasets(here / "workspace") if store.folder.name == "own")
    own = spec("signal", "label_doubt_by_probabilities", {"label": "topic", "probabilities": ["p_money"]})
    build(data, {key_of(own): own})
    capsys.readouterr()
    found = said(capsys, "own", "--suspects", "--probabilities", "p_money")
    assert (
        found["probabilities"] == ["p_money"]
        and found["model_fault"] == ""
        and [row["key"] for row in found["rows"]] == ["n3"]
    )  # type: ignore[attr-defined]
    for words in (["--suspects", "--order", "a"], ["--audit", "5", "--probabilities", "p_money"]):
        assert main(["labels", "own", *words]) == BAD_INPUT and "Give both" in capsys.readouterr().err


def test_what_comes_in_is_looked_at_before_anything_is_written_and_the_nameless_stay_apart(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = Dataset.load(datasets(here / "workspace")[0])
    assert main(["labels", "--new", "fun"]) == BAD_INPUT and "--in FILE" in capsys.readouterr().err
    Path("in.csv").write_text("winnow_key,label\nelsewhere,fun\n")
    assert main(["labels", "--in", "in.csv", "--new", "fun"]) == BAD_INPUT and label_sets(data.store) == []
    Path("in.csv").write_text("winnow_key,label,annotator\nn1,fun,\nn1,money,\nn2,money,Ann\nn2,fun,Ann\n")
    capsys.readouterr()
    found = said(capsys, "--in", "in.csv", "--new", "fun")
    assert (found["new"], found["repeated"]) == (3, 1) and label_sets(data.store) == ["topic"]
    assert {(one.label, one.annotator) for one in answers(data, "topic")} == {
        ("fun", "unnamed"), ("money", "unnamed 2"), ("fun", "Ann"),
    }  # fmt: skip
    assert main(["labels", "--in", "in.csv"]) == GOOD and "1 are by people who later" in capsys.readouterr().out


def test_an_audit_goes_out_comes_back_and_says_the_rate_and_what_contradicts(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = said(capsys, "--audit", "33", "--out", "audit.csv")
    assert (drawn["judged"], drawn["open"], drawn["rate"]["share"]) == (0, 33, None)  # type: ignore[index]
    rows = list(csv.DictReader(Path("audit.csv").read_text("utf-8-sig").splitlines()))

    def back(name: str, who: str, answers: dict[str, str]) -> dict[str, object]:
        with Path(name).open("w", newline="") as file:
            writer = csv.DictWriter(file, ["winnow_key", "label", "annotator"])
            writer.writeheader()
            writer.writerows({"winnow_key": key, "label": label, "annotator": who} for key, label in answers.items())
        return said(capsys, "--in", name)

    right = {row["winnow_key"]: row["given_label"] for row in rows} | {"n3": "money", "n32": "travel"}
    assert back("ann.csv", "Ann", {**right, "gone": "money", "n5": "odd"})["new"] == 32  # n5 has no label of this set
    assert said(capsys, "--audit", "33")["open"] == 1  # what stands behind it does not count yet
    bob = back("bob.csv", "Bob", {"n5": "money", "n3": "travel", "n4": "money", "nowhere": "money"})
    left = {one["key"]: one["why"] for one in bob["left"]}  # type: ignore[attr-defined]
    assert left == {"nowhere": "row unknown"} and bob["new"] == 3
    assert [one["key"] for one in bob["differing"]] == ["n3"]  # type: ignore[attr-defined]
    found = said(capsys, "--audit", "33")
    assert (found["judged"], found["open"], found["rate"]["judged"]) == (32, 0, 32)  # type: ignore[index]
    told = said(capsys, "--agreement")
    assert told["people"] == ["Ann", "Bob"] and told["pairs"][0]["kappa"]["rows"] == 2  # type: ignore[index]
    both = [
        {"winnow_key": "n6", "label": label, "annotator": who} for who, label in (("Cy", "travel"), ("Di", "money"))
    ]
    Path("both.json").write_text(json.dumps(both))
    assert said(capsys, "--in", "both.json")["differing"][0]["key"] == "n6"  # type: ignore[index]
    (column,) = said(capsys, "--column", "topic")["columns"]  # type: ignore[misc]
    assert (column["answered"], column["differ"]) == (31, 2)
    assert said(capsys, "--in", "ann.csv")["new"] == 0
    assert main(["labels", "--in", "ann.csv", "--limit", "1"]) == GOOD
    assert "… and" in (out := capsys.readouterr().out) and "--new LABEL" in out

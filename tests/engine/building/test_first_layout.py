"""Which map is drawn first, and what is said of the others."""

from dataclasses import replace
from pathlib import Path

from engine.building import first_layout, layout_offers, layouts_sentence
from engine.building.first_layout import most_in_time
from engine.registry import Cost
from tests.engine.small import circle, corpus, embedded, with_map


def test_the_truest_layout_within_two_minutes_is_drawn_first_and_else_the_quickest(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    truest, quick = layout_offers(data, "minilm")
    assert truest.kept > quick.kept
    assert most_in_time([quick, truest]) == truest
    slow, medium = replace(truest, cost=Cost(900)), replace(quick, cost=Cost(60))
    assert most_in_time([slow, medium]) == medium
    assert most_in_time([replace(truest, cost=Cost(9_000)), slow]) == slow


def test_who_drew_a_map_of_the_embedding_before_draws_the_next(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": ["a", "b"]}), circle([0, 90]))
    assert first_layout(data, "given") == "tsne"
    assert first_layout(with_map(data, [(0, 0), (1, 1)]), "given") == "pca"


def test_what_one_layout_keeps_here_says_what_another_may_keep(tmp_path: Path) -> None:
    data = embedded(corpus(tmp_path, {"text": ["a", "b"]}), circle([0, 90]))
    public = {o.member.name: o.kept for o in layout_offers(data, "given")}
    data = with_map(data, [(0, 0), (1, 1)], "umap@given", member="umap", kept=public["umap"] / 2)
    tsne, umap = layout_offers(data, "given")
    assert (tsne.kept, umap.kept) == (public["tsne"] / 2, public["umap"] / 2)
    assert (tsne.measured, umap.measured) == (False, True)


def test_what_each_keeps_is_said_as_measured_here_or_on_a_public_set(tmp_path: Path) -> None:
    data = corpus(tmp_path, {"text": ["a", "b"]})
    tsne, umap = layout_offers(data, "x")
    offers = [replace(tsne, kept=0.47, cost=Cost(60)), replace(umap, kept=0.31, cost=Cost(20))]
    assert layouts_sentence(data, offers) == (
        "t-SNE keeps about 47 % of true neighbours, UMAP about 31 %; t-SNE takes about 60 s, UMAP takes about 20 s. "
        "“About” goes by a public set of 20,000 texts."
    )
    measured = [replace(o, measured=True) for o in offers]
    assert layouts_sentence(data, measured).startswith("t-SNE keeps 47 % of true neighbours, UMAP 31 %; ")

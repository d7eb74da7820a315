"""Rows go out with proof, and are made again."""

from engine.exporting.applying import Bound, Line, Plan, Way, planned
from engine.exporting.contents import touched
from engine.exporting.data_card import soft_words
from engine.exporting.export import export
from engine.exporting.formats import EXPORTERS
from engine.exporting.headless import built, fitted, replay, stored_for, with_output
from engine.exporting.manifest import Manifest, StepCounts, WrittenFile, is_export
from engine.exporting.masking import WORDS, Mask, masked_columns
from engine.exporting.needs import completed, needed
from engine.exporting.order import WrittenOrder, order_of
from engine.exporting.output import Wanted, as_written
from engine.exporting.portability import portability, refuse_foreign
from engine.exporting.private_things import (
    PrivateThings,
    Unmasked,
    dropping,
    going_out,
    left_unmasked,
    private_things,
    unmasked,
)
from engine.exporting.provenance import Provenance, provenance
from engine.exporting.recipe_file import RecipeFile, packed, read_file, recipe_of
from engine.exporting.rendered import Rendered, rendered
from engine.exporting.rewritten import text_columns
from engine.exporting.scale import Translated, data_juicer, datatrove
from engine.exporting.softening import Soft, WrittenSoft, can_be_soft
from engine.exporting.split import EACH, ONE, Placed, Split, across_of, placed
from engine.exporting.split_facts import WrittenSplit, reached
from engine.exporting.tagging import Prefix, Tag, moved
from engine.exporting.verify import verify
from engine.exporting.weighing import WEIGHT, Weight, WrittenWeights

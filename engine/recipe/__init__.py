"""Steps narrow rows, and say why."""

from engine.recipe import history
from engine.recipe.broken import KEYED, columns_read, lacking, mended
from engine.recipe.budgets import COSTS, EVIDENCE, cost_column, cost_key, cost_of_rows, impossible, in_unit, select
from engine.recipe.distil import Distilled, distilled
from engine.recipe.draft import DRAFT, Carried, Draft, carried, change_draft, differences, draft, frozen, save_draft
from engine.recipe.filters import AMONG, FILTERS
from engine.recipe.filters._order import wanted_first
from engine.recipe.filters._room import room_for_repeats
from engine.recipe.filters._sql import checked_expression as columns_in
from engine.recipe.filters.date_range import date_span
from engine.recipe.polygon import checked_polygon, inside_polygon
from engine.recipe.quotas import groups_in
from engine.recipe.reasons import dropped, dropped_at, funnel, nearest_picked, reasons_at, why, whys
from engine.recipe.recipe import NESTS, ByHand, Recipe, Step, parsed, step_digest, turned
from engine.recipe.run import STAGE_CACHE_BYTES, by_hand_rows, check, identities, run
from engine.recipe.sampled import Sampled, sampled
from engine.recipe.saved import SavedRecipe, all_saved, find_saved, rename, saved_in
from engine.recipe.selectors import SELECTORS
from engine.recipe.selectors._groups import groups_of
from engine.recipe.selectors._progress import told as selectors_told
from engine.recipe.selectors.plain._epochs import epochs
from engine.recipe.selectors.spread._rounds import next_shares
from engine.recipe.snapshots import (
    examples_ref,
    listed_ref,
    listed_step,
    mark_of,
    marks_step,
    numbers_ref,
    overlaps_step,
    pairs_ref,
    region_step,
    target_ref,
    texts_ref,
    topic_step,
)
from engine.recipe.stages import Broken, Run, Stage, rows_of, unpacked, verdict, verdict_among

"""What one sees before deciding."""

from engine.look import duplicates, histograms, kept, search, selection, word_index
from engine.look.audits import (
    ArmGap,
    Association,
    Dependence,
    Driver,
    GroupGap,
    GroupLine,
    Influence,
    Influences,
    Reached,
    Tied,
    Undone,
    Vocabulary,
    association,
    dependence,
    group_gap,
    influence,
    undone,
    vocabulary,
)
from engine.look.choices import (
    Covering,
    Efficacy,
    InOrOut,
    LossAudit,
    LostGroup,
    Measured,
    Preview,
    PruningCurve,
    Scorecard,
    Stability,
    covering,
    efficacy,
    efficacy_of_words,
    in_or_out,
    loss_audit,
    preview,
    pruning_curve,
    scorecard,
    stability,
    stood_for,
)
from engine.look.counted import counted
from engine.look.cuts import Bars, Cuts, Places, around_cut, beside_cut, cuts, map_of, place_of, places, spots
from engine.look.dialects import (
    DIALECTS,
    Dialect,
    Dispute,
    Harm,
    Limit,
    Taught,
    dispute,
    fails,
    harm,
    learned,
    learned_by,
    sparing,
    stop_words_of,
    with_stop_words,
)
from engine.look.elsewhere import Elsewhere, Helper, Searched, elsewhere
from engine.look.evidence import Beside, as_many_random, beside_random, sides
from engine.look.findings import Finding, Status, dismiss, dismissed, findings, reopen, rows_behind, status_of
from engine.look.groups import Groups, both_ends, group_columns, groups
from engine.look.judged_cuts import (
    JUDGED_LEAST,
    Judged,
    JudgedCut,
    asked_next,
    guessed_good,
    judged,
    judged_cut,
    likely_verdicts,
    verdict_columns,
    verdict_values,
    wilson,
)
from engine.look.leak_words import matched
from engine.look.leaks import KINDS, Crossings, Kind, Leak, Leaks, Part, crossings, leaks
from engine.look.leaks_as_step import held_out, leaks_place, leaks_step, part_columns
from engine.look.leaks_page import KIND_WORDS, leaks_page
from engine.look.losses import Loss, Losses, cut_of, left_at, loss_columns, losses, own_cut, recipe_place, spared
from engine.look.mix import MixTable, mix_table
from engine.look.offers import Offer, offer, suggested
from engine.look.overview import Extreme, Overview, Summary, overview
from engine.look.purposes import PURPOSES, Purpose, first_for, members_for
from engine.look.redundancy import Redundancy, redundancy, redundancy_of, source_columns
from engine.look.suggested_recipe import Suggestion, needed, suggested_recipe
from engine.look.taught import TAUGHT, Teaching, Trials
from engine.look.trade_offs import Grid, Side, trade_offs
from engine.look.weighted import Weighed, weighed

"""Rows get labels, and doubt about them: which are wrong, how many, which to label next, and labels without people."""

from engine.labels.answered.agreement import (
    Agreement,
    Between,
    Ratings,
    between,
    cohen_kappa,
    krippendorff_alpha,
    ratings_of,
)
from engine.labels.answered.corrected import ANSWERED, answered_column, corrections_ref
from engine.labels.answered.dealt import dealt
from engine.labels.answered.labelled import Labelled, labelled
from engine.labels.answered.worked import Worked, beginning, worked, worked_through
from engine.labels.asking._pools import balanced
from engine.labels.asking.lanes import Lanes, Share, audited, lanes, thresholds
from engine.labels.asking.learning_curves import Curve, Estimate, Power, learning_curve
from engine.labels.asking.next import WAYS, Asked, By, choose, next_to_label
from engine.labels.asking.replay import Expected, expected
from engine.labels.asking.sure import SureLabels, sure_labels
from engine.labels.balance.budget import Allotted, GroupCurve, GroupShare, allot, group_curve
from engine.labels.balance.by_group import GroupSeen, GroupsSeen, seen_by_group
from engine.labels.balance.classes import Balance, ClassRow, PairRow, Reweighed, balance, class_weights
from engine.labels.balance.concentration import Cap, Concentration, cap_of_picks, cap_to_share, concentration
from engine.labels.balance.synthetic import Synthetic, synthetic, synthetic_file, write_synthetic
from engine.labels.columns import label_columns, rows_with_label
from engine.labels.doubted.audit import (
    LEAST,
    RECENT,
    Audit,
    Depths,
    Rate,
    audit,
    depths,
    drawn,
    enough,
    falls_below,
    rate,
    still_needed,
    wrong_between,
)
from engine.labels.doubted.confident_learning import BYS, issues, joint
from engine.labels.doubted.evidence import Evidence, Near, Side, evidence, sides
from engine.labels.doubted.suspects import (
    KINDS,
    Kind,
    Signs,
    Suspects,
    doubt,
    judged,
    model_fault,
    signs,
    suspects,
    voice_of,
)
from engine.labels.exchange._said import KEY, Answer, Fault, Returned, Task
from engine.labels.exchange.argilla import argilla_records
from engine.labels.exchange.arriving import UNNAMED, WHYS, Arrived, Left, Why, arrived, left_json
from engine.labels.exchange.files import FORMATS, Format, answers_in, read_answers, tasks_file, tasks_of, write_tasks
from engine.labels.exchange.guesses import with_guesses
from engine.labels.exchange.label_studio import label_studio_config, label_studio_tasks
from engine.labels.exchange.settling import Conflict
from engine.labels.exchange.sheet import sheet
from engine.labels.schemas import (
    LabelMap,
    LabelSet,
    Proposal,
    by_meaning_of_names,
    joined,
    map_of,
    name_likeness,
    over_all,
    proposals,
    proposed_by_name,
    set_of,
    sets_in,
)
from engine.labels.soft_labels import (
    Advised,
    SoftLabels,
    advised_weight,
    soft_labels,
)
from engine.models import (
    Shifted,
    Told,
    by_name,
    by_shift,
    by_taxonomy,
    by_totals,
    classes_of_sources,
    frechet,
    from_totals,
    next_classes,
    tree_distance,
)

"""Probes: how likely each label is for each row, told by the others."""

from engine.models.probes.calibrated import probabilities
from engine.models.probes.doubt import Doubt, class_means, confident, confused, confusion_set, doubt
from engine.models.probes.history import Epoch, gradient_spread, history, otsu, softmax
from engine.models.probes.label_sets import LabelSets, label_sets, probe_sets, quality, surely
from engine.models.probes.linear import Blocks, Clouds, Sums, clouds, sums
from engine.models.probes.logistic import lines
from engine.models.probes.modes import modes
from engine.models.probes.named import by_meaning, by_names
from engine.models.probes.nearest import cells, copies_of, groups_of, labels_of_nodes, most, votes
from engine.models.probes.neighbours import nearest_scores
from engine.models.probes.of_texts import COPIES, copies_in, one_label_each
from engine.models.probes.probe import PROBE_KINDS, Probed, ProbeKind, Seen, check_cells, check_groups, probe
from engine.models.probes.prototypes import calibrated, likeness, prototypes, units
from engine.models.probes.quick import quick, quick_of
from engine.models.probes.seen import copy_groups, groups_of_words, seen_meaning, seen_words
from engine.models.probes.spreading import Spread, affinity, by_representatives, representatives, spread

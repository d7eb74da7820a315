"""Doubt about labels, and what a probe learns from them."""

from engine.signals.labels.answered_label import answered_label
from engine.signals.labels.class_by_shift import class_by_shift
from engine.signals.labels.class_distance import class_distance
from engine.signals.labels.gradient_variance import gradient_variance
from engine.signals.labels.label_agreement import label_agreement
from engine.signals.labels.label_by_name import label_by_name
from engine.signals.labels.label_by_taxonomy import label_by_taxonomy
from engine.signals.labels.label_by_totals import label_by_totals
from engine.signals.labels.label_doubt import label_doubt
from engine.signals.labels.label_doubt_by_probabilities import label_doubt_by_probabilities
from engine.signals.labels.label_doubt_by_words import label_doubt_by_words
from engine.signals.labels.label_learning import label_learning
from engine.signals.labels.label_weight import label_weight
from engine.signals.labels.labels_doubt import labels_doubt
from engine.signals.labels.prototype_label import prototype_label
from engine.signals.labels.rater_votes import rater_votes
from engine.signals.labels.several_answers import several_answers
from engine.signals.labels.spread_label import spread_label
from engine.signals.labels.teacher_and_student import teacher_and_student

LABELS = (
    *(label_agreement, label_doubt, label_doubt_by_words, label_doubt_by_probabilities, labels_doubt),
    *(label_learning, gradient_variance, class_distance, rater_votes),
    *(label_by_name, label_by_totals, label_by_taxonomy, class_by_shift, prototype_label, spread_label),
    *(label_weight, teacher_and_student),
    *(several_answers, answered_label),
)

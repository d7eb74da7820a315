"""Rows become a fitted thing: models that signals measure by, and that travel with a recipe."""

from engine.models._features import counts, word_hashes
from engine.models._words import Said, fingerprints, parts, said
from engine.models.classifier import Classifier
from engine.models.dependence import FEW_WAVES, dependence_of, effective, features_of, hsic, independent_weights
from engine.models.fit import Pools, fit
from engine.models.fit_classifier import Of, fit_classifier
from engine.models.fit_ngram import fit_ngram, perplexity
from engine.models.keep import Known, models, named, opened, refs_in, with_models
from engine.models.ngram import UNKNOWN, NgramModel
from engine.models.pool import Pool
from engine.models.probes import (
    COPIES,
    PROBE_KINDS,
    Blocks,
    Clouds,
    Doubt,
    Epoch,
    LabelSets,
    Probed,
    ProbeKind,
    Seen,
    Spread,
    Sums,
    affinity,
    by_meaning,
    by_names,
    by_representatives,
    calibrated,
    cells,
    check_cells,
    check_groups,
    class_means,
    clouds,
    confident,
    confused,
    confusion_set,
    copies_in,
    copies_of,
    copy_groups,
    doubt,
    groups_of,
    groups_of_words,
    history,
    label_sets,
    labels_of_nodes,
    likeness,
    lines,
    modes,
    most,
    nearest_scores,
    one_label_each,
    otsu,
    probabilities,
    probe,
    probe_sets,
    prototypes,
    quality,
    quick,
    quick_of,
    representatives,
    seen_meaning,
    seen_words,
    softmax,
    spread,
    sums,
    surely,
    units,
    votes,
)
from engine.models.questions import questions
from engine.models.unasked import (
    Shifted,
    Told,
    by_name,
    by_shift,
    by_taxonomy,
    by_totals,
    class_names,
    classes_of_sources,
    distances,
    fitted,
    frechet,
    from_totals,
    means_of_groups,
    next_classes,
    tree_distance,
)

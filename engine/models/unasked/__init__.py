"""Labels that no person gave: by names, by totals, by kin, by how sources differ."""

from engine.models.unasked.from_totals import by_totals, fitted, from_totals, means_of_groups
from engine.models.unasked.prototypes import by_name
from engine.models.unasked.shifting import Shifted, by_shift, class_names, classes_of_sources
from engine.models.unasked.taxonomy import by_taxonomy, distances, frechet, next_classes, tree_distance
from engine.models.unasked.told import Told

"""Vectors get a place: two coordinates a node, and how far they can be trusted."""

from engine.maps.first_map import draw_first_map, remove_first_maps
from engine.maps.pca import pca
from engine.maps.placed import place_on_old_map, placed_sentence
from engine.maps.torn import torn_sentence, torn_share
from engine.maps.trust import TRUST_K, kept_share, percent, shares_kept, trust_notes, trust_words
from engine.maps.tsne import tsne
from engine.maps.umap import umap
from engine.registry import Registry

MAPS = Registry("map", [umap, tsne, pca])

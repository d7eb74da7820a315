"""Vectors get a place: two coordinates a node, and how far they can be trusted."""

from engine.maps.first_map import draw_first_map, remove_first_maps
from engine.maps.pca import pca
from engine.maps.torn import torn_sentence, torn_share
from engine.maps.trust import share_kept
from engine.maps.tsne import tsne
from engine.maps.umap import umap
from engine.registry import Registry

MAPS = Registry("map", [umap, tsne, pca])

"""Nearest neighbours: exact and approximate search, the shared graph, k-means, and how far off an answer may be."""

from indexes.about import About, Approximate, Found, Index
from indexes.build import Built, build_index
from indexes.choose import Choice, Device, choose, gpu_seen, tiles_on
from indexes.exact import Exact
from indexes.graph import GRAPH_BLOCK_ROWS, blocks, empty_graph, knn_graph
from indexes.grid import GRID, digest, to_float, to_grid
from indexes.ivf import Ivf, build_ivf
from indexes.kinds import INDEXES
from indexes.kmeans import Means, assign, kmeans
from indexes.recall import RECALL_FLOOR, RECALL_K, Recall, graph_recall, measure_recall, wilson
from indexes.stored import DamagedIndex, StaleIndex, UnusableIndex, load_index, save_index

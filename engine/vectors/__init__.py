"""Texts become vectors, vectors neighbours."""

from engine.vectors.chunks import embedded_so_far, unfinished
from engine.vectors.embed import embed
from engine.vectors.embedders import EMBEDDERS, is_model_id
from engine.vectors.graph_left import neighbours_left, neighbours_left_seconds
from engine.vectors.model_card import languages, unknown_share
from engine.vectors.neighbours import GRAPH, INDEX, build_graph, build_index, exact_graph
from engine.vectors.principal_axes import principal_coordinates
from engine.vectors.query import embed_alone, embed_texts, embeds_texts
from engine.vectors.similarity import comparable, similarity_apart, similarity_of_rows, target_between
from engine.vectors.umap_layout import lay_out

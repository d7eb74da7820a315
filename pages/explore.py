"""Explore: the map, the topics, search, and any row in full."""

from ui import explore, state
from ui.page import page

with page("Explore", bar=False):
    explore.body(state.dataset())

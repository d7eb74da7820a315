"""Explore: the map, the topics, search, and any row in full."""

from ui.explore import explore
from ui.frame import state
from ui.frame.page import page

with page("Explore", bar=False):
    explore.draw(state.dataset())

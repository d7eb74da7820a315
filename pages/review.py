"""Review: a queue of rows worked through by keys, each given the label that it should have."""

from ui.frame import state
from ui.frame.page import page
from ui.review import labels, queue, round_trip

with page("Review", hint="Labels that are doubted, audited or lacking, one row after the other, by keys."):
    data = state.dataset()
    if of := labels.choose(data):
        queue.draw(data, of)
        queue.corrected(data, of)
        round_trip.draw(data, of, data.rows())

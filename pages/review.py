"""Review: a queue of rows worked through by keys, each given the label that it should have, kept or dropped."""

from ui.frame import state
from ui.frame.page import page
from ui.review import labels, queue, round_trip
from ui.review.balance import page as balance

with page(
    "Review",
    hint="Labels that are doubted, audited or lacking, rows near a cut, duplicates: one after the other, by keys.",
):
    data = state.dataset()
    on_balance = balance.chosen()
    of = labels.choose(data)
    if on_balance:
        balance.draw(data, of)
    else:
        rows = queue.draw(data, of)
        if of.label:
            queue.corrected(data, of)
            round_trip.draw(data, of, rows)

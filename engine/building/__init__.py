"""What slow work adds: in which order, at what cost."""

from engine.building.build import build
from engine.building.corrected import (
    came,
    changed_cells,
    correctable,
    corrected_column,
    corrected_of,
    corrected_spec,
    in_question,
    lacks,
    on_the_text,
    reads_corrected,
    stale,
    with_corrected,
)
from engine.building.cost import cost, cost_of_all
from engine.building.first_layout import first_layout, layout_offers, layouts_sentence, most_in_time
from engine.building.fitted import answers_of, check_models, models_of, stands_on_model
from engine.building.key_names import key_of, plain_spec, spec_of, thing_of, title_of, value_key
from engine.building.logged import log_spec
from engine.building.picking import pick, picking_seconds, picks_expected
from engine.building.plan import plan, stands_on, together
from engine.building.prepare import REPEATABLE_MOST, specs_for_pages, wanted_by_pages
from engine.building.remedy import Remedy, remedy
from engine.building.spec import LISTS, alike, check_paths, member_of, spec
from engine.building.speeds import Took, factor, remember

"""What slow work adds: in which order, at what cost."""

from engine.building.build import build
from engine.building.cost import Cost, cost, picking_seconds
from engine.building.prepare import REPEATABLE_MOST, specs_for_pages
from engine.building.spec import FAMILIES, alike, column_key, key_of, member_of, needs, plan, spec, thing_of

"""What one sees before deciding."""

from engine.look import search, selection, word_index
from engine.look.evidence import Beside, beside_random, sides
from engine.look.findings import findings
from engine.look.groups import Groups, group_columns, groups
from engine.look.overview import Overview, Summary, overview

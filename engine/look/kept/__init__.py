"""What was measured of a choice or of its corpus, kept beside it: measured once, the same wherever it is shown."""

from engine.look.kept.asked import Asked, Found, Kind, Measure
from engine.look.kept.keep import MEASURES, Kept, all_kept, choice_at, kept, measure, place_of, seconds
from engine.look.kept.of_audits import OF_AUDITS

"""A recipe's thresholds as configuration of tools that filter at scale; what means something else there is named."""

from engine.exporting.scale.data_juicer import data_juicer
from engine.exporting.scale.datatrove import datatrove
from engine.exporting.scale.translated import Line, Translated, parts

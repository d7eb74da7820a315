"""What a corpus or a choice may carry along unseen: gaps between groups, missing words, dependence, rows that drive."""

from engine.look.audits.group_gap import ArmGap, GroupGap, GroupLine, group_gap
from engine.look.audits.influence import Driver, Influence, Influences, influence
from engine.look.audits.vocabulary import Reached, Vocabulary, vocabulary

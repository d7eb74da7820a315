"""What a choice is worth: beside chance, beside another, and whom it costs."""

from engine.look.choices.chance import Band, band, random_draws, verdict
from engine.look.choices.covering import Covering, Measured, Point, covering
from engine.look.choices.efficacy import Arm, Efficacy, Trial, efficacy, efficacy_of_words
from engine.look.choices.in_or_out import InOrOut, in_or_out, stood_for
from engine.look.choices.loss_audit import LossAudit, LostGroup, Quota, loss_audit
from engine.look.choices.preview import Preview, preview
from engine.look.choices.pruning_curve import Pruned, PruningCurve, pruning_curve
from engine.look.choices.scorecard import CategoryShift, NumberShift, Scorecard, scorecard
from engine.look.choices.stability import Stability, stability
from engine.look.choices.vendi import vendi, vendi_of

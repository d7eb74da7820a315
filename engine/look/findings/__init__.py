"""Findings: what is odd about a dataset, each with the rows behind it, why it matters, and the rule that drops it."""

from engine.look.findings.finding import Finding, rows_behind
from engine.look.findings.inbox import findings
from engine.look.findings.status import Status, dismiss, dismissed, reopen, status_of

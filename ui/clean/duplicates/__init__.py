"""Duplicates: found, looked at in groups, judged, and made a step."""

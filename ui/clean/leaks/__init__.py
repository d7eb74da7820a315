"""Leaks: rows that hold items of another set, or of another part; read beside these, dropped as a step, reported."""

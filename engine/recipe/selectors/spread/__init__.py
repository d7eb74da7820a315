"""Rows that stand for the others, or apart from each other."""

"""Texts compared by their shingles: signatures, bands, candidates, and exact similarity."""

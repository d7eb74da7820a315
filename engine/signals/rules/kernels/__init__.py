"""Loops compiled by numba, over the characters of texts: heavy to import, so only inside functions."""

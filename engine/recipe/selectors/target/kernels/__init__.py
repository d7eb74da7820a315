"""Loops compiled by numba, over arrays alone: heavy to import, so only inside the functions that need them."""

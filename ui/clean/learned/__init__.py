"""Models that a person fits: a classifier of what they like, and a model of a reference."""

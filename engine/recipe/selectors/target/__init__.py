"""Rows like a target."""

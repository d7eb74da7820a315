"""Chance, shares and one number: what every other choice stands beside."""

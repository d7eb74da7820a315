"""How long texts are, in the units that people count in."""

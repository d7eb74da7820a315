"""What a row is among the others."""

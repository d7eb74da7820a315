"""Values that a fitted model gives."""

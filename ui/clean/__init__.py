"""The page Clean."""

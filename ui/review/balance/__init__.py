"""Balance on Review: how even labels and groups are, and what evening them out would do."""

"""What other models said of the rows: log-probabilities and losses that came with them."""

"""Parts that no pair crosses: bundles of rows that hang together, rows that bridge, exact search between parts."""

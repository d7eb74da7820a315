"""Labels that no person gave: by names, by totals, by kin, by how sources differ."""

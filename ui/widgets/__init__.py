"""What every page is made of: words, forms, conditions, charts, tables."""

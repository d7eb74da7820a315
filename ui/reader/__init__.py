"""The reader: rows to read, any number of them, a page at a time; and what a person does with them."""

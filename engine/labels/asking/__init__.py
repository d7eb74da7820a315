"""Which rows to ask people about next, and what their answers are expected to bring."""

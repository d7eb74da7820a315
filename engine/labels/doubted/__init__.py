"""Which labels are doubtful, why, and how many of all are wrong."""

"""What people answered: how far they agree, how far the work is, and the column it comes to."""

"""What programs in texts are worth."""

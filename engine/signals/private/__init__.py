"""What a text holds that should not go out: personal data, secrets, hidden instructions."""

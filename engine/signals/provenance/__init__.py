"""Where a row comes from: its date, and on what terms it may be used."""

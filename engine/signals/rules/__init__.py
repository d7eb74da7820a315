"""What rules of thumb count in a text: words, lines, what repeats."""

"""How good the answers are, measured. Knows answers and gold, not how answers are made."""

"""How a question is written: its language, its letters, its capitals, and what surrounds it."""

"""Sources that are read again and again: when they are due, how they are visited politely."""

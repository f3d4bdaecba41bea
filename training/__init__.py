"""What makes the weights that are shipped. Not installed."""

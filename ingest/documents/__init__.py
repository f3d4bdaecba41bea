"""What pages of documents say: where their text stands, in which order it is read."""

"""Articles as HTML: the table of them, one with its history, the difference of two versions."""

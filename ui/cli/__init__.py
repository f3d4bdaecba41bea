"""The command line, ``article-qa``. It needs no extra: only what it serves does."""

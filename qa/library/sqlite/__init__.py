"""A library in a folder: ``library.db``, its connections and its schema."""

"""The tables of ``library.db``, its connections and its catalog."""

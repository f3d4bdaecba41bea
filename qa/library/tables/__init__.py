"""The tables of a library and the statements that both databases understand."""

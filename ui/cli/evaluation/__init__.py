"""The commands over evaluations and the questions they ask."""

"""Statements with planted errors, and true ones in other words, to measure the proof of answers."""

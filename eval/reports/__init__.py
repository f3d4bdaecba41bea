"""Runs for people to read."""

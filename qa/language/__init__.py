"""Strings in, values out: what English and numbers, dates and names mean. Knows no record."""

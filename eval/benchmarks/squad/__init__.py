"""A reader alone on reading comprehension: ``python -m eval.benchmarks.squad``."""

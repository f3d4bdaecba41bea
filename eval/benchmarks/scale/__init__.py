"""How ingest and answers grow with the library, from ten thousand passages to a million.

    python -m eval.benchmarks.scale ARTICLES WORK [--sizes 10000,100000,275000,1000000]

ARTICLES is a file of JSON Lines (``.gz`` too) with real articles; those are taken in first, then
articles of their sentences in other orders and with other names. One library in WORK grows from
size to size. In it are planted passages whose facts nothing else states, and questions about them.

Each size takes in what is missing by a process of its own, then searches and asks by another one,
which starts cold. What was measured is kept in WORK, so that the same command goes on after a kill.
Prints a Markdown table with the growth exponent of each figure: the slope of its logarithm over
that of the passages (0: constant, 1: proportional).
"""

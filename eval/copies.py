"""``python -m eval.copies``, the earlier name of ``python -m eval.benchmarks.near_duplicates``."""

from eval.benchmarks.near_duplicates import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

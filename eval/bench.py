"""``python -m eval.bench``, the earlier name of ``python -m eval.benchmarks.news``."""

from eval.benchmarks.news import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

"""``python -m eval.planted``, the earlier name of ``python -m eval.benchmarks.planted``."""

from eval.benchmarks.planted.__main__ import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

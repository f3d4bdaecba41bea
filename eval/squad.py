"""``python -m eval.squad``, the earlier name of ``python -m eval.benchmarks.squad``."""

from eval.benchmarks.squad.__main__ import main

__all__ = ["main"]

if __name__ == "__main__":
    main()

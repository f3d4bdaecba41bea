"""``python -m ui.load``, the earlier name of ``python -m eval.benchmarks.load``."""

import sys

from eval.benchmarks.load import main

__all__ = ["main"]

if __name__ == "__main__":
    main(*sys.argv[1:])

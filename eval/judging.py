"""``python -m eval.judging``, the earlier name of ``python -m eval.benchmarks.citation_judge``."""

from eval.benchmarks.citation_judge import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
